"""Fails calls at once during an outage of Vonage, and notices when the outage is over.

One timed-out call, a refused certificate, or a few failures in a row open the circuit, so that
nobody waits for a second time-out. While the circuit is open, calls fail at once. A background
task probes Vonage from time to time, and an answer closes the circuit. The first probe comes soon,
because most faults are short; later ones are rare enough to leave most of the quota for people. If
Vonage says when to come back (`Retry-After`), no call is made before that time.
"""

from __future__ import annotations

import asyncio
import copy
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import chain, repeat

from bot import limits
from bot.cooldown import Cooldown
from bot.errors import CertificateRefused, SourceError, Unavailable
from bot.tasks import Tasks
from bot.vonage.transport import TimedOut

log = logging.getLogger(__name__)


class CircuitBreaker:
    """Whether Vonage is known not to answer.

    `probe` makes one small call. It must record the outcome here, like that of any other call.
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
        self._retry_after_cooldown = Cooldown(clock)
        self._failures = 0
        self._error: Unavailable | None = None
        self._is_probing = False

    @property
    def is_open(self) -> bool:
        """Whether every call fails at once, until a probe is answered."""
        return self._error is not None

    @property
    def is_suspect(self) -> bool:
        """Whether the latest call brought no answer."""
        return self._failures > 0

    def check(self) -> None:
        """Raise `Unavailable` while the circuit is open, or while Vonage asked for no calls."""
        self._retry_after_cooldown.check()
        if self._error:
            raise copy.copy(self._error)

    def record_success(self) -> None:
        """Record that Vonage answered, whatever the answer was."""
        self._failures = 0
        self._error = None

    def record_failure(self, error: SourceError) -> None:
        """Record how a call failed. A refusal is an answer, and so a success here."""
        if not isinstance(error, Unavailable):
            self.record_success()
            return
        self._failures += 1
        shown = _shown(error)
        if error.retry_after:
            self._retry_after_cooldown.begin(shown, error.retry_after)
        is_lasting = isinstance(error, TimedOut | CertificateRefused)
        if is_lasting or self._failures >= limits.MAX_FAILURES or self.is_open:
            self._open(shown)

    def _open(self, error: Unavailable) -> None:
        """Raise this error for every call, until a probe is answered."""
        was_open, self._error = self.is_open, error
        if not was_open:
            log.warning("Vonage isn't answering; calls fail at once until a probe is answered")
            if not self._is_probing:
                self._is_probing = True
                self._tasks.start(self._probe_until_closed(), name="vonage probe", background=True)

    async def _probe_until_closed(self) -> None:
        try:
            for pause in chain(limits.PROBE_PAUSES_S, repeat(limits.PROBE_PAUSES_S[-1])):
                await self._sleep(pause)
                if self.is_open and not self._retry_after_cooldown.is_active:
                    await self._probe_once()
                if not self.is_open:
                    log.warning("Vonage is answering again")
                    return
        finally:
            self._is_probing = False

    async def _probe_once(self) -> None:
        with suppress(SourceError):  # `_probe` itself records the outcome
            await self._probe()


def _shown(error: Unavailable) -> Unavailable:
    """Return what callers get during an outage: that a certificate is refused, or no details."""
    if isinstance(error, CertificateRefused):
        return CertificateRefused(str(error), reason=error.reason)
    return Unavailable()


class FailFast:
    """Fails best-effort calls at once for a while after one failed.

    No probe runs for them: the first call after the pause shows whether they work again.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._cooldown = Cooldown(clock)
        self._failures = 0

    def check(self) -> None:
        """Raise the last failure again during the pause."""
        self._cooldown.check()

    def record_success(self) -> None:
        """Record an answer."""
        self._failures = 0

    def record_failure(self, error: SourceError) -> None:
        """Record a failure. If a retry cannot help, the pause begins at once."""
        self._failures += 1
        is_final = isinstance(error, TimedOut) or not isinstance(error, Unavailable)
        if is_final or error.retry_after or self._failures >= limits.MAX_BEST_EFFORT_FAILURES:
            self._cooldown.begin(error, error.retry_after or limits.FAIL_FAST_S)
