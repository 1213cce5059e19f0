"""Answers, and the requests for them: what every room above the cards speaks of."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from bot.cards import listing, notices
from bot.cards.message import Message
from bot.directory.warmup import DirectoryQuery
from bot.models import DirectoryExport
from bot.query.model import Audit, Changes, Export, List, Locations, Name, Query, SingleQuery
from bot.slack.people import Asker

Asked = SingleQuery | List | Locations | Export | Changes | Audit
Pages = List | Name | Audit  # what has pages

COMMAND = notices.COMMAND


class Outcome(Enum):
    """How a lookup ended."""

    FOUND = "found"
    MISSING = "missing"
    INFO = "told"  # help, status: nothing was looked up
    REFUSED = "refused"  # the words cannot be read, or the answer is not for them
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, and whether everybody in the channel is to see it.

    `awaits` are queries whose answer is not known yet, and follows as soon as it is; `export`
    is what is to be sent as a file.
    """

    message: Message
    outcome: Outcome
    in_channel: bool = False
    awaits: tuple[DirectoryQuery, ...] = ()
    export: DirectoryExport | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What goes with a query: who asks, until when, and how it is to be answered.

    `public` answers are seen by others, `confirmed` ones are shared without asking first,
    `anew` asks Vonage whatever is remembered, `brief` gives a row in place of a card.
    `command` stands before the examples of a notice. `deadline` is in the event loop's time.
    `again` are answers that follow an earlier one; `follows` is whether one can follow.
    """

    asker: Asker
    deadline: float
    text: str = ""
    command: str = COMMAND
    public: bool = False
    confirmed: bool = False
    refresh: bool = False
    as_row: bool = False
    is_follow_up: bool = False
    can_follow_up: bool = True


def as_shared(answer: Answer, asker: Asker) -> Answer:
    """Return an answer as one for the whole channel, which says who shared it."""
    message = notices.shared_by(answer.message, asker.user_id)
    return replace(answer, message=message, in_channel=True)


def query_text(asked: Query) -> str:
    """Return what was asked for, in the person's own words."""
    return str(getattr(asked, "typed", "")) or type(asked).__name__.lower()


def new_reference() -> str:
    """Return a mark that a notice and the log share."""
    return secrets.token_hex(4)


def is_direct(asker: Asker) -> bool:
    """Whether the question was asked in a direct message, where there is no channel to share to."""
    return asker.channel_id.startswith("D")


def combine(asked: Sequence[str], answers: Sequence[Answer], *, is_cut: bool = False) -> Answer:
    """Make one answer of several; it is as good as its best part."""
    outcomes = {each.outcome for each in answers}
    best = next(each for each in Outcome if each in outcomes)
    parts = [(line, each.message) for line, each in zip(asked, answers, strict=True)]
    awaits = tuple(query for each in answers for query in each.awaits)
    export = next((each.export for each in answers if each.export), None)
    return Answer(listing.answers(parts, is_cut=is_cut), best, awaits=awaits, export=export)
