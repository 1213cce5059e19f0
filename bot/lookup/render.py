"""Turns a finding of the directory into an answer: the card, list or notice for this asker."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from cachetools import LRUCache

from bot.cards import (
    audit_report,
    change_list,
    export_notices,
    extension_card,
    extension_row,
    lists,
    not_found,
)
from bot.cards import headings as card_headings
from bot.cards.blocks import Message
from bot.directory.service import Directory
from bot.limits import LOCATIONS_WAIT_S, MAX_CACHED_CARDS
from bot.lookup import headings, paging
from bot.lookup.request import COMMAND, Answer, FindingQuery, Outcome, Request, query_text
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
from bot.query.model import Name
from bot.slack.users import SlackUsers


class Renderer:
    """Renders the findings of one directory.

    A terminal has no Slack, so `users` is `None` there: answers have no buttons or mentions.
    """

    def __init__(
        self,
        directory: Directory,
        users: SlackUsers | None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._directory = directory
        self._users = users
        self._clock = clock
        self._cards: LRUCache[tuple[object, ...], Message] = LRUCache(MAX_CACHED_CARDS)

    async def render(self, finding: Finding, query: FindingQuery, request: Request) -> Answer:
        """Return the answer for a finding.

        Raises `MustWait` if the names of locations have to be loaded first and the request has no
        deadline.
        """
        match finding:
            case Match():
                message = await self._match_message(finding, query, request)
                return Answer(message, Outcome.FOUND, numbers=(finding.extension.number,))
            case Listing() if headings.is_empty_by_filter(finding, query):
                message = headings.empty_list_message(finding, query, request, self._clock())
                return Answer(message, Outcome.MISSING)
            case Listing():
                message = await self._listing_message(finding, query, request)
                outcome = Outcome.FOUND if finding.matches else Outcome.MISSING
                numbers = tuple(match.extension.number for match in finding.matches)
                return Answer(message, outcome, numbers=numbers)
            case NotReady():
                return Answer(_not_ready_message(finding, query, request), Outcome.FAILED)
            case Missing():
                message = headings.not_found_message(finding, query, request, self._clock())
                return Answer(message, Outcome.MISSING)
            case DirectoryExport():
                return Answer(export_notices.started(), Outcome.INFO, export=finding)
            case _:
                return Answer(await self._report_message(finding, request), Outcome.FOUND)

    async def _report_message(
        self, finding: LocationList | ChangeList | AuditReport, request: Request
    ) -> Message:
        buttons, now = self._users is not None, self._clock()
        source = self._directory.source_name
        match finding:
            case LocationList():
                return lists.locations_message(finding, now, request.options.command, source=source)
            case AuditReport():
                return audit_report.audit_message(
                    finding, now=now, buttons=buttons, command=COMMAND, source=source
                )
            case ChangeList():
                return change_list.changes_message(
                    finding,
                    locations=await self._locations(request),
                    now=now,
                    excluded_fields=request.excluded_fields,
                    buttons=buttons,
                    command=COMMAND,
                )

    async def _match_message(self, match: Match, query: FindingQuery, request: Request) -> Message:
        location_id = match.extension.location_id
        locations = await self._locations(request) if location_id else {}
        if not request.as_row:
            title = _title(query, match)
            return self._card_message(match, locations.get(location_id), request, title=title)
        return extension_row.row_message(
            match,
            locations=locations,
            now=self._clock(),
            excluded_fields=request.excluded_fields,
            line=self._button_line(match),
            source=self._directory.source_name,
        )

    def _card_message(
        self, match: Match, location: Location | None, request: Request, *, title: str
    ) -> Message:
        """Return a card, from the cache if the same card was rendered within this minute.

        A card shows its age and the local time in minutes, so it is out of date a minute later.
        A card with a failure is never cached: the failure is not part of the key.
        """
        now, slack_id = self._clock(), self._slack_id(match)
        public, excluded_fields = request.options.public, request.excluded_fields
        # A direct message has nobody to share with.
        is_shareable = not request.asker.channel_id.startswith("D")
        key = (
            match.extension.number,
            match.read_at,
            int(now - match.read_at) // 60,
            int(now) // 60,
            location,
            public,
            is_shareable,
            title,
            slack_id,
            excluded_fields,
        )
        if match.failure is None and (cached := self._cards.get(key)):
            return cached
        card = extension_card.card_message(
            match,
            locations={location.id: location} if location else {},
            now=now,
            slack_id=slack_id,
            title=title,
            profile_url=self._profile_url(slack_id),
            excluded_fields=excluded_fields,
            line=self._button_line(match),
            source=self._directory.source_name,
            shareable=is_shareable,
            public=public,
        )
        if match.failure is None:
            self._cards[key] = card
        return card

    def _button_line(self, match: Match) -> str:
        """Return the query that the card's buttons ask, or an empty text for no buttons.

        A terminal has no buttons. A number with letters in it gets none either, because the
        parser would read it as a name.
        """
        number = match.extension.number
        return number if self._users and number.isdecimal() else ""

    async def _listing_message(
        self, listing: Listing, query: FindingQuery, request: Request
    ) -> Message:
        paged = paging.paged_query(query)
        neighbors = paging.neighbor_pages(listing, paged) if paged else {}
        if not self._users:  # a terminal has no pager buttons, so it shows what to type
            neighbors = {name: f"{COMMAND} {line}" for name, line in neighbors.items()}
        locations = await self._locations(request)
        location = None
        if listing.matches:
            location = locations.get(listing.matches[0].extension.location_id)
        return lists.listing_message(
            listing if paged else replace(listing, pages=1),
            locations=locations,
            now=self._clock(),
            heading=headings.list_heading(query, listing, location),
            excluded_fields=request.excluded_fields,
            buttons=self._users is not None,
            query_text=query_text(query),
            source=self._directory.source_name,
            **neighbors,
        )

    async def _locations(self, request: Request) -> Mapping[str, Location]:
        """Return the locations by id, or nothing if the asker may not see them.

        Loading them would cost a call that only an extension with a location causes.
        """
        if "location" in request.excluded_fields:
            return {}
        return await self._directory.locations(
            deadline=request.deadline, patience_s=LOCATIONS_WAIT_S
        )

    def _slack_id(self, match: Match) -> str:
        user = match.extension.user
        return self._users.known_id(user.email) if self._users and user else ""

    def _profile_url(self, slack_id: str) -> str:
        workspace = self._users.known_workspace() if self._users else None
        return f"{workspace.url}team/{slack_id}" if workspace and workspace.url and slack_id else ""


def _title(query: FindingQuery, match: Match) -> str:
    """Return the line above a card: the correction of a name, and that others may match too."""
    correction = ""
    if isinstance(query, Name) and match.reason and match.reason.corrected:
        correction = card_headings.corrected_title(query.text, match)
    return " ".join(filter(None, [correction, card_headings.SO_FAR if match.sync_progress else ""]))


def _not_ready_message(not_ready: NotReady, query: FindingQuery, request: Request) -> Message:
    will_follow_up = headings.can_follow_up(not_ready, request)
    if failure := not_ready.failure:
        text = query_text(query)
        return not_found.cannot_read_yet(text, failure, will_follow_up=will_follow_up)
    return not_found.still_reading(
        query_text(query),
        not_ready.sync_progress or SyncProgress(),
        request.options.command,
        will_follow_up=will_follow_up,
        needs_whole_directory=headings.needs_whole_directory(query),
    )
