"""Models as the text of a record, and back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis.strategies import data, integers

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
RECORD = json.loads(codec.without_checksum(codec.extension_text(JOHN)))


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
        codec.extension(codec.with_checksum(record))


@pytest.mark.parametrize("record", [None, 5, 5.5, b"[]", "", "[]", "é", "\ud800 is no character"])
def test_value_that_is_no_record_is_refused(record):
    """A column can hold anything after damage: no text, or a text without a checksum."""
    with pytest.raises((ValueError, TypeError)):
        codec.extension(record)


@given(strategies.extension, data())
def test_record_with_one_altered_character_is_refused(extension, data):
    """One lost bit must not turn a number into somebody else's."""
    text = codec.extension_text(extension)
    at = data.draw(integers(0, len(text) - 1))
    altered = text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]
    with pytest.raises((ValueError, TypeError)):
        codec.extension(altered)


def test_record_of_extension_without_user_differs_from_empty_user():
    """A room stays a room after a restart."""
    assert codec.extension(codec.extension_text(Extension("55"))).user is None
