"""The checks of an audit, and the words that people use for them."""

from __future__ import annotations

import difflib
import re

from bot.models import CHECKS
from bot.query.arguments import page_at_end
from bot.query.model import Audit
from bot.query.problems import NOT_A_CHECK, nearest_check
from bot.query.text import Line

_PHRASES_OF_CHECK = {
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
PHRASES = {phrase: check for check in CHECKS for phrase in _PHRASES_OF_CHECK[check]}

# Words that add nothing to a phrase. `_check_named` removes one set after the other.
_FILLERS = frozenset(
    {
        *("a", "an", "the", "all", "any", "for", "of", "with", "or", "and", "are", "have"),
        *("left", "check"),
    }
)
_CHECKED_NOUNS = frozenset({"number", "numbers", "extension", "extensions", "phones", "people"})
_USERS = frozenset({"user", "users"})
_EVERY_CHECK = re.compile(r"(?:report|now|all|everything|please)\b", re.IGNORECASE)
# These words make the line a name rather than the command: "audit team 3", "Audit and Tax".
_END_OF_NAME = re.compile(
    r"(?:and\b|[&,]).* | (?:.*\s)?(?:cent(?:er|re)|committee|department|dept|desk|group|hotline"
    r"|line|manager|office|park|queue|room|service|team)s?",
    re.IGNORECASE | re.VERBOSE,
)


def parse_audit(line: Line, start: int, end: int) -> Audit | None:
    """Return the audit that the text after *audit* asks for, or `None` if it is a name.

    Raises QueryError if the text names no check.
    """
    page = page_at_end(line, start, end)
    text = line.typed(start, page.text_end)
    if check := _check_named(text):
        return Audit(check, page.page)
    if _EVERY_CHECK.match(text):
        return Audit()
    if _END_OF_NAME.fullmatch(text):
        return None
    nearest = difflib.get_close_matches(_normalized(text), PHRASES, n=1, cutoff=0.75)
    problem = nearest_check(PHRASES[nearest[0]]) if nearest else NOT_A_CHECK
    raise line.error_at(problem, start, page.text_end if text else end)


def _check_named(text: str) -> str:
    """Return the check that text names, or an empty string.

    The text is looked up as it is, then again after each removal of words that add nothing.
    """
    phrase = _normalized(text)
    phrases = [phrase]
    for removed_words in (_FILLERS, _CHECKED_NOUNS, _USERS):
        phrase = " ".join(word for word in phrase.split() if word not in removed_words)
        phrases.append(phrase)
    return next((PHRASES[phrase] for phrase in phrases if phrase in PHRASES), "")


def _normalized(text: str) -> str:
    """Return text in lower case, without punctuation."""
    phrase = text.lower().replace("'", "").strip(' .:,;!?"')
    return " ".join(re.sub(r"[-_/\"]", " ", phrase).split())
