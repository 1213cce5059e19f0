"""The spine: a line of text and who asks, to an answer. Read this first.

Every surface calls `Lookup.answer`, which never raises: what goes wrong becomes a notice
here and nowhere else. The way of a question:

    text → query.parse → (Slack: whose email?) → directory.find → cards → Answer
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from bot import query
from bot.cards import extension, notices, results, status
from bot.cards.message import Message
from bot.directory.service import Directory, Markable
from bot.errors import QueryError, SlackUnavailable, Unavailable, VonageError
from bot.models import Asker, Finding, Listing, Location, LocationList, Match, Missing, NotReady
from bot.profiles import Profiles
from bot.query.model import (
    Audit,
    Changes,
    Email,
    Export,
    Help,
    List,
    Locations,
    Me,
    Number,
    One,
    Person,
    Phone,
    Query,
    Refresh,
    Several,
    Share,
    Status,
)
from bot.query.writing import typed

log = logging.getLogger(__name__)

COMMAND = notices.COMMAND
LOCATIONS_WAIT = 1.0  # seconds that a card waits for the names of the offices
LAST_WORDS = 0.2  # seconds before the deadline, in which the answer is written


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
class _Request:
    """What goes with a query: who asks, until when, and how it is to be answered.

    `anew` asks Vonage whatever is remembered, `brief` gives a row in place of a card, and a
    `public` answer is seen by everybody in the channel.
    """

    asker: Asker
    deadline: float
    anew: bool = False
    brief: bool = False
    public: bool = False


class Lookup:
    """Answers lines of text from one directory."""

    def __init__(
        self,
        directory: Directory,
        profiles: Profiles | None,
        *,
        region: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._directory = directory
        self._profiles = profiles
        self._region = region
        self._clock = clock

    async def answer(self, text: str, asker: Asker, *, deadline: float) -> Answer:
        """Return the answer to a line of text by `deadline`, in the event loop's time."""
        begun = time.perf_counter()
        kind = "line of text"
        try:
            asked = query.parse(text, region=self._region)
            kind = type(asked).__name__.lower()
            async with asyncio.timeout_at(deadline):
                answer = await self._answer(asked, _Request(asker, deadline - LAST_WORDS))
        except QueryError as error:
            answer = Answer(notices.unreadable(error), Outcome.REFUSED)
        except SlackUnavailable:
            answer = Answer(notices.slack_unavailable(), Outcome.FAILED)
        except VonageError as error:
            answer = _failed(error)
        except TimeoutError:
            answer = _failed(Unavailable())
        except Exception:
            reference = _reference()
            log.exception("A lookup failed unexpectedly, reference %s", reference)
            answer = Answer(notices.unexpected(reference), Outcome.FAILED)
        took = (time.perf_counter() - begun) * 1000
        log.info("Lookup of a %s: %s in %.0f ms", kind, answer.outcome.value, took)
        return answer

    def looking_up(self, text: str) -> Message:
        """Return what is said while an answer is on its way."""
        try:
            return notices.looking_up(_words(query.parse(text, region=self._region)))
        except QueryError:
            return notices.looking_up("")

    async def _answer(self, asked: Query, request: _Request) -> Answer:
        match asked:
            case Help():
                return Answer(notices.help(query.EXAMPLES), Outcome.TOLD)
            case Status():
                told = status.status(self._directory.status(), self._clock())
                return Answer(told, Outcome.TOLD)
            case Export() | Changes() | Audit():
                return Answer(notices.not_yet(type(asked).__name__.lower()), Outcome.FAILED)
            case Share(query=wanted):
                answer = await self._answer(wanted, replace(request, public=True))
                return _shared(answer, request.asker)
            case Refresh(query=wanted):
                return await self._one(wanted, replace(request, anew=True))
            case Several():
                return await self._several(asked, request)
            case List() | Locations():
                found = await self._directory.find(asked, deadline=request.deadline)
                return await self._told(found, asked, request)
            case _:
                return await self._one(asked, request)

    async def _one(self, asked: One, request: _Request) -> Answer:
        """Answer a query for one extension."""
        mark: Markable | None
        if isinstance(asked, Me | Person):
            mark = await self._email_of(asked, request)
        else:
            mark = asked
        if mark is None:
            user_id = asked.user_id if isinstance(asked, Person) else ""
            return Answer(notices.no_email(user_id), Outcome.MISSING)
        found = await self._directory.find(mark, deadline=request.deadline, anew=request.anew)
        if isinstance(found, Missing) and isinstance(asked, Phone) and asked.groups:
            numbers = tuple(Number(each, each) for each in asked.groups)
            return await self._several(Several(numbers, asked.words), request)
        return await self._told(found, asked, request)

    async def _email_of(self, asked: Me | Person, request: _Request) -> Email | None:
        user_id = asked.user_id if isinstance(asked, Person) else request.asker.user_id
        if self._profiles is None or not user_id:
            return None
        email = await self._profiles.email_of(user_id, deadline=request.deadline)
        return Email(email, asked.words) if email else None

    async def _several(self, asked: Several, request: _Request) -> Answer:
        """Answer each part by itself; where none can be, for one reason, say it once."""
        request = replace(request, brief=len(asked.items) > results.FULL_CARDS)
        found = await asyncio.gather(
            *(self._one(each, request) for each in asked.items), return_exceptions=True
        )
        answers = []
        for each in found:
            if isinstance(each, BaseException) and not isinstance(each, VonageError):
                raise each
            answers.append(_failed(each) if isinstance(each, VonageError) else each)
        if isinstance(found[0], VonageError) and len({type(each) for each in found}) == 1:
            raise found[0]
        parts = [
            (_words(item), each.message) for item, each in zip(asked.items, answers, strict=True)
        ]
        outcomes = {each.outcome for each in answers}
        best = next(each for each in Outcome if each in outcomes)
        return Answer(results.answers(parts), best)

    async def _told(
        self, found: Finding, asked: One | List | Locations, request: _Request
    ) -> Answer:
        """Put a finding into words."""
        match found:
            case Match():
                return Answer(await self._card(found, request), Outcome.FOUND)
            case Listing():
                message = results.listing(
                    found,
                    locations=await self._locations(request),
                    now=self._clock(),
                    heading=_heading(asked),
                    **_turning(found, asked),
                )
                return Answer(message, Outcome.FOUND if found.matches else Outcome.MISSING)
            case LocationList():
                return Answer(results.locations(found, self._clock()), Outcome.FOUND)
            case NotReady():
                return Answer(notices.not_ready(_words(asked)), Outcome.FAILED)
            case Missing():
                return Answer(_nothing(found, asked, request.asker), Outcome.MISSING)

    async def _card(self, match: Match, request: _Request) -> Message:
        located = bool(match.extension.location_id)
        offices = await self._locations(request) if located else {}
        if request.brief:
            return extension.row(match, locations=offices, now=self._clock())
        return extension.card(
            match,
            locations=offices,
            now=self._clock(),
            slack_id="" if request.public else self._slack_id(match),
        )

    def _slack_id(self, match: Match) -> str:
        """Return the person's Slack user. Where all see it, a mention would call them in."""
        user = match.extension.user
        return self._profiles.known_id(user.email) if self._profiles and user else ""

    async def _locations(self, request: _Request) -> Mapping[str, Location]:
        return await self._directory.locations(deadline=request.deadline, patience=LOCATIONS_WAIT)


