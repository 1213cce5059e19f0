"""The envelope of a reply: which rows it carries and where in the list they stand. Pure.

Live answers carry `_embedded.extensions` (an array) or `_embedded.extension` (an object);
the published document says `_embedded.data`, an object for both. Each is read for each.
Of `_links` only whether there is a next page is read: pages are asked for by number, because
a link can lead to another host, which would be given the token.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.errors import UnexpectedReply


@dataclass(frozen=True, slots=True)
class EnvelopeRows:
    """The raw rows of a reply and its paging; counts are `None` where it did not say."""

    rows: tuple[Any, ...]
    page: int | None = None
    page_size: int | None = None
    total_pages: int | None = None
    total_items: int | None = None
    has_next: bool = False


def rows(body: Mapping[str, Any], names: Sequence[str]) -> EnvelopeRows:
    """Return the rows under the first of `names` that the envelope has.

    No rows is a good answer only where the reply says so: by an empty array or a null while
    no count speaks of rows, by a count of zero, or on a page past the end. Raises
    `UnexpectedReply` otherwise, because a reply that was not understood must not look like an
    empty directory.
    """
    embedded = body.get("_embedded")
    named = embedded if isinstance(embedded, dict) else {}
    name = next((each for each in names if each in named), None)
    told = EnvelopeRows(
        () if name is None else _as_rows(named[name]),
        page=to_int(body.get("page")),
        page_size=to_int(body.get("page_size")),
        # The sibling APIs write total_page; the list itself total_pages.
        total_pages=to_int(body.get("total_pages", body.get("total_page"))),
        total_items=to_int(body.get("total_items")),
        has_next=_has_next(body.get("_links")),
    )
    if told.rows or _says_none(told, named=name is not None):
        return told
    raise UnexpectedReply("The reply carries no rows and does not say that there are none.")


def _has_next(links: Any) -> bool:
    following = links.get("next") if isinstance(links, dict) else None
    return bool(following.get("href") if isinstance(following, dict) else following)


def _as_rows(value: Any) -> tuple[Any, ...]:
    if value is None:
        return ()
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, dict):
        return (value,)
    raise UnexpectedReply("The reply's rows are neither an array nor an object.")


def _says_none(told: EnvelopeRows, *, named: bool) -> bool:
    """Whether a reply without rows says that there are none; `named` if it has their place."""
    count = told.total_pages if told.total_items is None else told.total_items
    if count == 0 or _past_the_end(told):
        return True
    return named and told.total_items is None and (told.total_pages or 0) <= 1


def _past_the_end(told: EnvelopeRows) -> bool:
    """Whether a page lies behind the last one, whose number may be told too high."""
    if told.page is None or told.page <= 1:
        return False  # the first page is there, whatever the counts say
    if told.total_pages is not None and told.page > told.total_pages:
        return True
    if told.total_items is None or told.page_size is None:
        return False
    return (told.page - 1) * told.page_size >= told.total_items


def to_int(value: Any) -> int | None:
    """Return a whole number that may come as a number, a float or a text; else `None`."""
    try:
        return int(float(value)) if not isinstance(value, bool) else None
    except (TypeError, ValueError, OverflowError):
        return None
