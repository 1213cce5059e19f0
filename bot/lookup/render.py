"""Findings into answers: which card, which notice, and what this asker may see of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from cachetools import LRUCache

from bot.cards import audit, changes, export_notices, extension, listing, not_found
from bot.cards.message import Message
from bot.directory.service import Directory
from bot.lookup import framing
from bot.lookup.access import Access
from bot.lookup.request import COMMAND, Answer, Asked, Outcome, Request, is_direct, query_text
from bot.models import (
    AuditReport,
    ChangeList,
    DirectoryExport,
    Finding,
    Listing,
    Location,
    LocationList,
    Match,
    Missing,
    NotReady,
    SyncProgress,
)
from bot.slack.users import SlackUsers

MAX_CACHED_CARDS = 1_000  # that are kept for who asks next
LOCATIONS_WAIT_S = 1.0  # seconds that a card waits for the names of the offices


class Renderer:
    """Puts findings of one directory into words for one asker at a time.

    Without `access` and `profiles` (in a terminal) everything is shown and nobody is in Slack.
    """

    def __init__(
        self,
        directory: Directory,
        profiles: SlackUsers | None,
        access: Access | None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._directory = directory
        self._profiles = profiles
        self._access = access
        self._clock = clock
        self._cards: LRUCache[tuple[object, ...], Message] = LRUCache(MAX_CACHED_CARDS)

    def render_card_now(self, match: Match, request: Request) -> Answer | None:
        """Return the card of an extension where all that it needs is known already."""
        where = match.extension.location_id
        offices = self._directory.known_locations(patience=LOCATIONS_WAIT_S) if where else {}
        if offices is None:
            return None
        return Answer(self._cached_card(match, offices.get(where), request), Outcome.FOUND)

    async def render(self, found: Finding, asked: Asked, request: Request) -> Answer:
        """Return the answer that a finding is."""
        match found:
            case Match():
                return Answer(await self._card(found, asked, request), Outcome.FOUND)
            case Listing() if framing.is_nothing(found, asked):
                return Answer(framing.nothing_listed(asked, request), Outcome.MISSING)
            case Listing():
                message = await self._listing(found, asked, request)
                return Answer(message, Outcome.FOUND if found.matches else Outcome.MISSING)
            case NotReady(sync_progress=reading):
                follows = request.can_follow_up and not framing.takes_too_long(reading)
                told = not_found.still_reading(
                    query_text(asked),
                    reading or SyncProgress(),
                    request.command,
                    follows=follows,
                    whole=framing.needs_all(asked),
                )
                return Answer(told, Outcome.FAILED)
            case Missing():
                return Answer(
                    framing.nothing(found, asked, request, self._clock()), Outcome.MISSING
                )
            case DirectoryExport():
                return Answer(export_notices.on_its_way(), Outcome.INFO, export=found)
            case _:
                return Answer(await self._report(found, request), Outcome.FOUND)

    async def _report(
        self, found: LocationList | ChangeList | AuditReport, request: Request
    ) -> Message:
        buttons, now = self._profiles is not None, self._clock()
        source = self._directory.source_name
        match found:
            case LocationList():
                return listing.locations(found, now, request.command, source=source)
            case AuditReport():
                return audit.audit(found, now=now, buttons=buttons, command=COMMAND, source=source)
            case ChangeList():
                return changes.changes(
                    found,
                    locations=await self._locations(request),
                    now=now,
                    hide=self._hidden(request),
                    buttons=buttons,
                    command=COMMAND,
                )

    async def _card(self, match: Match, asked: Asked, request: Request) -> Message:
        where = match.extension.location_id
        offices = await self._locations(request) if where else {}
        if not request.as_row:
            return self._cached_card(
                match, offices.get(where), request, title=framing.title(asked, match)
            )
        return extension.row(
            match,
            locations=offices,
            now=self._clock(),
            hide=self._hidden(request),
            line=self._line(match),
            source=self._directory.source_name,
        )

    def _cached_card(
        self, match: Match, office: Location | None, request: Request, *, title: str = ""
    ) -> Message:
        """Return a card; one that is asked for again within the minute is the same."""
        now, slack_id, hide = self._clock(), self._slack_id(match), self._hidden(request)
        shareable = not is_direct(request.asker)
        minutes = int(now - match.read_at) // 60, int(now) // 60
        place = office, request.public, shareable, title
        key = (match.extension.number, match.read_at, *minutes, *place, slack_id, hide)
        if match.failure is None and (card := self._cards.get(key)):
            return card
        card = extension.card(
            match,
            locations={office.id: office} if office else {},
            now=now,
            slack_id=slack_id,
            title=title,
            profile_url=self._profile_url(slack_id),
            hide=hide,
            line=self._line(match),
            shareable=shareable,
            public=request.public,
            source=self._directory.source_name,
        )
        if match.failure is None:
            self._cards[key] = card
        return card

    def _line(self, match: Match) -> str:
        """Return what a button asks for: a number that is read as one again, and only in Slack."""
        number = match.extension.number
        return number if self._profiles and number.isdecimal() else ""

    async def _listing(self, found: Listing, asked: Asked, request: Request) -> Message:
        pages = framing.as_pages(asked)
        turning = framing.turning(found, pages) if pages else {}
        if not self._profiles:
            turning = {name: f"{COMMAND} {line}" for name, line in turning.items()}
        offices, hide = await self._locations(request), self._hidden(request)
        office = offices.get(found.matches[0].extension.location_id) if found.matches else None
        return listing.listing(
            found if pages else replace(found, pages=1),
            locations=offices,
            now=self._clock(),
            heading=framing.heading(asked, found, office if "location" not in hide else None),
            hide=hide,
            buttons=self._profiles is not None,
            asked=query_text(asked),
            source=self._directory.source_name,
            **turning,
        )

    async def _locations(self, request: Request) -> Mapping[str, Location]:
        return await self._directory.locations(deadline=request.deadline, patience=LOCATIONS_WAIT_S)

    def _hidden(self, request: Request) -> frozenset[str]:
        if self._access is None:
            return frozenset()
        return self._access.hidden_fields(request.asker, public=request.public)

    def _slack_id(self, match: Match) -> str:
        user = match.extension.user
        return self._profiles.known_id(user.email) if self._profiles and user else ""

    def _profile_url(self, slack_id: str) -> str:
        workspace = self._profiles.known_workspace() if self._profiles else None
        return f"{workspace.url}team/{slack_id}" if workspace and workspace.url and slack_id else ""
