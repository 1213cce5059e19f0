"""When Vonage does not answer: nobody waits for that twice, and it is noticed when it ends.

A call that came too late, or a few failures in a row, open an outage. While it lasts, calls
fail at once; a probe asks from time to time in the background and ends it. The first probe
comes soon, because most faults are short; later ones are rare enough to leave most of the
quota for people.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import chain, repeat

from bot.errors import Unavailable, VonageError
from bot.tasks import Tasks
from bot.vonage.transport import TooLate

log = logging.getLogger(__name__)

FAILURES = 4  # in a row
PAUSES = (2.0, 5.0, 10.0, 15.0)  # seconds before each probe; the last one repeats


class Outage:
    """Whether Vonage is known not to answer.

    `probe` makes one small call, whose outcome is noted here like that of any other.
    """

    def __init__(
        self,
        probe: Callable[[], Awaitable[object]],
        tasks: Tasks,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._probe = probe
        self._tasks = tasks
        self._sleep = sleep
        self._failures = 0
        self._open = False
        self._watched = False

    def check(self) -> None:
        """Raise `Unavailable` while the outage lasts."""
        if self._open:
            raise Unavailable

    def worked(self) -> None:
        """Note that Vonage answered, whatever it said."""
        self._failures = 0
        self._open = False

    def failed(self, error: Unavailable) -> None:
        """Note a call that brought no answer."""
        self._failures += 1
        if not self._open and (isinstance(error, TooLate) or self._failures >= FAILURES):
            self._open = True
            log.warning("Vonage does not answer; asking again from time to time")
            if not self._watched:
                self._watched = True
                self._tasks.start(self._watch(), name="vonage probe", background=True)

    async def _watch(self) -> None:
        try:
            for pause in chain(PAUSES, repeat(PAUSES[-1])):
                await self._sleep(pause)
                if self._open:
                    await self._ask()
                if not self._open:
                    log.warning("Vonage answers again")
                    return
        finally:
            self._watched = False

    async def _ask(self) -> None:
        with suppress(VonageError):
            await self._probe()
