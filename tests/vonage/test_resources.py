"""Rows of the API read as models, whatever the API left out or wrote differently."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Did, Extension, Handset, Location, User
from bot.vonage import resources
from tests.vonage.samples import JOHN, ROOM

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=10,
)


def test_published_example_is_read_with_every_field():
    """The example has all fields of EndUserRoute, BasicUser, DID and Line."""
    assert resources.extension(JOHN) == Extension(
        number="789",
        user=User("John", "Smith", "john.smith@example.com", "jsmith"),
        dids=(Did("14155550100", "My Tag"),),
        handsets=(Handset("line1-VH6370927", "VH16370927"),),
        location_id="145214",
        caller_id="John Smith",
        block_caller_id=False,
        dnd_enabled=False,
        vtt_enabled=True,
    )


def test_extension_without_a_user_key_has_no_user():
    """Live accounts leave the key `user` out for rooms and ring groups."""
    assert resources.extension(ROOM).user is None


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("extension_number", 789, ("number", "789")),
        ("extension_number", 789.0, ("number", "789")),
        ("extension_number", " 0789 ", ("number", "0789")),
        ("location_id", "145214", ("location_id", "145214")),
        ("location_id", 145214.0, ("location_id", "145214")),
        ("location_id", None, ("location_id", "")),
        ("dids", ["14155550100"], ("dids", (Did("14155550100"),))),
        ("dids", [14155550100], ("dids", (Did("14155550100"),))),
        ("dids", "+14155550100", ("dids", (Did("14155550100"),))),
        ("dids", {"phone_number": "1"}, ("dids", (Did("1"),))),
        ("dids", [None, {}, {"phone_number": None}, "1"], ("dids", (Did("1"),))),
        ("dids", None, ("dids", ())),
        ("extension_handsets", None, ("handsets", ())),
        ("extension_handsets", {"sip_id": "V"}, ("handsets", (Handset("", "V"),))),
        ("extension_handsets", [{}, "line"], ("handsets", (Handset("line", ""),))),
        ("user", None, ("user", None)),
        ("user", [], ("user", None)),
        ("user", {}, ("user", None)),
        ("user", {"first_name": None, "last_name": "  "}, ("user", None)),
        ("user", {"first_name": 5}, ("user", User("5"))),
        ("dnd_enabled", "true", ("dnd_enabled", True)),
        ("dnd_enabled", 0, ("dnd_enabled", False)),
        ("dnd_enabled", None, ("dnd_enabled", None)),
        ("dnd_enabled", "maybe", ("dnd_enabled", None)),
        ("caller_id", None, ("caller_id", "")),
        ("caller_id", 14155550100, ("caller_id", "14155550100")),
    ],
)
def test_field_of_another_type_is_read(field, value, expected):
    """Numbers as texts, texts as numbers, nulls and lone members instead of lists are read."""
    name, value_read = expected
    assert getattr(resources.extension({**JOHN, field: value}), name) == value_read


def test_bad_row_is_counted_and_the_others_are_read():
    """A row that cannot be read costs that row, not the page."""
    rows = [JOHN, None, "text", {}, {"extension_number": None}, {"extension_number": True}, ROOM]
    good, bad = resources.readable(rows, resources.extension)
    assert [extension.number for extension in good] == ["789", "2222"]
    assert bad == 5


def test_location_is_read_with_its_address():
    """City, country and time zone come from the nested address; nulls are empty."""
    row = {
        "id": 145214,
        "name": "Holmdel HQ",
        "address": {
            "city": "Holmdel",
            "country": "US",
            "address_2": None,
            "time_zone": "US/Eastern",
        },
    }
    assert resources.location(row) == Location(
        "145214", "Holmdel HQ", "US/Eastern", "Holmdel", "US"
    )
    assert resources.location({"id": "1", "address": None}) == Location("1")


@given(JSON)
def test_any_json_is_read_or_counted_as_bad(row):
    """No JSON value in place of a row raises another error."""
    good, bad = resources.readable([row], resources.extension)
    assert len(good) + bad == 1


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(JOHN, JSON)))
def test_any_values_of_fields_are_read_or_counted_as_bad(row):
    """No JSON value under a key of a row raises another error."""
    good, bad = resources.readable([row], resources.extension)
    assert len(good) + bad == 1
