"""The access token: one login at a time, and a renewal before the token expires.

A renewal runs in the background; whatever its outcome, the old token is used until it really
expires. Vonage locks an account for half an hour after repeated refused logins, counted from the
last one, so a refused login is not retried for that long. After any other failure there is a
short pause. Refresh tokens can be used once: each renewal brings a new one.
https://developer.vonage.com/en/vonage-business-cloud/getting-started/create-an-access-token
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from bot import limits
from bot.cooldown import Cooldown
from bot.errors import LoginRefused, NotAuthorized, OverQuota, SourceError
from bot.metrics import Metrics
from bot.settings import NO_SECRET, Secret
from bot.vonage import token_response
from bot.vonage.transport import TimedOut, exchange

log = logging.getLogger(__name__)

# The end of every VBC user name, even if that is an email address: ann@example.com@vbc.prod
TENANT = "@vbc.prod"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a login needs: the app's key pair and the integration user."""

    client_id: Secret = NO_SECRET
    client_secret: Secret = NO_SECRET
    username: Secret = NO_SECRET
    password: Secret = NO_SECRET


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

    async def renew(self, refused_token: str, deadline: float) -> str:
        """Raise `NotAuthorized`: there is no other token."""
        raise NotAuthorized("VONAGE_ACCESS_TOKEN is not accepted: it may have expired.")

    def record_renewed_refusal(self) -> None:
        """Do nothing: a token that can't be renewed is never refused after a renewal."""


class Login:
    """Logs in by password, then renews by refresh token. All callers share one login.

    `clock` measures durations; `wall_clock` gives epoch seconds.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        token_url: str,
        credentials: Credentials,
        metrics: Metrics | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._http = http
        self._metrics = metrics or Metrics()
        self._url = token_url
        self._credentials = credentials
        self._clock = clock
        self._wall_clock = wall_clock
        self._access_token = ""
        self._renew_at = 0.0
        self._expires_at = 0.0
        self._refresh_token = ""
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

    async def renew(self, refused_token: str, deadline: float) -> str:
        """Return a token other than the one that the API just refused.

        Raises `NotAuthorized` if the API refused a renewed token a moment ago: the user then
        lacks a permission, and another login would not help.
        """
        if self._clock() < self._renewed_refused_until:
            raise NotAuthorized
        if self._access_token == refused_token:
            self._access_token = ""
        return await self.token(deadline)

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
            return await self._request_token()
        except SourceError as error:
            error.retry_after = max(self._pause_s(error), limits.LOGIN_PAUSE_S)
            self._cooldown.begin(error, error.retry_after)
            if not isinstance(error, LoginRefused):  # `_request_token` has logged a refusal
                log.warning("Could not log in to Vonage: %s: %s", type(error).__name__, error)
            raise

    def _pause_s(self, error: SourceError) -> float:
        """Return the seconds until the next login; after throttles without a time, more each."""
        if error.retry_after is not None or not isinstance(error, OverQuota):
            return error.retry_after or 0.0
        self._throttles = min(self._throttles + 1, len(limits.THROTTLE_PAUSES_S))
        return limits.THROTTLE_PAUSES_S[self._throttles - 1]

    async def _request_token(self) -> str:
        if self._refresh_token:
            try:
                return await self._post_grant(
                    grant_type="refresh_token", refresh_token=self._refresh_token
                )
            except token_response.TokenRefused:
                self._refresh_token = ""  # it was used or has expired; log in by password instead
        username = self._credentials.username.reveal().removesuffix(TENANT) + TENANT
        password = self._credentials.password.reveal()
        try:
            return await self._post_grant(
                grant_type="password", scope="openid", username=username, password=password
            )
        except token_response.TokenRefused as refusal:
            log.error("Vonage refused the login (%s); trying again in 30 minutes", refusal)
            raise LoginRefused(retry_after=limits.LOCK_OUT_S) from None

    async def _post_grant(self, **form: str) -> str:
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
            return self._store_token(token_response.read(response, now=self._wall_clock()))

    def _store_token(self, grant: token_response.Grant) -> str:
        """Store a new token, and return it.

        Vonage may send the same token again, so its life can be far shorter than a new token's.
        So the time of the renewal is a share of the life if that is short.
        """
        self._expires_at = self._clock() + grant.life_s
        self._renew_at = self._expires_at - min(limits.RENEW_EARLY_S, grant.life_s / 5)
        self._refresh_token = grant.refresh_token
        self._access_token = grant.access_token
        self._throttles = 0
        log.info("Logged in to Vonage; the token lasts %d s", grant.life_s)
        return self._access_token
