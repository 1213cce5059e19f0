"""What given names are shortened to, and from: bob is Robert, and so is rob."""

from __future__ import annotations

from functools import lru_cache

from nicknames import NickNamer

from bot.directory.search.name_variants import GROUPS_OF_NAME

MOST = 40  # names for one; those who are called Chris have twenty


@lru_cache(maxsize=1)
def _known() -> NickNamer:
    return NickNamer()


@lru_cache(maxsize=4096)
def related_names(word: str) -> tuple[list[str], list[str]]:
    """Return the names that a word is another form of, and those more distant.

    That is other short forms of these names, what they are in other languages, and names that
    it is not like: bill is William rather than Robert.
    """
    known = _known()
    whole = known.canonicals_of(word)
    direct = whole | known.nicknames_of(word)
    forms = {form for group in GROUPS_OF_NAME.get(word, ()) for form in group}
    if not direct:
        return sorted(forms - {word})[:MOST], []
    close = {n for n in direct if _alike(n, word) or (n in whole and n[0] == word[0])}
    close |= direct & forms
    distant = {short for name in whole for short in known.nicknames_of(name)} | direct | forms
    return sorted(close - {word})[:MOST], sorted(distant - close - {word})[:MOST]


def _alike(name: str, word: str) -> bool:
    return any(word[at : at + 2] in name for at in range(len(word) - 1))
