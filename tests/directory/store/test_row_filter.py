"""Lists from a snapshot: by filters, by audit checks, and page by page."""

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
def copy_of(*extensions: Extension) -> Iterator[Snapshot]:
    """Yield a snapshot of these extensions."""
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
def test_list_has_the_rows_that_fit_all_filters(filters, john, room):
    """A switch that the API left out fits neither on nor off."""
    with copy_of(JOHN, ROOM) as copy:
        rows = row_filter.by_filters(filters)
        listed = [match.extension for match in rows.page(copy, 1, 8).matches]
        assert listed == [extension for extension, fits in ((JOHN, john), (ROOM, room)) if fits]
        assert rows.total(copy) == len(listed)


SHARED = Did("14155550199")
CLEAN = Extension("100", User("Ada", "King", "ada@example.com", "aking"), (Did("14155550100"),))


@pytest.mark.parametrize(
    ("check", "extensions", "numbers"),
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
def test_audit_check_finds_what_is_wrong_and_nothing_else(check, extensions, numbers):
    """An extension without a problem is found by no check."""
    with copy_of(*extensions) as copy:
        rows = row_filter.by_check(check).page(copy, 1, 8).matches
        assert [match.extension.number for match in rows] == list(numbers)


def test_every_audit_check_has_a_condition():
    """The names that `audit` takes are the checks of the store."""
    assert set(row_filter.CHECKS) == set(CHECKS)


def test_page_after_a_number_repeats_and_skips_nobody():
    """Pages follow each other in number order, also while extensions are added before them."""
    with copy_of(*(Extension(str(number)) for number in range(100, 200, 2))) as copy:
        whole_list, seen = row_filter.RowFilter(), [str(100)]
        while rows := whole_list.page_next_to(copy, after=seen[-1], rows=8).matches:
            if rows[-1].extension.number == seen[-1]:
                break  # after the last page comes the last page again
            seen += [match.extension.number for match in rows]
            copy.put([Extension(f"{int(seen[-1]) - 3}")], 0.0)  # before the rows seen so far
        assert seen == [str(number) for number in range(100, 200, 2)]


def test_page_after_a_removed_number_starts_at_its_position():
    """The page starts where the number would be, if it were still there."""
    with copy_of(Extension("5"), Extension("10"), Extension("20")) as copy:
        for turn, numbers in (({"after": "9"}, ["10", "20"]), ({"before": "15"}, ["5", "10"])):
            rows = row_filter.RowFilter().page_next_to(copy, rows=8, **turn).matches
            assert [match.extension.number for match in rows] == numbers
