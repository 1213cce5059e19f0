"""Models as the text of a record, and back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from bot.directory.store import codec
from bot.models import Extension
from tests import strategies
from tests.cards.examples import JOHN


@given(strategies.extension)
def test_any_extension_survives_its_record(extension):
    """The text of an extension gives back an equal one."""
    assert codec.extension(codec.extension_text(extension)) == extension


@given(strategies.location)
def test_any_location_survives_its_record(location):
    """The text of a location gives back an equal one."""
    assert codec.location(codec.location_text(location)) == location


WRONG_VALUES: list[Any] = [5, "text", [["one value"]], [[]], {"a": 1}]
RECORD = json.loads(codec.extension_text(JOHN))


@pytest.mark.parametrize(
    "record",
    [
        "",
        "null",
        "{}",
        "5",
        '"789"',
        "[]",
        json.dumps(RECORD[:-1]),
        json.dumps([*RECORD, None]),
        *(
            json.dumps([*RECORD[:at], wrong, *RECORD[at + 1 :]])
            for at in (1, 2, 3)
            for wrong in WRONG_VALUES
        ),
    ],
)
def test_record_of_another_shape_is_refused(record):
    """A record of another version or from a damaged disk never becomes an extension."""
    with pytest.raises((ValueError, TypeError)):
        codec.extension(record)


def test_record_of_extension_without_user_differs_from_empty_user():
    """A room stays a room after a restart."""
    assert codec.extension(codec.extension_text(Extension("55"))).user is None
