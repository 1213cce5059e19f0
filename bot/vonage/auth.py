"""The access token: one login at a time, renewed before it ends, never forced.

A renewal goes on in the background, and the old token is used to its real end whatever
becomes of it. Vonage locks an account for half an hour after repeated refused logins, counted
from the last one, so a refused login is not tried again for as long; after any other failure
there is a short pause. Refresh tokens are single-use and rotate. https://developer.vonage.com/en/vonage-business-cloud/getting-started/create-an-access-token
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from bot.cooldown import Cooldown
from bot.errors import LoginRefused, NotAuthorized, SourceError
from bot.metrics import Metrics
from bot.settings import NO_SECRET, Secret
from bot.vonage import token_response
from bot.vonage.envelope import to_int
from bot.vonage.transport import TimedOut, exchange

log = logging.getLogger(__name__)

TENANT = "@vbc.prod"  # every VBC user name ends so, one that is an email address too
LOCK_OUT = 30 * 60.0  # seconds
PAUSE = 5.0  # seconds without a login after one that failed otherwise
DENIED = 25.0  # seconds in which a token that was refused right after its renewal is final
LOGIN_LIMIT = 10.0  # seconds one login may take
RENEW_EARLY = 180.0  # seconds before the end of a token
USUAL_LIFE = 3600.0  # seconds, where the reply does not say


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a login needs: the app's key pair and the integration user."""

    client_id: Secret = NO_SECRET
    client_secret: Secret = NO_SECRET
    username: Secret = NO_SECRET
    password: Secret = NO_SECRET


class StaticToken:
    """A token from the settings: it is used as it is and cannot be renewed."""

    def __init__(self, token: Secret) -> None:
        self._token = token

    async def token(self, deadline: float) -> str:
        """Return the token."""
        return self._token.reveal()

    async def renew(self, refused: str, deadline: float) -> str:
        """Raise `NotAuthorized`: there is no other token."""
        raise NotAuthorized("VONAGE_ACCESS_TOKEN is not accepted: it may have expired.")

    def denied(self) -> None:
        """Note that a renewed token was refused, which cannot happen here."""


class Login:
    """The password grant, then the refresh grant; one of them at a time, however many wait."""

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
        self._access = ""
        self._renew_at = 0.0
        self._ends_at = 0.0
        self._refresh = ""
        self._pause = Cooldown(clock)
        self._denied_until = 0.0
        self._under_way: asyncio.Task[str] | None = None

    async def token(self, deadline: float) -> str:
        """Return a token that is still good, logging in where there is none.

        Raises `LoginRefused`, `Unavailable`, `OverQuota` or `UnexpectedReply`.
        """
        now = self._clock()
        if not self._access or now >= self._ends_at:
            return await self._new_token(deadline)
        if now >= self._renew_at and not self._pause.on:
            self._begin()
        return self._access

    async def renew(self, refused: str, deadline: float) -> str:
        """Return another token than the one that the API just refused.

        Raises `NotAuthorized` where a renewed one was refused only a moment ago: the user
        lacks a right then, and logging in again does not help.
        """
        if self._clock() < self._denied_until:
            raise NotAuthorized
        if self._access == refused:
            self._access = ""
        return await self.token(deadline)

    def denied(self) -> None:
        """Note that a renewed token was refused too."""
        self._denied_until = self._clock() + DENIED

    async def _new_token(self, deadline: float) -> str:
        try:
            async with asyncio.timeout_at(deadline):
                return await asyncio.shield(self._begin())
        except TimeoutError:
            raise TimedOut from None

    def _begin(self) -> asyncio.Task[str]:
        if self._under_way is None:
            self._under_way = asyncio.create_task(self._obtain(), name="vonage login")
            self._under_way.add_done_callback(self._ended)
        return self._under_way

    def _ended(self, task: asyncio.Task[str]) -> None:
        self._under_way = None
        if not task.cancelled():
            task.exception()  # read here: nobody may wait for it

    async def _obtain(self) -> str:
        self._pause.check()
        try:
            return await self._log_in()
        except SourceError as error:
            error.retry_after = max(error.retry_after or 0.0, PAUSE)
            self._pause.begin(error, error.retry_after)
            if not isinstance(error, LoginRefused):  # which has told why
                log.warning("No token of Vonage: %s: %s", type(error).__name__, error)
            raise

    async def _log_in(self) -> str:
        if self._refresh:
            try:
                return await self._grant(grant_type="refresh_token", refresh_token=self._refresh)
            except token_response.TokenRefused:
                self._refresh = ""  # used or expired: the password it is
        username = self._credentials.username.reveal().removesuffix(TENANT) + TENANT
        password = self._credentials.password.reveal()
        try:
            return await self._grant(
                grant_type="password", scope="openid", username=username, password=password
            )
        except token_response.TokenRefused as refusal:
            log.error("Vonage refused the login (%s); no further one for 30 minutes", refusal)
            raise LoginRefused(retry_after=LOCK_OUT) from None

    async def _grant(self, **form: str) -> str:
        request = self._http.build_request(
            "POST",
            self._url,
            data={
                **form,
                "client_id": self._credentials.client_id.reveal(),
                "client_secret": self._credentials.client_secret.reveal(),
            },
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        )
        limit = asyncio.get_running_loop().time() + LOGIN_LIMIT
        with self._metrics.login(form["grant_type"]):
            reply = await exchange(self._http, request, limit)
            return self._keep(token_response.read(reply, now=self._wall_clock()))

    def _keep(self, grant: Mapping[str, Any]) -> str:
        """Remember a new token. Its life is told, and can be the rest of an older one's."""
        life = to_int(grant.get("expires_in"))
        seconds = USUAL_LIFE if life is None else max(float(life), 0.0)
        self._ends_at = self._clock() + seconds
        self._renew_at = self._ends_at - min(RENEW_EARLY, seconds / 5)
        refresh = grant.get("refresh_token")
        self._refresh = refresh if isinstance(refresh, str) else ""
        self._access = str(grant["access_token"])
        log.info("Logged in to Vonage; the token lasts %d s", seconds)
        return self._access
