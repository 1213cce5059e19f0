"""Hidden extensions (HIDDEN_EXTENSIONS): dropped wherever a source's rows come in.

Pages of a sync and results of live lookups pass through `visible` before anything stores or caches
them. So no later step has to know which extensions are hidden, and a query for one takes the same
steps as a query for an extension that doesn't exist: the same calls, time and answer. A hidden
extension that cost less (or more) than a missing one could be told apart from it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.models import Extension


def visible(extensions: Iterable[Extension], hidden: Collection[str]) -> tuple[Extension, ...]:
    """Return the extensions whose numbers are not in `hidden`, in the same order."""
    return tuple(row for row in extensions if row.number not in hidden)
