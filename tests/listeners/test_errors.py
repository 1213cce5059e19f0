"""Unexpected errors in listeners: a notice for the person, a 200 for Slack, nothing personal."""

from __future__ import annotations

import asyncio
import inspect
import io
import json
import logging
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import httpx
import pytest

from bot import log as log_setup
from bot.app import bolt_app, slack_client
from bot.cards import action_ids, notices
from bot.cards.buttons import actions_block, button
from bot.cards.source_errors import UNKNOWN_CONTACT
from bot.errors import MustWait
from bot.limits import ACK_BUDGET_S
from bot.listeners.context import ListenerContext
from bot.listeners.deduplication import Deduplicator
from bot.listeners.errors import NO_LISTENER
from bot.lookup.access import Access, Rules
from bot.lookup.service import Lookup
from bot.metrics import Metrics
from bot.models import DirectoryExport, Extension, Match, NotReady
from bot.sandbox.server import serving
from bot.sandbox.slack.app import create_slack
from bot.sandbox.slack.delivery import Delivery, DeliveryResult
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.transports import COMMAND, INTERACTIVE, HttpTransport
from bot.sandbox.slack.workspace import Workspace
from bot.slack.channels import SlackChannels
from bot.slack.files import SlackFiles
from bot.slack.messages import SlackMessages
from bot.slack.response_urls import ResponseUrls
from bot.slack.users import SlackUsers
from bot.tasks import Tasks
from bot.web.app import PATH, BoltEndpoint, Web
from bot.web.guard import Guard
from tests.running_bot import settings_for

PERSONAL = "john.smith@example.com"  # the text of the error that is raised
USER = {"user": {"id": "U0JOHN"}}
VIEW = {"type": "modal", "callback_id": PERSONAL, "text": PERSONAL}
LATE_S = ACK_BUDGET_S + 0.5

FOUND = Match(Extension("789"), 0.0)
NOT_READY = NotReady()
EXPORT = DirectoryExport(iter((FOUND,)), 1, {}, 0.0)


@dataclass
class StubDirectory:
    """A directory that finds the same for every query, without waiting or after a moment."""

    finding: Any
    answers_at_once: bool = False
    source_name: str = "Vonage"

    async def find(self, query, *, deadline, refresh=False, excluded_fields=()):
        """Return the finding."""
        if deadline is None and not self.answers_at_once:
            raise MustWait
        return self.finding

    async def find_when_ready(self, query, *, excluded_fields=()):
        """Return the finding."""
        return self.finding

    async def locations(self, *, deadline, patience_s):
        """Return no locations."""
        return {}


@dataclass(frozen=True)
class Fault:
    """A method that raises, `after_s` seconds after it was called."""

    owner: type
    method: str
    after_s: float = 0.0

    @property
    def name(self) -> str:
        """The name of the faulty method in the ids of the tests."""
        return f"{self.owner.__name__}.{self.method}"

    def apply(self, owner: type) -> Any:
        """Return the class with the fault, if the fault is one of this class."""
        if owner is not self.owner:
            return owner
        return type(f"Faulty{owner.__name__}", (owner,), {self.method: self._faulty_method()})

    def _faulty_method(self) -> Callable[..., Any]:
        def fail(_service, *arguments, **_options):
            for argument in filter(inspect.iscoroutine, arguments):
                argument.close()  # work that is not started now
            raise KeyError(PERSONAL)

        async def fail_later(_service, *_arguments, **_options):
            await asyncio.sleep(self.after_s)
            raise KeyError(PERSONAL)

        is_async = inspect.iscoroutinefunction(getattr(self.owner, self.method))
        return fail_later if is_async else fail


@dataclass
class FaultyBot:
    """A bot with one fault, and the stand-in for Slack around it."""

    slack: Workspace
    deliver: Delivery
    tasks: Tasks

    async def press(self, action_id: str) -> DeliveryResult:
        """Press a button of a message that the bot posted for U0JOHN earlier."""
        buttons = actions_block(button(action_id, "Press", line="789", accessibility_label="789"))
        content = {"text": "a card", "blocks": [buttons]}
        card = self.slack.messages.add("C0GENERAL", content, visible_to="U0JOHN", origin="ack")
        return await self.deliver.press(card, action_id)

    async def notices(self) -> list[Message]:
        """Return the notices of an unexpected error, once all work of the bot is done."""
        async with asyncio.timeout(30):
            while len(self.tasks):  # noqa: ASYNC110 - over HTTP
                await asyncio.sleep(0.05)
        return [
            message
            for message in self.slack.app_messages()
            if message.text.startswith(notices.UNEXPECTED)
        ]


