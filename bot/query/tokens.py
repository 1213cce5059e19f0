"""Words with their places in the cleaned text, and the signs that stand between items."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_EDGES = "\"'<>[]{}.,:;!?*=~|/\\"

_WORD = re.compile(
    r"""
      <@[UW][A-Z0-9]+>                      # a person
    | [,;\n]
    | (?<!\S)[A-Za-z]\ &\ [A-Za-z](?!\S)  # R & D
    | (?<!\S)&(?!\S) | (?<=\d)&(?=[\d+#x])  # but R&D is no two words
    | (?: "[^"]*"? | (?!<@[UW][A-Z0-9]+> | (?<=\d)&[\d+#x]) [^\s,;"] )+
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word, or several within quotes: `text[start:end]` of the line."""

    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        """The word in lower case."""
        return self.text.lower()

    @property
    def has_letter(self) -> bool:
        """Whether there is a letter of any script in it."""
        return any(char.isalpha() for char in self.text)


def words(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """Return the words of a stretch of text, separators among them."""
    end = len(text) if end is None else end
    return [
        Word(found[0], found.start(), found.end()) for found in _WORD.finditer(text, start, end)
    ]


def trimmed(word: Word) -> Word:
    """Return a word without brackets, quotes and punctuation at its edges."""
    if word.text.startswith("<@"):
        return word
    core = word.text.lstrip(_EDGES)
    start = word.end - len(core)
    core = core.rstrip(_EDGES + "#-")
    return Word(core, start, start + len(core))


def split(sequence: list[Word], at: Callable[[Word], bool]) -> list[list[Word]]:
    """Return the stretches between the words where `at` holds, without the empty ones."""
    parts: list[list[Word]] = [[]]
    for word in sequence:
        if at(word):
            parts.append([])
        else:
            parts[-1].append(word)
    return [part for part in parts if part]
