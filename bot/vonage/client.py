"""The operations of the Extension API, and `/locations` beside them.

Each takes a `deadline` in the event loop's time and returns models or raises one of the
errors of `VonageError`. https://developer.vonage.com/en/api/vonage-business-cloud/extension
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote

import httpx

from bot.errors import NotFound, SourceError, UnexpectedReply
from bot.metrics import Metrics
from bot.models import Extension, Location, Page, Quota
from bot.tasks import Tasks
from bot.vonage import envelope, resources
from bot.vonage.api_caller import PATIENCE, ApiCaller, ApiRequest, Auth
from bot.vonage.call_log import CallLog

log = logging.getLogger(__name__)

_PROBE = ApiRequest("/extensions", {"page": 1, "page_size": 1}, lambda body: body)


class VonageClient:
    """One account of the VBC provisioning API, as `bot.directory.source` wants a source."""

    name = "Vonage"

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        base_url: str,
        account_id: str,
        auth: Auth,
        requests_per_minute: int,
        tasks: Tasks,
        spent: CallLog | None = None,
        metrics: Metrics | None = None,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._calls = ApiCaller(
            http,
            account_url=f"{base_url}/api/accounts/{quote(account_id, safe='')}",
            auth=auth,
            requests_per_minute=requests_per_minute,
            tasks=tasks,
            probe=_PROBE,
            spent=spent,
            metrics=metrics,
            patience=patience,
            clock=clock,
        )

    @property
    def quota(self) -> Quota:
        """What is left of the allowance."""
        return self._calls.allowance.state()

    @property
    def last_answer_at(self) -> float | None:
        """When Vonage last answered about extensions, in epoch seconds."""
        return self._calls.last_answer_at

    @property
    def last_failure(self) -> SourceError | None:
        """How it last failed to."""
        return self._calls.last_failure

    @property
    def last_failure_at(self) -> float | None:
        """When it last failed to, in epoch seconds."""
        return self._calls.last_failure_at

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
        """Return a page of the account's extensions, narrowed by the filters given.

        `leaving` says of a call that nobody waits for how many places it leaves to people.

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
        ask = ApiRequest("/extensions", params, partial(_page, asked=page or 1))
        try:
            return await self._calls.get(ask, deadline, leaving=reserve)
        except NotFound:
            return Page((), page=page or 1, total_pages=0, total_items=0)

    async def extension(self, number: str, *, deadline: float) -> Extension:
        """Return one extension by its number.

        Raises `NotFound`, which is no proof: the path is said to have changed its meaning
        from the number to an internal id, and some accounts answer only that.
        """
        path = f"/extensions/{quote(number, safe='')}"
        return await self._calls.get(ApiRequest(path, {}, partial(_one, number=number)), deadline)

    async def locations(self, *, deadline: float) -> tuple[Location, ...]:
        """Return all locations of the account. The reply has no pages.

        Only the names of offices hang on them, so a failure here keeps nobody from asking for
        an extension; it lets the locations alone for a while.
        """
        try:
            return await self._calls.get(
                ApiRequest("/locations", {}, _locations, best_effort=True), deadline
            )
        except NotFound:
            return ()


def _page(body: dict[str, Any], *, asked: int) -> Page[Extension]:
    found = envelope.rows(body, ("extensions", "data", "extension"))
    items, skipped = resources.readable(found.rows, resources.extension)
    if skipped:
        log.warning("%d extensions of a page could not be read", skipped)
    return Page(
        items,
        page=found.page or asked,
        page_size=found.page_size,
        total_pages=found.total_pages,
        total_items=found.total_items,
        has_next=found.has_next,
        skipped=skipped,
    )


def _one(body: dict[str, Any], *, number: str) -> Extension:
    found = envelope.rows(body, ("extension", "data", "extensions"))
    if not found.rows:
        if found.total_items == 0:
            raise NotFound
        raise UnexpectedReply("The reply holds no extension.")
    try:
        return resources.extension(found.rows[0], number=number)
    except resources.BadRecord:
        raise UnexpectedReply("The extension in the reply cannot be read.") from None


def _locations(body: dict[str, Any]) -> tuple[Location, ...]:
    found = envelope.rows(body, ("locations", "data", "location"))
    return resources.readable(found.rows, resources.location)[0]
