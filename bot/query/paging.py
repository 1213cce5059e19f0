"""Pages of what has no filters: `john smith page 2`, `changes page 2`, `audit dnd page 2`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.query import filters
from bot.query.line import Line

_LAST = re.compile(
    r"[\s,;:.?!]*(?P<all>\bpage(?!\w*[^\W\d])\s*[:#]?\s*(?P<number>[+-]?[0-9]+))\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Paged:
    """Words, and the page that is written behind them: `end` is where the words end."""

    line: Line
    end: int
    number: str = ""
    start_of_page: int = 0
    end_of_page: int = 0

    @property
    def page(self) -> int:
        """The page that is meant. Raises QueryError where it is no page."""
        if not self.number:
            return 1
        asked = filters.page(self.line, self.number, self.start_of_page, self.end_of_page)
        return int(asked.value)


def split(line: Line, start: int, end: int) -> Paged:
    """Return where the words between two positions end, and the page behind them."""
    found = _LAST.search(line.text, start, end)
    if not found:
        return Paged(line, end)
    return Paged(line, found.start(), found["number"], *found.span("all"))
