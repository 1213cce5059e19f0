"""The updates for one open page: messages, HTTP traffic, and the state of the sandbox.

Each page has a feed of its own that remembers what it has sent. So a page that reconnects gets
everything again, and no page can miss anything.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any, TypeVar

from bot.sandbox.company.sizes import COMPANY_SIZES
from bot.sandbox.json_types import JsonObject
from bot.sandbox.playground import attachments, switches
from bot.sandbox.playground.demo_env import DemoEnv
from bot.sandbox.request_log import LoggedRequest
from bot.sandbox.slack.channels import direct_channel_id
from bot.sandbox.slack.members import Member
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.payloads import view_object
from bot.sandbox.slack.violations import Violation
from bot.sandbox.slack.workspace import ResponseUrlMessage, WebApiCall

T = TypeVar("T")

DEMO_CHANNELS = ("C0GENERAL", "C0PARTNERS")  # besides the direct messages
DEMO_USERS = ("U0JOHN", "U0ADMIN", "U0ANNA", "U0GUEST", "U0STRANGER")
NEVER_SENT = object()
MAX_INITIAL_CALLS = 300  # calls to Vonage from before a page was opened


class Feed:
    """The updates for one page, on which `user` is signed in."""

    def __init__(self, demo_env: DemoEnv, user: str) -> None:
        self._demo_env = demo_env
        self._user = user
        self._sent_messages: dict[str, tuple[int, bool]] = {}
        self._sent_traffic: dict[str, object] = {}
        self._sent_counts: Counter[str] = Counter()
        self._calls_seen = max(0, demo_env.vonage.calls.total - MAX_INITIAL_CALLS)
        self._log_resets = 0
        self._pending: dict[str, LoggedRequest] = {}
        self._sent_state: JsonObject = {}

    def first_update(self) -> JsonObject:
        """The whole state, for a page that was just opened."""
        return {"start": page_constants(self._demo_env, self._user), **self.next_update()}

    def next_update(self) -> JsonObject:
        """The changes by kind; kinds without changes are left out."""
        state: JsonObject = {
            "sandbox": sandbox_state(self._demo_env),
            "views": open_views(self._demo_env, self._user),
        }
        changes = {
            kind: content
            for kind, content in state.items()
            if self._sent_state.get(kind) != content
        }
        self._sent_state = state
        if messages := list(self._messages()):
            changes["messages"] = messages
        if traffic := list(self._traffic()):
            changes["traffic"] = traffic
        return changes

    def _messages(self) -> Iterator[JsonObject]:
        for channel_id in sidebar_channels(self._demo_env, self._user):
            for message in self._visible(channel_id):
                edition = (len(message.previous_payloads), message.is_deleted)
                was_sent = message.ts in self._sent_messages
                if self._sent_messages.get(message.ts) != edition and (
                    was_sent or not message.is_deleted
                ):
                    self._sent_messages[message.ts] = edition
                    yield _message_entry(self._demo_env, message, self._user)

    def _visible(self, channel_id: str) -> list[Message]:
        """The visible messages, and deleted ones that the page still shows."""
        workspace = self._demo_env.workspace
        deleted = [
            message
            for message in workspace.messages
            if message.is_deleted
            and message.channel == channel_id
            and message.ts in self._sent_messages
        ]
        return [*workspace.visible_messages(self._user, channel_id), *deleted]

    def _traffic(self) -> Iterator[JsonObject]:
        """HTTP exchanges and calls that are new, or have a response now."""
        entries = [*_exchanges(self._demo_env), *self._app_activity(), *self._calls()]
        for entry in sorted(entries, key=lambda entry: entry["at"]):
            status = entry.get("status")
            if self._sent_traffic.get(entry["id"], NEVER_SENT) != status:
                self._sent_traffic[entry["id"]] = status
                yield entry

    def _app_activity(self) -> Iterator[JsonObject]:
        """The bot's Web API calls, its `response_url` messages, and the rules it broke."""
        workspace = self._demo_env.workspace
        yield from self._unsent("web_api", workspace.calls, _web_api_entry)
        yield from self._unsent("response_url", workspace.responses, _response_url_entry)
        yield from self._unsent("violation", workspace.violations, _violation_entry)

    def _unsent(
        self, kind: str, items: list[T], make_entry: Callable[[int, T], JsonObject]
    ) -> Iterator[JsonObject]:
        for number in range(self._sent_counts[kind], len(items)):
            yield make_entry(number, items[number])
        self._sent_counts[kind] = len(items)

    def _calls(self) -> Iterator[JsonObject]:
        calls = self._demo_env.vonage.calls
        new = min(calls.total - self._calls_seen, len(calls.latest))
        if new < 0:  # the log was reset, and counts from the start again
            new = len(calls.latest)
            self._log_resets += 1
        first = calls.total - new
        unsent = list(calls.latest)[len(calls.latest) - new :] if new else []
        self._calls_seen = calls.total
        for number, call in enumerate(unsent, first):
            self._pending[f"vonage-{self._log_resets}-{number}"] = call
        for entry_id, call in list(self._pending.items()):
            if call.status is not None:
                del self._pending[entry_id]
            yield _vonage_entry(entry_id, call, calls.started_at + call.at)


