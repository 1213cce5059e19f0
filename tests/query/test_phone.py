"""What a phone number can mean."""

from __future__ import annotations

import pytest

from bot.query import phone


@pytest.mark.parametrize(
    ("written", "region", "candidates"),
    [
        ("(415) 555-0100", "US", ("14155550100", "4155550100")),
        ("+14155550100", "GB", ("14155550100",)),
        ("020 7946 0958", "GB", ("442079460958", "02079460958")),
        ("442079460958", "US", ("442079460958",)),
        ("00442079460958", "US", ("442079460958", "00442079460958")),
        ("5550100", "US", ("5550100",)),
    ],
)
def test_candidates_are_e164_likeliest_first_and_end_with_the_digits(written, region, candidates):
    """A number means the one dialed in its region, then an international one, then its digits."""
    assert phone.candidates(written, region) == candidates


@pytest.mark.parametrize(
    ("written", "is_too_long"),
    [
        ("123456789012345", False),
        ("1234567890123456", True),
        ("00" + "123456789012345", False),
        ("011" + "123456789012345", False),
        ("+44 (0)" + "1" * 13, False),
    ],
)
def test_number_of_more_than_fifteen_digits_is_too_long(written, is_too_long):
    """E.164 allows fifteen digits; the prefix to dial abroad and `(0)` do not count."""
    assert phone.is_too_long(written) is is_too_long


@pytest.mark.parametrize(
    ("written", "region", "is_valid"),
    [
        ("(415) 555-0100", "US", True),
        ("(999) 555-0100", "US", False),
        ("44 20 7946 0958", "US", True),
        ("789 790 1001", "US", False),
        ("789", "US", False),
        ("020 7946 0958", "ZZ", False),
    ],
)
def test_number_is_valid_by_the_numbering_plan(written, region, is_valid):
    """A number counts if its region dials it, or if it has its country code first."""
    assert phone.is_valid(written, region) is is_valid


@pytest.mark.parametrize(
    ("written", "region", "is_national"),
    [
        ("07700 900002", "GB", True),
        ("0789 0790", "GB", False),
        ("07700 900002", "US", False),
        ("07700 900002", "ZZ", False),
    ],
)
def test_number_with_trunk_zero_has_national_form(written, region, is_national):
    """Where national numbers begin with 0, a number with it counts whether assigned or not."""
    assert phone.is_national(written, region) is is_national
