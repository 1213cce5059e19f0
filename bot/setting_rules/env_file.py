"""Reads `.env`. What can't be read in it is a problem, never a setting that nobody set.

A line that is skipped could be the one with HIDDEN_EXTENSIONS, and skipping it would show people
who should be hidden. python-dotenv skips such lines; its parser says which they are.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path

from dotenv.parser import Binding, parse_stream

from bot.limits import MAX_ENV_FILE_BYTES

FOLDER = "{path} is a folder: move it away and make {path} a file, as .env.example is."
NO_TARGET = "{path} is a link to a file that doesn't exist: correct or remove the link."
UNREADABLE = "{path} can't be read ({reason}): let the user that runs Ext read it."
TOO_LARGE = "{path} is larger than {kilobytes} kB: it should only have Ext's settings."
UTF16 = "{path} is saved as UTF-16: save it as UTF-8."
BINARY = "{path} isn't a text file: write it like .env.example, as UTF-8."
NOT_UTF8 = "Line {line} of {path} isn't UTF-8: save the file as UTF-8."
NO_VALUE = (
    "Line {line} of {path} can't be read: write NAME=value, and put a value that has spaces, "
    "# or quotes in it into single quotes."
)
TWICE = "{name} has two values in {path}: remove one of the lines."

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class EnvFile:
    """The values of a file, and its problems with their remedies.

    If it isn't readable, no value of it is known, so nothing can be said about missing ones.
    """

    values: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    is_readable: bool = True


def read(path: Path) -> EnvFile:
    """Read a file; one that doesn't exist has no values."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_ENV_FILE_BYTES + 1)
    except FileNotFoundError:
        return _unreadable(NO_TARGET, path) if path.is_symlink() else EnvFile()
    except IsADirectoryError:
        return _unreadable(FOLDER, path)
    except OSError as error:
        return _unreadable(UNREADABLE, path, reason=error.strerror)
    if len(content) > MAX_ENV_FILE_BYTES:
        return _unreadable(TOO_LARGE, path, kilobytes=MAX_ENV_FILE_BYTES // 1000)
    if content.startswith(_UTF16_MARKS) or _is_ascii_as_utf16(content):
        return _unreadable(UTF16, path)
    if b"\0" in content:
        return _unreadable(BINARY, path)
    try:
        text = content.decode()  # the parser drops the byte order mark that Windows' editors write
    except UnicodeDecodeError as error:
        return _unreadable(NOT_UTF8, path, line=content.count(b"\n", 0, error.start) + 1)
    return _parse(text, path)


def _unreadable(problem: str, path: Path, **details: object) -> EnvFile:
    return EnvFile(problems=[problem.format(path=path, **details)], is_readable=False)


def _is_ascii_as_utf16(content: bytes) -> bool:
    """Whether every other byte is zero, as in UTF-16 without a byte order mark."""
    return len(content) > 1 and (not any(content[1::2]) or not any(content[::2]))


def _parse(text: str, path: Path) -> EnvFile:
    file = EnvFile()
    for binding in parse_stream(io.StringIO(text)):
        if binding.error or (binding.key is not None and binding.value is None):
            file.problems.append(NO_VALUE.format(line=_line(binding), path=path))
        elif binding.key is not None:
            _set(file, binding.key, binding.value or "", path)
    file.problems[:] = dict.fromkeys(file.problems)
    return file


def _set(file: EnvFile, name: str, value: str, path: Path) -> None:
    """Set a value. The empty lines of a copied .env.example may come before it, not after it."""
    if file.values.get(name, value) != value:
        file.problems.append(TWICE.format(name=name, path=path))
    elif value:
        file.values[name] = value


def _line(binding: Binding) -> int:
    """Return the number of a line; the parser counts the blank lines before it as a part of it."""
    text = binding.original.string
    return binding.original.line + text[: len(text) - len(text.lstrip())].count("\n")
