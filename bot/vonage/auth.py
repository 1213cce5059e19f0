"""The access token: one login at a time, and a renewal before the token expires.

A renewal runs in the background; whatever its outcome, the old token is used until it really
expires. Vonage locks an account for half an hour after repeated refused logins, counted from the
last one, so a refused login is not retried for that long. After any other failure there is a
short pause. Refresh tokens can be used once: each renewal brings a new one.

All processes on one DATA_DIR share the token and the refusal, also over restarts (`login_store`):
one of them logs in or renews, and the others take the token that it got.
https://developer.vonage.com/en/vonage-business-cloud/getting-started/create-an-access-token
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace

import httpx

from bot import limits
from bot.cooldown import Cooldown
from bot.errors import LoginRefused, NotAuthorized, OverQuota, SourceError
from bot.metrics import Metrics
from bot.settings import Secret
from bot.vonage import token_response
from bot.vonage.login_store import Credentials, LoginState, LoginStore, Token
from bot.vonage.shared_clock import SharedClock
from bot.vonage.transport import TimedOut, exchange

log = logging.getLogger(__name__)

# The end of every VBC user name, even if that is an email address: ann@example.com@vbc.prod
TENANT = "@vbc.prod"


class StaticToken:
    """A token from the settings, which can't be renewed."""

    def __init__(self, token: Secret) -> None:
        self._token = token

    async def token(self, deadline: float) -> str:
        """Return the token. Raises `NotAuthorized` if a header can't carry it."""
        token = self._token.reveal()
        if not token_response.is_sendable(token):
            raise NotAuthorized("VONAGE_ACCESS_TOKEN has a character that no token has.")
        return token

    async def recall(self) -> None:
        """Do nothing: there is no login to recall."""

    async def renew(self, refused_token: str, deadline: float) -> str:
        """Raise `NotAuthorized`: there is no other token."""
        raise NotAuthorized("VONAGE_ACCESS_TOKEN is not accepted: it may have expired.")

    def record_renewed_refusal(self) -> None:
        """Do nothing: a token that can't be renewed is never refused after a renewal."""


