"""The text being parsed: its words with their positions, and errors that point into it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import QueryError
from bot.query.model import Query, SingleQuery
from bot.query.problems import Problem

# Punctuation that may surround a word without belonging to it.
_EDGES = "\"'<>[]{}.,:;!?*=~|/\\"

_WORD = re.compile(
    r"""
      <@[UW][A-Z0-9]+>                      # a person
    | [,;\n]
    | (?<!\S)[A-Za-z]\ &\ [A-Za-z](?!\S)  # R & D
    | (?<!\S)&(?!\S) | (?<=\d)&(?=[\d+#x])  # a separator; R&D without spaces is one word
    | (?: "[^"]*"? | (?!<@[UW][A-Z0-9]+> | (?<=\d)&[\d+#x]) [^\s,;"] )+
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One cleaned line of text, and the region (ISO code) of phone numbers without a country code.

    Every position in this package is an index into `text`.
    """

    text: str
    region: str = "US"

    def typed(self, start: int, end: int) -> str:
        """Return what the person typed between two positions, with single spaces."""
        return " ".join(self.text[start:end].split())

    def error_at(self, problem: Problem, start: int, end: int) -> QueryError:
        """Return the error that points at a spot, without spaces around it.

        If the spot is empty, the error points at the whole line.
        """
        spot = self.text[start:end].strip()
        if spot:
            start = self.text.index(spot, start)
            end = start + len(spot)
        else:
            start, end = 0, len(self.text)
        return QueryError(
            problem.message, text=self.text, start=start, end=end, example=problem.example
        )


@dataclass(frozen=True, slots=True)
class Word:
    """One word, or several within quotes: `text` is `line.text[start:end]`."""

    text: str
    start: int
    end: int

    @property
    def lowered(self) -> str:
        """The word in lower case."""
        return self.text.lower()

    @property
    def has_letter(self) -> bool:
        """Whether the word has a letter of any script."""
        return any(char.isalpha() for char in self.text)


@dataclass(frozen=True, slots=True)
class ParsedItem:
    """One item of a query, and its position in the line.

    An `unambiguous` item can't be part of a name: `ext 789` is unambiguous, but `789` may belong
    to *Conference Room 789*.
    """

    query: SingleQuery
    start: int
    end: int
    unambiguous: bool = False


def words_of(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """Return the words between two positions; separators (`,` `;` `&` line break) are words."""
    end = len(text) if end is None else end
    return [
        Word(match[0], match.start(), match.end()) for match in _WORD.finditer(text, start, end)
    ]


def trim(word: Word) -> Word:
    """Return a word without brackets, quotes and punctuation at its edges."""
    if word.text.startswith("<@"):
        return word
    core = word.text.lstrip(_EDGES)
    start = word.end - len(core)
    core = core.rstrip(_EDGES + "#-")
    return Word(core, start, start + len(core))


def split_words(words: list[Word], is_separator: Callable[[Word], bool]) -> list[list[Word]]:
    """Return the groups of words between separators, without the empty groups."""
    groups: list[list[Word]] = [[]]
    for word in words:
        if is_separator(word):
            groups.append([])
        else:
            groups[-1].append(word)
    return [group for group in groups if group]


@dataclass(frozen=True, slots=True)
class CommandText:
    """A line that begins with a command word.

    The word is at `start`; the text after it is between `rest` and `end`. `parse_query` parses the
    text between two positions as a query, for commands that contain another one (`share 789`).
    """

    line: Line
    start: int
    rest: int
    end: int
    parse_query: Callable[[Line, int, int], Query]

    @property
    def is_alone(self) -> bool:
        """Whether nothing follows the word."""
        return self.rest >= self.end

    @property
    def typed(self) -> str:
        """The whole command as typed."""
        return self.line.typed(self.start, self.end)

    def is_followed_by(self, pattern: re.Pattern[str]) -> bool:
        """Return whether the text after the word begins with a pattern."""
        return pattern.match(self.line.text, self.rest, self.end) is not None

    def end_before(self, pattern: re.Pattern[str]) -> int:
        """Return where the text after the word ends, without `pattern` at its end."""
        match = pattern.search(self.line.text, self.rest, self.end)
        return match.start() if match else self.end

    def error_at_rest(self, problem: Problem) -> QueryError:
        """Return the error that points at the text after the word, or else at the word."""
        return self.line.error_at(problem, self.start if self.is_alone else self.rest, self.end)