def _failed(error: VonageError) -> Answer:
    reference = _reference()
    log.warning("Vonage: %s, reference %s", type(error).__name__, reference)
    return Answer(notices.failure(error, reference), Outcome.FAILED)


def _shared(answer: Answer, asker: Asker) -> Answer:
    """Show an answer to the channel; what is no answer stays with the asker."""
    if answer.outcome is not Outcome.FOUND:
        return answer
    return replace(
        answer, message=notices.shared_by(answer.message, asker.user_id), in_channel=True
    )


def _turning(found: Listing, asked: One | List | Locations) -> dict[str, str]:
    """Return what to type for the next and the previous page."""
    if not isinstance(asked, List):
        return {}
    near = {"previous_query": found.page - 1, "next_query": found.page + 1}
    return {
        name: f"{COMMAND} {typed(asked, page=page)}"
        for name, page in near.items()
        if 0 < page <= found.pages
    }


def _heading(asked: One | List | Locations) -> str:
    """Return what stands above a list."""
    if not isinstance(asked, List):
        return f"Found for {_words(asked)}"
    return "Directory, narrowed" if asked.filters else "Directory"


def _nothing(missing: Missing, asked: One | List | Locations, asker: Asker) -> Message:
    match asked:
        case Me():
            return notices.not_in_directory(asker.user_id)
        case Person(user_id=user_id):
            return notices.not_in_directory(user_id)
        case _:
            return notices.nothing_found(_words(asked), missing)


def _words(asked: Query) -> str:
    """Return what was asked for, in the person's own words."""
    return str(getattr(asked, "words", "")) or type(asked).__name__.lower()


def _reference() -> str:
    """Return a mark that a notice and the log share."""
    return secrets.token_hex(4)
