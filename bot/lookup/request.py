"""What goes into a lookup and what comes out of it: `Request`, `AnswerOptions`, `Answer`."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from bot.cards import lists, notices
from bot.cards.blocks import Message
from bot.directory.warmup import DirectoryQuery
from bot.errors import MustWait, QueryError
from bot.models import DirectoryExport
from bot.query.model import Audit, Changes, Export, List, Locations, Query, SingleQuery
from bot.slack.people import Asker

# The queries whose answer is a finding of the directory.
FindingQuery = SingleQuery | List | Locations | Export | Changes | Audit

COMMAND = notices.COMMAND


class Outcome(Enum):
    """How a lookup ended. The values are labels of the metric `ext_lookups_total`.

    The order is from best to worst: `combine` takes the first outcome that any part has.
    """

    FOUND = "found"
    MISSING = "missing"
    INFO = "told"  # help, status and other notices; renaming the label would break dashboards
    REFUSED = "refused"  # the text cannot be read, or the asker may not ask this
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class AwaitedQuery:
    """A query that the directory can't answer yet, and the fields that it must not search."""

    query: DirectoryQuery
    excluded_fields: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """A message and how to deliver it.

    `in_channel` answers are posted for everybody, all others for the asker alone. `awaits` are
    the queries that `Lookup.answer_when_ready` can answer once more of the directory has been
    read. `export` is a directory to send as a file. `numbers` are the extensions that the answer
    shows, and `refusal` says why the asker was refused, both for the audit log.
    """

    message: Message
    outcome: Outcome
    in_channel: bool = False
    awaits: tuple[AwaitedQuery, ...] = ()
    export: DirectoryExport | None = None
    numbers: tuple[str, ...] = ()
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """How a listener delivers an answer.

    `command` is shown before the examples in notices (`/ext help`); it is empty where people
    write to the bot without a command. `public` answers are read by other people too, so they
    show only what any member may see. `confirmed` means that the asker has already agreed to
    share the answer with outsiders. `can_follow_up` is whether a later answer can be delivered.
    `surface` is where the person asks: `command`, `mention`, `message` or `button`.
    """

    command: str = COMMAND
    public: bool = False
    confirmed: bool = False
    can_follow_up: bool = True
    surface: str = "command"


@dataclass(frozen=True, slots=True)
class Request:
    """One line of text, parsed once, with everything that its answer depends on.

    `query` is the parsed text; if the text can't be parsed, `query` is `None` and `error` says
    why. `excluded_fields` are neither shown to the asker nor searched. `deadline` is in the event
    loop's time; `None` means that the lookup must not wait. `refresh` asks Vonage even if the
    answer is cached. `as_row` answers with one row of a list instead of a card. `is_follow_up`
    requests were charged to the asker before, so they are not charged again.
    """

    text: str
    asker: Asker
    options: AnswerOptions = AnswerOptions()
    query: Query | None = None
    error: QueryError | None = None
    excluded_fields: frozenset[str] = frozenset()
    deadline: float | None = None
    refresh: bool = False
    as_row: bool = False
    is_follow_up: bool = False

    @property
    def wait_deadline(self) -> float:
        """The deadline for code that is about to wait. Raises `MustWait` if it must not wait."""
        if self.deadline is None:
            raise MustWait
        return self.deadline


def as_shared(answer: Answer, asker: Asker) -> Answer:
    """Return an answer as a message for the whole channel that names who shared it."""
    message = notices.shared_by(answer.message, asker.user_id)
    return replace(answer, message=message, in_channel=True)


def query_text(query: Query) -> str:
    """Return a query in the asker's own words, or its kind (`status`) if it keeps no words."""
    return str(getattr(query, "typed", "")) or type(query).__name__.lower()


def new_reference() -> str:
    """Return a random reference, by which operators find the log line of a person's notice."""
    return secrets.token_hex(4)


def combine(texts: Sequence[str], answers: Sequence[Answer], *, is_cut: bool = False) -> Answer:
    """Return one answer made of several, with the best of their outcomes.

    `texts` are the queries, one for each answer. `is_cut` adds a note that there were more
    questions than one message can answer.
    """
    outcomes = {answer.outcome for answer in answers}
    best = next(outcome for outcome in Outcome if outcome in outcomes)
    parts = [(text, answer.message) for text, answer in zip(texts, answers, strict=True)]
    awaits = tuple(awaited for answer in answers for awaited in answer.awaits)
    export = next((answer.export for answer in answers if answer.export), None)
    numbers = tuple(number for answer in answers for number in answer.numbers)
    message = lists.answers_message(parts, is_cut=is_cut)
    return Answer(message, best, awaits=awaits, export=export, numbers=numbers)
