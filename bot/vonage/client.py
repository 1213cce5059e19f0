"""The operations of the Extension API, and `/locations` beside them.

Each takes a `deadline` in the event loop's time and returns models or raises one of the
errors of `VonageError`. https://developer.vonage.com/en/api/vonage-business-cloud/extension
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Protocol
from urllib.parse import quote

import httpx
import stamina

from bot import log as log_lines
from bot.errors import NotAuthorised, NotFound, OverQuota, Unavailable, UnexpectedReply, VonageError
from bot.metrics import Metrics
from bot.models import Extension, Location, Page, Quota
from bot.tasks import Tasks
from bot.vonage import hal, replies, resources
from bot.vonage.outage import Outage
from bot.vonage.quota import Allowance
from bot.vonage.transport import NotSent, Reply, TooLate, exchange

log = logging.getLogger(__name__)

PATIENCE = 5.0  # seconds; a call cut off sooner says nothing about Vonage
ATTEMPTS = 2
PROBE_LIMIT = 10.0  # seconds


class Auth(Protocol):
    """Where the token comes from: `auth.Login` or `auth.StaticToken`."""

    async def token(self, deadline: float) -> str:
        """Return a token."""

    async def renew(self, refused: str, deadline: float) -> str:
        """Return another one than the one refused."""

    def denied(self) -> None:
        """Note that the other one was refused too."""


class VonageClient:
    """One account of the VBC provisioning API."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        base_url: str,
        account_id: str,
        auth: Auth,
        requests_per_minute: int,
        tasks: Tasks,
        metrics: Metrics | None = None,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._http = http
        self._account = f"{base_url}/api/accounts/{quote(account_id, safe='')}"
        self._auth = auth
        self._allowance = Allowance(requests_per_minute)
        self._metrics = metrics or Metrics()
        self._outage = Outage(self._probe, tasks)
        self._patience = patience
        self._clock = clock
        self.last_answer_at: float | None = None
        self.last_failure: VonageError | None = None
        self.last_failure_at: float | None = None

    @property
    def quota(self) -> Quota:
        """What is left of the allowance."""
        return self._allowance.state()

    async def extensions(
        self,
        *,
        deadline: float,
        page: int | None = None,
        page_size: int | None = None,
        location_id: str = "",
        phone_number: str = "",
        login_name: str = "",
        email: str = "",
    ) -> Page[Extension]:
        """Return a page of the account's extensions, narrowed by the filters given.

        What the filters mean is not documented and they may be ignored: check the rows. A 404
        in the API's own shape counts as an empty page.
        """
        asked = {
            "page": page,
            "page_size": page_size,
            "location_id": location_id,
            "phone_number": phone_number,
            "login_name": login_name,
            "email": email,
        }
        params = {name: value for name, value in asked.items() if value not in (None, "")}
        try:
            body = await self._get("/extensions", params, deadline)
        except NotFound:
            return Page((), page=page or 1, total_pages=0, total_items=0)
        found = hal.rows(body, ("extensions", "data", "extension"))
        items, skipped = resources.readable(found.rows, resources.extension)
        if skipped:
            log.warning("%d extensions of a page could not be read", skipped)
        return Page(
            items,
            page=found.page or page or 1,
            page_size=found.page_size,
            total_pages=found.total_pages,
            total_items=found.total_items,
            has_next=found.has_next,
            skipped=skipped,
        )

    async def extension(self, number: str, *, deadline: float) -> Extension:
        """Return one extension by its number.

        Raises `NotFound`, which is no proof: the path is said to have changed its meaning
        from the number to an internal id, and some accounts answer only that.
        """
        body = await self._get(f"/extensions/{quote(number, safe='')}", {}, deadline)
        found = hal.rows(body, ("extension", "data", "extensions"))
        if not found.rows:
            raise NotFound if found.total_items == 0 else UnexpectedReply
        try:
            return resources.extension(found.rows[0], number=number)
        except resources.BadRecord:
            raise UnexpectedReply("The extension in the reply cannot be read.") from None

    async def locations(self, *, deadline: float) -> tuple[Location, ...]:
        """Return all locations of the account. The reply has no pages."""
        try:
            body = await self._get("/locations", {}, deadline)
        except NotFound:
            return ()
        found = hal.rows(body, ("locations", "data", "location"))
        return resources.readable(found.rows, resources.location)[0]

    async def _probe(self) -> None:
        """Make one small call, to see whether Vonage answers."""
        deadline = asyncio.get_running_loop().time() + PROBE_LIMIT
        with log_lines.request():
            await self._noted("/extensions", {"page": 1, "page_size": 1}, deadline)

    async def _get(self, path: str, params: Mapping[str, Any], deadline: float) -> dict[str, Any]:
        """Return the JSON of one resource, trying again where that can help."""
        self._outage.check()

        def can_help(error: Exception) -> bool | float:
            return _worth_another_try(error, deadline - asyncio.get_running_loop().time())

        async for attempt in stamina.retry_context(
            on=can_help, attempts=ATTEMPTS, timeout=None, wait_initial=0.1, wait_jitter=0.3
        ):
            with attempt:
                return await self._noted(path, params, deadline)
        raise AssertionError  # the loop returns or raises

    async def _noted(self, path: str, params: Mapping[str, Any], deadline: float) -> dict[str, Any]:
        """Make one try and note what its outcome says about Vonage."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        try:
            body = await self._once(path, params, deadline)
        except NotFound:
            self._answered()
            raise
        except VonageError as error:
            self.last_failure, self.last_failure_at = error, self._clock()
            self._note(error, given=deadline - begun)
            log.info("Vonage call failed: %s", type(error).__name__)
            raise
        self._answered()
        return body

    def _answered(self) -> None:
        self.last_answer_at = self._clock()
        self._outage.worked()

    def _note(self, error: VonageError, *, given: float) -> None:
        if isinstance(error, OverQuota):
            return  # ours says nothing; theirs was noted where it came
        if not isinstance(error, Unavailable):
            self._outage.worked()
        elif not isinstance(error, TooLate) or given >= self._patience:
            self._outage.failed(error)

    async def _once(self, path: str, params: Mapping[str, Any], deadline: float) -> dict[str, Any]:
        token = await self._auth.token(deadline)
        with suppress(NotAuthorised):
            return await self._call(path, params, token, deadline)
        token = await self._auth.renew(token, deadline)
        try:
            return await self._call(path, params, token, deadline)
        except NotAuthorised:
            self._auth.denied()
            raise

    async def _call(
        self, path: str, params: Mapping[str, Any], token: str, deadline: float
    ) -> dict[str, Any]:
        request = self._http.build_request(
            "GET",
            self._account + path,
            params=params,
            headers={
                "Authorization": f"Bearer {token}",
                "Accept": "application/json",  # the gateway's refusals are XML otherwise
                "Accept-Encoding": "identity",  # so that what is read is what is counted
            },
        )
        async with self._allowance.place(deadline - asyncio.get_running_loop().time()):
            with self._metrics.call():
                reply = await exchange(self._http, request, deadline)
                return self._read(reply)

    def _read(self, reply: Reply) -> dict[str, Any]:
        """Return the JSON of a reply. A throttle closes the allowance for as long as it says."""
        try:
            return replies.read(reply, now=self._clock())
        except OverQuota as refusal:
            self._allowance.close_for(refusal.retry_after or 0.0)
            self._outage.worked()
            raise


def _worth_another_try(error: Exception, seconds_left: float) -> bool | float:
    """Return whether to try again, or after how many seconds exactly.

    A call that came too late has used up the time, a refusal stays one, and a throttle that
    outlasts the deadline cannot be waited for.
    """
    if isinstance(error, TooLate) or not isinstance(error, Unavailable | OverQuota):
        return False
    if error.retry_after is None:
        return seconds_left > (0.5 if isinstance(error, NotSent) else 1.0)
    return error.retry_after if error.retry_after < seconds_left else False
