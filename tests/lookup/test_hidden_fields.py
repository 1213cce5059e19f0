"""A field in ADMIN_ONLY_FIELDS is to a member as if the directory didn't have it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.fields import FIELDS, HIDEABLE
from bot.lookup.access import Access, Rules
from bot.lookup.request import Answer, AnswerOptions, Outcome
from bot.lookup.service import Lookup
from bot.slack.people import Asker, Member, Workspace
from tests.directory.fake_vonage import FakeVonage, Row, api_row, run_directory
from tests.simulated_time import run, wall_clock

ADMIN, MEMBER = Asker("U0ADMIN", "T0EXT"), Asker("U0MEMBER", "T0EXT", "C0GENERAL")
COLLEAGUE_ID = "U0COLLEAGUE"
PAUSE_S = 31.0  # two numbers a minute may be confirmed

COLLEAGUE = api_row(
    4711,
    user={
        "first_name": "Ada",
        "last_name": "Quorvath",
        "email": "zebra.fish@example.com",
        "login_name": "wolverine",
    },
    dids=[{"phone_number": "14155550123", "custom_tag": "Hotline"}],
    extension_handsets=[{"handset_name": "Polycom", "sip_id": "sipper99"}],
    caller_id="Reception",
    block_caller_id=True,
    dnd_enabled=True,
    vtt_enabled=True,
)
ROWS = [COLLEAGUE, *(api_row(each, dids=[], dnd_enabled=None) for each in range(3000, 3010))]
# The API's keys of each field, in the extension or in its user.
KEYS = {
    "email": ("email",),
    "login": ("login_name",),
    "dids": ("dids",),
    "location": ("location_id",),
    "caller_id": ("caller_id", "block_caller_id"),
    "dnd": ("dnd_enabled",),
    "voicemail": ("vtt_enabled",),
    "handsets": ("extension_handsets",),
    "slack": (),
}
VALUES = {
    "email": ["zebra.fish@example.com", "zebra.fish", "zebra", "fish"],
    "login": ["wolverine"],
    "dids": ["14155550123", "+14155550123", "4155550123", "5550123", "hotline"],
    "location": ["145214", "Holmdel HQ", "holmdel"],
    "caller_id": ["reception"],
    "dnd": ["on"],
    "voicemail": ["on"],
    "handsets": ["polycom", "sipper99"],
    "slack": [f"<@{COLLEAGUE_ID}>"],
}


def without(row: Row, field: str) -> Row:
    """Return a row as if Vonage had no such field."""
    values = {key: value for key, value in row.items() if key not in KEYS[field]}
    user = {key: value for key, value in values["user"].items() if key not in KEYS[field]}
    return values | {"user": user}


def texts(field: str) -> Iterator[str]:
    """Yield every kind of question made from a value of a field, whole and in parts."""
    parts: dict[str, None] = {}
    for value in VALUES[field]:
        parts[value] = None
        if field != "slack":
            parts |= dict.fromkeys(value[:end] for end in range(2, len(value)))
            parts |= dict.fromkeys(value[start:] for start in range(1, len(value) - 1))
    yield from parts
    for value in VALUES[field]:
        yield from (f"who {value}", f"refresh {value}", f"share {value}", f"{value}, 3001")
        yield from (f"location {value}", f"{value} page 2", value.replace("e", "ee", 1))
        for row in (row for each in FIELDS if each.name == field for row in each.filters):
            yield from (f"list {row.name}:{value}", f"export {row.name}:{value}")
    yield from ("list", "locations", "4711", "quorvath", "me")


class KnownUsers:
    """Slack users of whom everything is cached; `has_profiles` is whether emails have users."""

    def __init__(self, *, has_profiles: bool) -> None:
        self._has_profiles = has_profiles

    def known_member(self, user_id: str) -> Member:
        """Return a member: the colleague, or somebody without an extension."""
        email = "zebra.fish@example.com" if user_id == COLLEAGUE_ID else "nobody@example.com"
        return Member(user_id, email, "T0EXT")

    def known_workspace(self) -> Workspace:
        """Return the workspace."""
        return Workspace("T0EXT", url="https://acme.slack.com/", bot_user_id="U0EXTBOT")

    def known_id(self, email: str) -> str:
        """Return the colleague's user id for their address."""
        is_known = self._has_profiles and email == "zebra.fish@example.com"
        return COLLEAGUE_ID if is_known else ""


class PrivateChannels:
    """Channels without outsiders."""

    async def has_outsiders(self, channel_id: str, *, deadline: float) -> bool:
        """Return that no outsider reads the channel."""
        return False


