"""A repeated `/ext 789`, signed, over HTTP, compared with a Bolt listener that does nothing."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from statistics import median

from tests.bench import servers
from tests.bench.load import load, repeat_for, slash_command
from tests.bench.report import Figure, at_least, at_most, info, percentile, ratios

ROUNDS = 6
ONE_CONNECTION_S = 0.5  # of a round, for the time of an answer
MANY_CONNECTIONS_S = 0.7  # of a round, for the answers per second
CONNECTIONS = 8


@dataclass(slots=True)
class Variant:
    """A server and its results: answers per second, p50 and p99 of each round."""

    server: servers.Server
    expect: bytes = b""
    rates: list[float] = field(default_factory=list)
    p50_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)

    async def run_round(self) -> None:
        """Run one round."""
        request = slash_command("789")
        single = await load(
            self.server.port, repeat_for(ONE_CONNECTION_S, request), expect=self.expect
        )
        self.p50_ms.append(1000 * median(single.seconds_each))
        self.p99_ms.append(1000 * percentile(single.seconds_each, 99))
        many = await load(
            self.server.port,
            repeat_for(MANY_CONNECTIONS_S, request),
            connections=CONNECTIONS,
            expect=self.expect,
        )
        self.rates.append(many.per_second)


async def measure() -> list[Figure]:
    """Warm `/ext 789` compared with an empty Bolt listener."""
    async with AsyncExitStack() as stack:
        fakes = await stack.enter_async_context(servers.running_fakes())
        ext_server = await stack.enter_async_context(servers.running_ext(fakes))
        await servers.wait_for_sync(ext_server)
        ext = Variant(ext_server, servers.CARD_TEXT)
        same, defaults = [
            Variant(await stack.enter_async_context(servers.running_empty_listener(kind, fakes)))
            for kind in ("same", "defaults")
        ]
        variants = [ext, same, defaults]
        for variant in variants:
            await load(variant.server.port, repeat_for(ONE_CONNECTION_S, slash_command("789")))
        for _ in range(ROUNDS):
            for variant in variants:
                await variant.run_round()
            variants.append(variants.pop(0))  # so that no variant always runs after the same one
    return _figures(ext, same, defaults)


def _figures(ext: Variant, same: Variant, defaults: Variant) -> list[Figure]:
    rate = f"warm, answers/s with {CONNECTIONS} connections"
    p50 = "warm, p50 with 1 connection"
    variants = {"/ext 789": ext, "empty, same options": same, "empty, defaults": defaults}
    return [
        at_least(f"{rate}: ÷ empty, same options", ratios(ext.rates, same.rates), 0.8, "×"),
        at_most(f"{p50}: ÷ empty, same options", ratios(ext.p50_ms, same.p50_ms), 1.5, "×"),
        at_least(f"{rate}: ÷ empty, defaults", ratios(ext.rates, defaults.rates), 2, "×"),
        at_most(f"{p50}: ÷ empty, defaults", ratios(ext.p50_ms, defaults.p50_ms), 1 / 8, "×"),
        *(info(f"  {name}, answers/s", variant.rates, "/s") for name, variant in variants.items()),
        *(info(f"  {name}, p50", variant.p50_ms, "ms") for name, variant in variants.items()),
        *(info(f"  {name}, p99", variant.p99_ms, "ms") for name, variant in variants.items()),
    ]
