"""Reads the envelope of a response: its rows and its paging. Pure.

Live responses carry `_embedded.extensions` (an array) or `_embedded.extension` (an object). The
published document says `_embedded.data`, an object in both cases. All three keys are accepted for
a list and for a single extension. Of `_links` only the existence of `next` is read: pages are
requested by number, because a link can lead to another host, which would get the token.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import UnexpectedReply

# A count, a code or a time in seconds has fewer digits than this.
_NUMBER = re.compile(r"\s{0,9}[+-]?\d{1,20}(\.\d{0,20})?\s{0,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class EnvelopeRows:
    """The raw rows of a response and its paging; a count is `None` where it is missing."""

    rows: tuple[Any, ...]
    page: int | None = None
    page_size: int | None = None
    total_pages: int | None = None
    total_items: int | None = None
    has_next: bool = False


def rows(body: Mapping[str, Any], names: Sequence[str]) -> EnvelopeRows:
    """Return the rows under the first of `names` that the envelope has.

    A response without rows is accepted only if it says that there are none: by an empty array
    or a null that no count contradicts, by a count of zero, or by being a page past the end.
    Raises `UnexpectedReply` otherwise, because a response that was not understood must not look
    like an empty directory.
    """
    embedded = body.get("_embedded")
    content = embedded if isinstance(embedded, dict) else {}
    name = next((name for name in names if name in content), None)
    envelope = EnvelopeRows(
        () if name is None else _as_rows(content[name]),
        page=to_int(body.get("page")),
        page_size=to_int(body.get("page_size")),
        # The Reports API writes total_page; this one total_pages.
        total_pages=to_int(body.get("total_pages", body.get("total_page"))),
        total_items=to_int(body.get("total_items")),
        has_next=_has_next(body.get("_links")),
    )
    if envelope.rows or _says_none(envelope, has_key=name is not None):
        return envelope
    raise UnexpectedReply("The response carries no rows and does not say that there are none.")


def _has_next(links: Any) -> bool:
    link = links.get("next") if isinstance(links, dict) else None
    return bool(link.get("href") if isinstance(link, dict) else link)


def _as_rows(value: Any) -> tuple[Any, ...]:
    if value is None:
        return ()
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, dict):
        return (value,)
    raise UnexpectedReply("The response's rows are neither an array nor an object.")


def _says_none(envelope: EnvelopeRows, *, has_key: bool) -> bool:
    """Whether a response without rows says that there are none.

    `has_key` is whether the envelope has the key under which rows would be.
    """
    total = envelope.total_pages if envelope.total_items is None else envelope.total_items
    if total == 0 or _is_past_the_end(envelope):
        return True
    return has_key and envelope.total_items is None and (envelope.total_pages or 0) <= 1


def _is_past_the_end(envelope: EnvelopeRows) -> bool:
    """Whether the page is after the last one, by either of the API's counts."""
    if envelope.page is None or envelope.page <= 1:
        return False  # page 1 always exists, whatever the counts say
    if envelope.total_pages is not None and envelope.page > envelope.total_pages:
        return True
    if envelope.total_items is None or envelope.page_size is None:
        return False
    return (envelope.page - 1) * envelope.page_size >= envelope.total_items


def to_int(value: Any) -> int | None:
    """Return an integer that the API may send as an integer, a float or a text; else `None`."""
    if isinstance(value, bool) or (isinstance(value, str) and not _NUMBER.fullmatch(value)):
        return None
    try:
        return int(float(value))
    except (TypeError, ValueError, OverflowError):
        return None