@dataclass
class DirectoryUnderTest:
    """A way to ask a directory: with or without a copy, and with which rows."""

    data_dir: Path
    field: str
    with_copy: bool

    async def ask(
        self, rows: list[Row], lines: list[str], asker: Asker, *, has_profiles: bool = False
    ) -> list[tuple[Answer, list[str]]]:
        """Return the answer to each line, and the calls that it cost."""
        vonage, users = FakeVonage(rows), KnownUsers(has_profiles=has_profiles)
        rules = Rules(
            admins=frozenset({ADMIN.user_id}),
            admin_only_fields=frozenset({self.field}),
            lookups_per_minute=10**9,
        )
        async with run_directory(
            vonage, self.data_dir, with_sync=self.with_copy, refresh_every_s=10**9
        ) as running:
            if self.with_copy:
                await running.wait_for_copy()
            lookup = Lookup(
                running.directory,
                region="US",
                users=users,  # type: ignore[arg-type]
                access=Access(users, rules),  # type: ignore[arg-type]
                channels=PrivateChannels(),  # type: ignore[arg-type]
                clock=wall_clock,
            )
            return [await _ask(lookup, vonage, line, asker) for line in lines]


async def _ask(
    lookup: Lookup, vonage: FakeVonage, line: str, asker: Asker
) -> tuple[Answer, list[str]]:
    await asyncio.sleep(PAUSE_S)
    calls, deadline = len(vonage.calls), asyncio.get_running_loop().time() + 5
    request = lookup.parse(line, asker, AnswerOptions())
    answer = await lookup.answer(request, deadline=deadline)
    return answer, vonage.paths[calls:]


def seen(answer: Answer) -> tuple[Any, ...]:
    """Return all that an asker sees of an answer."""
    return answer.message.payload(), answer.outcome, answer.in_channel, bool(answer.awaits)


@pytest.mark.parametrize("with_copy", [True, False], ids=["with copy", "without copy"])
@pytest.mark.parametrize("field", HIDEABLE)
def test_member_is_answered_as_if_hidden_field_did_not_exist(tmp_path, field, with_copy):
    """Texts, rows, counts, buttons and calls are the same, for every kind of question."""
    lines = list(texts(field))
    whole = DirectoryUnderTest(tmp_path / "whole", field, with_copy).ask(
        ROWS, lines, MEMBER, has_profiles=field == "slack"
    )
    lacking = DirectoryUnderTest(tmp_path / "lacking", field, with_copy).ask(
        [without(row, field) for row in ROWS], lines, MEMBER
    )
    for line, one, other in zip(lines, run(whole), run(lacking), strict=True):
        assert seen(one[0]) == seen(other[0]), line
        assert one[1] == other[1], line


@pytest.mark.parametrize("field", [each for each in HIDEABLE if each not in ("dnd", "voicemail")])
def test_admin_finds_by_field_that_members_may_not_see(tmp_path, field):
    """The questions of the test above would find somebody if the field were not hidden."""
    directory = DirectoryUnderTest(tmp_path, field, with_copy=True)
    answers = run(directory.ask(ROWS, VALUES[field], ADMIN))
    found = [answer.outcome is Outcome.FOUND for answer, _ in answers]
    assert all(found) or field == "location", list(zip(VALUES[field], found, strict=True))


def test_slack_user_is_found_by_member_who_may_not_see_addresses(tmp_path):
    """The asker named a Slack user, whose address Slack knows: they found out no address."""
    lines = [f"<@{COLLEAGUE_ID}>", "zebra.fish@example.com"]
    answers = run(DirectoryUnderTest(tmp_path, "email", with_copy=True).ask(ROWS, lines, MEMBER))
    assert [answer.outcome for answer, _ in answers] == [Outcome.FOUND, Outcome.MISSING]
    assert "zebra" not in str(answers[0][0].message.payload())


def test_member_finds_themselves_although_addresses_are_hidden(tmp_path):
    """`me` asks by the asker's own address, which Slack has verified."""
    colleague = Asker(COLLEAGUE_ID, "T0EXT")
    for field in ("email", "slack"):
        directory = DirectoryUnderTest(tmp_path / field, field, with_copy=True)
        answers = run(directory.ask(ROWS, ["me", f"<@{COLLEAGUE_ID}>"], colleague))
        assert [answer.outcome for answer, _ in answers] == [Outcome.FOUND, Outcome.FOUND]
