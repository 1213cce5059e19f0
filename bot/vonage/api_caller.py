"""One call of the API: with a token, within the allowance, tried again where that can help.

What its outcome says about Vonage is noted here, and why a call failed reaches the log here:
in our own words, because the API's may repeat what somebody asked for.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import httpx
import stamina

from bot import log as log_lines
from bot.errors import BadParameters, NotAuthorized, NotFound, OverQuota, SourceError, Unavailable
from bot.metrics import Metrics
from bot.tasks import Tasks
from bot.vonage import responses
from bot.vonage.call_log import CallLog
from bot.vonage.circuit_breaker import CircuitBreaker, FailFast
from bot.vonage.rate_limiter import RateLimiter
from bot.vonage.transport import ConnectFailed, HttpResponse, TimedOut, exchange

log = logging.getLogger(__name__)

T = TypeVar("T")

PATIENCE = 5.0  # seconds; a call cut off sooner says nothing about Vonage
ATTEMPTS = 2
PROBE_LIMIT = 10.0  # seconds
CALL_LIMIT = 10.0  # seconds from the sending of a call to its answer
_TRACK_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


class Auth(Protocol):
    """Where the token comes from: `auth.Login` or `auth.StaticToken`."""

    async def token(self, deadline: float) -> str:
        """Return a token."""

    async def renew(self, refused: str, deadline: float) -> str:
        """Return another one than the one refused."""

    def denied(self) -> None:
        """Note that the other one was refused too."""


@dataclass(frozen=True, slots=True)
class ApiRequest(Generic[T]):
    """A resource: its path below the account, its parameters, and how its JSON is read.

    `read` raises a `VonageError` where it cannot. What becomes of something `minor` says
    nothing about Vonage as a whole.
    """

    path: str
    params: Mapping[str, Any]
    read: Callable[[dict[str, Any]], T]
    best_effort: bool = False


class ApiCaller:
    """The calls of one account, and what their outcomes say about Vonage."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        account_url: str,
        auth: Auth,
        requests_per_minute: int,
        tasks: Tasks,
        probe: ApiRequest[Any],
        spent: CallLog | None = None,
        metrics: Metrics | None = None,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._http = http
        self._account = account_url
        self._auth = auth
        self._probe_ask = probe
        self._metrics = metrics or Metrics()
        self._outage = CircuitBreaker(self._probe, tasks)
        self._rest = FailFast()
        self._patience = patience
        self._clock = clock
        self.allowance = RateLimiter(requests_per_minute, spent=spent)
        self.last_answer_at: float | None = None
        self.last_failure: SourceError | None = None
        self.last_failure_at: float | None = None

    async def get(self, ask: ApiRequest[T], deadline: float, *, leaving: int | None = None) -> T:
        """Return what a resource reads as. `deadline` is in the event loop's time.

        `leaving` says of a call that nobody waits for how many places it leaves to people.
        """

        def can_help(error: Exception) -> bool | float:
            seconds_left = deadline - asyncio.get_running_loop().time()
            return not self._outage.lasts and _worth_another_try(error, seconds_left)

        async for attempt in stamina.retry_context(
            on=can_help, attempts=ATTEMPTS, timeout=None, wait_initial=0.1, wait_jitter=0.3
        ):
            with attempt:
                self._outage.check()
                if ask.best_effort:
                    self._rest.check()
                return await self._noted(ask, deadline, leaving)
        raise AssertionError  # the loop returns or raises

    async def _probe(self) -> None:
        """Make one small call, to see whether Vonage answers."""
        deadline = asyncio.get_running_loop().time() + PROBE_LIMIT
        with log_lines.request():
            await self._noted(self._probe_ask, deadline)

    async def _noted(self, ask: ApiRequest[T], deadline: float, leaving: int | None = None) -> T:
        """Make one try and note what its outcome says about Vonage."""
        given = deadline - asyncio.get_running_loop().time()
        try:
            found = await self._once(ask, deadline, leaving)
        except NotFound:
            self._answered(ask)
            raise
        except SourceError as error:
            told = self._told(error)
            level = logging.INFO if isinstance(told, Unavailable | OverQuota) else logging.WARNING
            log.log(level, "Vonage call failed: %s", _why(told))
            self._failed(ask, error, told, given)
            raise told from None
        self._answered(ask)
        return found

    def _told(self, error: SourceError) -> SourceError:
        """Return what people are told: of an outage, also where its retries used up the quota."""
        if isinstance(error, OverQuota) and self._outage.suspected:
            return Unavailable(retry_after=error.retry_after)
        return error

    def _answered(self, ask: ApiRequest[Any]) -> None:
        if ask.best_effort:
            self._rest.record_success()
            return
        self.last_answer_at = self._clock()
        self._outage.record_success()

    def _failed(
        self, ask: ApiRequest[Any], error: SourceError, told: SourceError, given: float
    ) -> None:
        if not ask.best_effort:
            self.last_failure, self.last_failure_at = told, self._clock()
        if isinstance(error, OverQuota):
            return  # ours says nothing; theirs was noted where it came
        if not isinstance(error, TimedOut) or given >= self._patience:
            (self._rest if ask.best_effort else self._outage).record_failure(error)

    async def _once(self, ask: ApiRequest[T], deadline: float, leaving: int | None) -> T:
        token = await self._auth.token(deadline)
        with suppress(NotAuthorized):
            return await self._call(ask, token, deadline, leaving)
        token = await self._auth.renew(token, deadline)
        try:
            return await self._call(ask, token, deadline, leaving)
        except NotAuthorized:
            self._auth.denied()
            raise

    async def _call(
        self, ask: ApiRequest[T], token: str, deadline: float, leaving: int | None = None
    ) -> T:
        request = self._http.build_request(
            "GET",
            self._account + ask.path,
            params=ask.params,
            headers={
                "Authorization": f"Bearer {token}",
                "Accept": "application/json",  # the gateway's refusals are XML otherwise
                "Accept-Encoding": "identity",  # so that what is read is what is counted
            },
        )
        now = asyncio.get_running_loop().time
        async with self.allowance.slot(deadline - now(), leaving=leaving):
            with self._metrics.call():
                # Who waits long for a place has not more patience for the answer.
                reply = await exchange(self._http, request, min(deadline, now() + CALL_LIMIT))
                return ask.read(self._json(reply))

    def _json(self, reply: HttpResponse) -> dict[str, Any]:
        """Return the JSON of a reply. A throttle closes the allowance for as long as it says."""
        try:
            return responses.read(reply, now=self._clock())
        except OverQuota as refusal:
            self.allowance.close_for(refusal.retry_after or 0.0)
            self._outage.record_success()
            raise


def _worth_another_try(error: Exception, seconds_left: float) -> bool | float:
    """Return whether to try again, or after how many seconds exactly.

    A call that came too late has used up the time, a refusal stays one, and a throttle that
    outlasts the deadline cannot be waited for.
    """
    if isinstance(error, TimedOut) or not isinstance(error, Unavailable | OverQuota):
        return False
    if error.retry_after is None:
        return seconds_left > (0.5 if isinstance(error, ConnectFailed) else 1.0)
    return error.retry_after if error.retry_after < seconds_left else False


def _why(error: SourceError) -> str:
    """Return an error as one line for the log, with the id that Vonage's support asks for."""
    line = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
    if isinstance(error, BadParameters) and _TRACK_ID.fullmatch(error.track_id):
        line += f" (track id {error.track_id})"
    return line
