"""Findings into answers: which card, which notice, and what this asker may see of it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from cachetools import LRUCache

from bot.access import Access
from bot.cards import extension, headings, missing, notices, results
from bot.cards.message import Message
from bot.directory.service import Directory
from bot.models import (
    Asker,
    Finding,
    Listing,
    Location,
    LocationList,
    Match,
    Missing,
    NotReady,
)
from bot.profiles import Profiles
from bot.query.model import Email, Filters, List, Locations, Me, Name, One, Person, Phone, Query
from bot.query.writing import typed

COMMAND = notices.COMMAND
CARDS = 1_000  # that are kept for who asks next
LOCATIONS_WAIT = 1.0  # seconds that a card waits for the names of the offices


class Outcome(Enum):
    """How a lookup ended."""

    FOUND = "found"
    MISSING = "missing"
    TOLD = "told"  # help, status: nothing was looked up
    REFUSED = "refused"  # the words cannot be read, or the answer is not for them
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, and whether everybody in the channel is to see it."""

    message: Message
    outcome: Outcome
    in_channel: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What goes with a query: who asks, until when, and how it is to be answered.

    `public` answers are seen by others, `confirmed` ones are shared without asking first,
    `anew` asks Vonage whatever is remembered, `brief` gives a row in place of a card.
    `command` stands before the examples of a notice. `deadline` is in the event loop's time.
    """

    asker: Asker
    deadline: float
    text: str = ""
    command: str = COMMAND
    public: bool = False
    confirmed: bool = False
    anew: bool = False
    brief: bool = False


class Telling:
    """Puts findings of one directory into words for one asker at a time.

    Without `access` and `profiles` (in a terminal) everything is shown and nobody is in Slack.
    """

    def __init__(
        self,
        directory: Directory,
        profiles: Profiles | None,
        access: Access | None,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._directory = directory
        self._profiles = profiles
        self._access = access
        self._clock = clock
        self._cards: LRUCache[tuple[object, ...], Message] = LRUCache(CARDS)

    def known(self, match: Match, request: Request) -> Answer | None:
        """Return the card of an extension where all that it needs is known already."""
        where = match.extension.location_id
        offices = self._directory.known_locations(patience=LOCATIONS_WAIT) if where else {}
        if offices is None:
            return None
        return Answer(self._made(match, offices.get(where), request), Outcome.FOUND)

    async def answer(
        self, found: Finding, asked: One | List | Locations, request: Request
    ) -> Answer:
        """Return the answer that a finding is."""
        match found:
            case Match():
                return Answer(await self._card(found, request), Outcome.FOUND)
            case Listing() if _is_nothing(found, asked):
                told = missing.nothing_listed(words(asked), request.command)
                return Answer(told, Outcome.MISSING)
            case Listing():
                message = await self._listing(found, asked, request)
                return Answer(message, Outcome.FOUND if found.matches else Outcome.MISSING)
            case LocationList():
                return Answer(
                    results.locations(found, self._clock(), request.command), Outcome.FOUND
                )
            case NotReady():
                return Answer(_not_ready(found, words(asked), request.command), Outcome.FAILED)
            case Missing():
                return Answer(_nothing(found, asked, request), Outcome.MISSING)

    async def _card(self, match: Match, request: Request) -> Message:
        where = match.extension.location_id
        offices = await self._locations(request) if where else {}
        if not request.brief:
            return self._made(match, offices.get(where), request)
        return extension.row(
            match,
            locations=offices,
            now=self._clock(),
            hide=self._hidden(request),
            line=self._line(match),
        )

    def _made(self, match: Match, office: Location | None, request: Request) -> Message:
        """Return a card; one that is asked for again within the minute is the same."""
        now, slack_id, hide = self._clock(), self._slack_id(match), self._hidden(request)
        shareable = not is_direct(request.asker)
        minutes = int(now - match.read_at) // 60, int(now) // 60
        place = office, request.public, shareable
        key = (match.extension.number, match.read_at, *minutes, *place, slack_id, hide)
        if match.failure is None and (card := self._cards.get(key)):
            return card
        card = extension.card(
            match,
            locations={office.id: office} if office else {},
            now=now,
            slack_id=slack_id,
            profile_url=self._profile_url(slack_id),
            hide=hide,
            line=self._line(match),
            shareable=shareable,
            public=request.public,
        )
        if match.failure is None:
            self._cards[key] = card
        return card

    def _line(self, match: Match) -> str:
        """Return what a button asks for: a number that is read as one again, and only in Slack."""
        number = match.extension.number
        return number if self._profiles and number.isdecimal() else ""

    async def _listing(
        self, found: Listing, asked: One | List | Locations, request: Request
    ) -> Message:
        pages = _as_list(asked)
        turning = _turning(found, pages) if pages else {}
        if not self._profiles:
            turning = {name: f"{COMMAND} {line}" for name, line in turning.items()}
        offices, hide = await self._locations(request), self._hidden(request)
        office = offices.get(found.matches[0].extension.location_id) if found.matches else None
        return results.listing(
            found if pages else replace(found, pages=1),
            locations=offices,
            now=self._clock(),
            heading=_heading(asked, office if "location" not in hide else None),
            hide=hide,
            buttons=self._profiles is not None,
            **turning,
        )

    async def _locations(self, request: Request) -> Mapping[str, Location]:
        return await self._directory.locations(deadline=request.deadline, patience=LOCATIONS_WAIT)

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


def shared(answer: Answer, asker: Asker) -> Answer:
    """Return an answer as one for the whole channel, which says who shared it."""
    message = notices.shared_by(answer.message, asker.user_id)
    return replace(answer, message=message, in_channel=True)


def words(asked: Query) -> str:
    """Return what was asked for, in the person's own words."""
    return str(getattr(asked, "words", "")) or type(asked).__name__.lower()


