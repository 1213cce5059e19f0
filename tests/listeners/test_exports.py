"""Exports: the file in a direct message, once for each request, and what can go wrong."""

from __future__ import annotations

import asyncio
import csv
import io
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.cards import export_notices
from bot.cards.blocks import Message
from bot.cards.notices import UNEXPECTED
from bot.listeners import exports
from bot.listeners.deduplication import Deduplicator
from bot.lookup.export import ExportRows
from bot.models import Match
from bot.sandbox.server import serving
from bot.sandbox.slack.app import create_slack
from bot.sandbox.slack.members import BOT_TOKEN
from bot.sandbox.slack.workspace import Workspace
from bot.slack.files import SlackFiles
from bot.slack.people import Asker
from tests.cards.checked import checked
from tests.cards.examples import JOHN, LOCATIONS, NOW, RING_GROUP
from tests.clock import Clock

ADMIN = Asker("U0ADMIN", channel_id="C0GENERAL")
ROWS = ExportRows((Match(JOHN, NOW - 250), Match(RING_GROUP, NOW)), 2, LOCATIONS, read_at=NOW - 250)


@dataclass
class ExportRun:
    """The services that an export needs, and the notices that it gave."""

    slack: Workspace
    files: SlackFiles
    deduplicator: Deduplicator = field(default_factory=Deduplicator)
    notices: list[str] = field(default_factory=list)

    async def notify(self, message: Message) -> None:
        """Record a notice for the person who asked."""
        self.notices.append(checked(message).text)

    async def export(
        self,
        rows: ExportRows = ROWS,
        asker: Asker = ADMIN,
        delivery_id: str = "t1",
        clock: Callable[[], float] = lambda: NOW,
    ) -> None:
        """Export as the listeners do."""
        await exports.send(
            rows,
            asker,
            files=self.files,
            deduplicator=self.deduplicator,
            delivery_id=delivery_id,
            notify=self.notify,
            clock=clock,
            wall_clock=lambda: NOW,
        )


@pytest.fixture
async def run() -> AsyncIterator[ExportRun]:
    """A workspace with the bot in it."""
    workspace = Workspace()
    async with serving(create_slack(workspace)) as url, aiohttp.ClientSession() as session:
        client = AsyncWebClient(BOT_TOKEN, f"{url}/api/", session=session)
        yield ExportRun(workspace, SlackFiles(client, session))


async def test_export_is_sent_as_file_in_direct_message(run):
    """The file is whole and has a comment, and nobody else sees it."""
    await run.export()
    [message] = run.slack.visible_messages("U0ADMIN", "D0ADMIN")
    assert message.text == export_notices.file_comment(2, read_at=NOW - 250, now=NOW).text
    [file] = run.slack.files.shared
    assert (file.name, file.channel) == ("directory 2026-09-21.csv", "D0ADMIN")
    text = (file.content or b"").decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(text))] == ["Extension", "789", "1001"]
    assert run.notices == [export_notices.sent(2).text]
    assert run.slack.visible_messages("U0JOHN", "D0ADMIN") == []
    assert [call.method for call in run.slack.calls] == [
        "conversations.open",
        "files.getUploadURLExternal",
        "files.completeUploadExternal",
    ]
    run.slack.check()


async def test_export_asked_for_in_direct_message_gives_no_notice(run):
    """The file comes where it was asked for, so no notice says where it is."""
    await run.export(asker=Asker("U0ADMIN", channel_id="D0ADMIN"))
    assert len(run.slack.files.shared) == 1
    assert run.notices == []


async def test_large_export_is_sent_whole(run):
    """Megabytes arrive as a few bytes do."""
    count = 20_000
    await run.export(ExportRows((Match(JOHN, NOW) for _ in range(count)), count, LOCATIONS))
    [file] = run.slack.files.shared
    assert len(file.content or b"") == file.size > 2_000_000
    assert (file.content or b"").count(b"\r\n") == count + 1
    run.slack.check()


async def test_request_delivered_again_is_exported_once(run):
    """Another request is exported, and so is one with the same id by somebody else."""
    for delivery_id in ("t1", "t1", "t2"):
        await run.export(delivery_id=delivery_id)
    await run.export(asker=Asker("U0JOHN"), delivery_id="t1")
    assert len(run.slack.files.shared) == 3
    assert run.notices[1] == export_notices.ALREADY_STARTED


async def test_export_without_rows_sends_no_file(run):
    """An empty export leads to a notice, and no call of Slack's API."""
    await run.export(ExportRows((), 0))
    assert run.notices == [export_notices.NOTHING_TO_EXPORT]
    assert run.slack.calls == []


async def test_long_export_reports_its_progress(run):
    """There are a few reports at most, however long the export takes."""
    clock = Clock(NOW)

    def slow_rows():
        for _ in range(10_000):
            clock.advance(0.125)
            yield Match(JOHN, NOW)

    await run.export(ExportRows(slow_rows(), 10_000, LOCATIONS), clock=clock)
    *progress, last = run.notices
    assert progress == [export_notices.progress(n, 10_000).text for n in (50, 250, 1_000)]
    assert last == export_notices.sent(10_000).text


@pytest.mark.parametrize("scope", ["files:write", "im:write"])
async def test_missing_scope_gives_a_notice_for_the_operator(run, scope):
    """The notice says who can change it, and the same request can be tried again."""
    run.slack.scopes = (scope,)
    await run.export()
    assert run.notices == [export_notices.failed(is_refused=True).text]
    run.slack.scopes = ("files:write", "im:write")
    await run.export()
    assert len(run.slack.files.shared) == 1


@pytest.mark.parametrize(
    "path", ["conversations.open", "getUploadURLExternal", "/upload/", "completeUploadExternal"]
)
@pytest.mark.parametrize("fault", ["down", "ratelimited"])
async def test_failure_of_slack_gives_one_notice(run, path, fault):
    """At whichever step Slack fails, the person can try again, and the next try works."""
    run.slack.faults.on(fault, path=path)
    await run.export()
    assert run.notices == [export_notices.failed(is_refused=False).text]
    run.slack.faults.off()
    await run.export()
    assert len(run.slack.files.shared) == 1


async def test_unexpected_error_gives_a_notice_with_a_reference(run, caplog):
    """The log has the reference of the notice, and no file is sent."""

    def failing_rows():
        yield Match(JOHN, NOW)
        raise RuntimeError("disk")

    await run.export(ExportRows(failing_rows(), 2))
    assert run.notices[0].startswith(UNEXPECTED)
    reference = run.notices[0].rpartition(" ")[2]
    assert reference in caplog.text
    assert run.slack.files.shared == []


async def test_log_of_export_has_nothing_personal(run, caplog):
    """The log says neither to whom an export was sent nor what was in it."""
    caplog.set_level(logging.INFO)
    await run.export()
    run.slack.faults.on("down", path="/upload/")
    await run.export(delivery_id="t2")
    records = [record for record in caplog.records if record.name.startswith("bot.")]
    log = " ".join(record.getMessage() for record in records)
    assert "An export was sent" in log
    assert "status 503" in log
    for secret in ("Smith", "smith", "415", "U0ADMIN", "D0ADMIN", "upload/F0"):
        assert secret not in log


async def test_event_loop_runs_while_an_export_is_written(run):
    """The event loop is never blocked for long, so others are answered meanwhile."""
    turns = 0

    async def count_turns() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    task = asyncio.create_task(count_turns())
    await run.export(ExportRows((Match(JOHN, NOW) for _ in range(5_000)), 5_000, LOCATIONS))
    task.cancel()
    assert turns >= 100
