"""What is said where nothing is found, or cannot be looked for yet: what was asked, what to try."""

from __future__ import annotations

from bot.cards.blocks import label, mention
from bot.cards.message import Message
from bot.cards.notice_builder import WORDS_LIMIT, command_code, notice, quoted
from bot.cards.notices import COMMAND
from bot.cards.source_errors import what_happened
from bot.cards.time_text import HOUR, after, ago
from bot.errors import SourceError
from bot.models import SyncProgress

ANSWERS_END = HOUR / 2  # seconds for which Slack takes an answer to a command

NOTHING_FOUND = "Nothing found for {words}."
TRY_ANOTHER_WAY = "Please check it, or try a name, a number or an email: {help} shows how."
LOOKED_IN_OLD = "{problem} I looked in what I read {when}: who is newer is not in it."
SEE_ALL = "{list} shows everybody, {locations} all locations."
NO_LOCATION = "There is no location {location}."
SEE_LOCATIONS = "{locations} shows them all, with their ids."
UNTIL_THEN = "Until then a number, an email or a login name works: {number} or {login}."
STILL_READING = "I am still reading the directory{how_far}."
ON_PAGE, ON_PAGE_OF = " (page {page})", " (page {page} of {pages})"
WILL_ANSWER_THEN = "I will answer as soon as I have read it all."
WILL_ANSWER = (
    "I will answer as soon as I have found {words}, at the latest when I have read it all."
)
TOO_LONG = (
    "It is large: I expect to be through {when}, and Slack takes no answer so late. "
    "Please ask for {words} again then."
)
ASK_LATER = "I expect to be through {when}: please ask for {words} again then."
ASK_SOON = "Please ask for {words} again in a few minutes."
NOT_IN_DIRECTORY = "No extension has the email address of {person}."
ASK_BY_NUMBER = "The phone account may know them by another one: try the number or login name."


def nothing_found(words: str, command: str = COMMAND, *, old_copy: str = "") -> Message:
    """Say that nothing answers, and what else to try; `old` is what `looked_in_old` says."""
    nothing = NOTHING_FOUND.format(words=quoted(words))
    further = TRY_ANOTHER_WAY.format(help=command_code(command, "help"))
    return notice(nothing, *filter(None, [old_copy, further]))


def searched_old_copy(failure: SourceError, read_at: float, now: float) -> str:
    """Return what was looked through where that is old, and why it is."""
    return LOOKED_IN_OLD.format(problem=what_happened(failure), when=ago(read_at, now))


def empty_list(words: str, command: str = COMMAND) -> Message:
    """Say that a list narrowed so is empty; `words` are what was asked."""
    every, offices = command_code(command, "list"), command_code(command, "locations")
    nothing = NOTHING_FOUND.format(words=quoted(words))
    return notice(nothing, SEE_ALL.format(list=every, locations=offices))


def no_location(location: str, command: str = COMMAND) -> Message:
    """Say that the account has no such location; `location` is an id or a name."""
    offices = command_code(command, "locations")
    unknown = NO_LOCATION.format(location=quoted(location))
    return notice(unknown, SEE_LOCATIONS.format(locations=offices))


def still_reading(
    words: str,
    reading: SyncProgress,
    command: str = COMMAND,
    *,
    will_follow_up: bool,
    needs_whole_directory: bool = False,
) -> Message:
    """Say how far the reading of the directory is, and what works until it is done.

    `follows` says that the answer comes by itself as soon as it is found, or, where it takes
    the `whole` directory, read.
    """
    progress = STILL_READING.format(how_far=_how_far(reading))
    if will_follow_up and needs_whole_directory:
        return notice(progress, WILL_ANSWER_THEN, _until_then(command))
    return notice(
        progress, _then(quoted(words), reading, follows=will_follow_up), _until_then(command)
    )


def _how_far(reading: SyncProgress) -> str:
    if reading.pages is not None:
        return ON_PAGE_OF.format(page=f"{reading.page:,}", pages=f"{reading.pages:,}")
    return ON_PAGE.format(page=f"{reading.page:,}") if reading.page else ""


def _then(words: str, reading: SyncProgress, *, follows: bool) -> str:
    """Return whether the answer comes by itself, else when to ask for it again."""
    left = reading.seconds_left
    if follows:
        return WILL_ANSWER.format(words=words)
    if left is None:
        return ASK_SOON.format(words=words)
    problem = TOO_LONG if left > ANSWERS_END else ASK_LATER
    return problem.format(when=after(left), words=words)


def no_extension_of(person: str) -> Message:
    """Say that nobody has a Slack user's email; `person` is their user id, or words for them."""
    who = mention(person) or label(person, WORDS_LIMIT)
    return notice(NOT_IN_DIRECTORY.format(person=who), ASK_BY_NUMBER)


def _until_then(command: str) -> str:
    number, login = command_code(command, "789"), command_code(command, "who jsmith")
    return UNTIL_THEN.format(number=number, login=login)
