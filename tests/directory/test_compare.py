"""Whether an extension answers a query, and the order of numbers."""

from __future__ import annotations

import pytest

from bot.directory import compare
from bot.models import Did, Extension, User
from bot.query.model import Phone

JOHN = Extension(
    "789",
    User("John", "Smith", "John.Smith@example.com", "JSmith"),
    (Did("14155550100", "My Tag"),),
    location_id="145214",
    dnd_enabled=False,
    vtt_enabled=True,
)
ROOM = Extension("2222")


@pytest.mark.parametrize(
    ("stored", "wanted", "same"),
    [
        ("14155550100", "14155550100", True),
        ("+1 (415) 555-0100", "14155550100", True),
        ("14155550100", "4155550100", True),
        ("14155550100", "5550100", True),
        ("4155550100", "14155550100", True),
        ("02079460958", "442079460958", True),
        ("442079460958", "02079460958", True),
        ("14155550100", "14155550101", False),
        ("14155550100", "550100", False),
        ("14155550100", "", False),
        ("", "14155550100", False),
        ("0100", "14155550100", False),
        ("0000000000", "14155550100", False),
    ],
)
def test_same_phone_ignores_country_code_area_code_and_punctuation(stored, wanted, same):
    """A number may lack its country or area code or have a trunk zero; seven digits decide."""
    assert compare.same_phone(stored, wanted) is same


@pytest.mark.parametrize(
    ("ending", "fits"), [("0100", True), ("100", True), ("00", False), ("101", False), ("", False)]
)
def test_ends_with_needs_three_digits(ending, fits):
    """Fewer digits would match half the directory."""
    assert compare.ends_with(JOHN, ending) is fits


def test_has_email_and_has_login_ignore_case():
    """People type addresses and logins in either case."""
    assert compare.has_email(JOHN, "john.smith@EXAMPLE.com")
    assert compare.has_login(JOHN, "jsmith")
    assert not compare.has_email(ROOM, "")
    assert not compare.has_login(ROOM, "")
    assert compare.has_phone(JOHN, Phone("5550100", ("5550100",)))


def test_in_number_order_sorts_by_value_and_removes_duplicates():
    """9 comes before 10, texts come last, and each number comes once."""
    numbers = ["10", "9", "abc", "100", "9", "007"]
    assert [each.number for each in compare.in_number_order(map(Extension, numbers))] == [
        "9", "10", "007", "100", "abc",
    ]  # fmt: skip
