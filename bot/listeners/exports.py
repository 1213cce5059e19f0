"""An export: the file is written beside everything else that goes on, and sent to who asked.

Whoever asked is told what comes of it, in the same place and by the same way as an answer.
"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Awaitable, Callable, Hashable
from typing import IO

from bot.cards import export_notices as said
from bot.cards import notices
from bot.cards.message import Message
from bot.errors import SlackUnavailable
from bot.listeners.deduplication import Deduplicator
from bot.lookup import export
from bot.lookup.export import ExportRows
from bot.lookup.request import new_reference
from bot.slack.api import TRANSIENT, SlackRefused
from bot.slack.files import SlackFiles
from bot.slack.people import Asker

log = logging.getLogger(__name__)

Tell = Callable[[Message], Awaitable[None]]

# Seconds after which somebody is told how far it is; a response_url takes five messages in all.
PROGRESS_AFTER = (6.0, 30.0, 120.0)


async def send(
    rows: ExportRows,
    asker: Asker,
    *,
    uploads: SlackFiles,
    once: Deduplicator,
    request: Hashable,
    tell: Tell,
    clock: Callable[[], float] = time.time,
) -> None:
    """Write rows into a file and send it to whoever asked, once for each request.

    `request` is what makes a request itself when it comes again (its trigger or event id),
    `tell` says something where it was asked. Only for whom `Access.is_admin` has let in.
    """
    if not once.begin(("export", asker.user_id, request)):
        await tell(said.already_started())
        return
    if not rows.total:
        await tell(said.nothing_to_export())
        return
    try:
        # Slack is asked for the place before anything is written.
        channel = await uploads.open_direct_message(asker.user_id)
        count = await _send(rows, channel, uploads, _Progress(rows.total, tell, clock))
    except SlackUnavailable as failure:
        refused = isinstance(failure, SlackRefused) and failure.code not in TRANSIENT
        log.error("An export could not be sent: %s", str(failure) or "no answer from Slack")
        once.undo(("export", asker.user_id, request))
        await tell(said.failed(is_refused=refused))
    except Exception:
        mark = new_reference()
        log.exception("An export failed (reference %s)", mark)
        once.undo(("export", asker.user_id, request))
        await tell(notices.unexpected(mark))
    else:
        log.info("An export was sent")
        if asker.channel_id != channel:  # where it is seen that it has come
            await tell(said.sent(count))


async def _send(rows: ExportRows, channel: str, uploads: SlackFiles, progress: _Progress) -> int:
    """Send the rows to a channel, and return how many they were."""
    # On the disk, readable by us alone and gone when it is closed: a large one is tens of MB.
    with tempfile.TemporaryFile() as file:
        count = await _write(rows, file, progress)
        now = progress.clock()
        comment = said.file_comment(count, read_at=rows.read_at, now=now).text
        await uploads.send(file, name=export.name(now), channel=channel, comment=comment)
    return count


async def _write(rows: ExportRows, file: IO[bytes], progress: _Progress) -> int:
    count = 0
    async for piece, count in export.written(rows):
        file.write(piece)
        await progress.at(count)
    return count


class _Progress:
    """Says how far a long export is, a few times at most."""

    def __init__(self, total: int, tell: Tell, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._total = total
        self._tell = tell
        self._begun = clock()
        self._due = list(PROGRESS_AFTER)

    async def at(self, count: int) -> None:
        """Say that so many rows are written, if it is time for that."""
        if self._due and count < self._total and self.clock() - self._begun >= self._due[0]:
            self._due.pop(0)
            await self._tell(said.progress(count, self._total))
