"""Phone numbers of every country, as its people write them."""

from __future__ import annotations

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from bot.query import parse
from bot.query.model import Phone

FORMATS = (
    PhoneNumberFormat.INTERNATIONAL,
    PhoneNumberFormat.NATIONAL,
    PhoneNumberFormat.E164,
    PhoneNumberFormat.RFC3966,
)
TYPES = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.TOLL_FREE)


def formatted_numbers(region):
    """Yield each example number of a region in each format, with its E.164 digits.

    Numbers as short as an extension are left out: some small countries and islands have national
    numbers of six digits or fewer.
    """
    for kind in TYPES:
        number = phonenumbers.example_number_for_type(region, kind)
        for style in FORMATS:
            if not number:
                continue
            written = phonenumbers.format_number(number, style)
            if sum(char.isdigit() for char in written) > 6 or "+" in written:
                yield written, phonenumbers.format_number(number, PhoneNumberFormat.E164)[1:]


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_example_numbers_of_region_lead_to_e164(region):
    """A number in national, international or E.164 format means its E.164 digits first."""
    for written, e164 in formatted_numbers(region):
        query = parse(written, region=region)
        assert isinstance(query, Phone), written
        assert query.candidates[0] == e164, written
