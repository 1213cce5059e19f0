"""Checks of the CSV file in DIRECTORY_CSV: whether it can be used, and its problems if not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.cli.doctor.check import Check, fix, hint, ok
from bot.cli.doctor.vonage import CORRECT_HIDDEN
from bot.directory.csv_file import source
from bot.errors import InvalidFile
from bot.limits import DOCTOR_MAX_CSV_PROBLEMS
from bot.settings import Settings

MORE = "{count} more problems"
NEXT = "Fix those above, then run doctor again."
IGNORED = "columns that Ext doesn't know are ignored: {headers}"
HEADERS = "Rename them as `export` names its columns, if Ext is meant to read them."
UNKNOWN = "HIDDEN_EXTENSIONS names {numbers}, which the file does not have"


def checks(path: Path, settings: Settings) -> Iterator[Check]:
    """Read the file and check its contents."""
    try:
        directory_file = source.load(path, settings.default_region)
    except InvalidFile as error:
        for problem in error.problems[:DOCTOR_MAX_CSV_PROBLEMS]:
            seen, _, remedy = problem.rpartition(": ")
            yield fix("file", seen, remedy[:1].upper() + remedy[1:])
        if (more := len(error.problems) - DOCTOR_MAX_CSV_PROBLEMS) > 0:
            yield fix("file", MORE.format(count=more), NEXT)
        return
    yield ok("extensions", f"{len(directory_file.extensions):,} in {path.name}")
    if directory_file.ignored:
        yield hint("columns", IGNORED.format(headers=", ".join(directory_file.ignored)), HEADERS)
    if missing := sorted(settings.hidden_extensions - directory_file.extensions.keys()):
        yield hint("hidden", UNKNOWN.format(numbers=", ".join(missing)), CORRECT_HIDDEN)
