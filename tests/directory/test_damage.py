"""Whatever the file of the copy holds after damage, nobody gets an error or a wrong person."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from pathlib import Path

import pytest

from bot.errors import SourceError
from bot.models import DirectoryExport, Finding, Listing, Match
from tests.directory.fake_vonage import (
    FakeVonage,
    RunningDirectory,
    api_row,
    name_of,
    run_directory,
)
from tests.simulated_time import run

NUMBERS = range(100, 160)
HIDDEN = "159"
# Every kind of query. The same answer is expected as from a good file.
QUERIES = (
    *("101", "0107", "14150000105", f"{name_of(110).lower()}@example.com", "9999"),
    *(name_of(111), f"{name_of(112).lower()} van{name_of(112).lower()}", f"x{name_of(113)[1:]}"),
    *("login120", "list", "list page 3", "list location:145214", "list dnd:off", "list tag:x"),
    *("location Holmdel", "locations", "changes", "audit", "audit no-did", "export"),
)
# Statements that SQLite accepts and that leave something that no reading writes.
GARBAGE = {
    "text that is not UTF-8": "UPDATE extensions SET record = CAST(x'c328a0a1' AS TEXT)",
    "a name that is not UTF-8": """UPDATE extensions SET
        record = CAST(replace(CAST(record AS BLOB), 'V', x'ff') AS TEXT)""",
    "an email that is not UTF-8": "UPDATE extensions SET email = CAST(x'ff' AS TEXT)",
    "another digit": "UPDATE extensions SET record = replace(record, '1415', '1416')",
    "another name": "UPDATE extensions SET record = replace(record, 'Van', 'Von')",
    "no JSON": "UPDATE extensions SET record = '{'",
    "other JSON": "UPDATE extensions SET record = '[1, 2, {}]'",
    "JSON of a room": "UPDATE extensions SET record = (SELECT max(record) FROM extensions)",
    "a record of NULs": "UPDATE extensions SET record = CAST(zeroblob(200) AS TEXT)",
    "a record as a blob": "UPDATE extensions SET record = CAST(record AS BLOB)",
    "a record as a number": "UPDATE extensions SET record = 5",
    "a record of a megabyte": "UPDATE extensions SET record = hex(zeroblob(500000))",
    "numbers of others": "UPDATE extensions SET number = number || '0'",
    "numbers as blobs": "UPDATE extensions SET number = CAST(number AS BLOB)",
    "emails of others": "UPDATE extensions SET email = 'babebace@example.com'",
    "another location": "UPDATE extensions SET location_id = '2'",
    "sort keys of others": "UPDATE extensions SET sort_key = sort_key || 'x'",
    "a time that is a text": "UPDATE extensions SET read_at = 'yesterday'",
    "a time of no calendar": "UPDATE extensions SET read_at = 1e300",
    "a time before all time": "UPDATE extensions SET read_at = -1e18",
    "direct numbers of others": "UPDATE numbers SET reversed_digits = '7010000' || id",
    "no direct numbers": "DROP TABLE numbers",
    "no meta": "DELETE FROM meta",
    "no table of meta": "DROP TABLE meta",
    "meta as blobs": "UPDATE meta SET value = x'00ff'",
    "meta that is not UTF-8": "UPDATE meta SET value = CAST(x'ff' AS TEXT)",
    "a reading at no time": "UPDATE meta SET value = 'soon' WHERE name = 'read_at'",
    "a reading after all time": "UPDATE meta SET value = 9e999 WHERE name = 'read_at'",
    "changes since no time": "UPDATE meta SET value = NULL WHERE name = 'known_since'",
    "a digest key of letters": "INSERT OR REPLACE INTO meta VALUES ('digest_key', 'no key')",
    "a digest key of zeros": "INSERT OR REPLACE INTO meta VALUES ('digest_key', 0.0)",
    "locations that are no JSON": "UPDATE locations SET record = 'nowhere'",
    "locations not in UTF-8": "UPDATE locations SET record = CAST(x'ff' AS TEXT)",
    "changes that are no JSON": "INSERT INTO changes VALUES (2e9, 'x', NULL)",
    "changes not in UTF-8": "INSERT INTO changes VALUES (2e9, NULL, CAST(x'ff' AS TEXT))",
    "changes at no time": "INSERT INTO changes VALUES ('now', NULL, NULL)",
    "changes of no calendar": "INSERT INTO changes VALUES (1e300, NULL, NULL)",
    "words of another column": "UPDATE search_content SET c0 = 'bababe'",
    "words of one person": """UPDATE search SET name = 'xxxxxx vanxxxxxx' WHERE rowid = 12;
        UPDATE search SET name = (SELECT name || ' ' FROM search WHERE rowid = 14)
        WHERE rowid IN (13, 15)""",
    "words that are not UTF-8": "UPDATE search_content SET c0 = CAST(x'ff' AS TEXT)",
    "words as blobs": "UPDATE search_content SET c0 = x'ff'",
    "no words": "UPDATE search_content SET c0 = NULL",
    "words of nobody": "DELETE FROM extensions WHERE number < '130'",
    "an index of nothing": "DELETE FROM search_data",
    "no index": "DROP TABLE search_content",
    "a vocabulary of blobs": "UPDATE vocabulary SET word = CAST(word AS BLOB)",
    "a vocabulary not in UTF-8": "UPDATE OR IGNORE vocabulary SET word = CAST(x'ff' AS TEXT)",
    "no vocabulary": "DROP TABLE vocabulary",
}
# What no query can notice: the check of the whole file at the start finds it. While the bot runs,
# the next reading replaces the file.
UNNOTICED_BY_QUERIES = {
    "direct numbers as blobs": "UPDATE numbers SET reversed_digits = CAST(x'ff00' || id AS BLOB)",
    "direct numbers of nobody": "UPDATE numbers SET id = id + 1000",
    "an index of zeros": "UPDATE search_data SET block = zeroblob(length(block))",
}


def account() -> FakeVonage:
    """An account of sixty people, one of them hidden."""
    return FakeVonage([api_row(each) for each in NUMBERS])


def snapshot_file(data_dir: Path) -> Path:
    """Return the only snapshot file."""
    paths: list[Path] = list(data_dir.glob("directory-*.sqlite3"))
    assert len(paths) == 1
    return paths[0]


async def outcome(running: RunningDirectory, text: str) -> object:
    """Return what a query shows, in a form that can be compared; an error for a failed export."""
    running.directory.status()
    found: Finding | SourceError = await running.find(text, timeout_s=8.0)
    if isinstance(found, DirectoryExport):
        try:
            return tuple(match.extension for match in found.matches)
        except SourceError as refusal:  # the file would be incomplete; the next export is whole
            return type(refusal)
    if isinstance(found, Match):
        return found.extension
    if isinstance(found, Listing):
        return tuple(match.extension for match in found.matches)
    return type(found)


async def outcomes(running: RunningDirectory, order: random.Random) -> dict[str, object]:
    """Return the outcome of each query, asked in some order."""
    queries = order.sample(QUERIES, len(QUERIES))
    return {text: await outcome(running, text) for text in queries}


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A DATA_DIR with a good copy."""

    async def scenario() -> None:
        async with run_directory(account(), tmp_path, hidden=[HIDDEN]) as running:
            await running.wait_for_copy()

    run(scenario())
    return tmp_path


