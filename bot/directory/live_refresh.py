"""What Vonage is asked in spite of the copy: what is missing from it, and what is wanted anew.

Whatever it says is taken into the copy, so that the next who asks knows it too.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.directory import compare, snapshot_queries
from bot.directory.hidden import HiddenExtensions
from bot.directory.live_lookup import LiveLookup
from bot.directory.store.snapshot_store import SnapshotStore
from bot.errors import SourceError, UnexpectedReply
from bot.models import Extension, Finding, Match, Missing
from bot.query.model import Email, Number, Phone

log = logging.getLogger(__name__)

LookupKey = Number | Phone | Email
CONFIRMED = 2  # missing numbers of which Vonage is asked in a minute
MINUTE = 60.0


class LiveRefresh:
    """Single questions beside the copy; `clock` gives epoch seconds.

    `hidden` extensions are left out and not asked for; `learnt` is called when the copy has
    something new.
    """

    def __init__(
        self,
        live_lookup: LiveLookup,
        snapshots: SnapshotStore,
        *,
        hidden: HiddenExtensions,
        on_change: Callable[[], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._live_lookup = live_lookup
        self._snapshots = snapshots
        self._hidden = hidden
        self._on_change = on_change
        self._clock = clock
        self._confirm_times: deque[float] = deque()

    async def confirm(self, key: LookupKey, *, deadline: float) -> list[Match]:
        """Return what a number finds that the copy lacks: it may be new.

        Only some are asked of Vonage; email addresses are not, because there is nothing new
        about most that are missing: people without an extension have one too.
        """
        if isinstance(key, Email) or self._hidden.covers(key):
            return []
        # What Vonage said of it lately is in the copy already, or is gone since.
        if self._live_lookup.cached(key) or not self._may_confirm():
            return []
        try:
            held = await self._live_lookup.find(key, deadline=deadline)
        except SourceError:
            return []  # the log has why; what is known is the answer
        return self._store(self._hidden.visible(held.value), held.at)

    async def refresh(self, key: LookupKey, *, deadline: float) -> Finding:
        """Return what Vonage says now, or what was known with why it is not newer.

        Raises a `VonageError` where there is neither.
        """
        copy = self._snapshots.current or self._snapshots.building
        known = snapshot_queries.marked(copy, key) if copy else []
        if not known and self._hidden.covers(key):
            return Missing()
        key = self._key_to_ask(key, known)
        try:
            held = await self._live_lookup.find(key, deadline=deadline, force=True)
        except SourceError as error:
            if not known:
                raise
            return snapshot_queries.finding([replace(each, failure=error) for each in known])
        found = self._hidden.visible(held.value)
        if failure := _vonage_failure(held.failure):
            rows = known or [Match(each, held.at) for each in found]
            return snapshot_queries.finding([replace(each, failure=failure) for each in rows])
        return snapshot_queries.finding(
            self._store(found, held.at) or self._matches_after_not_found(key, known)
        )

    def _key_to_ask(self, mark: LookupKey, known: Sequence[Match]) -> LookupKey:
        """Return the mark to ask by.

        The end of a number is none, and some accounts answer no extension numbers.
        """
        if not isinstance(mark, Number) or len(known) != 1:
            return mark
        extension = known[0].extension
        email = extension.user.email.lower() if extension.user else ""
        if self._live_lookup.denies_numbers and email:
            return Email(email, mark.words)
        return Number(extension.number, mark.words)

    def _matches_after_not_found(self, mark: LookupKey, known: list[Match]) -> list[Match]:
        """Return what is left where Vonage has nothing by a mark, which may be no proof."""
        numbers = {each.extension.number for each in known}
        if not (
            isinstance(mark, Number)
            and mark.digits in numbers
            and self._live_lookup.answers_numbers
        ):
            return known
        self._snapshots.drop(mark.digits)
        self._on_change()
        return []

    def _store(self, extensions: Sequence[Extension], at: float) -> list[Match]:
        for each in extensions:
            self._snapshots.put(each)
        if extensions:
            self._on_change()
        return [Match(each, at) for each in compare.in_number_order(extensions)]

    def _may_confirm(self) -> bool:
        now = self._clock()
        # Those of later than now were before the clock was set back.
        while self._confirm_times and not now - MINUTE < self._confirm_times[0] <= now:
            self._confirm_times.popleft()
        if len(self._confirm_times) >= CONFIRMED:
            return False
        self._confirm_times.append(now)
        return True


def _vonage_failure(failure: Exception | None) -> SourceError | None:
    """Return why no newer answer could be had; a fault of ours reaches the log here."""
    if failure is None or isinstance(failure, SourceError):
        return failure
    log.error("A load failed unexpectedly", exc_info=failure)
    return UnexpectedReply()
