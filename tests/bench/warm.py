"""A repeated `/ext 789`, signed, over HTTP, beside a Bolt listener that says nothing at all."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from statistics import median

from tests.bench import stand
from tests.bench.load import for_seconds, load, slash_command
from tests.bench.report import Figure, at_least, at_most, ratios, told

ROUNDS = 7
ALONE = 0.5  # seconds a round with one connection, for the time of an answer
TOGETHER = 0.8  # seconds a round with many, for the answers a second
CONNECTIONS = 8


@dataclass(slots=True)
class Variant:
    """A server and what came of each round: answers a second, and the middle time of one."""

    server: stand.Server
    expect: bytes = b""
    rates: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    async def take_a_turn(self) -> None:
        """Run one round."""
        request = slash_command("789")
        alone = await load(self.server.port, for_seconds(ALONE, request), expect=self.expect)
        self.times.append(median(alone.took))
        together = await load(
            self.server.port,
            for_seconds(TOGETHER, request),
            connections=CONNECTIONS,
            expect=self.expect,
        )
        self.rates.append(together.per_second)


async def measure() -> list[Figure]:
    """Warm `/ext 789` against an empty Bolt listener."""
    async with AsyncExitStack() as stack:
        near = await stack.enter_async_context(stand.neighbours())
        ext = Variant(await stack.enter_async_context(stand.ext(near)), stand.CARD)
        same = Variant(await stack.enter_async_context(stand.empty("same", near)))
        defaults = Variant(await stack.enter_async_context(stand.empty("defaults", near)))
        variants = [ext, same, defaults]
        for variant in variants:
            await load(variant.server.port, for_seconds(ALONE, slash_command("789")))
        for _ in range(ROUNDS):
            for variant in variants:
                await variant.take_a_turn()
            variants.append(variants.pop(0))  # nobody always follows the same one
    return _figures(ext, same, defaults)


def _figures(ext: Variant, same: Variant, defaults: Variant) -> list[Figure]:
    many = f"answers/s, {CONNECTIONS} connections"
    one = "p50, 1 connection"
    return [
        at_least(f"warm {many}: ÷ empty, same options", ratios(ext.rates, same.rates), 0.8, "×"),
        at_most(f"warm {one}: ÷ empty, same options", ratios(ext.times, same.times), 1.5, "×"),
        at_least(f"warm {many}: ÷ empty, defaults", ratios(ext.rates, defaults.rates), 2, "×"),
        at_most(f"warm {one}: ÷ empty, defaults", ratios(ext.times, defaults.times), 1 / 8, "×"),
        told("  /ext 789, answers/s", ext.rates, "/s"),
        told("  empty, same options, answers/s", same.rates, "/s"),
        told("  empty, defaults, answers/s", defaults.rates, "/s"),
        told("  /ext 789, p50", [1000 * each for each in ext.times], "ms"),
        told("  empty, same options, p50", [1000 * each for each in same.times], "ms"),
        told("  empty, defaults, p50", [1000 * each for each in defaults.times], "ms"),
    ]
