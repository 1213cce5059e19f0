"""Checks what the bot answers against what the fake company says."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.soak.company import Company

# How every list and card names an extension in its text: `John Smith, extension 789`.
_NAMED = re.compile(r", extension (\d+)")
_UNASSIGNED = re.compile(r"\bExtension (\d+), no user assigned")
_NOTHING_FOUND = "Nothing found for "
_CHANGES = "Directory changes"  # the list that names earlier owners too, in words of its own


@dataclass(frozen=True, slots=True)
class Expected:
    """What the answer to a question must be.

    `numbers` are the extensions that were asked for; with `only_these` the answer shows no other
    one. `may_ask` is false for people who get no answer at all.
    """

    numbers: tuple[str, ...] = ()
    only_these: bool = False
    may_ask: bool = True


def problems(text: str, expected: Expected, company: Company, stale_s: float) -> Iterator[str]:
    """Yield what is wrong with the text of an answer.

    An answer may be as old as `stale_s`, the age of the bot's copy. A notice is right too, unless
    it says that nobody has a number that somebody has had all the time.
    """
    if text.startswith(_CHANGES):
        return
    text = html.unescape(text)
    shown = [*_NAMED.finditer(text), *_UNASSIGNED.finditer(text)]
    if shown and not expected.may_ask:
        yield "somebody who may not ask was answered"
    for match in shown:
        if not _is_true(text, match, company, stale_s):
            yield "an extension was shown with somebody else's name"
    found = {match[1] for match in shown}
    if expected.only_these and not found <= {*expected.numbers}:
        yield "another extension was shown than the one asked for"
    missing = [number for number in expected.numbers if number not in found]
    is_denied = _NOTHING_FOUND in text and expected.may_ask
    if is_denied and any(company.is_settled(number, stale_s) for number in missing):
        yield "a known extension was said not to exist"


def _is_true(text: str, match: re.Match[str], company: Company, stale_s: float) -> bool:
    """Whether the name before a number is that of an owner; without a name, that it has none."""
    owners = company.owners(match[1], stale_s)
    if match.re is _UNASSIGNED:
        return "" in owners
    return any(name and text.endswith(name, 0, match.start()) for name in owners)
