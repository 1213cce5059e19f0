"""Measures how many queries of the table find what a person expects."""

from __future__ import annotations

from dataclasses import dataclass

from tests.directory.companies import Company
from tests.directory.search.queries import QUERIES, ExpectedResult

ONE_NAME = "one name"  # the kind of query where all expected extensions must come first


@dataclass(frozen=True, slots=True)
class Shares:
    """The shares of queries that find an expected extension first and among the first five.

    `missed` are the texts that did not find it first, and the numbers that they found.
    """

    first: float
    first_five: float
    missed: tuple[tuple[str, tuple[str, ...]], ...]


def evaluate(company: Company) -> Shares:
    """Run all queries of the table against a company."""
    found = {query: company.find_first(query.text) for query in QUERIES}
    first = [query for query, numbers in found.items() if _is_first(query, numbers)]
    five = [query for query, numbers in found.items() if set(numbers) & set(query.first)]
    missed = tuple((q.text, tuple(found[q])) for q in QUERIES if q not in first)
    return Shares(len(first) / len(QUERIES), len(five) / len(QUERIES), missed)


def _is_first(query: ExpectedResult, numbers: list[str]) -> bool:
    if query.kind == ONE_NAME:
        return set(numbers[: len(query.first)]) == set(query.first)
    return bool(numbers) and numbers[0] in query.first
