"""Lists out of a copy: what a list is narrowed to, and what an audit finds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.directory.store import row_filter
from bot.directory.store.snapshot import Snapshot
from bot.models import CHECKS, Did, Extension, User
from bot.query.model import Filters

JOHN = Extension(
    "789",
    User("John", "Smith", "John.Smith@example.com", "JSmith"),
    (Did("14155550100", "My Tag"),),
    location_id="145214",
    dnd_enabled=False,
    vtt_enabled=True,
)
ROOM = Extension("2222", location_id="145214", dnd_enabled=True)


@contextmanager
def snapshot_of(*extensions: Extension) -> Iterator[Snapshot]:
    """A copy that holds these."""
    copy = Snapshot.create(Path("copy.sqlite3"), "an account")
    copy.put(extensions, 0.0)
    yield copy
    copy.close()


@pytest.mark.parametrize(
    ("filters", "john", "room"),
    [
        (Filters(), True, True),
        (Filters(location="145214"), True, True),
        (Filters(location="1"), False, False),
        (Filters(email="john.smith@example.com"), True, False),
        (Filters(email="smith@example.com"), False, False),
        (Filters(login="jsmith"), True, False),
        (Filters(phone="4155550100"), True, False),
        (Filters(phone="+1 (415) 555-0100"), True, False),
        (Filters(phone="0100"), True, False),
        (Filters(phone="0101"), False, False),
        (Filters(tag="my"), True, False),
        (Filters(tag="%"), False, False),
        (Filters(tag="m_"), False, False),
        (Filters(dnd=True), False, True),
        (Filters(dnd=False), True, False),
        (Filters(voicemail=True), True, False),
        (Filters(voicemail=False), False, False),
        (Filters(unassigned=True), False, True),
        (Filters(location="145214", dnd=True, unassigned=True), False, True),
    ],
)
def test_filters_hold_together(filters, john, room):
    """All filters given must hold; what the API did not say fits neither on nor off."""
    with snapshot_of(JOHN, ROOM) as copy:
        narrowed = row_filter.by_filters(filters)
        found = [each.extension for each in narrowed.page(copy, 1, 8).matches]
        assert found == [each for each, fits in ((JOHN, john), (ROOM, room)) if fits]
        assert narrowed.total(copy) == len(found)


SHARED = Did("14155550199")
CLEAN = Extension("100", User("Ada", "King", "ada@example.com", "aking"), (Did("14155550100"),))


@pytest.mark.parametrize(
    ("check", "extensions", "found"),
    [
        ("unassigned", [CLEAN, ROOM], ["2222"]),
        ("shared", [CLEAN, Extension("1", dids=(SHARED,)), Extension("2", dids=(SHARED,))], "12"),
        ("shared", [CLEAN, Extension("1", dids=(SHARED, SHARED))], []),
        ("no-did", [CLEAN, ROOM, Extension("5", User("Bo", "Li"))], ["5"]),
        ("dnd", [CLEAN, JOHN, ROOM], ["2222"]),
        ("names", [CLEAN, Extension("5", User("", "", "a@example.com")), ROOM], ["5"]),
        ("names", [CLEAN, Extension("5", User("Test", "User"))], ["5"]),
        ("names", [CLEAN, Extension("5", User("4155550100", ""))], ["5"]),
        ("names", [Extension("5", User("Nguyễn", "Văn An")), Extension("6", User("Љ", "Q"))], []),
    ],
)
def test_an_audit_finds_what_looks_wrong_and_nothing_else(check, extensions, found):
    """Each check has its own idea of wrong; a clean extension fits none."""
    with snapshot_of(*extensions) as copy:
        rows = row_filter.by_check(check).page(copy, 1, 8).matches
        assert [each.extension.number for each in rows] == list(found)


def test_each_check_has_a_condition():
    """What `audit` names can be looked for."""
    assert set(row_filter.CHECKS) == set(CHECKS)


def test_pages_begin_where_the_last_one_ended():
    """In number order, nobody twice, nobody left out, also where others come in between."""
    with snapshot_of(*(Extension(str(number)) for number in range(100, 200, 2))) as copy:
        everybody, seen = row_filter.RowFilter(), [str(100)]
        while rows := everybody.beside(copy, after=seen[-1], rows=8).matches:
            if rows[-1].extension.number == seen[-1]:
                break  # behind the last there is the last page
            seen += [each.extension.number for each in rows]
            copy.put([Extension(f"{int(seen[-1]) - 3}")], 0.0)  # behind us by now
        assert seen == [str(number) for number in range(100, 200, 2)]


def test_a_row_that_is_gone_still_tells_where_to_go_on():
    """The page after a number begins behind where it would stand."""
    with snapshot_of(Extension("5"), Extension("10"), Extension("20")) as copy:
        for turn, numbers in (({"after": "9"}, ["10", "20"]), ({"before": "15"}, ["5", "10"])):
            rows = row_filter.RowFilter().beside(copy, rows=8, **turn).matches
            assert [each.extension.number for each in rows] == numbers
