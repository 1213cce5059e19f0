"""Removes the counts of a page that cannot be true: an absurd total is no total."""

from __future__ import annotations

from dataclasses import replace

from bot.limits import MAX_EXTENSIONS
from bot.models import Extension, Page


def with_possible_counts(page: Page[Extension]) -> Page[Extension]:
    """Return a page without the counts that are negative, too large, or below its own rows."""
    rows = len(page.items) + page.skipped
    size, pages, total = page.page_size, page.total_pages, page.total_items
    return replace(
        page,
        page_size=size if _is_possible(size, 1) else None,
        total_pages=pages if _is_possible(pages, min(rows, 1)) else None,
        total_items=total if _is_possible(total, rows) else None,
    )


def _is_possible(count: int | None, least: int) -> bool:
    return count is not None and least <= count <= MAX_EXTENSIONS
