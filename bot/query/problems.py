"""What Ext says about text that it can't parse.

Each problem is a short sentence with a query that works. It repeats nothing that the person
typed, because errors are logged.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from bot import limits


class Problem(NamedTuple):
    """Why text can't be parsed, and a query that works, as typed after `/ext`."""

    message: str
    example: str


_LIST = 'list location:"Holmdel HQ"'

NOTHING_TO_READ = Problem("I don't see a name or number in it.", "789")
TOO_LONG = Problem("That's too long. Ask for less at a time.", "789 790 1001")
TOO_MANY = Problem(
    f"I can look up {limits.MAX_ITEMS_PER_QUERY} at a time: remove everything from here on.",
    "789 790 1001",
)
LONG_NUMBER = Problem("That's too long for a phone number.", "+1 415 555 0100")
NOT_A_NUMBER = Problem("That's neither a number nor a name.", "789")
NOT_AN_EMAIL = Problem("That email address is incomplete.", "john.smith@example.com")
NOBODY_NAMED = Problem("Tell me which name or number to look up.", "who is 789")

FILTER_WITH_NAME = Problem("Filters go with a list, not with a name or number.", _LIST)
FILTER_TWICE = Problem("You used this filter twice.", _LIST)
PAGE_TWICE = Problem("You gave two page numbers.", "list page 2")
NEEDS_QUOTES = Problem("Put a value with spaces in quotes.", _LIST)
OPEN_QUOTE = Problem("This quote isn't closed.", _LIST)
NOT_DIGITS = Problem("This filter needs a phone number.", "list phone:14155550100")
TAKES_NO_VALUE = Problem("This filter takes no value.", "list unassigned")
NOT_A_PAGE = Problem("Page numbers start at 1.", "list page 2")
NO_PAGES = Problem("An export includes every page.", "export")

WHICH_LOCATION = Problem("Tell me which location, by its ID or name.", "location 145214")
SHARE_WHAT = Problem("Tell me what to share.", "share 789")
NOT_SHARED = Problem("You can only share lookups and lists.", "share 789")
REFRESH_WHAT = Problem("Tell me which extension, phone number or email to refresh.", "refresh 789")
ONE_REFRESH = Problem("I can refresh one at a time.", "refresh 789")
NOT_A_CHECK = Problem("There's no such check. “audit” lists them all.", "audit unassigned")


def not_an_argument(command: str) -> Problem:
    """Return the problem with a word after `list` or `export` that is no page and no filter."""
    expected = "a page or a filter" if command == "list" else "only filters"
    return Problem(f"After “{command}” I expect {expected}.", _LIST.replace("list", command))


def needs_value(example: str) -> Problem:
    """Return the problem with a filter that has no value."""
    return Problem("This filter needs a value after a colon.", example)


def not_a_switch(example: str) -> Problem:
    """Return the problem with the value of a switch that is neither on nor off."""
    return Problem("This filter can be on or off.", example)


def nearest_filter(name: str, example: str) -> Problem:
    """Return the problem with a mistyped filter, which is nearly `name`."""
    return Problem(f"Did you mean “{name}”?", example)


def unknown_filter(names: Iterable[str]) -> Problem:
    """Return the problem with a filter that is not among `names`."""
    return Problem(f"There's no such filter. The filters are {', '.join(names)}.", _LIST)


def nearest_command(command: str, corrected: str) -> Problem:
    """Return the problem with a mistyped command; `corrected` is the whole line corrected."""
    return Problem(f"Did you mean “{command}”?", corrected)


def command_first(command: str, corrected: str) -> Problem:
    """Return the problem with a command at the end; `corrected` is the whole line corrected."""
    return Problem(f"Put “{command}” first.", corrected)


def nearest_check(check: str) -> Problem:
    """Return the problem with a mistyped check of `audit`, which is nearly `check`."""
    return Problem(f"Did you mean “audit {check}”?", f"audit {check}")
