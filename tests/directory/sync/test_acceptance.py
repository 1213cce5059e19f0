"""Which complete readings may replace the current snapshot."""

from __future__ import annotations

from typing import Any

import pytest

from bot.directory.store.qualities import EXTENSIONS, QUALITIES
from bot.directory.sync.acceptance import Acceptance, EmptyList, Reading, may_be_unreadable
from bot.errors import UnreadableRows


def reading(rows: int, *, first: int = 100, unreadable: int = 0, **counts: int) -> Reading:
    """Return a reading in which every extension has everything, but for these `counts`."""
    changed = {name.replace("_", " "): count for name, count in counts.items()}
    numbers = {str(first + each) for each in range(rows)}
    return Reading(numbers, dict.fromkeys(QUALITIES, rows) | changed, unreadable)


FULL = reading(100)


@pytest.mark.parametrize("quality", [name for name in QUALITIES if name != EXTENSIONS])
@pytest.mark.parametrize(("left", "is_believed"), [(0, False), (49, False), (50, True)])
def test_reading_that_lost_most_of_a_quality_is_suspect(quality, left, is_believed):
    """All rows are there, but most of them lack something that they had."""
    lost: dict[str, Any] = {quality.replace(" ", "_"): left}
    acceptance = Acceptance()
    assert acceptance.accepts(reading(100, **lost), FULL) is is_believed
    assert acceptance.lost == (() if is_believed else (quality,))


@pytest.mark.parametrize(("first", "is_believed"), [(150, True), (151, False), (5000, False)])
def test_reading_with_mostly_other_numbers_is_suspect(first, is_believed):
    """A list with as many rows, or more, of strangers would make everybody leave."""
    acceptance = Acceptance()
    assert acceptance.accepts(reading(1000, first=first), FULL) is is_believed
    assert acceptance.lost == (() if is_believed else (EXTENSIONS,))
    assert acceptance.accepts(reading(1000, first=first), FULL)  # every number may be a new one


def test_second_reading_with_same_loss_confirms_it():
    """The company may have stopped using a field."""
    acceptance = Acceptance()
    assert not acceptance.accepts(reading(100, names=10), FULL)
    assert acceptance.accepts(reading(99, names=11), FULL)
    assert not acceptance.is_suspect


@pytest.mark.parametrize(
    "second", [reading(100, users=0), reading(100, first=150, names=10)], ids=["loss", "numbers"]
)
def test_second_reading_with_another_loss_confirms_nothing(second):
    """An API that fails in a different way each time is not believed."""
    acceptance = Acceptance()
    assert not acceptance.accepts(reading(100, names=10), FULL)
    assert not acceptance.accepts(second, FULL)
    assert not acceptance.accepts(reading(100, names=10), FULL)


def test_suspect_reading_is_forgotten_after_a_good_one():
    """A later loss needs two readings again."""
    acceptance = Acceptance()
    assert not acceptance.accepts(reading(100, names=10), FULL)
    assert acceptance.accepts(FULL, FULL)
    assert not acceptance.accepts(reading(100, names=10), FULL)


@pytest.mark.parametrize(("now", "is_believed"), [(2, True), (1, False)])
def test_small_company_may_lose_one_of_three(now, is_believed):
    """A share of a small number is checked like any other."""
    assert Acceptance().accepts(reading(now), reading(3)) is is_believed


def test_empty_reading_never_replaces_extensions():
    """Not even a second one confirms it."""
    acceptance = Acceptance()
    for _ in range(3):
        with pytest.raises(EmptyList):
            acceptance.accepts(reading(0), FULL)


def test_first_reading_that_is_empty_must_be_confirmed():
    """An account without extensions is possible, but rare."""
    acceptance = Acceptance()
    assert not acceptance.accepts(reading(0), None)
    assert acceptance.accepts(reading(0), None)


@pytest.mark.parametrize("current", [None, FULL])
@pytest.mark.parametrize(("rows", "unreadable"), [(0, 1), (0, 250), (2, 3), (100, 101)])
def test_reading_of_mostly_unreadable_rows_is_refused(current, rows, unreadable):
    """Unreadable is not empty, with a copy or without."""
    acceptance = Acceptance()
    for _ in range(2):
        with pytest.raises(UnreadableRows):
            acceptance.accepts(reading(rows, unreadable=unreadable), current)


@pytest.mark.parametrize(
    ("unreadable", "had", "is_refused"),
    [(6, 0, True), (5, 0, False), (20, 18, False), (20, 2, True)],
)
def test_reading_with_more_unreadable_rows_than_the_copy_is_refused(unreadable, had, is_refused):
    """Rows that could never be read do not end all updates."""
    current = reading(100, unreadable=had)
    if not is_refused:
        assert Acceptance().accepts(reading(100 - unreadable, unreadable=unreadable), current)
        return
    with pytest.raises(UnreadableRows):
        Acceptance().accepts(reading(100 - unreadable, unreadable=unreadable), current)


def test_first_reading_with_some_unreadable_rows_is_believed():
    """Most of a directory is better than none."""
    assert Acceptance().accepts(reading(80, unreadable=20), None)


def test_missing_extensions_may_be_the_additional_unreadable_rows():
    """Rows that the copy could not read either are about somebody else."""
    current = reading(3, unreadable=1)
    assert may_be_unreadable(reading(2, unreadable=2), current) == {"102"}
    assert may_be_unreadable(reading(2, unreadable=1), current) == frozenset()
