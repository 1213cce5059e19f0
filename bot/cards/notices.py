"""Everything that is said beside the answers themselves: one function for each notice.

`command` is what the person types before the examples: `/ext`, or nothing in a direct message.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.cards.blocks import (
    SAFE_BACKTICK,
    clip,
    code,
    context,
    escape,
    label,
    mention,
    section,
    spoken,
)
from bot.cards.cells import pointed
from bot.cards.message import TEXT_LIMIT, Message, within_limits
from bot.cards.trouble import TELL_IF_AGAIN, what_happened, what_to_do
from bot.cards.when import counted
from bot.errors import BadParameters, QueryError, VonageError
from bot.models import Missing

COMMAND = "/ext"

WHAT_EXT_DOES = "Ext tells who is behind an extension or a phone number, and how to reach them."
LOOKING_UP = "Looking up {words}…"
NOTHING_FOUND = "Nothing found for {words}."
LOOKED_THROUGH = "So far {checked} of {total} could be looked through; it may be among the others."
LOOKED_THROUGH_SOME = "Only {checked} could be looked through; it may be among the others."
TRY_ANOTHER_WAY = "Please check it, or try a number, an email or a name: {help} shows how."
NOT_READY = "I cannot look for {words} by name yet: that is on its way."
UNTIL_THEN = "Until then a number, an email or a login name works: {number} or {login}."
UNREADABLE = "Sorry, I cannot read that. {problem}"
THE_WORDS = "You wrote “{text}”."
THE_SPOT = "Not clear is “{spot}”."
TRY_THIS = "Try {example}"
UNEXPECTED = "Something went wrong on my side. It is not your fault."
SLACK_SILENT = "Slack did not say who that is."
ASK_OTHERWISE = "Please try again in a minute, or ask by number or email: {number}."
NO_EMAIL = "Slack does not tell me your email, so I cannot find your own extension."
NO_EMAIL_OF = "Slack does not tell me the email of {person}, so I cannot find their extension."
ASK_BY_EMAIL = "Ask with {whose} work email or {whose} login name instead: {email}."
NOT_IN_DIRECTORY = "No extension has the email address of {person}."
ASK_BY_NUMBER = "The phone account may know them by another one: try the number or login name."
NOT_YET = "{what} does not work yet."
SEE_HELP = "{help} shows what does."
SHARED_BY = "Shared by {person}"
REASON = "{name}: {reason}."
REFERENCE = "Reference: {reference}"
TRACKING = "Vonage’s tracking id: {track_id}"

SPOT_WIDTH = 36  # columns of a code block that a phone shows without breaking the line
HELP_LINES = 8  # examples in one section, so that no client folds it
WORDS_LIMIT = 150  # of what a person typed, when it is repeated to them


class Example(Protocol):
    """A query that works, and what it does."""

    @property
    def text(self) -> str:
        """What to type after the command."""

    @property
    def meaning(self) -> str:
        """What it does, in a few words."""


def help(examples: Sequence[Example], command: str = COMMAND) -> Message:  # noqa: A001
    """Say what Ext does, with examples that work."""
    lines = [f"{_typed(command, each.text)} – {escape(each.meaning)}" for each in examples]
    groups = [lines[i : i + HELP_LINES] for i in range(0, len(lines), HELP_LINES)]
    blocks = [section(f"*{WHAT_EXT_DOES}*"), *(section("\n".join(group)) for group in groups)]
    text = _aloud([WHAT_EXT_DOES, *lines], separator="\n")
    return Message(clip(text, TEXT_LIMIT), within_limits(blocks))


def looking_up(words: str) -> Message:
    """Say that the answer takes a moment. It cannot be replaced later, so it stands alone."""
    return _notice(LOOKING_UP.format(words=_repeated(words)))


def nothing_found(words: str, missing: Missing, command: str = COMMAND) -> Message:
    """Say that nothing answers, whether everything was looked through, and what else to try."""
    lines = [NOTHING_FOUND.format(words=_repeated(words)), _looked_through(missing)]
    return _notice(*lines, TRY_ANOTHER_WAY.format(help=_typed(command, "help")))


def _looked_through(missing: Missing) -> str:
    checked, total = missing.checked, missing.total
    if checked is None or checked == total:
        return ""
    if total is None:
        return LOOKED_THROUGH_SOME.format(checked=counted(checked, "extension"))
    return LOOKED_THROUGH.format(checked=f"{checked:,}", total=counted(total, "extension"))


def not_ready(words: str, command: str = COMMAND) -> Message:
    """Say that the search by name is on its way, and what works until then."""
    number, login = _typed(command, "789"), _typed(command, "who jsmith")
    until = UNTIL_THEN.format(number=number, login=login)
    return _notice(NOT_READY.format(words=_repeated(words)), until)


def unreadable(error: QueryError, command: str = COMMAND) -> Message:
    """Repeat the person's words with the spot marked, say what is wrong, and show what works."""
    problem = UNREADABLE.format(problem=label(error.problem, 300))
    example = TRY_THIS.format(example=_typed(command, error.example))
    line, carets = pointed(error.text, error.start, error.end, room=SPOT_WIDTH)
    block = f"```{escape(line.replace('`', SAFE_BACKTICK))}\n{carets}```" if line else ""
    words = spoken(error.text, WORDS_LIMIT)
    spot = spoken(error.text[error.start : error.end], WORDS_LIMIT)
    repeated = [
        THE_WORDS.format(text=words) if words else "",
        THE_SPOT.format(spot=spot) if spot else "",
    ]
    text = _aloud([problem, *repeated, example])
    return Message(text, [section("\n".join(filter(None, [problem, block, example])))])


