"""Checks of the account's first page of extensions against the settings, without network calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import phonenumbers
from phonenumbers import NumberParseException

from bot.cli.doctor.check import Check, fix, hint, ok
from bot.cli.doctor.response_recorder import ResponseRecorder
from bot.directory.sync.sample import ListSample
from bot.models import Extension, Page
from bot.settings import Settings

MIN_NUMBERS_FOR_REGION = 5  # direct numbers; with fewer, the account's country is a guess

LIVE = "the one live accounts send (_embedded.extensions)"
DOCUMENTED = "the one in the published document (_embedded.data)"
UNREADABLE = "Ext leaves them out. Please tell the maintainers."
CONTRADICTORY = (
    "Ext can't copy such a list: it answers from what it can read, with a warning. Check that "
    "VONAGE_BASE_URL leads to the API itself, not to a mock of it, then tell Vonage's support."
)
MAY_BE_CONTRADICTORY = (
    "Ext reads such a list twice. If `status` in Slack says that it contradicts itself, tell "
    "Vonage's support."
)
IGNORED_COUNTS = "Ext ignores such counts, and reads until no new extensions come."
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


def list_checks(sample: ListSample) -> Iterator[Check]:
    """Compare what the list of extensions says of itself with the rows of its first pages."""
    says = f"the list says that it has {_counts(sample)}"
    if sample.repeats:
        yield fix("list", f"{says}, but every page has the same rows", CONTRADICTORY)
    elif sample.is_wrong_total and not sample.has_impossible_count:
        seen = f"{says}, but {sample.rows:,} came, on {sample.pages} of its pages"
        yield hint("list", seen, MAY_BE_CONTRADICTORY)
    if sample.has_impossible_count:
        yield hint("list", f"{says}, which can't be true", IGNORED_COUNTS)


def _counts(sample: ListSample) -> str:
    """Return `100 extensions on 10 pages`, or as much of it as the list says."""
    extensions = "" if sample.total is None else f"{sample.total:,} extensions"
    pages = "" if sample.stated_pages is None else f"{sample.stated_pages:,} pages"
    return " on ".join(filter(None, [extensions, pages]))


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
