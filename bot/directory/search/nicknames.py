"""Which given names belong together: *bob* and *rob* are short for Robert, *kasia* for Katarzyna.

The English names come from the `nicknames` package, other languages from `name_variants`.
"""

from __future__ import annotations

from functools import lru_cache

from nicknames import NickNamer

from bot import limits
from bot.directory.search.name_variants import GROUPS_OF_NAME


@lru_cache(maxsize=1)
def _english() -> NickNamer:
    return NickNamer()  # reads a file, so not at import


@lru_cache(maxsize=limits.MAX_CACHED_NICKNAMES)
def related_names(word: str) -> tuple[list[str], list[str]]:
    """Return the names that are closely related to a word, and the more distant ones.

    Distant names are other short forms of the same full name, forms in other languages, and
    full names that look unlike the word. If no English list knows the word, the forms in other
    languages count as closely related.
    """
    english = _english()
    full_names = english.canonicals_of(word)
    direct = full_names | english.nicknames_of(word)
    variants = {name for group in GROUPS_OF_NAME.get(word, ()) for name in group}
    most = limits.MAX_NICKNAMES
    if not direct:
        return sorted(variants - {word})[:most], []
    close = {
        name
        for name in direct
        if _resembles(name, word) or (name in full_names and name[0] == word[0])
    }
    close |= direct & variants
    siblings = {short for name in full_names for short in english.nicknames_of(name)}
    distant = siblings | direct | variants
    return sorted(close - {word})[:most], sorted(distant - close - {word})[:most]


def _resembles(name: str, word: str) -> bool:
    """Whether a name contains two neighboring letters of a word, in the same order."""
    return any(word[at : at + 2] in name for at in range(len(word) - 1))
