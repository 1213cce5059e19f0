"""When Vonage does not answer: nobody waits for that twice, and it is noticed when it ends.

A call that came too late, or a few failures in a row, open an outage. While it lasts, calls
fail at once; a probe asks from time to time in the background and ends it. The first probe
comes soon, because most faults are short; later ones are rare enough to leave most of the
quota for people. Where Vonage says when to come back, nothing is asked before.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import chain, repeat

from bot.cooldown import Cooldown
from bot.errors import SourceError, Unavailable
from bot.tasks import Tasks
from bot.vonage.transport import TimedOut

log = logging.getLogger(__name__)

FAILURES = 4  # in a row
PAUSES = (2.0, 5.0, 10.0, 15.0)  # seconds before each probe; the last one repeats
REST = 20.0  # seconds in which a minor thing that failed is let alone
MINOR_FAILURES = 2  # in a row; one call and its second try


class CircuitBreaker:
    """Whether Vonage is known not to answer.

    `probe` makes one small call, whose outcome is noted here like that of any other.
    """

    def __init__(
        self,
        probe: Callable[[], Awaitable[object]],
        tasks: Tasks,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._probe = probe
        self._tasks = tasks
        self._sleep = sleep
        self._told_to_wait = Cooldown(clock)
        self._failures = 0
        self._open = False
        self._watched = False

    @property
    def lasts(self) -> bool:
        """Whether every call fails at once, until a probe is answered."""
        return self._open

    @property
    def suspected(self) -> bool:
        """Whether the last call that was made brought no answer."""
        return self._failures > 0

    def check(self) -> None:
        """Raise `Unavailable` while the outage lasts, or Vonage asked for no call."""
        self._told_to_wait.check()
        if self._open:
            raise Unavailable

    def record_success(self) -> None:
        """Note that Vonage answered, whatever it said."""
        self._failures = 0
        self._open = False

    def record_failure(self, error: SourceError) -> None:
        """Note how a call failed. A refusal is an answer too."""
        if not isinstance(error, Unavailable):
            self.record_success()
            return
        self._failures += 1
        if error.retry_after:
            self._told_to_wait.begin(Unavailable(), error.retry_after)
        if not self._open and (isinstance(error, TimedOut) or self._failures >= FAILURES):
            self._open = True
            log.warning("Vonage does not answer; asking again from time to time")
            if not self._watched:
                self._watched = True
                self._tasks.start(self._watch(), name="vonage probe", background=True)

    async def _watch(self) -> None:
        try:
            for pause in chain(PAUSES, repeat(PAUSES[-1])):
                await self._sleep(pause)
                if self._open and not self._told_to_wait.on:
                    await self._ask()
                if not self._open:
                    log.warning("Vonage answers again")
                    return
        finally:
            self._watched = False

    async def _ask(self) -> None:
        with suppress(SourceError):
            await self._probe()


class FailFast:
    """Whether something minor is let alone, because it failed a moment ago.

    Nothing is probed for it: the next who asks for it after the rest finds out.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._rest = Cooldown(clock)
        self._failures = 0

    def check(self) -> None:
        """Raise the last failure again during the rest."""
        self._rest.check()

    def record_success(self) -> None:
        """Note an answer."""
        self._failures = 0

    def record_failure(self, error: SourceError) -> None:
        """Note a failure; one that another try does not help begins the rest at once."""
        self._failures += 1
        final = isinstance(error, TimedOut) or not isinstance(error, Unavailable)
        if final or error.retry_after or self._failures >= MINOR_FAILURES:
            self._rest.begin(error, error.retry_after or REST)