def reference() -> str:
    """Return a mark that a notice and the log share."""
    return secrets.token_hex(4)


def is_direct(asker: Asker) -> bool:
    """Whether the question was asked in a direct message, where there is no channel to share to."""
    return asker.channel_id.startswith("D")


def _heading(asked: One | List | Locations, office: Location | None) -> str:
    """Return what stands above a list; `office` is the location of what is in it."""
    match asked:
        case List(filters=filters):
            place = office.name if office and filters.location else ""
            return headings.directory(filters, place)
        case Me():
            return headings.YOURS
        case Person():
            return headings.THEIRS
        case _:
            return headings.FOUND.format(words=words(asked))


def _nothing(found: Missing, asked: One | List | Locations, request: Request) -> Message:
    match asked:
        case Me():
            return missing.not_in_directory(request.asker.user_id)
        case Person(user_id=user_id):
            return missing.not_in_directory(user_id)
        case List() if found.location:
            return missing.no_location(found.location, request.command)
        case _:
            return missing.nothing_found(words(asked), found, request.command)


def _not_ready(found: NotReady, asked: str, command: str) -> Message:
    if found.too_large:
        return missing.too_large(asked, command)
    if found.login:
        return missing.no_login(asked, found.login, command)
    return missing.not_ready(asked, command)


def _is_nothing(found: Listing, asked: One | List | Locations) -> bool:
    """Whether a list is empty because of what it was narrowed to."""
    narrowed = isinstance(asked, List) and bool(asked.filters)
    return narrowed and not found.matches and not found.total and found.page == 1


def _as_list(asked: One | List | Locations) -> List | None:
    """Return the list that a query could be written as, which has pages."""
    match asked:
        case List():
            return asked
        case Email(address=address):
            return List(filters=Filters(email=address))
        case Name(login=login) if login:
            return List(filters=Filters(login=login))
        case Phone(candidates=(first, *_)):
            return List(filters=Filters(phone=first))
        case _:
            return None


def _turning(found: Listing, asked: List) -> dict[str, str]:
    """Return the lines that ask for the next and the previous page."""
    near = {"previous_query": found.page - 1, "next_query": found.page + 1}
    return {name: typed(asked, page=page) for name, page in near.items() if 0 < page <= found.pages}
