"""Exports: the CSV file is written in the background and sent to the admin who asked.

Notices about the export go where its answer would go.
"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable, Hashable
from typing import IO

from bot.cards import export_notices
from bot.clocks import Clock
from bot.errors import SlackUnavailable
from bot.limits import EXPORT_PROGRESS_S
from bot.listeners.context import Notify
from bot.listeners.deduplication import Deduplicator
from bot.lookup import export
from bot.lookup.error_messages import unexpected_notice
from bot.lookup.export import ExportRows
from bot.slack.api import is_permanent
from bot.slack.files import SlackFiles
from bot.slack.people import Asker

log = logging.getLogger(__name__)


async def send(
    rows: ExportRows,
    asker: Asker,
    *,
    files: SlackFiles,
    deduplicator: Deduplicator,
    delivery_id: Hashable,
    notify: Notify,
    contact: str = "",
    on_sent: Callable[[int], None] = lambda _: None,
    clock: Clock = time.monotonic,
    wall_clock: Clock = time.time,
) -> None:
    """Write rows into a file and send it to the asker, once for each request.

    `delivery_id` is the same if Slack delivers the request again. `notify` sends a notice to the
    conversation where the export was requested. `contact` names whom to ask for help. `on_sent` is
    called with the number of extensions once the file is sent. Callers must have checked that the
    asker is an admin. `clock` measures durations; `wall_clock` gives
    epoch seconds.
    """
    key = ("export", asker.user_id, delivery_id)
    if not await deduplicator.begin(key):
        await notify(export_notices.already_started())
        return
    if not rows.total:
        await notify(export_notices.nothing_to_export())
        return
    progress = _Progress(rows.total, notify, clock)
    try:
        # This comes first, so that no file is written if Slack wouldn't let it be sent.
        channel = await files.open_direct_message(asker.user_id)
        count = await _write_and_send(rows, channel, files, progress, wall_clock)
    except SlackUnavailable as error:
        log.error("An export could not be sent: %s", str(error) or "no answer from Slack")
        await deduplicator.undo(key)
        await notify(export_notices.failed(is_refused=is_permanent(error), contact=contact))
    except Exception as error:
        await deduplicator.undo(key)
        await notify(unexpected_notice(error, contact))
    else:
        log.info("An export was sent")
        on_sent(count)
        if asker.channel_id != channel:  # in the direct message, people see the file itself
            await notify(export_notices.sent(count))


async def _write_and_send(
    rows: ExportRows, channel: str, files: SlackFiles, progress: _Progress, wall_clock: Clock
) -> int:
    """Send the rows to a channel as a file, and return how many they were."""
    # A large export is tens of megabytes, so it is written to disk, into a file without a name
    # that the system deletes when it is closed.
    with tempfile.TemporaryFile() as file:
        count = await _write(rows, file, progress)
        now = wall_clock()
        comment = export_notices.file_comment(count, read_at=rows.read_at, now=now).text
        await files.send(file, name=export.file_name(now), channel=channel, comment=comment)
    return count


async def _write(rows: ExportRows, file: IO[bytes], progress: _Progress) -> int:
    count = 0
    async for chunk, count in export.stream_csv_chunks(rows):
        file.write(chunk)
        await progress.report(count)
    return count


class _Progress:
    """Sends notices about the progress of a long export, after the times in `EXPORT_PROGRESS_S`."""

    def __init__(self, total: int, notify: Notify, clock: Clock) -> None:
        self._clock = clock
        self._total = total
        self._notify = notify
        self._started_at = self._clock()
        self._due_s = list(EXPORT_PROGRESS_S)

    async def report(self, count: int) -> None:
        """Send a notice that `count` rows are written, if one is due."""
        is_due = self._due_s and self._clock() - self._started_at >= self._due_s[0]
        if is_due and count < self._total:
            self._due_s.pop(0)
            await self._notify(export_notices.progress(count, self._total))
