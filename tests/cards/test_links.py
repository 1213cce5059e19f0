"""Phone numbers and emails as words and as links."""

from __future__ import annotations

import pytest

from bot.cards.blocks import email_link, international, phone_link


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("14155550100", "+1 415-555-0100"),
        ("+1 (415) 555-0100", "+1 415-555-0100"),
        ("442079460000", "+44 20 7946 0000"),
        ("390612345678", "+39 06 1234 5678"),
        ("919876543210", "+91 98765 43210"),
        ("789", "789"),
        ("00000000000", "00000000000"),
        ("1415555010012345678", "1415555010012345678"),
        ("Sales", "Sales"),
        ("１４１５５５５０１００", "１４１５５５５０１００"),
        ("", ""),
    ],
)
def test_international_formats_phone_numbers(number, expected) -> None:
    """A number that no phone can have is unchanged."""
    assert international(number) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("14155550100", "<tel:+14155550100|+1 415-555-0100>"),
        ("390612345678", "<tel:+390612345678|+39 06 1234 5678>"),
        ("789", "789"),
        ("*67 <x>", "∗67 &lt;x&gt;"),
    ],
)
def test_telephone_links_only_numbers_that_can_be_dialed(number, expected) -> None:
    """Anything else is shown as text."""
    assert phone_link(number) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "john.smith@example.com",
            "<mailto:john.smith@example.com|john.smith@example.com>",
        ),
        ("o'brien+x@ex-ample.co.uk", "<mailto:o'brien+x@ex-ample.co.uk|o'brien+x@ex-ample.co.uk>"),
        ("a&b@example.com", "<mailto:a%26b@example.com|a&amp;b@example.com>"),
        ("a?cc=eve@example.com", "<mailto:a%3Fcc=eve@example.com|a?cc=eve@example.com>"),
        ("j_smith@example.com", "<mailto:j_smith@example.com|j_smith@example.com>"),
        ("_j_@example.com", "`_j_@example.com`"),
        ("john at example.com", "`john at example.com`"),
        ("john@example", "`john@example`"),
        ("a@b.com|https://evil.example", "`a@b.com|https://evil.example`"),
        ("", ""),
    ],
)
def test_email_links_only_addresses(address, expected) -> None:
    """Other texts, and addresses that Slack would format, are exact text; none adds a header."""
    assert email_link(address) == expected
