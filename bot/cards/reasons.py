"""Why a search found an extension, for rows of a list that don't show the reason already."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from bot.cards import extension_card
from bot.cards.blocks import clean, code, international, label, plain_text
from bot.cards.extension_card import Fact
from bot.fields import FIELDS, Field, getter
from bot.models import Did, Extension, Handset, Match

LISTED_DIDS = 1  # direct numbers that every row of a list shows

Render = Callable[[Extension, list[str]], Fact | None]


def reason(match: Match, query_text: str, excluded_fields: Collection[str] = ()) -> Fact | None:
    """Return why a search for `query_text` found a match.

    Return `None` if the row shows the reason already (name, number, first direct number and
    location), or if the field that matched is one of `excluded_fields`.
    """
    match_reason = match.reason
    if (
        match_reason is None
        or match_reason.field in excluded_fields
        or match_reason.field not in _REASONS
    ):
        return None
    words = clean(match_reason.corrected or query_text).casefold().split()
    return _REASONS[match_reason.field](match.extension, words)


def _login(extension: Extension, _: list[str]) -> Fact | None:
    login = extension.user.login_name if extension.user else ""
    plain = plain_text(login, 60)
    return Fact(f"login {code(login, 60)}", f"login {plain}") if plain else None


def _email(extension: Extension, _: list[str]) -> Fact | None:
    address = extension.user.email if extension.user else ""
    plain = plain_text(address, 80)
    return Fact(code(address, 80), f"email {plain}") if plain else None


def _caller_id(extension: Extension, _: list[str]) -> Fact | None:
    return _labeled("caller ID", international(extension.caller_id))


def _direct_number(extension: Extension, words: list[str]) -> Fact | None:
    """Return the first direct number, or tag, that matches and that the row doesn't show yet."""
    for did in extension.dids[LISTED_DIDS:]:
        if _has_word(words, did.custom_tag):
            return _labeled("tag", did.custom_tag)
        if _has_ending(did, words):
            return extension_card.direct_number(did, linked=False)
    return None


def _handset(extension: Extension, words: list[str]) -> Fact | None:
    """Return the name of the handset that has one of the words, else of the first handset."""
    matching = [line for line in extension.handsets if _has_word(words, *_names(line))]
    for handset in matching or extension.handsets[:1]:
        names = (name for name in _names(handset) if _has_word(words, name))
        name = next(names, handset.handset_name)
        if plain := plain_text(name, 60):
            return Fact(f"handset {code(name, 60)}", f"handset {plain}")
    return None


def _names(handset: Handset) -> tuple[str, str]:
    return handset.handset_name, handset.sip_id


def _labeled(phrase: str, value: str) -> Fact | None:
    plain = plain_text(value, 60)
    return Fact(f"{phrase} {label(value, 60)}", f"{phrase} {plain}") if plain else None


def _has_word(words: Iterable[str], *texts: str) -> bool:
    """Whether one of the words is in one of the texts."""
    return any(word in text.casefold() for text in texts for word in words)


def _has_ending(did: Did, words: Iterable[str]) -> bool:
    """Whether a direct number ends with the digits that were typed."""
    digits = "".join(char for word in words for char in word if char.isdecimal())
    return bool(digits) and did.phone_number.endswith(digits)


def _text_renderer(field: Field) -> Render:
    """Return the function that renders a field that is one text."""
    (attribute,) = field.attributes
    read = getter(attribute.path)
    return lambda extension, _: _labeled(field.phrase, read(extension, None))


_SPECIAL_RENDERERS: dict[str, Render] = {
    "login": _login,
    "email": _email,
    "caller_id": _caller_id,
    "dids": _direct_number,
    "handsets": _handset,
}
_REASONS = {
    field.name: _SPECIAL_RENDERERS.get(field.name) or _text_renderer(field)
    for field in FIELDS
    if field.search and not field.in_list
}
