"""The headings of lists."""

from __future__ import annotations

import pytest

from bot.cards import headings
from bot.query.model import Filters


@pytest.mark.parametrize(
    ("filters", "location_name", "expected"),
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
def test_directory_heading_names_each_filter(filters, location_name, expected) -> None:
    """The names are those of the card's rows."""
    assert headings.directory_heading(filters, location_name) == expected
