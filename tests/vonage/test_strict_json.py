"""JSON from outside: what the standard does not define is no value, and nothing is too large."""

from __future__ import annotations

import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.limits import MAX_JSON_MARKS, MAX_RESPONSE_BYTES
from bot.vonage.strict_json import read_object

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    # Half a character is replaced, and the rest of Unicode is not.
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda each: (
        st.lists(each, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), each, max_size=4)
    ),
)


@given(content=st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), JSON, max_size=4))
def test_object_is_read_as_it_was_written(content):
    """Every JSON object of finite numbers and whole characters is read, escaped or not."""
    for is_ascii in (True, False):
        assert read_object(json.dumps(content, ensure_ascii=is_ascii).encode()) == content


@pytest.mark.parametrize(
    "value",
    [
        *(b"NaN", b"Infinity", b"-Infinity", b"[NaN]", b'{"b": -Infinity}', b"1e999", b"-1e999"),
        *(b"9" * 400, b"-" + b"9" * 400, b"9" * 5_000, b"9" * 4_000_000, b"9" * 400 + b".5"),
        *(
            b'"\xed\xa0\x80"',
            b'"\xff"',
            b'"\xc0\xaf"',
            b'"\x00"',
            b'{"b": 1, "b": 2}',
            b"[" * 3_000,
        ),
        *(b'{"b":' * 3_000, b"nan", b"+1", b"01", b"'b'", b"[1,]", b""),
    ],
    ids=lambda each: each[:20].decode("latin-1"),
)
def test_value_that_is_not_json_makes_the_body_unreadable(value):
    """Python's reader takes some of them, or fails with errors other than its own."""
    assert read_object(b'{"a": ' + value + b"}") is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (rb'"\ud800"', "?"),
        (rb'"\uDFFF"', "?"),
        (rb'"Ann \ud83d"', "Ann ?"),
        (rb'"\udc00\ud800"', "??"),
        (rb'["\\\ud83d"]', ["\\?"]),
        (rb'{"\ud800": 1}', {"?": 1}),
    ],
)
def test_half_a_character_is_replaced(value, expected):
    """A name that was cut within an emoji must not keep a page of the directory from being read."""
    assert read_object(b'{"a": ' + value + b"}") == {"a": expected}


@pytest.mark.parametrize("value", [rb'"\ud83d\ude00"', rb'"\\ud800"', '"\U0001f600"'.encode()])
def test_whole_character_is_read(value):
    """A pair of surrogates is one character, and an escaped backslash begins no escape."""
    assert read_object(b'{"a": ' + value + b"}") == {"a": json.loads(value)}


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"1", b'"a"', b"{}{}", b"\xff\xfe{\x00}\x00"]
)
def test_body_that_is_no_object_is_unreadable(body):
    """The API and the token endpoint answer with one object, in UTF-8."""
    assert read_object(body) is None


def test_byte_order_mark_is_skipped():
    """Some gateways begin a body with it."""
    assert read_object(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    "part", [b"[", b'{"a":', b"{},", b"[],", b'{"":0},', b'"ab",', b"0.5,", b"1,"], ids=repr
)
def test_body_of_millions_of_values_is_not_parsed(part):
    """8 MB of the smallest values would become some 200 MB of objects."""
    body = b'{"a": [' + part * (MAX_RESPONSE_BYTES // len(part))
    tracemalloc.start()
    assert read_object(body + b"0]}") is None
    assert tracemalloc.get_traced_memory()[1] < 2 * MAX_RESPONSE_BYTES
    tracemalloc.stop()


def test_values_up_to_the_limit_are_read():
    """A page with the largest number of values is read."""
    body = json.dumps({"a": [0] * (MAX_JSON_MARKS - 3)}).encode()
    assert read_object(body) is not None
    assert read_object(body.replace(b"[", b"[0, 0,")) is None
