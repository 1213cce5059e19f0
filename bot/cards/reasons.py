"""Why a search found an extension, for a row of a list that does not show it already."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from bot.cards import card_rows, links
from bot.cards.blocks import clean, code, label, plain_text
from bot.cards.card_rows import Fact
from bot.models import Did, Extension, Handset, Match

SHOWN = 1  # direct numbers that a row has anyhow


def reason(match: Match, asked: str, hide: Collection[str] = ()) -> Fact | None:
    """Return why a match answers `asked`; `None` where its row says so, or nobody may know.

    Name, number, first direct number and location stand in every row.
    """
    why = match.reason
    if why is None or why.field in hide or why.field not in _REASONS:
        return None
    words = clean(why.corrected or asked).casefold().split()
    return _REASONS[why.field](match.extension, words)


def _login(extension: Extension, _: list[str]) -> Fact | None:
    login = extension.user.login_name if extension.user else ""
    said = plain_text(login, 60)
    return Fact(f"login {code(login, 60)}", f"login {said}") if said else None


def _email(extension: Extension, _: list[str]) -> Fact | None:
    address = extension.user.email if extension.user else ""
    said = plain_text(address, 80)
    return Fact(code(address, 80), f"email {said}") if said else None


def _caller_id(extension: Extension, _: list[str]) -> Fact | None:
    caller_id = links.international(extension.caller_id)
    said = plain_text(caller_id, 60)
    return Fact(f"caller ID {label(caller_id, 60)}", f"caller ID {said}") if said else None


def _direct(extension: Extension, words: list[str]) -> Fact | None:
    """A direct number behind the first; where its tag was found, the tag is what is told."""
    for did in extension.dids[SHOWN:]:
        if _has(words, did.custom_tag):
            return Fact(f"tag {label(did.custom_tag, 60)}", f"tag {plain_text(did.custom_tag, 60)}")
        if _ends(did, words):
            return card_rows.direct_number(did, linked=False)
    return None


def _handset(extension: Extension, words: list[str]) -> Fact | None:
    found = [each for each in extension.handsets if _has(words, *_names(each))]
    for handset in found or extension.handsets[:1]:
        name = next((each for each in _names(handset) if _has(words, each)), handset.handset_name)
        if said := plain_text(name, 60):
            return Fact(f"handset {code(name, 60)}", f"handset {said}")
    return None


def _names(handset: Handset) -> tuple[str, str]:
    return handset.handset_name, handset.sip_id


def _has(words: Iterable[str], *texts: str) -> bool:
    """Whether one of the words is in one of the texts."""
    return any(word in text.casefold() for text in texts for word in words)


def _ends(did: Did, words: Iterable[str]) -> bool:
    digits = "".join(char for word in words for char in word if char.isdecimal())
    return bool(digits) and did.phone_number.endswith(digits)


_REASONS: dict[str, Callable[[Extension, list[str]], Fact | None]] = {
    "login": _login,
    "email": _email,
    "caller_id": _caller_id,
    "dids": _direct,
    "handsets": _handset,
}