def page_constants(demo_env: DemoEnv, user: str) -> JsonObject:
    """The state that doesn't change while a page is open."""
    workspace = demo_env.workspace
    demo_users = [workspace.members[user_id] for user_id in DEMO_USERS]
    features = demo_env.app_features
    # Slack offers an app's commands only to people of the workspace that installed it.
    commands = [] if _is_foreign(demo_env, user) else features["commands"]
    channel_ids = sidebar_channels(demo_env, user)
    return {
        "you": user,
        "users": [
            {"id": member.id, "label": f"{member.real_name}, {_membership(member)}"}
            for member in demo_users
        ],
        "people": {member.id: _person_entry(member) for member in workspace.members.values()},
        "channels": [_channel_entry(demo_env, channel_id) for channel_id in channel_ids],
        "app": {**features, "commands": commands},
        "sizes": [size.people for size in COMPANY_SIZES],
    }


def sidebar_channels(demo_env: DemoEnv, user: str) -> list[str]:
    """The channels in a user's sidebar. An app sends direct messages to its own workspace only."""
    direct = [] if _is_foreign(demo_env, user) else [direct_channel_id(user)]
    channels = demo_env.workspace.channels
    return [
        channel_id
        for channel_id in (*DEMO_CHANNELS, *direct)
        if user in channels[channel_id].members
    ]


def sandbox_state(demo_env: DemoEnv) -> JsonObject:
    """The state of the fake Vonage and of the bot's copy of the directory."""
    vonage = demo_env.vonage
    return {
        "quota": {"limit": vonage.options.quota, "spent": vonage.quota.calls_made()},
        "calls": vonage.calls.api_calls,
        "logins": vonage.tokens.logins,
        "switches": switches.list_switches(vonage),
        "people": demo_env.size.people,
        "resizing_to": demo_env.resizing_to,
        "directory": asdict(demo_env.bot.directory_status()),
    }


def open_views(demo_env: DemoEnv, user: str) -> JsonObject:
    """A user's open modals and Home tab."""
    workspace = demo_env.workspace
    stack = [view_object(workspace, view) for view in workspace.views.stacks[user]]
    home = workspace.views.homes.get(user)
    return {"stack": stack, "home": view_object(workspace, home) if home else None}


def _is_foreign(demo_env: DemoEnv, user: str) -> bool:
    return demo_env.workspace.members[user].is_foreign


def _membership(member: Member) -> str:
    if member.is_bot:
        return "app"
    if member.is_foreign:
        return "another organization"
    return "guest" if member.is_guest else "admin" if member.is_admin else "member"


def _person_entry(member: Member) -> JsonObject:
    return {
        "name": member.real_name,
        "handle": member.name,
        "title": member.title,
        "email": member.email,
        "is_bot": member.is_bot,
        "membership": _membership(member),
    }


def _channel_entry(demo_env: DemoEnv, channel_id: str) -> JsonObject:
    channel = demo_env.workspace.channels[channel_id]
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "is_shared": channel.is_ext_shared,
    }


def _message_entry(demo_env: DemoEnv, message: Message, user: str) -> JsonObject:
    files = [attachments.file_for_page(demo_env.workspace, file, user) for file in message.files]
    return {
        "channel": message.channel,
        "ts": message.ts,
        "thread_ts": message.thread_ts,
        "author": message.author,
        "is_ephemeral": message.is_ephemeral,
        "is_deleted": message.is_deleted,
        "edits": len(message.previous_payloads),
        **message.payload,
        "files": files,
    }


def _exchanges(demo_env: DemoEnv) -> Iterator[JsonObject]:
    for exchange in demo_env.transport.exchanges:
        entry = {
            "id": exchange.id,
            "kind": "request",
            "name": exchange.kind,
            "at": exchange.at,
            "headers": exchange.headers,
            "body": exchange.body,
            "status": None,
        }
        if response := exchange.response:
            entry |= {
                "status": response.status,
                "failure": response.failure,
                "response": response.payload,
                "seconds": response.seconds,
            }
        yield entry


def _web_api_entry(number: int, call: WebApiCall) -> JsonObject:
    """A call of Slack's Web API by the bot."""
    return {
        "id": f"web-api-{number}",
        "kind": "web_api",
        "name": call.method,
        "body": {name: _decoded(value) for name, value in call.args.items()},
        "ok": call.ok,
        "error": call.error,
        "at": call.at,
    }


def _response_url_entry(number: int, message: ResponseUrlMessage) -> JsonObject:
    return {
        "id": f"response-url-{number}",
        "kind": "response_url",
        "name": message.url_id,
        "body": message.body,
        "at": message.at,
    }


def _violation_entry(number: int, violation: Violation) -> JsonObject:
    return {
        "id": f"violation-{number}",
        "kind": "violation",
        "name": violation.rule,
        "description": violation.description,
        "at": 0.0,
    }


def _decoded(value: str) -> Any:
    """Forms carry blocks and views as JSON text, which is easier to read when parsed."""
    if value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _vonage_entry(entry_id: str, call: LoggedRequest, at: float) -> JsonObject:
    return {
        "id": entry_id,
        "kind": "vonage",
        "name": f"{call.method} {call.path}",
        "status": call.status,
        "query": call.query,
        "request_id": call.request_id,
        "at": at,
    }