def failure(error: VonageError, reference: str = "") -> Message:
    """Say what Vonage did, and what to do about it; `reference` finds it in the log."""
    reasons = error.reasons[:5] if isinstance(error, BadParameters) else ()
    refused = [
        REASON.format(name=label(each.name, 60), reason=label(each.reason, 200).rstrip("."))
        for each in reasons
    ]
    track_id = code(error.track_id, 80) if isinstance(error, BadParameters) else ""
    small = [
        REFERENCE.format(reference=code(reference, 80)) if reference else "",
        TRACKING.format(track_id=track_id) if track_id else "",
    ]
    return _notice(what_happened(error), *refused, what_to_do(error), small=small)


def unexpected(reference: str) -> Message:
    """Say that Ext itself failed; `reference` finds it in the log."""
    small = [REFERENCE.format(reference=code(reference, 80))]
    return _notice(UNEXPECTED, TELL_IF_AGAIN, small=small)


def slack_unavailable(command: str = COMMAND) -> Message:
    """Say that Slack did not say who somebody is."""
    return _notice(SLACK_SILENT, ASK_OTHERWISE.format(number=_typed(command, "789")))


def no_email(user_id: str = "", command: str = COMMAND) -> Message:
    """Say that Slack gives no email of a user; without a user id, of the asker themselves."""
    person, email = mention(user_id), _typed(command, "john.smith@example.com")
    problem = NO_EMAIL_OF.format(person=person) if person else NO_EMAIL
    whose = "their" if person else "your"
    return _notice(problem, ASK_BY_EMAIL.format(whose=whose, email=email))


def not_in_directory(person: str) -> Message:
    """Say that nobody has a Slack user's email; `person` is their user id, or words for them."""
    who = mention(person) or label(person, WORDS_LIMIT)
    return _notice(NOT_IN_DIRECTORY.format(person=who), ASK_BY_NUMBER)


def not_yet(what: str, command: str = COMMAND) -> Message:
    """Say that something (as it is typed) does not work yet."""
    return _notice(
        NOT_YET.format(what=_typed(command, what)), SEE_HELP.format(help=_typed(command, "help"))
    )


def shared_by(message: Message, user_id: str) -> Message:
    """Return a message that says who shared it."""
    line = SHARED_BY.format(person=mention(user_id) or label(user_id, 80))
    text = clip(f"{line}. {message.text}", TEXT_LIMIT)
    return Message(text, within_limits([context(line), *message.blocks]))


def _notice(*lines: str, small: Sequence[str] = ()) -> Message:
    lines, below = tuple(filter(None, lines)), "\n".join(filter(None, small))
    blocks = [section("\n".join(lines)), *([context(below)] if below else [])]
    return Message(_aloud([*lines, below]), blocks)


def _aloud(lines: Sequence[str], separator: str = " ") -> str:
    """What a screen reader says: only our own code spans have backticks, and they go."""
    spoken_lines = [line.replace("`", "").replace("\n", " ") for line in lines if line]
    return separator.join(spoken_lines)


def _typed(command: str, text: str) -> str:
    return code(f"{command} {text}", WORDS_LIMIT)


def _repeated(words: str) -> str:
    return code(words, WORDS_LIMIT) or "that"
