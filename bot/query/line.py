"""The words being read, and how an error points into them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import QueryError
from bot.query.problems import Problem


@dataclass(frozen=True, slots=True)
class Line:
    """One cleaned line of text, and the region (ISO code) its phone numbers are read for.

    Every position in this room is an index into `text`.
    """

    text: str
    region: str = "US"

    def words(self, start: int, end: int) -> str:
        """The words between two positions, with single spaces."""
        return " ".join(self.text[start:end].split())

    def error_at(self, problem: Problem, start: int, end: int) -> QueryError:
        """The error that points at a spot. The spot never is empty, nor blank at its ends."""
        spot = self.text[start:end].strip()
        if spot:
            start = self.text.index(spot, start)
            end = start + len(spot)
        else:
            start, end = 0, len(self.text)
        return QueryError(
            problem.words, text=self.text, start=start, end=end, example=problem.example
        )
