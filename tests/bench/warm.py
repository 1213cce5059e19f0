"""A repeated `/ext 789`, signed, over HTTP, beside a Bolt listener that says nothing at all."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from statistics import median

from tests.bench import stand
from tests.bench.load import for_seconds, load, slash_command
from tests.bench.report import Figure, at_least, at_most, percentile, ratios, told

ROUNDS = 6
ALONE = 0.5  # seconds a round with one connection, for the time of an answer
TOGETHER = 0.7  # seconds a round with many, for the answers a second
CONNECTIONS = 8


@dataclass(slots=True)
class Variant:
    """A server and what came of each round: answers a second, p50 and p99 of one in ms."""

    server: stand.Server
    expect: bytes = b""
    rates: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)

    async def take_a_turn(self) -> None:
        """Run one round."""
        request = slash_command("789")
        alone = await load(self.server.port, for_seconds(ALONE, request), expect=self.expect)
        self.p50.append(1000 * median(alone.took))
        self.p99.append(1000 * percentile(alone.took, 99))
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
        await stand.whole(ext.server)
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
    rate = f"warm, answers/s with {CONNECTIONS} connections"
    time = "warm, p50 with 1 connection"
    each = {"/ext 789": ext, "empty, same options": same, "empty, defaults": defaults}
    return [
        at_least(f"{rate}: ÷ empty, same options", ratios(ext.rates, same.rates), 0.8, "×"),
        at_most(f"{time}: ÷ empty, same options", ratios(ext.p50, same.p50), 1.5, "×"),
        at_least(f"{rate}: ÷ empty, defaults", ratios(ext.rates, defaults.rates), 2, "×"),
        at_most(f"{time}: ÷ empty, defaults", ratios(ext.p50, defaults.p50), 1 / 8, "×"),
        *(told(f"  {name}, answers/s", variant.rates, "/s") for name, variant in each.items()),
        *(told(f"  {name}, p50", variant.p50, "ms") for name, variant in each.items()),
        *(told(f"  {name}, p99", variant.p99, "ms") for name, variant in each.items()),
    ]
