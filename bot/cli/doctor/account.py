"""What the first page of the account tells about the settings that shape answers. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import phonenumbers
from phonenumbers import NumberParseException

from bot.cli.doctor.check import Check, hint, ok
from bot.cli.doctor.response_recorder import ResponseRecorder
from bot.models import Extension, Page
from bot.settings import Settings

ENOUGH = 5  # direct numbers, from which a country can be told

LIVE = "as live accounts answer (_embedded.extensions)"
DOCUMENT = "as the published document has it (_embedded.data)"
UNREADABLE = "They are left out. Please tell those who keep Ext."
SMALLER = "Ext copes. Set VONAGE_PAGE_SIZE={size} to say so."
REGION = (
    "Set DEFAULT_REGION={region}, if people here leave that country's code away when they write "
    "a number."
)


def checks(page: Page[Extension], heard: ResponseRecorder, settings: Settings) -> Iterator[Check]:
    """Check what one page of the list shows."""
    count = len(page.items) if page.total_items is None else page.total_items
    yield ok("extensions", f"{count}, read {settings.vonage_page_size} at a time")
    yield ok("envelope", DOCUMENT if "data" in heard.envelope else LIVE)
    if page.skipped:
        yield hint("extensions", f"{page.skipped} of the first page cannot be read", UNREADABLE)
    asked, given = settings.vonage_page_size, page.page_size or settings.vonage_page_size
    if given < asked and count > given:
        seen = f"Vonage gives {given} at a time, whatever is asked"
        yield hint("page size", seen, SMALLER.format(size=given))
    yield from _region(page.items, settings.default_region)


def _region(extensions: Iterable[Extension], region: str) -> Iterator[Check]:
    """Compare countries by their dialling code: +1 is written alike in all of its countries."""
    numbers = [did.phone_number for each in extensions for did in each.dids]
    found = Counter(filter(None, map(_region_of, numbers)))
    if found.total() < ENOUGH:
        return
    (most, count), *_ = found.most_common(1)
    code_of = phonenumbers.country_code_for_region
    if 2 * count > found.total() and code_of(most) != code_of(region):
        seen = f"it is {region}, but {count} of {found.total()} direct numbers are of {most}"
        yield hint("region", seen, REGION.format(region=most))


def _region_of(digits: str) -> str | None:
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(f"+{digits}"))
    except NumberParseException:
        return None
