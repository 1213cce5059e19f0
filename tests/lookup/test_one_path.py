"""The first part of a lookup, which may not wait, gives the same answer as the whole lookup."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.lookup.access import Access, Rules
from bot.lookup.request import AnswerOptions, Request
from bot.lookup.service import Lookup
from bot.slack.people import Asker, Member, Workspace
from tests.directory.accounts import open_account
from tests.directory.search.queries import QUERIES
from tests.query.test_properties import sentences

ADMIN, MEMBER = Asker("U0ADMIN"), Asker("U0JOHN", channel_id="C0GENERAL")
NOON = 1_790_000_000.0  # cards say ages in minutes, so both answers are given at one moment

KNOWN_TEXTS = st.sampled_from([query.text for query in QUERIES])
COMMANDS = st.sampled_from(
    [
        *("789", "x789", "0100", "99999", "14155550100", "+1 415 555 0100", "me", "help", "status"),
        *("john.smith@example.com", "nobody@example.com", "<@U0JOHN>", "<@U0NOBODY>"),
        *("list", "list page 2", "list location:145214", "list dnd:on", "list login:jsmith"),
        *("locations", "location holmdel", "list unassigned page 2", "smith page 2"),
        *("changes", "audit", "audit dnd", "share 789", "list page zero", "refresh", "789 790"),
    ]
)
OPTIONS = st.builds(AnswerOptions, command=st.sampled_from(["/ext", ""]), public=st.booleans())


MEMBERS = {
    "U0ADMIN": Member("U0ADMIN", "ada@example.com", "T0EXT"),
    "U0JOHN": Member("U0JOHN", "john.smith@example.com", "T0EXT"),
}


class KnownUsers:
    """Slack users of whom everything is cached."""

    def known_member(self, user_id):
        """Return a member from the cache."""
        return MEMBERS.get(user_id)

    async def member(self, user_id, *, deadline):
        """Return a member, or None where Slack has no such user."""
        return MEMBERS.get(user_id)

    def known_workspace(self):
        """Return the workspace from the cache."""
        return Workspace("T0EXT", url="https://acme.slack.com/", bot_user_id="U0EXTBOT")

    def known_id(self, email):
        """Return John's user id for his address."""
        return "U0JOHN" if email == "john.smith@example.com" else ""


class PrivateChannels:
    """Channels without outsiders."""

    async def has_outsiders(self, channel_id, *, deadline):
        """Return that no outsider reads the channel."""
        return False


@dataclass
class Service:
    """A lookup over a whole directory, and the event loop that it runs in."""

    lookup: Lookup
    runner: asyncio.Runner

    def answer_after_wait(self, request: Request):
        """Return the answer of the second part of a lookup, which may wait."""

        async def answer():
            deadline = asyncio.get_running_loop().time() + 60
            return await self.lookup.answer_after_wait(request, deadline=deadline)

        return self.runner.run(answer())


@pytest.fixture(scope="module")
def service(tmp_path_factory) -> Iterator[Service]:
    """A lookup whose directory has been read and whose Slack users are cached."""
    folder = os.getcwd()
    os.chdir(tmp_path_factory.mktemp("directory"))
    stack = AsyncExitStack()
    with asyncio.Runner() as runner:

        async def start() -> Lookup:
            account = await stack.enter_async_context(open_account(clock=lambda: NOON))
            users, channels = KnownUsers(), PrivateChannels()
            rules = Rules(
                admins=frozenset({"U0ADMIN"}),
                admin_only_fields=frozenset({"login"}),
                lookups_per_minute=10**9,
            )
            return Lookup(
                account.directory,
                region="US",
                users=users,  # type: ignore[arg-type]
                access=Access(users, rules),  # type: ignore[arg-type]
                channels=channels,  # type: ignore[arg-type]
                clock=lambda: NOON,
            )

        yield Service(runner.run(start()), runner)
        runner.run(stack.aclose())
    os.chdir(folder)


@given(
    text=COMMANDS | KNOWN_TEXTS | sentences | st.text(max_size=40),
    asker=st.sampled_from([ADMIN, MEMBER]),
    options=OPTIONS,
)
@example(text="789", asker=MEMBER, options=AnswerOptions())
@example(text="jsmith", asker=MEMBER, options=AnswerOptions())
def test_answer_given_at_once_equals_the_answer_after_waiting(service, text, asker, options):
    """For any text, asker and options, both parts of a lookup lead to one answer."""
    request = service.lookup.parse(text, asker, options)
    at_once = service.lookup.answer_now(request)
    if at_once is None:
        return
    later = service.answer_after_wait(request)
    assert at_once.message.payload() == later.message.payload()
    assert (at_once.outcome, at_once.in_channel) == (later.outcome, later.in_channel)


@pytest.mark.parametrize(
    "text",
    [
        *("789", "0100", "14155550100", "john.smith@example.com", "me", "help", "status"),
        *("john smith", "smith", "list page 2", "list location:145214", "locations", "qwertyuiop"),
    ],
)
def test_query_that_the_copy_can_answer_needs_no_waiting(service, text):
    """The first part of a lookup answers from the copy without waiting."""
    assert service.lookup.answer_now(service.lookup.parse(text, MEMBER)) is not None
