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
from bot.directory.hidden import Hidden
from bot.directory.live_lookup import LiveLookup
from bot.directory.store.snapshot_store import SnapshotStore
from bot.errors import SourceError, UnexpectedReply
from bot.models import Extension, Finding, Match, Missing
from bot.query.model import Email, Number, Phone

log = logging.getLogger(__name__)

Mark = Number | Phone | Email
CONFIRMED = 2  # missing numbers of which Vonage is asked in a minute
MINUTE = 60.0


class LiveRefresh:
    """Single questions beside the copy; `clock` gives epoch seconds.

    `hidden` extensions are left out and not asked for; `learnt` is called when the copy has
    something new.
    """

    def __init__(
        self,
        points: LiveLookup,
        shelf: SnapshotStore,
        *,
        hidden: Hidden,
        learnt: Callable[[], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._points = points
        self._shelf = shelf
        self._hidden = hidden
        self._has_learnt = learnt
        self._clock = clock
        self._confirmed: deque[float] = deque()

    async def confirm(self, mark: Mark, *, deadline: float) -> list[Match]:
        """Return what a number finds that the copy lacks: it may be new.

        Only some are asked of Vonage; email addresses are not, because there is nothing new
        about most that are missing: people without an extension have one too.
        """
        if isinstance(mark, Email) or self._hidden.covers(mark):
            return []
        # What Vonage said of it lately is in the copy already, or is gone since.
        if self._points.known(mark) or not self._may_confirm():
            return []
        try:
            held = await self._points.find(mark, deadline=deadline)
        except SourceError:
            return []  # the log has why; what is known is the answer
        return self._learn(self._hidden.visible(held.value), held.at)

    async def refresh(self, mark: Mark, *, deadline: float) -> Finding:
        """Return what Vonage says now, or what was known with why it is not newer.

        Raises a `VonageError` where there is neither.
        """
        copy = self._shelf.current or self._shelf.filling
        known = snapshot_queries.marked(copy, mark) if copy else []
        if not known and self._hidden.covers(mark):
            return Missing()
        mark = self._askable(mark, known)
        try:
            held = await self._points.find(mark, deadline=deadline, force=True)
        except SourceError as error:
            if not known:
                raise
            return snapshot_queries.finding([replace(each, failure=error) for each in known])
        found = self._hidden.visible(held.value)
        if failure := _vonage_failure(held.failure):
            rows = known or [Match(each, held.at) for each in found]
            return snapshot_queries.finding([replace(each, failure=failure) for each in rows])
        return snapshot_queries.finding(self._learn(found, held.at) or self._missed(mark, known))

    def _askable(self, mark: Mark, known: Sequence[Match]) -> Mark:
        """Return the mark to ask by.

        The end of a number is none, and some accounts answer no extension numbers.
        """
        if not isinstance(mark, Number) or len(known) != 1:
            return mark
        extension = known[0].extension
        email = extension.user.email.lower() if extension.user else ""
        if self._points.denies_numbers and email:
            return Email(email, mark.typed)
        return Number(extension.number, mark.typed)

    def _missed(self, mark: Mark, known: list[Match]) -> list[Match]:
        """Return what is left where Vonage has nothing by a mark, which may be no proof."""
        numbers = {each.extension.number for each in known}
        if not (isinstance(mark, Number) and mark.digits in numbers and self._points.is_by_number):
            return known
        self._shelf.drop(mark.digits)
        self._has_learnt()
        return []

    def _learn(self, extensions: Sequence[Extension], at: float) -> list[Match]:
        for each in extensions:
            self._shelf.put(each)
        if extensions:
            self._has_learnt()
        return [Match(each, at) for each in compare.by_number(extensions)]

    def _may_confirm(self) -> bool:
        now = self._clock()
        # Those of later than now were before the clock was set back.
        while self._confirmed and not now - MINUTE < self._confirmed[0] <= now:
            self._confirmed.popleft()
        if len(self._confirmed) >= CONFIRMED:
            return False
        self._confirmed.append(now)
        return True


def _vonage_failure(failure: Exception | None) -> SourceError | None:
    """Return why no newer answer could be had; a fault of ours reaches the log here."""
    if failure is None or isinstance(failure, SourceError):
        return failure
    log.error("A load failed unexpectedly", exc_info=failure)
    return UnexpectedReply()
