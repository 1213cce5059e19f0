"""What given names are shortened to, and from: bob is Robert, and so is rob."""

from __future__ import annotations

from functools import lru_cache

from nicknames import NickNamer

MOST = 40  # names for one; those who are called Chris have twenty


@lru_cache(maxsize=1)
def _known() -> NickNamer:
    return NickNamer()


def others(word: str) -> tuple[list[str], list[str]]:
    """Return the names that a word is another form of, and those more distant.

    That is other short forms of these names, and names that it has no two letters of: bill is
    William rather than Robert.
    """
    known = _known()
    whole = known.canonicals_of(word)
    direct = whole | known.nicknames_of(word)
    close = {name for name in direct if _alike(name, word)}
    distant = {short for name in whole for short in known.nicknames_of(name)} | direct
    return sorted(close)[:MOST], sorted(distant - close - {word})[:MOST]


def _alike(name: str, word: str) -> bool:
    return any(word[at : at + 2] in name for at in range(len(word) - 1))
