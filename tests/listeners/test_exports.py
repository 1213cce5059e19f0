"""An export from its rows to the file in a direct message, over the stand-in for Slack."""

from __future__ import annotations

import asyncio
import csv
import io
import logging
from collections.abc import AsyncIterator
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
    """What an export needs, and the notices that it gave."""

    slack: Workspace
    files: SlackFiles
    deduplicator: Deduplicator = field(default_factory=Deduplicator)
    notices: list[str] = field(default_factory=list)

    async def notify(self, message: Message) -> None:
        """Record a notice for the person who asked."""
        self.notices.append(checked(message).text)

    async def export(
        self, rows: ExportRows = ROWS, asker: Asker = ADMIN, request: str = "t1", **how
    ):
        """Export as the listeners do."""
        how = {"clock": lambda: NOW, **how}
        await exports.send(
            rows,
            asker,
            files=self.files,
            deduplicator=self.deduplicator,
            delivery_id=request,
            notify=self.notify,
            **how,
        )


@pytest.fixture
async def run() -> AsyncIterator[ExportRun]:
    """A workspace with the bot in it."""
    workspace = Workspace()
    async with serving(create_slack(workspace)) as url, aiohttp.ClientSession() as session:
        client = AsyncWebClient(BOT_TOKEN, f"{url}/api/", session=session)
        yield ExportRun(workspace, SlackFiles(client, session))


async def test_an_export_comes_as_a_file_in_a_direct_message(run):
    """The file is whole, has its words beside it, and nobody else sees it."""
    await run.export()
    [message] = run.slack.visible_messages("U0ADMIN", "D0ADMIN")
    assert message.text.startswith("Here's your export: 2 extensions, as of 4 min ago.")
    [file] = run.slack.files.shared
    assert (file.name, file.channel) == ("directory 2026-09-21.csv", "D0ADMIN")
    text = (file.content or b"").decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(text))] == ["Extension", "789", "1001"]
    assert run.notices == [export_notices.sent(2).text]
    assert run.slack.visible_messages("U0JOHN", "D0ADMIN") == []
    assert [each.method for each in run.slack.calls] == [
        "conversations.open",
        "files.getUploadURLExternal",
        "files.completeUploadExternal",
    ]
    run.slack.check()


async def test_in_the_direct_message_nothing_else_is_said(run):
    """Whoever sees the file need not be told of it."""
    await run.export(asker=Asker("U0ADMIN", channel_id="D0ADMIN"))
    assert len(run.slack.files.shared) == 1
    assert run.notices == []


async def test_a_large_export_is_whole(run):
    """Megabytes go through as a few bytes do."""
    count = 20_000
    await run.export(ExportRows((Match(JOHN, NOW) for _ in range(count)), count, LOCATIONS))
    [file] = run.slack.files.shared
    assert len(file.content or b"") == file.size > 2_000_000
    assert (file.content or b"").count(b"\r\n") == count + 1
    run.slack.check()


async def test_a_request_that_comes_again_is_not_done_again(run):
    """Another one is; also the same id of somebody else."""
    for request in ("t1", "t1", "t2"):
        await run.export(request=request)
    await run.export(asker=Asker("U0JOHN"), request="t1")
    assert len(run.slack.files.shared) == 3
    assert run.notices[1] == export_notices.ALREADY_STARTED


async def test_nothing_to_export_says_so(run):
    """And sends no empty file."""
    await run.export(ExportRows((), 0))
    assert run.notices == [export_notices.NOTHING_TO_EXPORT]
    assert run.slack.calls == []


async def test_a_long_export_tells_how_far_it_is(run):
    """A few times at most, however long it takes."""
    clock = Clock(NOW)

    def slowly():
        for _ in range(10_000):
            clock.advance(0.125)
            yield Match(JOHN, NOW)

    await run.export(ExportRows(slowly(), 10_000, LOCATIONS), clock=clock)
    *progress, last = run.notices
    assert progress == [
        "50 of 10,000 extensions written…",
        "250 of 10,000 extensions written…",
        "1,000 of 10,000 extensions written…",
    ]
    assert last == export_notices.sent(10_000).text


@pytest.mark.parametrize(
    ("scopes", "said"),
    [
        (("files:write",), export_notices.SLACK_REFUSES),
        (("im:write",), export_notices.SLACK_REFUSES),
    ],
)
async def test_a_missing_scope_is_the_operators(run, scopes, said):
    """One notice, and it says who can change it; the next try is not taken for the same."""
    run.slack.scopes = scopes
    await run.export()
    assert run.notices[0].startswith(said)
    assert "python -m bot doctor" in run.notices[0]
    run.slack.scopes = ("files:write", "im:write")
    await run.export()
    assert len(run.slack.files.shared) == 1


@pytest.mark.parametrize(
    "path", ["conversations.open", "getUploadURLExternal", "/upload/", "completeUploadExternal"]
)
@pytest.mark.parametrize("fault", ["down", "ratelimited"])
async def test_a_fault_of_slacks_is_one_notice(run, path, fault):
    """At whichever step: try again, and the next try works."""
    run.slack.faults.on(fault, path=path)
    await run.export()
    assert run.notices == [export_notices.failed(is_refused=False).text]
    run.slack.faults.off()
    await run.export()
    assert len(run.slack.files.shared) == 1


async def test_what_goes_wrong_with_us_has_a_reference(run, caplog):
    """The person gets a notice, the log the reason; and neither a name."""

    def broken():
        yield Match(JOHN, NOW)
        raise RuntimeError("disk")

    await run.export(ExportRows(broken(), 2))
    assert run.notices[0].startswith(UNEXPECTED)
    mark = run.notices[0].rpartition(" ")[2]
    assert mark in caplog.text
    assert run.slack.files.shared == []


async def test_the_log_has_nothing_personal(run, caplog):
    """Neither whom it was sent to nor what was in it."""
    caplog.set_level(logging.INFO)
    await run.export()
    run.slack.faults.on("down", path="/upload/")
    await run.export(request="t2")
    ours = " ".join(each.getMessage() for each in caplog.records if each.name.startswith("bot."))
    assert "An export was sent" in ours
    assert "status 503" in ours
    for secret in ("Smith", "smith", "415", "U0ADMIN", "D0ADMIN", "upload/F0"):
        assert secret not in ours


async def test_others_are_answered_while_an_export_is_written(run):
    """The event loop is never blocked for long: others get their turns."""
    turns = 0

    async def counting() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    task = asyncio.create_task(counting())
    await run.export(ExportRows((Match(JOHN, NOW) for _ in range(5_000)), 5_000, LOCATIONS))
    task.cancel()
    assert turns >= 100
