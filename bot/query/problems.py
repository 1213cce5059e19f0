"""What is said about words that cannot be read.

Each problem is a short sentence that repeats nothing of what the person wrote (errors reach the
log), with a query that works.
"""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """Why words cannot be read, and a query that works, as typed after `/ext`."""

    words: str
    example: str


_LIST = 'list location:"Holmdel HQ"'

NOTHING_TO_READ = Problem("I see no name or number in that.", "789")
TOO_LONG = Problem("That is too long for me: ask for less at a time.", "789 790 1001")
TOO_MANY = Problem("I look up ten at a time: leave out what starts here.", "789 790 1001")
LONG_NUMBER = Problem("That is too long for a phone number.", "+1 415 555 0100")
NOT_A_NUMBER = Problem("I can read neither a number nor a name there.", "789")
NOT_AN_EMAIL = Problem("That is not a whole email address.", "john.smith@example.com")
NOBODY_NAMED = Problem("Tell me who or what number to look up.", "who is 789")

FILTER_WITH_NAME = Problem("Filters go with a list, not with a name or number.", _LIST)
FILTER_TWICE = Problem("That is there twice: give it once.", _LIST)
NEEDS_QUOTES = Problem("Put a value that has spaces in quotes.", _LIST)
OPEN_QUOTE = Problem("This quote is not closed.", _LIST)
NOT_DIGITS = Problem("This filter needs a phone number.", "list phone:14155550100")
STANDS_ALONE = Problem("This filter takes no value: write it alone.", "list unassigned")
NOT_A_FILTER = Problem("I don't know this filter.", _LIST)
NOT_A_PAGE = Problem("A page is a number from 1 up.", "list page 2")
NO_PAGES = Problem("An export holds every page: leave this out.", "export")

WHICH_LOCATION = Problem("Tell me which location, by its id or its name.", "location 145214")
SHARE_WHAT = Problem("Tell me what to share.", "share 789")
NOT_SHARED = Problem("Only lookups and lists can be shared.", "share 789")
REFRESH_WHAT = Problem("Tell me which extension, phone number or email to refresh.", "refresh 789")
ONE_REFRESH = Problem("I refresh one at a time.", "refresh 789")
NOT_A_CHECK = Problem("I have no such check: “audit” alone lists them all.", "audit unassigned")


def not_an_argument(command: str) -> Problem:
    """A word after `list` or `export` that is neither a page nor a filter."""
    wanted = "a page or a filter" if command == "list" else "nothing but filters"
    return Problem(f"After “{command}” I expect {wanted}.", _LIST.replace("list", command))


def needs_value(name: str) -> Problem:
    """A filter with nothing after it."""
    return Problem("This filter needs a colon and a value.", _FILTER_EXAMPLES.get(name, _LIST))


def not_a_switch(name: str) -> Problem:
    """A switch that is neither on nor off."""
    return Problem("This can be on or off.", _FILTER_EXAMPLES.get(name, _LIST))


def nearest_filter(name: str) -> Problem:
    """A filter with a mistake in its name, which is nearly `name`."""
    typed = name if name == "unassigned" else f"{name}:"
    return Problem(f"Did you mean “{typed}”?", _FILTER_EXAMPLES.get(name, _LIST))


def nearest_command(command: str, corrected: str) -> Problem:
    """A command with a mistake in its name; `corrected` is the whole line without it."""
    return Problem(f"Did you mean “{command}”?", corrected)


def command_first(command: str, corrected: str) -> Problem:
    """A command after what it is about; `corrected` is the line the right way round."""
    return Problem(f"Write “{command}” first.", corrected)


def nearest_check(check: str) -> Problem:
    """A check of `audit` with a mistake in its name, which is nearly `check`."""
    return Problem(f"Did you mean “audit {check}”?", f"audit {check}")


_FILTER_EXAMPLES = {
    "email": "list email:john.smith@example.com",
    "login": "list login:jsmith",
    "phone": "list phone:14155550100",
    "tag": "list tag:Sales",
    "dnd": "list dnd:on",
    "voicemail": "list voicemail:off",
    "unassigned": "list unassigned",
}
