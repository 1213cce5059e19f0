"""The schedule of the soak's faults: of Vonage, of Slack, and of the tokens, on and off again.

Faults that rightly stop the bot for longer are left out: a refused login (half an hour), a list
that contradicts itself (up to an hour), and Vonage's untrue statements about all extensions.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random

from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.vonage.state import FakeVonage

ONE_EXTENSION = "/extensions/"  # the path of a single one, not of the list
SECONDS_ON = (1.5, 3.0, 5.0)
LONG_SECONDS_ON = (15.0, 40.0)
LONG_ONE_IN = 8  # faults that last long, in a run of more than ten minutes
LONG_RUN_S = 600.0
SECONDS_OFF = (0.5, 1.5, 3.0)
# From the first attempt to send a message, in which a fault of Slack's began to delay it, to the
# end of the last one: three attempts of 6 s each and their pauses.
SENDING_S = 25.0


@dataclass(frozen=True, slots=True)
class SoakFault:
    """A fault by its name in the table of the service, for some paths and some calls only."""

    name: str
    value: float | None = None
    path: str = ""
    calls: int | None = None


# It takes the most memory at a time, so it is the first fault: its peak belongs to the warm-up.
LARGEST = SoakFault("huge", calls=5)
VONAGE = (
    SoakFault("down"),
    SoakFault("latency", 3.0),
    SoakFault("jitter", 1.0),
    SoakFault("hang"),
    SoakFault("server_error"),
    SoakFault("html_502"),
    SoakFault("redirect", calls=3),
    SoakFault("throttled", 2, calls=2),
    SoakFault("unauthorized", calls=4),
    SoakFault("reset"),
    SoakFault("truncated", calls=2),
    SoakFault("malformed", calls=2),
    SoakFault("empty", calls=2),
    LARGEST,
    SoakFault("drip", 0.02, ONE_EXTENSION),
    SoakFault("not_utf8", path=ONE_EXTENSION),
    SoakFault("not_an_object", path=ONE_EXTENSION),
    SoakFault("wrong_types", path=ONE_EXTENSION),
    SoakFault("user_as_text", path=ONE_EXTENSION),
    SoakFault("error_records", path=ONE_EXTENSION),
    SoakFault("framework_404", path=ONE_EXTENSION),
    SoakFault("wrong_types", calls=1),
)
SLACK = (
    SoakFault("down"),
    SoakFault("latency", 2.0),
    SoakFault("hang"),
    SoakFault("ratelimited", 2),
)


@dataclass(slots=True)
class FaultSchedule:
    """Switches faults on and off, one after another, each kind once before any comes again.

    `slack_faults` are the start and the end of each fault of Slack's, by the monotonic clock.
    """

    vonage: FakeVonage
    slack: Workspace
    random: Random
    run_s: float
    switched_on: Counter[str] = field(default_factory=Counter)
    slack_faults: list[tuple[float, float]] = field(default_factory=list)

    async def run(self) -> None:
        """Switch faults on and off until cancelled; then all of them are off."""
        try:
            await self._vonage(LARGEST)
            while True:
                for turn in self._round():
                    await turn()
                    await asyncio.sleep(self.random.choice(SECONDS_OFF))
        finally:
            self.vonage.faults.off()
            self.slack.faults.off()

    def explains(self, start: float, end: float) -> bool:
        """Whether a fault of Slack's overlaps this time, in which something was to be sent."""
        return any(start <= until and since <= end for since, until in self.slack_faults)

    def _round(self) -> list[Callable[[], Awaitable[None]]]:
        turns: list[Callable[[], Awaitable[None]]] = [
            *(lambda fault=fault: self._vonage(fault) for fault in VONAGE),
            *(lambda fault=fault: self._slack(fault) for fault in SLACK),
            self._expire,
            self._other_envelope,
        ]
        self.random.shuffle(turns)
        return turns

    async def _vonage(self, fault: SoakFault) -> None:
        self.switched_on[f"Vonage {fault.name}"] += 1
        self.vonage.faults.on(fault.name, fault.value, calls=fault.calls, path=fault.path)
        await asyncio.sleep(self._seconds_on())
        self.vonage.faults.off(fault.name)

    async def _slack(self, fault: SoakFault) -> None:
        self.switched_on[f"Slack {fault.name}"] += 1
        started_at = time.monotonic()
        self.slack_faults.append((started_at, float("inf")))
        self.slack.faults.on(fault.name, fault.value)
        try:
            await asyncio.sleep(self.random.choice(SECONDS_ON))
        finally:
            self.slack.faults.off(fault.name)
            self.slack_faults[-1] = (started_at, time.monotonic())

    async def _expire(self) -> None:
        self.switched_on["all tokens expired"] += 1
        self.vonage.tokens.expire()

    async def _other_envelope(self) -> None:
        self.switched_on["the document's envelope"] += 1
        self.vonage.options.change("envelope", "document")
        await asyncio.sleep(self._seconds_on())
        self.vonage.options.change("envelope", "live")

    def _seconds_on(self) -> float:
        is_long = self.run_s > LONG_RUN_S and self.random.randrange(LONG_ONE_IN) == 0
        return self.random.choice(LONG_SECONDS_ON if is_long else SECONDS_ON)
