"""Staff turnover: one joins, one leaves and one moves, and the fixtures stay."""

from __future__ import annotations

from bot.sandbox.company.fixtures import FIXTURES
from bot.sandbox.company.people import NO_SUCH_EXTENSION, build_company
from bot.sandbox.company.turnover import apply_turnover


def test_turnover_moves_other_people_each_time():
    """The person who moved is not moved again by the next turnover."""
    first = apply_turnover(build_company(60)).entries
    second = apply_turnover(first).entries
    moved_first, moved_second = first[-1].number, second[-1].number
    assert moved_first != moved_second


def test_turnover_moves_to_another_office():
    """The voicemail setting of the office comes with it."""
    entries = build_company(60)
    before = {entry.number: entry for entry in entries}
    moved = apply_turnover(entries).entries[-1]
    assert moved.location_id != before[moved.number].location_id


def test_turnover_keeps_fixtures_and_never_uses_the_unassigned_number():
    """Demos and tests rely on the fixtures and on the unassigned number."""
    entries = build_company(60)
    for _ in range(12):
        entries = apply_turnover(entries).entries
    assert tuple(entries[: len(FIXTURES)]) == FIXTURES
    assert NO_SUCH_EXTENSION not in {entry.number for entry in entries}
