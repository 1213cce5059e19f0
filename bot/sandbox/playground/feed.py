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
from bot.sandbox.slack.members import Member
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.payloads import view_object
from bot.sandbox.slack.violations import Violation
from bot.sandbox.slack.workspace import ResponseUrlMessage, WebApiCall

T = TypeVar("T")

DEMO_CHANNELS = ("C0GENERAL", "C0PARTNERS")  # and the direct messages
DEMO_USERS = ("U0JOHN", "U0ADMIN", "U0ANNA", "U0GUEST", "U0STRANGER")
NEVER_SENT = object()
MAX_INITIAL_CALLS = 300  # of Vonage's, told to a page that comes late


class Feed:
    """The updates for one page, on which `user` is signed in."""

    def __init__(self, scene: DemoEnv, user: str) -> None:
        self._demo_env = scene
        self._user = user
        self._sent_messages: dict[str, tuple[int, bool]] = {}
        self._sent_traffic: JsonObject = {}
        self._sent_counts: Counter[str] = Counter()
        self._calls_seen = max(0, scene.vonage.calls.total - MAX_INITIAL_CALLS)
        self._pending: dict[str, LoggedRequest] = {}
        self._sent_state: JsonObject = {}

    def first_update(self) -> JsonObject:
        """The whole state, for a page that was just opened."""
        return {"start": page_constants(self._demo_env, self._user), **self.next_update()}

    def next_update(self) -> JsonObject:
        """The changes by kind; kinds without changes are left out."""
        rest = {
            "sandbox": sandbox_state(self._demo_env),
            "views": open_views(self._demo_env, self._user),
        }
        new = {kind: told for kind, told in rest.items() if self._sent_state.get(kind) != told}
        self._sent_state = rest
        messages, wire = list(self._messages()), list(self._traffic())
        return ({"messages": messages} if messages else {}) | ({"wire": wire} if wire else {}) | new

    def _messages(self) -> Iterator[JsonObject]:
        for room in sidebar_channels(self._demo_env, self._user):
            for message in self._visible(room):
                edition = (len(message.previous_payloads), message.is_deleted)
                if self._sent_messages.get(message.ts) != edition and (
                    message.ts in self._sent_messages or not message.is_deleted
                ):
                    self._sent_messages[message.ts] = edition
                    yield _message_entry(self._demo_env, message, self._user)

    def _visible(self, room: str) -> list[Message]:
        seen = self._demo_env.workspace.visible_messages(self._user, room)
        gone = [
            each
            for each in self._demo_env.workspace.messages
            if each.is_deleted and each.channel == room and each.ts in self._sent_messages
        ]
        return [*seen, *gone]

    def _traffic(self) -> Iterator[JsonObject]:
        """HTTP exchanges and calls that are new, or have a response now."""
        entries = [*_exchanges(self._demo_env), *self._app_activity(), *self._calls()]
        for entry in sorted(entries, key=lambda each: each["at"]):
            edition = entry.get("status")
            if self._sent_traffic.get(entry["id"], NEVER_SENT) != edition:
                self._sent_traffic[entry["id"]] = edition
                yield entry

    def _app_activity(self) -> Iterator[JsonObject]:
        """The bot's Web API calls, its `response_url` messages, and the rules it broke."""
        workspace = self._demo_env.workspace
        yield from self._unsent("web", workspace.calls, _web_api_entry)
        yield from self._unsent("came", workspace.responses, _response_url_entry)
        yield from self._unsent("broken", workspace.violations, _violation_entry)

    def _unsent(
        self, kind: str, all_of: list[T], told: Callable[[int, T], JsonObject]
    ) -> Iterator[JsonObject]:
        for number in range(self._sent_counts[kind], len(all_of)):
            yield told(number, all_of[number])
        self._sent_counts[kind] = len(all_of)

    def _calls(self) -> Iterator[JsonObject]:
        calls = self._demo_env.vonage.calls
        new = min(calls.total - self._calls_seen, len(calls.latest))
        if new < 0:  # they were counted anew
            new = len(calls.latest)
        first = calls.total - new
        fresh = list(calls.latest)[len(calls.latest) - new :] if new else []
        self._calls_seen = calls.total
        for number, call in enumerate(fresh, first):
            self._pending[f"v{number}"] = call
        for name, call in list(self._pending.items()):
            if call.status is not None:
                del self._pending[name]
            yield _vonage_entry(name, call, calls.started_at + call.at)


