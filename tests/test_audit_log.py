"""The audit log: what a line holds, and that a failing file loses lines but no answer."""

from __future__ import annotations

import json
import logging
import os
import re
from pathlib import Path
from typing import Any

import pytest

from bot.audit_log import STDOUT, AuditLog
from bot.errors import SettingsError
from bot.settings import read
from tests.running_bot import running_bot


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the lines of an audit log."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


async def audited(*events: str, **changes: Any) -> list[dict[str, Any]]:
    """Run a bot with an audit log, do some things as John or a guest, and return the lines."""
    path = Path("audit.jsonl")
    async with running_bot(audit_log=str(path), **changes) as bot:
        for event in events:
            await EVENTS[event](bot)
    return lines(path)


async def _mention(bot):
    await bot.replies(await bot.mention("789"))


async def _message(bot):
    await bot.replies(await bot.direct("789"))


async def _share_button(bot):
    card = await bot.ext("789")
    await (await bot.press(card, "ext_share")).later()
    await (await bot.press(card, "ext_share")).later()


async def _export(bot):
    sent = await bot.ext("export")
    await sent.later()


EVENTS = {
    "card": lambda bot: bot.ext("789"),
    "name": lambda bot: bot.ext("john smith"),
    "list": lambda bot: bot.ext("list"),
    "several": lambda bot: bot.ext("789 1001"),
    "missing": lambda bot: bot.ext("99999"),
    "unclear": lambda bot: bot.ext("list page zero"),
    "help": lambda bot: bot.ext("help"),
    "guest": lambda bot: bot.ext("789", user_id="U0GUEST"),
    "forbidden": lambda bot: bot.ext("audit"),
    "share": lambda bot: bot.ext("share 789"),
    "mention": _mention,
    "message": _message,
    "share button": _share_button,
    "export": _export,
}


async def test_lookup_is_recorded_with_who_where_and_which_extension():
    """The line has Slack's ids and the number, and the id that the log has too."""
    (line,) = await audited("card")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(line.pop("at")))
    assert line.pop("request_id")
    assert line == {
        "event": "lookup",
        "user": "U0JOHN",
        "team": "T0LANTERN",
        "channel": "C0GENERAL",
        "surface": "command",
        "public": False,
        "kind": "number",
        "outcome": "found",
        "extensions": ["789"],
    }


@pytest.mark.parametrize(
    ("event", "count"),
    [("card", 1), ("name", 1), ("list", 8), ("several", 2), ("missing", 0), ("help", 0)],
)
async def test_line_has_every_extension_that_was_shown(event, count):
    """All rows of a list count, not only the first."""
    (line,) = await audited(event)
    assert len(line.get("extensions", ())) == count


@pytest.mark.parametrize(
    ("event", "surface", "public"),
    [("card", "command", False), ("mention", "mention", True), ("message", "message", False)],
)
async def test_line_says_where_the_answer_went(event, surface, public):
    """A public answer was read by everybody in the channel."""
    (line,) = await audited(event)
    assert (line["surface"], line["public"]) == (surface, public)


@pytest.mark.parametrize(
    ("event", "reason"), [("guest", "guest"), ("forbidden", "admins"), ("unclear", "unclear")]
)
async def test_refusal_is_recorded_with_its_reason(event, reason):
    """Whoever tries what they may not do is found in the audit log."""
    (line,) = await audited(event)
    assert (line["outcome"], line["reason"]) == ("refused", reason)
    assert "extensions" not in line


async def test_too_many_lookups_are_recorded_as_refused():
    """The limit of lookups a minute counts as a refusal."""
    recorded = await audited("card", "card", lookups_per_minute=1)
    assert recorded[1]["reason"] == "rate_limited"


@pytest.mark.parametrize("event", ["share", "share button"])
async def test_share_is_recorded_once_with_its_channel(event):
    """The second press of Share shares nothing, so it is not recorded as a share."""
    shares = [line for line in await audited(event) if line["event"] == "share"]
    assert [(row["channel"], row["extensions"]) for row in shares] == [("C0GENERAL", ["789"])]


async def test_export_is_recorded_with_its_size():
    """An export takes the whole directory out."""
    recorded = await audited("export", admins=frozenset({"U0JOHN"}))
    (export,) = [line for line in recorded if line["event"] == "export"]
    assert (export["user"], export["count"]) == ("U0JOHN", 250)


async def test_audit_log_holds_no_value_of_the_directory_but_numbers():
    """Not even what was typed: it could be a name."""
    recorded = await audited("card", "name", "list", "several", "share", "mention", "message")
    text = json.dumps(recorded)
    assert not re.search(r"[Jj]ohn[ .]|[Ss]mith|example\.com|1415|\+1", text)


async def test_bot_without_audit_log_writes_none():
    """It is off unless it is asked for."""
    async with running_bot() as bot:
        await bot.ext("789")
    assert not list(Path.cwd().glob("*.jsonl"))


def test_file_is_readable_by_its_owner_only():
    """It tells who is interested in whom."""
    audit_log = AuditLog("audit.jsonl")
    audit_log.close()
    assert os.stat("audit.jsonl").st_mode & 0o777 == 0o600


def test_moved_file_is_replaced_by_a_new_one():
    """Rotation is the platform's work, so the file may be renamed at any time."""
    audit_log = AuditLog("audit.jsonl")
    audit_log.write("lookup", user="U1")
    audit_log.close()
    audit_log = AuditLog("audit.jsonl")
    audit_log.write("lookup", user="U2")
    audit_log.flush()
    Path("audit.jsonl").rename("audit.jsonl.1")
    audit_log.write("lookup", user="U3")
    audit_log.close()
    assert [line["user"] for line in lines(Path("audit.jsonl.1"))] == ["U1", "U2"]
    assert [line["user"] for line in lines(Path("audit.jsonl"))] == ["U3"]


def test_file_that_fails_is_logged_once_and_written_again(caplog):
    """A removed folder or a full disk costs lines of the audit, and never an answer."""
    folder = Path("audit")
    folder.mkdir()
    audit_log = AuditLog(str(folder / "audit.jsonl"))
    with caplog.at_level(logging.WARNING):
        (folder / "audit.jsonl").unlink()
        folder.rmdir()
        audit_log.write("lookup", user="U1")
        audit_log.write("lookup", user="U2")
        audit_log.flush()
        folder.mkdir()
        audit_log.write("lookup", user="U3")
        audit_log.close()
    assert [line["user"] for line in lines(folder / "audit.jsonl")] == ["U3"]
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]


def test_stdout_gets_the_lines(capsys):
    """A platform that collects the output needs no file."""
    audit_log = AuditLog(STDOUT)
    audit_log.write("lookup", user="U1")
    audit_log.close()
    assert json.loads(capsys.readouterr().out)["user"] == "U1"


@pytest.mark.parametrize("value", ["missing/audit.jsonl", "."])
def test_file_that_cannot_be_written_is_a_problem_of_the_settings(value):
    """An audit log that is asked for but not kept would be found out too late."""
    with pytest.raises(SettingsError) as error:
        read({"AUDIT_LOG": value}, needs=())
    assert error.value.problems == [
        "AUDIT_LOG is not a file that can be written: use another path, or stdout."
    ]