@pytest.fixture
def expected(data_dir) -> dict[str, object]:
    """The outcomes with the good copy."""
    found: dict[str, object] = {}

    async def scenario() -> None:
        async with run_directory(account(), data_dir, hidden=[HIDDEN], with_sync=False) as running:
            found.update(await outcomes(running, random.Random(0)))

    run(scenario())
    return found


def assert_right_or_healed(found: dict[str, object], expected: dict[str, object]) -> None:
    """No outcome is a wrong one: an export may be refused, and names may wait for a new copy."""
    for text, result in found.items():
        is_refused = isinstance(result, type) and issubclass(result, SourceError)
        if result != expected[text] and not is_refused:
            assert isinstance(result, type), (text, result)
            assert result.__name__ in ("NotReady", "ChangeList"), (text, result)


async def ask_until_healed(
    running: RunningDirectory, expected: dict[str, object], order: random.Random
) -> None:
    """Ask every query twice: at once, and when a damaged copy has been replaced."""
    assert_right_or_healed(await outcomes(running, order), expected)
    await asyncio.sleep(200)
    assert running.directory.has_copy
    assert await outcomes(running, order) == expected


@pytest.mark.parametrize(
    ("when", "garbage"),
    [
        *(("in use", garbage) for garbage in GARBAGE),
        *(("at the start", garbage) for garbage in GARBAGE | UNNOTICED_BY_QUERIES),
    ],
)
def test_garbage_in_file_gives_right_answers_or_new_copy(data_dir, expected, garbage, when):
    """Each table can hold anything after damage, at the start and while it is in use."""
    order = random.Random(garbage)

    def damage() -> None:
        db = sqlite3.connect(snapshot_file(data_dir))
        with db:
            db.execute("PRAGMA writable_schema = ON")
            for statement in (GARBAGE | UNNOTICED_BY_QUERIES)[garbage].split(";"):
                db.execute(statement)
        db.close()

    async def scenario() -> None:
        if when == "at the start":
            damage()
        async with run_directory(account(), data_dir, hidden=[HIDDEN]) as running:
            if when == "in use":
                await asyncio.sleep(1)
                damage()
            await asyncio.sleep(1)  # the check of the whole file
            await ask_until_healed(running, expected, order)

    run(scenario())


def flip_bits(content: bytearray, order: random.Random) -> None:
    """Flip a few bits, as memory and cables do."""
    for _ in range(order.choice([1, 3, 30])):
        content[order.randrange(len(content))] ^= 1 << order.randrange(8)


def overwrite(content: bytearray, order: random.Random) -> None:
    """Write random bytes over a sector or a page, as a failing disk does."""
    at, size = order.randrange(len(content)), order.choice([16, 512, 4096])
    content[at : at + size] = order.randbytes(len(content[at : at + size]))


def erase(content: bytearray, order: random.Random) -> None:
    """Write zeros over a sector or a page, as a file system does after a power cut."""
    at, size = order.randrange(len(content)), order.choice([1, 512, 4096])
    content[at : at + size] = bytes(len(content[at : at + size]))


def cut(content: bytearray, order: random.Random) -> None:
    """Lose the end of the file."""
    del content[order.randrange(len(content)) :]


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("harm", [flip_bits, overwrite, erase, cut])
def test_random_damage_gives_right_answers_or_new_copy(data_dir, expected, harm, seed):
    """Damage at any offset of a real file ends in the same answers, at the latest after a while."""
    order, path = random.Random(seed), snapshot_file(data_dir)
    content = bytearray(path.read_bytes())
    harm(content, order)
    path.write_bytes(content)

    async def scenario() -> None:
        async with run_directory(account(), data_dir, hidden=[HIDDEN]) as running:
            await asyncio.sleep(1)  # the check of the whole file
            await ask_until_healed(running, expected, order)

    run(scenario())
