"""Whether an extension answers a query, and the order of numbers."""

from __future__ import annotations

from dataclasses import replace

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
SMITH = User("John", "Smith", "John.Smith@example.com", "JSmith")


@pytest.mark.parametrize(
    ("answer", "lost"),
    [
        (JOHN, set()),
        (replace(JOHN, user=replace(SMITH, first_name="Johnny", last_name="")), set()),
        (replace(JOHN, user=User("Jane", "Roe", "jane@example.com", "jroe")), set()),
        (replace(JOHN, dids=(Did("14155550199"),)), set()),
        (replace(JOHN, location_id="", caller_id="", dnd_enabled=None), set()),
        (None, {"extension"}),
        (replace(JOHN, user=None), {"user"}),
        (Extension("789"), {"user", "dids"}),
        (replace(JOHN, dids=()), {"dids"}),
        (replace(JOHN, user=replace(SMITH, first_name="", last_name="")), {"name"}),
        (replace(JOHN, user=replace(SMITH, email="")), {"email"}),
        (replace(JOHN, user=replace(SMITH, login_name="")), {"login_name"}),
    ],
)
def test_lost_parts_are_what_people_find_somebody_by(answer, lost):
    """A different value is a change, and only one that is gone altogether is lost."""
    assert compare.lost_parts(JOHN, answer) == lost


def test_lost_parts_of_somebody_with_nothing_are_none():
    """A room loses nothing by any answer but "there is none"."""
    assert compare.lost_parts(ROOM, ROOM) == set()
    assert compare.lost_parts(ROOM, JOHN) == set()
    assert compare.lost_parts(ROOM, None) == {"extension"}


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
