"""Rows of the API read as models, whatever the API left out or wrote differently."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.limits import (
    MAX_DIDS_PER_EXTENSION,
    MAX_HANDSETS_PER_EXTENSION,
    MAX_NUMBER_DIGITS,
    MAX_RECORD_TEXT_CHARS,
)
from bot.models import Did, Extension, Handset, Location, User
from bot.vonage import resources
from tests.vonage.samples import JOHN, ROOM

NAN, INFINITY = float("nan"), float("inf")
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
        ("dids", ["+1 (415) 555-0100"], ("dids", (Did("1 (415) 555-0100"),))),
        ("dids", {"phone_number": "1"}, ("dids", (Did("1"),))),
        ("dids", [None, {"phone_number": None}, "1"], ("dids", (Did("1"),))),
        ("dids", [{"phone_number": "1", "custom_tag": None}], ("dids", (Did("1"),))),
        ("dids", None, ("dids", ())),
        ("extension_handsets", None, ("handsets", ())),
        ("extension_handsets", {"sip_id": "V"}, ("handsets", (Handset("", "V"),))),
        ("extension_handsets", [None, {"sip_id": None}], ("handsets", ())),
        ("user", None, ("user", None)),
        ("user", {"first_name": None, "last_name": "  ", "id": None}, ("user", None)),
        ("user", {"id": 5, "last_name": "Smith"}, ("user", User("", "Smith"))),
        ("user", {"first_name": 5}, ("user", User("5"))),
        ("dnd_enabled", "true", ("dnd_enabled", True)),
        ("dnd_enabled", 0, ("dnd_enabled", False)),
        ("dnd_enabled", None, ("dnd_enabled", None)),
        ("dnd_enabled", "", ("dnd_enabled", None)),
        ("dnd_enabled", 1.0, ("dnd_enabled", True)),
        ("caller_id", None, ("caller_id", "")),
        ("caller_id", 14155550100, ("caller_id", "14155550100")),
    ],
)
def test_field_of_another_type_is_read(field, value, expected):
    """Numbers as texts, texts as numbers, nulls and lone members instead of lists are read."""
    name, value_read = expected
    assert getattr(resources.extension({**JOHN, field: value}), name) == value_read


NO_TEXT = [True, False, [], {}, ["John"], {"a": "John"}, 7.5, NAN, INFINITY, -INFINITY, 10**18]
NO_TEXT += ["x" * (MAX_RECORD_TEXT_CHARS + 1)]
NO_USER = ["", "John Smith", "null", 0, 17, 1.5, True, False, [], [JOHN["user"]], {}]
NO_USER += [{"error": "internal"}, {"id": 5}, {"id": {}, "last_name": "Smith"}, NAN]
NO_DIDS = ["", "none", "+14155550100", 0, 14155550100, True, False, {}, {"error": "internal"}, NAN]
NO_DIDS += [{"custom_tag": "Sales"}, [[]], [{}], [True], ["none"], [["1"]], [7.5], [{"0": "1"}]]
NO_DIDS += [
    {"phone_number": []},
    [{"phone_number": {}}],
    [{"phone_number": "1", "custom_tag": 7.5}],
]
NO_HANDSETS = ["", "line1", 5, True, {}, {"error": "internal"}, [{}], ["line1"], [5], [[]], NAN]
NO_HANDSETS += [{"sip_id": []}, [{"handset_name": True}]]
NO_SWITCH = ["maybe", "none", "yes", 2, -1, 0.5, NAN, [], {}, [True], {"value": True}]
NO_NUMBER = ["", "  ", None, *NO_TEXT, "7" * (MAX_NUMBER_DIGITS + 1), -(10**18)]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("extension_number", NO_NUMBER),
        ("user", NO_USER),
        ("dids", NO_DIDS),
        ("extension_handsets", NO_HANDSETS),
        ("location_id", NO_TEXT),
        ("caller_id", NO_TEXT),
        ("block_caller_id", NO_SWITCH),
        ("dnd_enabled", NO_SWITCH),
        ("vtt_enabled", NO_SWITCH),
    ],
)
def test_record_with_field_of_impossible_type_is_bad(field, values):
    """Such a record is unreadable; it must not look as if the field were empty."""
    for value in values:
        with pytest.raises(resources.BadRecord):
            resources.extension({**JOHN, field: value}, number="789")


@pytest.mark.parametrize("field", ["first_name", "last_name", "email", "login_name"])
def test_record_with_user_field_of_impossible_type_is_bad(field):
    """A name or address that is no text makes the whole record unreadable."""
    for value in NO_TEXT:
        with pytest.raises(resources.BadRecord):
            resources.extension({**JOHN, "user": {**JOHN["user"], field: value}})


@pytest.mark.parametrize(
    "row", [{}, {"error": "internal"}, {"status": 500}, [], [JOHN], "John", None, 789, True]
)
def test_object_without_any_known_key_is_bad(row):
    """Another object in place of a record is no extension, even if the number is known."""
    with pytest.raises(resources.BadRecord):
        resources.extension(row, number="789")


def test_number_is_lent_only_where_the_key_is_absent():
    """A number that is there but unreadable must not be replaced by the one that was asked for."""
    row = {key: value for key, value in JOHN.items() if key != "extension_number"}
    assert resources.extension(row, number="789").number == "789"
    with pytest.raises(resources.BadRecord):
        resources.extension(row)
    with pytest.raises(resources.BadRecord):
        resources.extension({**row, "extension_number": None}, number="789")


@pytest.mark.parametrize(
    ("field", "item", "most"),
    [
        ("dids", {"phone_number": "14155550100"}, MAX_DIDS_PER_EXTENSION),
        ("extension_handsets", {"sip_id": "V"}, MAX_HANDSETS_PER_EXTENSION),
    ],
)
def test_record_with_too_many_parts_is_bad(field, item, most):
    """A list is read as a whole or not at all; it is never cut silently."""
    assert resources.extension({**JOHN, field: [item] * most})
    with pytest.raises(resources.BadRecord):
        resources.extension({**JOHN, field: [item] * (most + 1)})


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


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"error": "internal"},
        {"name": "Holmdel HQ"},
        {"id": None},
        {"id": True},
        {"id": 1, "name": []},
        {"id": 1, "address": "Holmdel"},
        {"id": 1, "address": {"city": {}}},
    ],
)
def test_location_with_field_of_impossible_type_is_bad(row):
    """A location is read as strictly as an extension."""
    with pytest.raises(resources.BadRecord):
        resources.location(row)


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


@given(st.sampled_from(sorted(JOHN)), JSON)
def test_any_json_in_place_of_a_field_leaves_a_person_or_is_bad(field, value):
    """Whatever is sent in place of a field, a person never becomes nobody: only null says so."""
    try:
        extension = resources.extension({**JOHN, field: value}, number="789")
    except resources.BadRecord:
        return
    assert extension.user == User("John", "Smith", "john.smith@example.com", "jsmith") or (
        field == "user" and (value is None or has_only_blanks(value) or extension.user)
    )
    assert extension.dids == (Did("14155550100", "My Tag"),) or field == "dids"


@given(st.sampled_from(sorted(JOHN["user"])), JSON.filter(lambda value: value is not None))
def test_any_json_in_place_of_a_user_field_leaves_somebody_or_is_bad(field, value):
    """One field of the user, however wrong, never makes the user disappear."""
    try:
        extension = resources.extension({**JOHN, "user": {**JOHN["user"], field: value}})
    except resources.BadRecord:
        return
    assert extension.user is not None


def has_only_blanks(user):
    """Whether an object has a key of a user, and no value."""
    return isinstance(user, dict) and not any(
        str(value).strip() for value in user.values() if value is not None
    )