def page_constants(demo_env: DemoEnv, user: str) -> JsonObject:
    """The state that doesn't change while a page is open."""
    workspace = demo_env.workspace
    demo_users = [workspace.members[each] for each in DEMO_USERS]
    features = demo_env.app_features
    # Slack offers an app's commands to people of the workspace that installed it only.
    commands = [] if _is_foreign(demo_env, user) else features["commands"]
    return {
        "you": user,
        "users": [
            {"id": member.id, "label": f"{member.real_name}, {_membership(member)}"}
            for member in demo_users
        ],
        "people": {member.id: _person_entry(member) for member in workspace.members.values()},
        "channels": [_channel_entry(demo_env, each) for each in sidebar_channels(demo_env, user)],
        "app": {**features, "commands": commands},
        "sizes": [size.people for size in COMPANY_SIZES],
    }


def _person_entry(member: Member) -> JsonObject:
    return {
        "name": member.real_name,
        "handle": member.name,
        "title": member.title,
        "email": member.email,
        "is_bot": member.is_bot,
        "membership": _membership(member),
    }


def sidebar_channels(scene: DemoEnv, user: str) -> list[str]:
    """The channels in a user's sidebar. An app sends direct messages to its own workspace only."""
    shown = [*DEMO_CHANNELS, *([] if _is_foreign(scene, user) else [f"D{user[1:]}"])]
    return [each for each in shown if user in scene.workspace.channels[each].members]


def sandbox_state(scene: DemoEnv) -> JsonObject:
    """The state of the fake Vonage and of the bot's copy of the directory."""
    vonage = scene.vonage
    return {
        "quota": {"limit": vonage.options.quota, "spent": vonage.quota.spent()},
        "calls": vonage.calls.api_calls,
        "logins": vonage.tokens.logins,
        "switches": switches.list_switches(vonage),
        "people": scene.size.people,
        "hiring": scene.resizing_to,
        "copy": asdict(scene.bot.directory_status()),
    }


def open_views(scene: DemoEnv, user: str) -> JsonObject:
    """A user's open modals and Home tab."""
    known = scene.workspace.views
    stack = [view_object(scene.workspace, each) for each in known.stacks[user]]
    home = known.homes.get(user)
    return {"stack": stack, "home": view_object(scene.workspace, home) if home else None}


def _is_foreign(scene: DemoEnv, user: str) -> bool:
    return scene.workspace.members[user].is_foreign


def _membership(member: Member) -> str:
    if member.is_bot:
        return "app"
    if member.is_foreign:
        return "another organisation"
    return "guest" if member.is_guest else "admin" if member.is_admin else "member"


def _channel_entry(scene: DemoEnv, room_id: str) -> JsonObject:
    room = scene.workspace.channels[room_id]
    return {"id": room.id, "name": room.name, "kind": room.kind, "shared": room.is_ext_shared}


def _message_entry(scene: DemoEnv, message: Message, user: str) -> JsonObject:
    files = [attachments.file_for_page(scene.workspace, each, user) for each in message.files]
    return {
        "channel": message.channel, "ts": message.ts, "thread_ts": message.thread_ts,
        "by": message.author, "only_you": message.is_ephemeral, "gone": message.is_deleted,
        "edited": bool(message.previous_payloads), "edition": len(message.previous_payloads),
        **message.payload, "files": files,
    }  # fmt: skip


def _exchanges(scene: DemoEnv) -> Iterator[JsonObject]:
    for exchange in scene.transport.exchanges:
        entry = {
            "id": exchange.id, "kind": "request", "what": exchange.kind, "at": exchange.at,
            "headers": exchange.headers, "body": exchange.body,
        }  # fmt: skip
        if answer := exchange.response:
            entry |= {
                "status": answer.status, "failure": answer.failure, "answer": answer.payload,
                "seconds": answer.seconds,
            }  # fmt: skip
        yield {"status": None, **entry}


def _web_api_entry(number: int, call: WebApiCall) -> JsonObject:
    """A call of Slack's Web API by the bot."""
    args = {name: _decoded(value) for name, value in call.args.items()}
    return {
        "id": f"w{number}", "kind": "web", "what": call.method, "body": args,
        "ok": call.ok, "error": call.error, "at": call.at,
    }  # fmt: skip


def _response_url_entry(number: int, came: ResponseUrlMessage) -> JsonObject:
    return {
        "id": f"r{number}", "kind": "response_url", "what": came.url_id, "body": came.body,
        "at": came.at,
    }  # fmt: skip


def _violation_entry(number: int, broken: Violation) -> JsonObject:
    about = {"what": broken.rule, "says": broken.description}
    return {"id": f"b{number}", "kind": "broken", "at": 0.0, **about}


def _decoded(value: str) -> Any:
    """Forms carry blocks and views as JSON text, which is easier to read when parsed."""
    if value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _vonage_entry(name: str, call: LoggedRequest, at: float) -> JsonObject:
    return {
        "id": name, "kind": "vonage", "what": f"{call.method} {call.path}", "status": call.status,
        "query": call.query, "request_id": call.request_id, "at": at,
    }  # fmt: skip
