"""The operations of the Extension API, and `/locations` of the same provisioning API.

Each takes a `deadline` in the event loop's time, and returns models or raises a `SourceError`.
https://developer.vonage.com/en/api/vonage-business-cloud/extension
"""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import Any
from urllib.parse import quote

import httpx

from bot import limits
from bot.clocks import Clock
from bot.errors import NotFound, OtherExtension, SourceError, UnexpectedReply
from bot.metrics import Metrics
from bot.models import Extension, Location, Page, Quota
from bot.tasks import Tasks
from bot.vonage import envelope, resources
from bot.vonage.api_caller import ApiCaller, ApiRequest, Auth
from bot.vonage.call_log import CallLog

log = logging.getLogger(__name__)

_PROBE = ApiRequest(
    "/extensions", {"page": 1, "page_size": 1}, lambda body: body, may_be_missing=False
)


class VonageClient:
    """One account of the VBC provisioning API; a `bot.directory.source.DirectorySource`."""

    name = "Vonage"
    may_contradict_itself = True

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        base_url: str,
        account_id: str,
        auth: Auth,
        requests_per_minute: int,
        tasks: Tasks,
        call_log: CallLog | None = None,
        metrics: Metrics | None = None,
        min_patience_s: float = limits.MIN_PATIENCE_S,
        clock: Clock = time.monotonic,
        wall_clock: Clock = time.time,
    ) -> None:
        self._caller = ApiCaller(
            http,
            account_url=f"{base_url}/api/accounts/{quote(account_id, safe='')}",
            auth=auth,
            requests_per_minute=requests_per_minute,
            tasks=tasks,
            probe=_PROBE,
            call_log=call_log,
            metrics=metrics,
            min_patience_s=min_patience_s,
            clock=clock,
            wall_clock=wall_clock,
        )

    @property
    def quota(self) -> Quota:
        """How many calls are left this minute."""
        return self._caller.rate_limiter.state()

    @property
    def last_answer_at(self) -> float | None:
        """When Vonage last answered about extensions, in epoch seconds."""
        return self._caller.last_answer_at

    @property
    def last_failure(self) -> SourceError | None:
        """The latest failure, even if Vonage has answered since."""
        return self._caller.last_failure

    @property
    def last_failure_at(self) -> float | None:
        """When that failure was, in epoch seconds."""
        return self._caller.last_failure_at

    async def recall_login(self) -> None:
        """Report a login that was refused before the start, even if no call is needed yet."""
        await self._caller.recall_login()

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
        reserve: int | None = None,
    ) -> Page[Extension]:
        """Return one page of the account's extensions that match the filters.

        The API's filters are undocumented and it may ignore them, so the caller must check the
        rows. A 404 in the API's own shape counts as an empty page if there are filters, or after
        the first page. The first page of the whole list always exists, so there it raises
        `WrongPath`. `reserve` marks a background call: that many calls of each minute are left
        for people.
        """
        all_params = {
            "page": page,
            "page_size": page_size,
            "location_id": location_id,
            "phone_number": phone_number,
            "login_name": login_name,
            "email": email,
        }
        params = {name: value for name, value in all_params.items() if value not in (None, "")}
        is_filtered = any((location_id, phone_number, login_name, email))
        request = ApiRequest(
            "/extensions",
            params,
            partial(_page, requested=page or 1),
            may_be_missing=is_filtered or (page or 1) > 1,
        )
        try:
            return await self._caller.get(request, deadline, reserve=reserve)
        except NotFound:
            return Page((), page=page or 1, total_pages=0, total_items=0)

    async def extension(self, number: str, *, deadline: float) -> Extension:
        """Return one extension by its number.

        Raises `NotFound`, which does not prove that the extension doesn't exist: version 1.11.9
        of the API changed the path from the number to an internal id, and some accounts accept
        only that id. If the number is the id of another extension, it raises `OtherExtension`.
        """
        path = f"/extensions/{quote(number, safe='')}"
        request = ApiRequest(path, {}, partial(_single, number=number))
        return await self._caller.get(request, deadline)

    async def locations(self, *, deadline: float) -> tuple[Location, ...]:
        """Return all locations of the account; the API sends them without pages.

        The bot can answer without the names of locations. So a failure here does not count as
        an outage of Vonage; it only makes further calls for locations fail at once for a while.
        """
        try:
            return await self._caller.get(
                ApiRequest("/locations", {}, _locations, best_effort=True), deadline
            )
        except NotFound:
            return ()


def _page(body: dict[str, Any], *, requested: int) -> Page[Extension]:
    content = envelope.rows(body, ("extensions", "data", "extension"))
    if len(content.rows) > limits.MAX_ROWS_PER_PAGE:
        raise UnexpectedReply("The page has more rows than any page of a directory.")
    items, skipped = resources.readable(content.rows, resources.extension)
    if skipped:
        log.warning("%d extensions of a page could not be read", skipped)
    return Page(
        items,
        page=content.page or requested,
        page_size=content.page_size,
        total_pages=content.total_pages,
        total_items=content.total_items,
        has_next=content.has_next,
        skipped=skipped,
    )


def _single(body: dict[str, Any], *, number: str) -> Extension:
    """Return the extension of a single response. Raises `UnexpectedReply`.

    Only a 404 says that there is no such extension. A response without rows doesn't, whatever its
    counts say.
    """
    rows = envelope.rows(body, ("extension", "data", "extensions")).rows
    if len(rows) != 1:
        raise UnexpectedReply("The response doesn't hold one extension.")
    try:
        extension = resources.extension(rows[0], number=number)
    except resources.BadRecord:
        raise UnexpectedReply("The extension in the response can't be read.") from None
    # Since 1.11.9 some accounts take the number for an id, which can be that of somebody else.
    if extension.number != number:
        raise OtherExtension
    return extension


def _locations(body: dict[str, Any]) -> tuple[Location, ...]:
    content = envelope.rows(body, ("locations", "data", "location"))
    if len(content.rows) > limits.MAX_ROWS_PER_PAGE:
        raise UnexpectedReply("There are more locations than any account has.")
    locations, skipped = resources.readable(content.rows, resources.location)
    if skipped and not locations:
        raise UnexpectedReply("The locations can't be read.")
    if skipped:
        log.warning("%d locations could not be read", skipped)
    return locations
