"""What stands above a list."""

from __future__ import annotations

import pytest

from bot.cards import headings
from bot.query.model import Filters


@pytest.mark.parametrize(
    ("filters", "place", "expected"),
    [
        (Filters(), "", "Directory"),
        (Filters(location="145214"), "", "Directory: location 145214"),
        (
            Filters(location="145214", dnd=True),
            "Holmdel HQ",
            "Directory: location Holmdel HQ, Do Not Disturb on",
        ),
        (
            Filters(email="a@b.c", login="j", phone="14155550100", tag="my tag", voicemail=False),
            "",
            "Directory: email a@b.c, login j, phone +1 415-555-0100, tag my tag, "
            "voicemail transcription off",
        ),
        (Filters(unassigned=True), "", "Directory: unassigned"),
    ],
    ids=["all", "id", "named", "many", "unassigned"],
)
def test_a_narrowed_list_says_by_what(filters, place, expected) -> None:
    """Every filter is named as a card names what it is about."""
    assert headings.directory_heading(filters, place) == expected
