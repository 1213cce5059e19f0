"""Which snapshot answers: the files in DATA_DIR, and the one that is being filled.

Each reading of the account has a file of its own, numbered. It answers from when it is marked
as complete, in one commit; then the older one goes. So whenever the process is killed, there is
an old one or a new one, and nothing that is half of each.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from bot.directory import changes
from bot.directory.folder import Folder
from bot.directory.snapshot import COMPLETE, Snapshot, Unusable
from bot.models import Extension, Location

log = logging.getLogger(__name__)


class Shelf:
    """The snapshots of one account; `clock` gives epoch seconds.

    `account` names the account and what is hidden: what was made for others is thrown away.
    `current` answers; `filling` is there while the account is read.
    """

    def __init__(
        self, folder: Folder, account: str, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._folder = folder
        self._account = account
        self._clock = clock
        self.current: Snapshot | None = None
        self.filling: Snapshot | None = None
        self._finishing = False
        self._late: list[Extension] = []  # said by Vonage while the new snapshot is finished
        self._single: set[str] = set()  # numbers that came by themselves, not on a page
        self._open()

    def begin(self, locations: Iterable[Location]) -> Snapshot:
        """Begin a new snapshot, beside the one that answers."""
        self.abandon()
        now = self._clock()
        self.filling = Snapshot.create(self._folder.next(), self._account)
        self.filling.note(read_at=now, known_since=now)
        self.filling.place_locations(locations)
        return self.filling

    def put(self, extension: Extension) -> None:
        """Take what Vonage said of one extension just now into all that is known."""
        now, number = self._clock(), extension.number
        if self.current:
            was = self.current.by_number(number)
            changes.noticed(self.current, was.extension if was else None, extension, now)
            self.current.put([extension], now)
        if self._finishing:
            self._late.append(extension)
        elif self.filling:
            self._single.add(number)
            self.filling.put([extension], now)

    def drop(self, number: str) -> None:
        """Take out an extension that Vonage has no longer."""
        if self.current and (was := self.current.by_number(number)):
            changes.noticed(self.current, was.extension, None, self._clock())
            self.current.drop([number])

    def fill(self, extensions: Sequence[Extension], read_at: float) -> None:
        """Put what was read into what is being filled.

        The disk may take its time, so it works in any thread; there is one reading at a time.
        """
        if self.filling:
            with self.filling.apart() as mine:
                mine.hasten()
                mine.put(extensions, read_at)

    def finish(self, fresh: Snapshot, numbers: Collection[str]) -> None:
        """Make ready what was filled: these numbers alone, and what changed.

        It takes a while on a large account, so it works in any thread.
        """
        self._finishing = True
        with fresh.apart() as mine:
            there = {number for (number,) in mine.db.execute("SELECT number FROM extensions")}
            mine.drop(there - set(numbers) - self._single)
            if self.current:
                changes.carry_over(mine.db, self.current.path, self._clock())
            mine.secure()

    def swap(self, fresh: Snapshot) -> None:
        """Let the snapshot that was made ready answer from now on."""
        fresh.db.execute("PRAGMA synchronous = NORMAL")
        fresh.note(state=COMPLETE, completed_at=self._clock())
        old, self.current, self.filling = self.current, fresh, None
        late, self._late, self._finishing = self._late, [], False
        self._single.clear()
        fresh.index.changed()
        for each in late:
            self.put(each)
        if old:
            self._remove(old)

    def abandon(self) -> None:
        """Throw away what is being filled."""
        self._finishing = False
        self._late.clear()
        self._single.clear()
        if self.filling:
            self._remove(self.filling)
            self.filling = None

    def discard(self) -> None:
        """Throw away a damaged snapshot: the account must be read anew."""
        log.error("The copy of the directory is damaged; it is read anew")
        damaged, self.current = self.current, None
        self.abandon()
        if damaged:
            self._remove(damaged)

    def close(self) -> None:
        """Let go of the files; what was only begun goes."""
        self.abandon()
        if self.current:
            self.current.close()
            self.current = None
        self._folder.close()

    def _open(self) -> None:
        """Take the latest complete snapshot; whatever else is there goes."""
        for path in self._folder.newest_first():
            if self.current is None and (found := self._opened(path)):
                self.current = found
            else:
                self._folder.remove(path)

    def _opened(self, path: Path) -> Snapshot | None:
        try:
            found = Snapshot.open(path, self._account)
        except Unusable as why:
            log.warning("An earlier copy of the directory cannot be used: %s", why)
            return None
        if found.about("state") == COMPLETE:
            return found
        found.close()
        return None

    def _remove(self, snapshot: Snapshot) -> None:
        snapshot.close()
        self._folder.remove(snapshot.path)
