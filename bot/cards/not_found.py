"""Notices for a lookup without a result: nothing found, or the directory isn't read yet.

`old_copy` is the sentence of `searched_old_copy`, or empty if what was searched is fresh and whole.
"""

from __future__ import annotations

from bot import limits
from bot.cards.blocks import Message, label, mention
from bot.cards.durations import after
from bot.cards.moments import ago
from bot.cards.notice_builder import command_code, notice, quoted
from bot.cards.notices import COMMAND
from bot.cards.source_errors import what_happened
from bot.errors import FileTooSlow, InconsistentList, SourceError, Unavailable
from bot.models import SyncProgress

NOTHING_FOUND = "Nothing found for {query}."
TRY_ANOTHER_WAY = "Check the spelling, or try a name, number or email. Examples: {help}"
SEARCHED_OLD_COPY = "{problem} I searched the copy from {when}, so anyone added since is missing."
SEARCHED_PARTIAL_COPY = "{problem} I searched what I could read, so others may be missing."
SEE_ALL = "See everyone with {list}, or all locations with {locations}."
NO_LOCATION = "There's no location {location}."
SEE_LOCATIONS = "See all locations with {locations}."
MEANWHILE = "Meanwhile you can look up a number, email or login name: {number} or {login}."
STILL_READING = "I'm still reading the directory{progress}."
ON_PAGE, ON_PAGE_OF = " (page {page})", " (page {page} of {pages})"
WILL_ANSWER_AT_END = "I'll answer when I've read everything."
WILL_ANSWER = "I'll answer as soon as I find {query}, or when I've read everything."
TOO_LATE_TO_ANSWER = (
    "I expect to finish {when}, too late for Slack to deliver my answer. "
    "Please ask for {query} again then."
)
ASK_LATER = "I expect to finish {when}. Please ask for {query} again then."
CANNOT_READ_YET = "{problem}, so I can't read the directory yet."
WILL_ANSWER_WHEN_BACK = "I'll answer when it's back (for up to 30 minutes)."
WILL_ANSWER_WHEN_I_CAN = "I'll answer when I can (for up to 30 minutes)."
ASK_AGAIN = "Please ask for {query} again {when}."
LATER = "later"
ASK_SOON = "Please ask for {query} again in a few minutes."
NO_EXTENSION_OF = "No extension has {person}'s email address."
OTHER_ADDRESS = (
    "The directory may have a different address for them. Try their number or login name instead."
)
NO_EXTENSION_OF_YOURS = "No extension has your email address."
YOUR_OTHER_ADDRESS = (
    "The directory may have a different address for you. Try your number or login name instead."
)


def nothing_found(query_text: str, command: str = COMMAND, *, old_copy: str = "") -> Message:
    """Say that the query found nothing, and what else to try."""
    nothing = NOTHING_FOUND.format(query=quoted(query_text))
    remedy = TRY_ANOTHER_WAY.format(help=command_code(command, "help"))
    return notice(nothing, old_copy, remedy)


def searched_old_copy(failure: SourceError, read_at: float, now: float) -> str:
    """Return why the searched copy isn't fresh, and how old it is (times in epoch seconds)."""
    if isinstance(failure, InconsistentList):
        return SEARCHED_PARTIAL_COPY.format(problem=what_happened(failure))
    return SEARCHED_OLD_COPY.format(problem=what_happened(failure), when=ago(read_at, now))


def empty_list(query_text: str, command: str = COMMAND, *, old_copy: str = "") -> Message:
    """Say that nothing matches the filters of a list; `query_text` is what the person typed."""
    nothing = NOTHING_FOUND.format(query=quoted(query_text))
    return notice(
        nothing,
        old_copy,
        SEE_ALL.format(
            list=command_code(command, "list"), locations=command_code(command, "locations")
        ),
    )


def no_location(location: str, command: str = COMMAND, *, old_copy: str = "") -> Message:
    """Say that the account has no such location; `location` is an id or a name."""
    return notice(
        NO_LOCATION.format(location=quoted(location)),
        old_copy,
        SEE_LOCATIONS.format(locations=command_code(command, "locations")),
    )


def still_reading(
    query_text: str,
    progress: SyncProgress,
    command: str = COMMAND,
    *,
    will_follow_up: bool,
    needs_whole_directory: bool = False,
) -> Message:
    """Say how far the first sync is, when the answer comes, and which queries work already.

    With `will_follow_up`, Ext answers without being asked again: as soon as it finds the answer
    or, if the query `needs_whole_directory`, when it has read everything.
    """
    state = STILL_READING.format(progress=_progress_text(progress))
    if will_follow_up and needs_whole_directory:
        outlook = WILL_ANSWER_AT_END
    elif will_follow_up:
        outlook = WILL_ANSWER.format(query=quoted(query_text))
    else:
        outlook = _when_to_ask(quoted(query_text), progress)
    number, login = command_code(command, "789"), command_code(command, "who jsmith")
    return notice(state, outlook, MEANWHILE.format(number=number, login=login))


def cannot_read_yet(query_text: str, failure: SourceError, *, will_follow_up: bool) -> Message:
    """Say why there's no directory yet, and when the answer comes.

    Without `will_follow_up`, say that the answer promised earlier doesn't come.
    """
    problem = CANNOT_READ_YET.format(problem=what_happened(failure).removesuffix("."))
    if not will_follow_up:
        when = after(failure.retry_after) if failure.retry_after else LATER
        return notice(problem, ASK_AGAIN.format(query=quoted(query_text), when=when))
    is_away = isinstance(failure, Unavailable) and not isinstance(failure, FileTooSlow)
    return notice(problem, WILL_ANSWER_WHEN_BACK if is_away else WILL_ANSWER_WHEN_I_CAN)


def _progress_text(progress: SyncProgress) -> str:
    if progress.pages is not None:
        return ON_PAGE_OF.format(page=f"{progress.page:,}", pages=f"{progress.pages:,}")
    return ON_PAGE.format(page=f"{progress.page:,}") if progress.page else ""


def _when_to_ask(query: str, progress: SyncProgress) -> str:
    left_s = progress.seconds_left
    if left_s is None:
        return ASK_SOON.format(query=query)
    is_too_late = left_s > limits.FOLLOW_UP_LIMIT_S
    sentence = TOO_LATE_TO_ANSWER if is_too_late else ASK_LATER
    return sentence.format(when=after(left_s), query=query)


def no_extension_of(person: str, *, old_copy: str = "") -> Message:
    """Say that no extension has a Slack user's email; `person` is a user id or a name."""
    who = mention(person) or label(person, limits.MAX_QUOTED_CHARS)
    return notice(NO_EXTENSION_OF.format(person=who), old_copy, OTHER_ADDRESS)


def no_extension_of_yours(*, old_copy: str = "") -> Message:
    """Say that no extension has the email of the person who asks."""
    return notice(NO_EXTENSION_OF_YOURS, old_copy, YOUR_OTHER_ADDRESS)