class Login:
    """Logs in by password, then renews by refresh token. All callers share one login.

    `store` has the login of all processes. `clock` measures durations; `wall_clock` gives epoch
    seconds.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        token_url: str,
        credentials: Credentials,
        store: LoginStore | None = None,
        metrics: Metrics | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._http = http
        self._metrics = metrics or Metrics()
        self._url = token_url
        self._credentials = credentials
        self._store = store or LoginStore()
        self._clock = clock
        self._wall_clock = wall_clock
        self._shared_clock = SharedClock(wall_clock, clock)
        self._access_token = ""
        self._refused_token = ""
        self._renew_at = 0.0
        self._expires_at = 0.0
        self._cooldown = Cooldown(clock)
        self._throttles = 0  # in a row, without a time
        self._renewed_refused_until = 0.0
        self._login: asyncio.Task[str] | None = None

    async def token(self, deadline: float) -> str:
        """Return a token that has not expired; log in if there is none.

        Raises `LoginRefused`, `Unavailable`, `OverQuota` or `UnexpectedReply`.
        """
        now = self._clock()
        if not self._access_token or now >= self._expires_at:
            return await self._wait_for_login(deadline)
        if now >= self._renew_at and not self._cooldown.is_active:
            self._start_login()
        return self._access_token

    async def recall(self) -> None:
        """Recall how the login of an earlier run or another process ended, without a login.

        Raises `LoginRefused` if it was refused, so that a bot that needs no call yet can say so.
        """
        async with self._store.exclusive():
            state = self._store.read()
            if state.token is None or not state.token.refresh_token:
                try:
                    self._check_refusal(state)
                except LoginRefused as refusal:
                    self._cooldown.begin(refusal, refusal.retry_after or 0.0)
                    raise

    async def renew(self, refused_token: str, deadline: float) -> str:
        """Return a token other than the one that the API just refused.

        Raises `NotAuthorized` if the API refused a renewed token a moment ago: the user then
        lacks a permission, and another login would not help.
        """
        if self._clock() < self._renewed_refused_until:
            raise NotAuthorized
        self._refused_token = refused_token
        if self._access_token == refused_token:
            self._access_token = ""
        return await self.token(deadline)

    async def force_login(self, deadline: float) -> str:
        """Log in by password even if there is a token, to see whether Vonage accepts it.

        Raises `LoginRefused` without a login if a login was refused in the last 30 minutes.
        """
        try:
            async with asyncio.timeout_at(deadline), self._store.exclusive():
                return self._use(await self._by_password(self._store.read()))
        except TimeoutError:
            raise TimedOut from None

    def record_renewed_refusal(self) -> None:
        """Record that the API refused the renewed token too."""
        self._renewed_refused_until = self._clock() + limits.RENEWED_REFUSAL_S

    async def _wait_for_login(self, deadline: float) -> str:
        try:
            async with asyncio.timeout_at(deadline):
                return await asyncio.shield(self._start_login())
        except TimeoutError:
            raise TimedOut from None

    def _start_login(self) -> asyncio.Task[str]:
        if self._login is None:
            self._login = asyncio.create_task(self._log_in_once(), name="vonage login")
            self._login.add_done_callback(self._login_ended)
        return self._login

    def _login_ended(self, task: asyncio.Task[str]) -> None:
        self._login = None
        if not task.cancelled():
            task.exception()  # retrieved, or asyncio would log it as never retrieved

    async def _log_in_once(self) -> str:
        self._cooldown.check()
        try:
            async with self._store.exclusive():
                return self._use(await self._newest_token())
        except SourceError as error:
            error.retry_after = max(self._pause_s(error), limits.LOGIN_PAUSE_S)
            self._cooldown.begin(error, error.retry_after)
            if not isinstance(error, LoginRefused):  # `_by_password` has logged a refusal
                log.warning("Could not log in to Vonage: %s: %s", type(error).__name__, error)
            raise

    def _pause_s(self, error: SourceError) -> float:
        """Return the seconds until the next login; after throttles without a time, more each."""
        if error.retry_after is not None or not isinstance(error, OverQuota):
            return error.retry_after or 0.0
        self._throttles = min(self._throttles + 1, len(limits.THROTTLE_PAUSES_S))
        return limits.THROTTLE_PAUSES_S[self._throttles - 1]

    async def _newest_token(self) -> Token:
        """Return the token that another process got meanwhile, or else renew or log in.

        The caller holds the store's lock, because each refresh token works only once.
        """
        state = self._store.read()
        if state.token is None:
            return await self._by_password(state)
        is_refused = state.token.access_token == self._refused_token
        if not is_refused and self._seconds_to_renewal(state.token) > 0:
            return state.token
        if state.token.refresh_token:
            try:
                return await self._post_grant(
                    grant_type="refresh_token", refresh_token=state.token.refresh_token
                )
            except token_response.TokenRefused:  # it was used, or has expired
                state = replace(state, token=replace(state.token, refresh_token=""))
                self._store.write(state)
        return await self._by_password(state)

    async def _by_password(self, state: LoginState) -> Token:
        """Log in by password, unless the last login with the same credentials was refused."""
        self._check_refusal(state)
        username = self._credentials.username.reveal().removesuffix(TENANT) + TENANT
        password = self._credentials.password.reveal()
        try:
            return await self._post_grant(
                grant_type="password", scope="openid", username=username, password=password
            )
        except token_response.TokenRefused as refusal:
            log.error("Vonage refused the login (%s); trying again in 30 minutes", refusal)
            refused_until = self._shared_clock.moment_in(limits.LOCK_OUT_S)
            self._store.write(replace(state, refused_until=refused_until))
            raise LoginRefused(retry_after=limits.LOCK_OUT_S) from None

    def _check_refusal(self, state: LoginState) -> None:
        """Raise `LoginRefused` while Vonage would lock the user for longer."""
        if state.refused_until is None:
            return
        seconds_left = self._shared_clock.seconds_until(
            state.refused_until, longest=limits.LOCK_OUT_S
        )
        if seconds_left <= 0:
            return
        # It is written down again as it was understood, because a clock that was set back would
        # otherwise begin the time anew at each restart.
        refused_until = self._shared_clock.moment_in(seconds_left)
        self._store.write(replace(state, refused_until=refused_until))
        log.error("Vonage has refused this login; trying again in %.0f s", seconds_left)
        raise LoginRefused(retry_after=seconds_left)

    async def _post_grant(self, **form: str) -> Token:
        """Return a new token, which is stored for all processes already."""
        request = self._http.build_request(
            "POST",
            self._url,
            data={
                **form,
                "client_id": self._credentials.client_id.reveal(),
                "client_secret": self._credentials.client_secret.reveal(),
            },
            headers={"Accept": "application/json"},
        )
        deadline = asyncio.get_running_loop().time() + limits.LOGIN_TIMEOUT_S
        with self._metrics.login(form["grant_type"]):
            response = await exchange(self._http, request, deadline)
            token = self._token(token_response.read(response, now=self._wall_clock()))
        self._store.write(LoginState(token))
        self._throttles = 0
        log.info("Logged in to Vonage; the token lasts %d s", token.life_s)
        return token

    def _token(self, grant: token_response.Grant) -> Token:
        """Return the token of a token response, with the moment at which it expires."""
        return Token(
            access_token=grant.access_token,
            refresh_token=grant.refresh_token,
            life_s=grant.life_s,
            expires=self._shared_clock.moment_in(grant.life_s),
        )

    def _use(self, token: Token) -> str:
        """Use a token from now on, and return its text."""
        now = self._clock()
        self._renew_at = now + self._seconds_to_renewal(token)
        self._expires_at = now + self._seconds_to_end(token)
        self._access_token = token.access_token
        return token.access_token

    def _seconds_to_end(self, token: Token) -> float:
        return self._shared_clock.seconds_until(token.expires, longest=token.life_s)

    def _seconds_to_renewal(self, token: Token) -> float:
        """Return the seconds until a token should be renewed.

        Vonage may send the same token again, so its life can be far shorter than a new token's.
        So the time of the renewal is a share of the life if that is short.
        """
        return self._seconds_to_end(token) - min(limits.RENEW_EARLY_S, token.life_s / 5)
