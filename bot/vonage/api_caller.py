"""Makes the calls to the API: with a token, within the quota, retried if that can help.

The outcome of each call is recorded here for the circuit breaker and for `status`. Failures are
logged in Ext's own words, because the API's words may quote what somebody looked up.
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

from bot import limits
from bot import log as log_lines
from bot.clocks import Clock, Clocks
from bot.errors import (
    BadParameters,
    CertificateRefused,
    LoginRefused,
    NotAuthorized,
    NotFound,
    OverQuota,
    SourceError,
    Unavailable,
    WrongPath,
)
from bot.metrics import Metrics
from bot.tasks import Tasks
from bot.vonage import responses
from bot.vonage.call_log import CallLog
from bot.vonage.circuit_breaker import CircuitBreaker, FailFast
from bot.vonage.rate_limiter import RateLimiter
from bot.vonage.transport import ConnectFailed, HttpResponse, TimedOut, exchange

log = logging.getLogger(__name__)

T = TypeVar("T")

_TRACK_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


class Auth(Protocol):
    """Where the access token comes from: `auth.Login` or `auth.StaticToken`."""

    async def token(self, deadline: float) -> str:
        """Return an access token."""

    async def recall(self) -> None:
        """Recall what an earlier run knew of the login; raises `LoginRefused` if it was refused."""

    async def renew(self, refused_token: str, deadline: float) -> str:
        """Return a token other than the one that the API refused."""

    def record_renewed_refusal(self) -> None:
        """Record that the API refused the renewed token too."""


@dataclass(frozen=True, slots=True)
class ApiRequest(Generic[T]):
    """A GET request: the path below the account, its parameters, and the parser of its JSON.

    `read` raises a `SourceError` if it can't parse the JSON. The bot can answer people without
    the result of a `best_effort` request, so its failures do not open the circuit breaker. What
    every account has can't be missing: without `may_be_missing`, "not found" means a wrong path.
    """

    path: str
    params: Mapping[str, Any]
    read: Callable[[dict[str, Any]], T]
    best_effort: bool = False
    may_be_missing: bool = True


class ApiCaller:
    """Calls the API of one account, and records what the outcomes say about Vonage.

    `probe` is the small request that checks during an outage whether Vonage answers again. If a
    call had less time than `min_patience_s` and timed out, that says nothing about Vonage.
    `clock` measures durations; `wall_clock` gives epoch seconds.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        account_url: str,
        auth: Auth,
        requests_per_minute: int,
        tasks: Tasks,
        probe: ApiRequest[Any],
        call_log: CallLog | None = None,
        metrics: Metrics | None = None,
        min_patience_s: float = limits.MIN_PATIENCE_S,
        clock: Clock = time.monotonic,
        wall_clock: Clock = time.time,
    ) -> None:
        self._http = http
        self._account_url = account_url
        self._auth = auth
        self._probe_request = probe
        self._metrics = metrics or Metrics()
        self._circuit_breaker = CircuitBreaker(self._probe, tasks)
        self._fail_fast = FailFast()
        self._min_patience_s = min_patience_s
        self._clock = clock
        self._wall_clock = wall_clock
        self._clocks = Clocks(clock, wall_clock)
        self.rate_limiter = RateLimiter(requests_per_minute, call_log=call_log)
        self.last_failure: SourceError | None = None
        self._answered_at: float | None = None
        self._failed_at: float | None = None

    @property
    def last_answer_at(self) -> float | None:
        """When Vonage last answered, in epoch seconds."""
        return None if self._answered_at is None else self._clocks.epoch(self._answered_at)

    @property
    def last_failure_at(self) -> float | None:
        """When a call last failed, in epoch seconds."""
        return None if self._failed_at is None else self._clocks.epoch(self._failed_at)

    async def get(
        self, request: ApiRequest[T], deadline: float, *, reserve: int | None = None
    ) -> T:
        """Return the parsed response of a request. `deadline` is in the event loop's time.

        `reserve` marks a background call: that many slots of each minute are left for people.
        Raises a `SourceError`.
        """

        def retry_decision(error: Exception) -> bool | float:
            seconds_left = deadline - asyncio.get_running_loop().time()
            return not self._circuit_breaker.is_open and _retry_decision(error, seconds_left)

        async for attempt in stamina.retry_context(
            on=retry_decision,
            attempts=limits.MAX_CALL_ATTEMPTS,
            timeout=None,
            wait_initial=limits.CALL_RETRY_PAUSE_S,
            wait_jitter=limits.CALL_RETRY_JITTER_S,
        ):
            with attempt:
                self._circuit_breaker.check()
                if request.best_effort:
                    self._fail_fast.check()
                return await self._attempt(request, deadline, reserve)
        raise AssertionError  # the loop returns or raises

    async def recall_login(self) -> None:
        """Report a login that was refused before the start, as if a call had met it."""
        try:
            await self._auth.recall()
        except SourceError as error:
            self.last_failure, self._failed_at = error, self._clock()

    async def _probe(self) -> None:
        """Make one small call, to see whether Vonage answers again."""
        deadline = asyncio.get_running_loop().time() + limits.PROBE_TIMEOUT_S
        with log_lines.request():
            await self._attempt(self._probe_request, deadline)

    async def _attempt(
        self, request: ApiRequest[T], deadline: float, reserve: int | None = None
    ) -> T:
        """Make one attempt and record what its outcome says about Vonage."""
        patience_s = deadline - asyncio.get_running_loop().time()
        try:
            result = await self._call_with_renewal(request, deadline, reserve)
        except NotFound:
            self._record_success(request)
            raise
        except SourceError as error:
            reported = self._reported(error)
            log.log(_level(reported), "Vonage call failed: %s", _log_line(reported))
            self._record_failure(request, error, reported, patience_s)
            # Failures are remembered, and the frames of the traceback hold the response's body.
            reported.__context__ = None
            raise reported.with_traceback(None) from None
        self._record_success(request)
        return result

    def _reported(self, error: SourceError) -> SourceError:
        """Return the error that people see.

        Where retries during an outage used up the quota, the outage is the cause, not the quota.
        """
        if isinstance(error, OverQuota) and self._circuit_breaker.is_suspect:
            return Unavailable(retry_after=error.retry_after)
        return error

    def _record_success(self, request: ApiRequest[Any]) -> None:
        if request.best_effort:
            self._fail_fast.record_success()
            return
        self._answered_at = self._clock()
        self._circuit_breaker.record_success()

    def _record_failure(
        self, request: ApiRequest[Any], error: SourceError, reported: SourceError, patience_s: float
    ) -> None:
        # A refused login concerns every call, so it is reported whichever call it met.
        if not request.best_effort or isinstance(error, LoginRefused):
            self.last_failure, self._failed_at = reported, self._clock()
        if isinstance(error, OverQuota):
            # A refusal of our own limiter says nothing about Vonage; `_json` records a real 429.
            return
        if not isinstance(error, TimedOut) or patience_s >= self._min_patience_s:
            failures = self._fail_fast if request.best_effort else self._circuit_breaker
            failures.record_failure(error)

    async def _call_with_renewal(
        self, request: ApiRequest[T], deadline: float, reserve: int | None
    ) -> T:
        """Call the API; if it refuses the token, renew the token and call once more.

        A second refusal is about permissions, so another login would not help.
        """
        token = await self._auth.token(deadline)
        with suppress(NotAuthorized):
            return await self._call(request, token, deadline, reserve)
        token = await self._auth.renew(token, deadline)
        try:
            return await self._call(request, token, deadline, reserve)
        except NotAuthorized:
            self._auth.record_renewed_refusal()
            raise

    async def _call(
        self, request: ApiRequest[T], token: str, deadline: float, reserve: int | None = None
    ) -> T:
        http_request = self._http.build_request(
            "GET",
            self._account_url + request.path,
            params=request.params,
            headers={
                "Authorization": f"Bearer {token}",
                "Accept": "application/json",  # without it the gateway's refusals are XML
            },
        )
        now = asyncio.get_running_loop().time
        async with self.rate_limiter.slot(deadline - now(), reserve=reserve):
            with self._metrics.call():
                # A background call may wait minutes for its slot, but not for its answer.
                call_deadline = min(deadline, now() + limits.VONAGE_CALL_TIMEOUT_S)
                response = await exchange(self._http, http_request, call_deadline)
                return await self._read(request, response)

    async def _read(self, request: ApiRequest[T], response: HttpResponse) -> T:
        """Return the parsed response of a request, of a large one in a thread.

        The rate limiter itself notices a throttle, which is raised.
        """

        def parse() -> T:
            return request.read(responses.read(response, now=self._wall_clock()))

        is_small = len(response.body) <= limits.MAX_INLINE_BODY_BYTES
        try:
            return parse() if is_small else await asyncio.to_thread(parse)
        except OverQuota:
            self._circuit_breaker.record_success()  # a 429 is an answer, so Vonage is not down
            raise
        except NotFound:
            if request.may_be_missing:
                raise
            raise WrongPath from None


def _retry_decision(error: Exception, seconds_left: float) -> bool | float:
    """Return whether to retry, or the number of seconds to wait before the retry.

    There is no retry after a time-out, which has used up the time, nor after a refusal or an
    untrusted certificate, which would be repeated, nor if Vonage asks for a longer wait than the
    deadline allows.
    """
    if isinstance(error, TimedOut | CertificateRefused):
        return False
    if not isinstance(error, Unavailable | OverQuota):
        return False
    if error.retry_after is None:
        is_unsent = isinstance(error, ConnectFailed)
        return seconds_left > (limits.MIN_RECONNECT_S if is_unsent else limits.MIN_RETRY_S)
    return error.retry_after if error.retry_after < seconds_left else False


def _level(error: SourceError) -> int:
    """Return the level for a failure in the log: a warning if it won't pass by itself."""
    if isinstance(error, Unavailable | OverQuota) and not isinstance(error, CertificateRefused):
        return logging.INFO
    return logging.WARNING


def _log_line(error: SourceError) -> str:
    """Return an error as one line, with the id under which Vonage's support finds the call."""
    line = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
    if isinstance(error, BadParameters) and _TRACK_ID.fullmatch(error.track_id):
        line += f" (track id {error.track_id})"
    return line
