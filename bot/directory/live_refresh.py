"""Asks Vonage although there is a snapshot: for a missing number, or because somebody refreshes.

The answer is also stored in the snapshot, so the next query finds it without a call.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot import limits
from bot.clocks import Clock
from bot.directory import compare
from bot.directory.compare import LookupKey
from bot.directory.live_lookup import LiveLookup
from bot.directory.store.snapshot_store import SnapshotStore
from bot.errors import Contradiction, SourceError, UnexpectedReply
from bot.models import Extension, Finding, Listing, Match, to_finding
from bot.query.model import Email, Number
from bot.tasks import Tasks

log = logging.getLogger(__name__)

MINUTE_S = 60.0


class LiveRefresh:
    """Looks up single keys in Vonage and updates the snapshot; `clock` measures durations.

    `on_change` is called after the snapshot has changed.
    """

    def __init__(
        self,
        live_lookup: LiveLookup,
        snapshots: SnapshotStore,
        on_change: Callable[[], None],
        *,
        clock: Clock = time.monotonic,
    ) -> None:
        self._live_lookup = live_lookup
        self._snapshots = snapshots
        self._on_change = on_change
        self._clock = clock
        self._confirm_times: deque[float] = deque()
        self._tasks: Tasks | None = None
        self._keys_to_ask_again: set[LookupKey] = set()

    def start(self, tasks: Tasks) -> None:
        """Let contradictions be checked in the background, by these tasks."""
        self._tasks = tasks

    async def confirm(self, key: LookupKey, *, deadline: float) -> list[Match]:
        """Return what Vonage has for a number that the snapshot lacks, because it may be new.

        Only a few numbers a minute are confirmed; the others count as missing. Email addresses
        are not confirmed at all: people without an extension have an address in Slack too, so
        the call would nearly always be wasted.
        """
        if isinstance(key, Email):
            return []
        # A cached result is in the snapshot already, or was removed from it since.
        if self._live_lookup.cached(key) or not self._may_confirm():
            return []
        try:
            entry = await self._live_lookup.find(key, deadline=deadline)
        except SourceError:
            return []  # already logged; the snapshot's "missing" is the answer
        return self._store(entry.value, entry.at)

    async def refresh(self, key: LookupKey, *, deadline: float) -> Finding:
        """Return what Vonage says now; if Vonage fails, the last known answer with the failure.

        If Vonage's answer contradicts what is known, it is asked again after a while. Raises a
        `SourceError` if Vonage fails and nothing is known.
        """
        finding = await self._refresh(key, deadline)
        matches = finding.matches if isinstance(finding, Listing) else (finding,)
        if any(
            isinstance(match, Match) and isinstance(match.failure, Contradiction)
            for match in matches
        ):
            self._ask_again_later(key)
        return finding

    async def _refresh(self, key: LookupKey, deadline: float) -> Finding:
        snapshot = self._snapshots.current or self._snapshots.building
        matches = snapshot.by_key(key) if snapshot else []
        key = self._key_to_ask(key, matches)
        try:
            entry = await self._live_lookup.find(key, deadline=deadline, force=True)
        except SourceError as error:
            if not matches:
                raise
            return to_finding([replace(match, failure=error) for match in matches])
        found = entry.value
        if failure := _as_source_error(entry.failure):
            matches = matches or [Match(extension, entry.at) for extension in found]
            return to_finding([replace(match, failure=failure) for match in matches])
        return to_finding(
            self._store(found, entry.at) or self._matches_after_not_found(key, matches)
        )

    def _ask_again_later(self, key: LookupKey) -> None:
        """Start one more call for a key, unless it or too many others are waiting already.

        Without that call, the next refresh or the next reading brings the second answer.
        """
        waiting = self._keys_to_ask_again
        if self._tasks is None or key in waiting:
            return
        if len(waiting) < limits.MAX_PENDING_CONTRADICTIONS:
            waiting.add(key)
            self._tasks.start(self._ask_again(key), name="second answer", background=True)

    async def _ask_again(self, key: LookupKey) -> None:
        try:
            await asyncio.sleep(limits.CONTRADICTION_PAUSE_S)
            deadline = asyncio.get_running_loop().time() + limits.VONAGE_CALL_TIMEOUT_S
            await self._refresh(key, deadline)
        except SourceError:
            pass  # already logged; the known card stays until the next answer
        finally:
            self._keys_to_ask_again.discard(key)

    def _key_to_ask(self, key: LookupKey, matches: Sequence[Match]) -> LookupKey:
        """Return the key by which Vonage can find the extension.

        A number may be the ending of a direct number, which the API cannot look up, and some
        accounts don't find extensions by their number.
        """
        if not isinstance(key, Number) or len(matches) != 1:
            return key
        extension = matches[0].extension
        email = extension.user.email.lower() if extension.user else ""
        if self._live_lookup.denies_numbers and email:
            return Email(email, key.typed)
        return Number(extension.number, key.typed)

    def _matches_after_not_found(self, key: LookupKey, matches: list[Match]) -> list[Match]:
        """Return what remains of the known matches after Vonage found nothing for the key.

        Only a 404 for an extension's own number proves that it is gone, and only in an account
        that answers numbers at all. A filter that finds nothing may have been ignored.
        """
        numbers = {match.extension.number for match in matches}
        if not isinstance(key, Number) or key.digits not in numbers:
            return matches
        if not self._live_lookup.answers_numbers:
            return matches
        self._snapshots.drop(key.digits)
        self._on_change()
        return []

    def _store(self, extensions: Sequence[Extension], at: float) -> list[Match]:
        for extension in extensions:
            self._snapshots.put(extension)
        if extensions:
            self._on_change()
        return [Match(extension, at) for extension in compare.in_number_order(extensions)]

    def _may_confirm(self) -> bool:
        """Count one confirmation, if the last minute leaves room for it."""
        now, times = self._clock(), self._confirm_times
        while times and times[0] <= now - MINUTE_S:
            times.popleft()
        if len(times) >= limits.MAX_CONFIRMATIONS_PER_MINUTE:
            return False
        times.append(now)
        return True


def _as_source_error(failure: Exception | None) -> SourceError | None:
    """Return why the latest load failed. An error in our own code is logged here."""
    if failure is None or isinstance(failure, SourceError):
        return failure
    log.error("A load failed unexpectedly", exc_info=failure)
    return UnexpectedReply()