@asynccontextmanager
async def faulty_bot(fault: Fault, directory: StubDirectory) -> AsyncIterator[FaultyBot]:
    """Run the bot's HTTP endpoint, Bolt and the listeners, with one fault."""
    workspace, tasks, metrics = Workspace(), Tasks(), Metrics()
    async with serving(create_slack(workspace)) as slack_url, aiohttp.ClientSession() as session:
        settings = settings_for("http://vonage.example", slack_url)
        client = slack_client(settings, session)
        channels = SlackChannels(client)
        users = SlackUsers(client, tasks)
        context = fault.apply(ListenerContext)(
            lookup=fault.apply(Lookup)(
                directory,
                region="US",
                users=users,
                access=Access(users, Rules(admins=frozenset({"U0JOHN"}))),
            ),
            tasks=tasks,
            deduplicator=fault.apply(Deduplicator)(),
            messages=fault.apply(SlackMessages)(client, metrics),
            response_urls=ResponseUrls(session, metrics),
            users=users,
            channels=channels,
            files=SlackFiles(client, session),
            metrics=fault.apply(Metrics)(),
        )
        endpoint, web = BoltEndpoint(), Web()
        endpoint.bolt = bolt_app(client, context)
        web.guard = Guard(
            endpoint.respond, signing_secret=settings.slack_signing_secret, metrics=metrics
        )
        async with serving(web) as url, httpx.AsyncClient(timeout=20, trust_env=False) as http:
            delivery = Delivery(workspace, HttpTransport(http, url + PATH), slack_url)
            yield FaultyBot(workspace, delivery, tasks)
            await tasks.drain(0)
            await users.close()
            await channels.close()
    workspace.check()


@pytest.fixture
def read_log(monkeypatch) -> Iterator[Callable[[], str]]:
    """Everything that the bot's log wrote since the test began, as text and as JSON."""
    root, bot_log = logging.getLogger(), logging.getLogger("bot")
    handlers, root_level, bot_level = root.handlers[:], root.level, bot_log.level
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    log_setup.setup("DEBUG")
    json_handler = logging.StreamHandler(stream)
    json_handler.setFormatter(log_setup.JsonFormatter())
    root.addHandler(json_handler)
    yield stream.getvalue
    root.handlers[:] = handlers
    root.setLevel(root_level)
    bot_log.setLevel(bot_level)


def check_notice(
    sent: DeliveryResult, answers: list[Message], log: str, workspace: Workspace
) -> None:
    """Check the response to Slack, the one notice to the person, and the log."""
    assert sent.response.status == 200, sent.response
    (notice,) = answers
    assert notice in workspace.visible_messages("U0JOHN", notice.channel)
    is_private = notice.visible_to == "U0JOHN" or notice.channel == "D0JOHN"
    is_in_promised_place = bool(sent.thread_ts) and notice.root_ts == sent.thread_ts
    assert is_private or is_in_promised_place
    contact = "<@U0JOHN>" if is_private else UNKNOWN_CONTACT  # a public mention would notify
    assert contact in json.dumps(notice.payload)
    reference = notice.text.rpartition(" ")[2].strip("`.")
    assert f"reference {reference}" in log
    assert "KeyError" in log
    everything = [log, json.dumps(sent.response.payload)]
    everything += [json.dumps(message.payload) for message in workspace.app_messages()]
    assert not any("john.smith" in text for text in everything)


COMMAND_FAULTS = [
    (Fault(Lookup, "parse"), FOUND, "789"),
    (Fault(Lookup, "answer_now"), FOUND, "789"),
    (Fault(Lookup, "answer_after_wait"), FOUND, "789"),
    (Fault(Lookup, "answer_after_wait", after_s=LATE_S), FOUND, "789"),
    (Fault(Lookup, "answer_when_ready"), NOT_READY, "john smith"),
    (Fault(Deduplicator, "begin"), FOUND, "share 789"),
    (Fault(Deduplicator, "begin"), EXPORT, "export"),
    (Fault(Metrics, "answered"), FOUND, "789"),
    (Fault(ListenerContext, "start"), NOT_READY, "john smith"),
]
EVENT_FAULTS = [
    (Fault(Lookup, "parse"), FOUND, "789"),
    (Fault(Lookup, "parse_lines"), FOUND, "789"),
    (Fault(Lookup, "answer_now"), FOUND, "789"),
    (Fault(Lookup, "answer_after_wait"), FOUND, "789"),
    (Fault(Lookup, "answer_all"), FOUND, "789"),
    (Fault(Lookup, "answer_when_ready"), NOT_READY, "john smith"),
    (Fault(Deduplicator, "begin"), FOUND, "789"),
    (Fault(ListenerContext, "start"), FOUND, "789"),
]
MENTION_FAULTS = [*EVENT_FAULTS, (Fault(SlackMessages, "post"), FOUND, "789")]
BUTTON_FAULTS = [
    (Fault(Lookup, "parse"), FOUND, action_ids.SHOW),
    (Fault(Lookup, "answer_now"), FOUND, action_ids.REFRESH),
    (Fault(Lookup, "answer_after_wait"), FOUND, action_ids.NEXT),
    (Fault(Lookup, "answer_when_ready"), NOT_READY, action_ids.SHOW),
    (Fault(Deduplicator, "begin"), FOUND, action_ids.SHARE),
    (Fault(ListenerContext, "start"), FOUND, action_ids.SHOW),
    (Fault(ListenerContext, "start"), FOUND, "ext_of_another_version"),
]


