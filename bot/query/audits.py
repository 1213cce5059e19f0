"""What is to be looked for in the directory's hygiene, in whichever words people name it."""

from __future__ import annotations

import difflib
import re

from bot.models import CHECKS
from bot.query import paging
from bot.query.line import Line
from bot.query.model import Audit
from bot.query.problems import NOT_A_CHECK, nearest_check

_MEANT = {
    "unassigned": (
        *("unassigned", "unused", "free", "vacant", "spare", "nobody", "orphans", "orphaned"),
        *("no user", "no users", "without user", "without users", "not assigned", "no owner"),
    ),
    "shared": (
        *("shared", "duplicates", "duplicate", "duplicated", "dups", "double", "doubles", "twice"),
        *("same", "on two", "conflicts", "used twice"),
    ),
    "no-did": (
        *("no did", "no dids", "nodid", "without did", "without dids", "missing did"),
        *("missing dids", "no direct", "without direct", "no number", "no numbers"),
        *("without number", "without numbers", "no phone", "no phone number"),
    ),
    "dnd": (
        *("dnd", "do not disturb", "dont disturb", "not disturb", "dnd on", "do not disturb on"),
        *("disturb", "silenced"),
    ),
    "names": (
        *("names", "name", "odd names", "empty names", "bad names", "strange names", "odd name"),
        *("odd", "empty", "empty name", "no name", "no names", "without name", "without names"),
        *("missing name", "missing names", "weird names", "wrong names", "empty odd names"),
    ),
}
PHRASES = {phrase: check for check in CHECKS for phrase in _MEANT[check]}

_FILLERS = frozenset(
    {
        "a",
        "an",
        "the",
        "all",
        "any",
        "for",
        "of",
        "with",
        "or",
        "and",
        "are",
        "have",
        "left",
        "check",
    }
)
_THINGS = frozenset({"number", "numbers", "extension", "extensions", "phones", "people"})
_PEOPLE = frozenset({"user", "users"})
_WHOLE = re.compile(r"(?:report|now|all|everything|please)\b", re.IGNORECASE)
# The Audit Team may have a telephone, too.
_NAMES_END = re.compile(
    r"(?:and\b|[&,]).* | (?:.*\s)?(?:cent(?:er|re)|committee|department|dept|desk|group|hotline"
    r"|line|manager|office|park|queue|room|service|team)s?",
    re.IGNORECASE | re.VERBOSE,
)


def read(line: Line, start: int, end: int) -> Audit | None:
    """Return the audit that the words behind *audit* ask for; `None` where they are a name.

    Raises QueryError where they name no check.
    """
    paged = paging.split(line, start, end)
    words = line.words(start, paged.end)
    if check := _check(words):
        return Audit(check, paged.page)
    if _WHOLE.match(words):
        return Audit()
    if _NAMES_END.fullmatch(words):
        return None
    near = difflib.get_close_matches(_plain(words), PHRASES, n=1, cutoff=0.75)
    problem = nearest_check(PHRASES[near[0]]) if near else NOT_A_CHECK
    raise line.error_at(problem, start, paged.end if words else end)


def _check(words: str) -> str:
    """Return the check that words name: as they are, then without what goes without saying."""
    plain = _plain(words)
    short = " ".join(word for word in plain.split() if word not in _FILLERS)
    bare = " ".join(word for word in short.split() if word not in _THINGS)
    barest = " ".join(word for word in bare.split() if word not in _PEOPLE)
    return next((PHRASES[each] for each in (plain, short, bare, barest) if each in PHRASES), "")


def _plain(words: str) -> str:
    kept = words.lower().replace("'", "").strip(' .:,;!?"')
    return " ".join(re.sub(r"[-_/\"]", " ", kept).split())
