"""Checks of the account's first page of extensions against the settings, without network calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import phonenumbers
from phonenumbers import NumberParseException

from bot.cli.doctor.check import Check, hint, ok
from bot.cli.doctor.response_recorder import ResponseRecorder
from bot.models import Extension, Page
from bot.settings import Settings

MIN_NUMBERS_FOR_REGION = 5  # direct numbers; with fewer, the account's country is a guess

LIVE = "the one live accounts send (_embedded.extensions)"
DOCUMENTED = "the one in the published document (_embedded.data)"
UNREADABLE = "Ext leaves them out. Please tell the maintainers."
SMALLER_PAGES = "Ext copes with it. Set VONAGE_PAGE_SIZE={size} to match."
REGION = "Set DEFAULT_REGION={region} if people here write numbers without that country's code."


def checks(
    page: Page[Extension], recorder: ResponseRecorder, settings: Settings
) -> Iterator[Check]:
    """Check the size, the format and the country of an account by one page of its extensions."""
    count = len(page.items) if page.total_items is None else page.total_items
    yield ok("extensions", f"{count}, read {settings.vonage_page_size} at a time")
    yield ok("envelope", DOCUMENTED if "data" in recorder.envelope else LIVE)
    if page.skipped:
        yield hint("extensions", f"{page.skipped} on the first page can't be read", UNREADABLE)
    requested = settings.vonage_page_size
    received = page.page_size or requested
    if received < requested and count > received:
        seen = f"Vonage returns {received} at a time, although Ext asks for {requested}"
        yield hint("page size", seen, SMALLER_PAGES.format(size=received))
    yield from _region(page.items, settings.default_region)


def _region(extensions: Iterable[Extension], region: str) -> Iterator[Check]:
    """Compare the country of most direct numbers with the setting, by country calling code.

    Countries that share a code, such as the US and Canada with +1, write numbers the same way.
    """
    numbers = [did.phone_number for extension in extensions for did in extension.dids]
    regions = Counter(filter(None, map(_region_of, numbers)))
    total = regions.total()
    if total < MIN_NUMBERS_FOR_REGION:
        return
    (usual, count), *_ = regions.most_common(1)
    calling_code = phonenumbers.country_code_for_region
    if 2 * count > total and calling_code(usual) != calling_code(region):
        seen = f"DEFAULT_REGION is {region}, but {count} of {total} direct numbers are in {usual}"
        yield hint("region", seen, REGION.format(region=usual))


def _region_of(digits: str) -> str | None:
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(f"+{digits}"))
    except NumberParseException:
        return None