def ids(faults: list[tuple[Fault, Any, str]]) -> list[str]:
    """Return the ids of the tests of these faults."""
    return [f"{fault.name}-{fault.after_s:g}s-{text}" for fault, _, text in faults]


@pytest.mark.parametrize(("fault", "finding", "text"), COMMAND_FAULTS, ids=ids(COMMAND_FAULTS))
async def test_error_in_command_becomes_a_notice(fault, finding, text, read_log):
    """A command that fails, before or after its acknowledgement, says so under a reference."""
    async with faulty_bot(fault, StubDirectory(finding)) as bot:
        sent = await bot.deliver.slash_command(text)
        check_notice(sent, await bot.notices(), read_log(), bot.slack)


async def test_error_in_command_that_is_answered_at_once_becomes_a_notice(read_log):
    """An error between the answer and its acknowledgement is answered like any other."""
    fault = Fault(Metrics, "answered")
    async with faulty_bot(fault, StubDirectory(FOUND, answers_at_once=True)) as bot:
        sent = await bot.deliver.slash_command("789")
        check_notice(sent, await bot.notices(), read_log(), bot.slack)


@pytest.mark.parametrize(("fault", "finding", "text"), MENTION_FAULTS, ids=ids(MENTION_FAULTS))
async def test_error_in_mention_becomes_a_notice_for_its_author(fault, finding, text, read_log):
    """A mention that fails is acknowledged; its author reads of it, or the thread of a promise."""
    async with faulty_bot(fault, StubDirectory(finding)) as bot:
        sent = await bot.deliver.mention(text, channel="C0TEAM")
        check_notice(sent, await bot.notices(), read_log(), bot.slack)


@pytest.mark.parametrize(("fault", "finding", "text"), EVENT_FAULTS, ids=ids(EVENT_FAULTS))
async def test_error_in_direct_message_becomes_a_notice(fault, finding, text, read_log):
    """A direct message that fails is acknowledged, and the notice comes in the same place."""
    async with faulty_bot(fault, StubDirectory(finding)) as bot:
        sent = await bot.deliver.direct_message(text)
        check_notice(sent, await bot.notices(), read_log(), bot.slack)


@pytest.mark.parametrize(("fault", "finding", "action_id"), BUTTON_FAULTS, ids=ids(BUTTON_FAULTS))
async def test_error_in_button_becomes_a_notice_for_who_pressed(
    fault, finding, action_id, read_log
):
    """A press that fails is acknowledged, and whoever pressed reads about it."""
    async with faulty_bot(fault, StubDirectory(finding)) as bot:
        sent = await bot.press(action_id)
        check_notice(sent, await bot.notices(), read_log(), bot.slack)


async def test_error_in_event_without_person_tells_nobody(read_log):
    """An event that names nobody is acknowledged, and the error is in the log alone."""
    async with faulty_bot(Fault(Deduplicator, "begin"), StubDirectory(FOUND)) as bot:
        sent = await bot.deliver.event({"type": "app_mention", "user": "U0JOHN", "text": "789"})
        assert sent.response.status == 200
        assert await bot.notices() == []
    log = read_log()
    assert "KeyError" in log
    assert "john.smith" not in log


@pytest.mark.parametrize(
    ("surface", "payload", "kind"),
    [
        (COMMAND, {"command": "/other", "text": PERSONAL}, "command"),
        (INTERACTIVE, USER | {"type": "shortcut", "callback_id": PERSONAL}, "shortcut"),
        (INTERACTIVE, USER | {"type": "view_submission", "view": VIEW}, "view_submission"),
        (INTERACTIVE, USER | {"type": "block_suggestion", "value": PERSONAL}, "block_suggestion"),
        (INTERACTIVE, USER | {"type": "message_action", "message": VIEW}, "message_action"),
        (INTERACTIVE, USER | {"type": PERSONAL, "callback_id": "x"}, "unknown"),
    ],
    ids=["command", "shortcut", "view", "typeahead", "message", "unknown"],
)
async def test_request_without_listener_is_noted_without_its_content(
    surface, payload, kind, read_log
):
    """Slack gets Bolt's 404; the log has one line of ours, and none of Bolt's at any level."""
    async with faulty_bot(Fault(Lookup, "parse"), StubDirectory(FOUND)) as bot:
        ids_of_asker = {"team_id": "T0LANTERN", "user_id": "U0JOHN"}
        response = await bot.deliver.transport.send(surface, ids_of_asker | payload)
        assert response.status == 404
    text, as_json = read_log().splitlines()
    assert text.endswith(NO_LISTENER % kind)
    assert json.loads(as_json)["logger"] == "bot.listeners.errors"
    assert "john" not in text + as_json
