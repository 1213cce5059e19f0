"""What one open page is told, and has not been told before: messages, the wire, the sandbox.

Each page has a feed of its own, which remembers what it has told. So a page that connects anew
is told everything anew, and none can miss anything.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any, TypeVar

from bot.sandbox.calls import Call
from bot.sandbox.company.sizes import SIZES
from bot.sandbox.playground import attachments, switches
from bot.sandbox.playground.demo_env import DemoEnv
from bot.sandbox.slack.members import Member
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.methods.views import told as told_view
from bot.sandbox.slack.violations import Broken
from bot.sandbox.slack.workspace import UrlMessage, WebCall

Told = dict[str, Any]
T = TypeVar("T")

ROOMS = ("C0GENERAL", "C0PARTNERS")  # and the direct messages
CAST = ("U0JOHN", "U0ADMIN", "U0ANNA", "U0GUEST", "U0STRANGER")
NEVER_TOLD = object()
OLDEST_CALLS = 300  # of Vonage's, told to a page that comes late


class Feed:
    """The news for one page, on which somebody is signed in as `user`."""

    def __init__(self, scene: DemoEnv, user: str) -> None:
        self._scene = scene
        self._user = user
        self._shown: dict[str, tuple[int, bool]] = {}
        self._wire: dict[str, object] = {}
        self._said: Counter[str] = Counter()
        self._calls_seen = max(0, scene.vonage.calls.total - OLDEST_CALLS)
        self._pending: dict[str, Call] = {}
        self._rest: Told = {}

    def begin(self) -> Told:
        """Everything, for a page that knows nothing yet."""
        return {"start": start(self._scene, self._user), **self.news()}

    def news(self) -> Told:
        """What is new, by kind; kinds without news are left out."""
        rest = {"sandbox": sandbox(self._scene), "views": views(self._scene, self._user)}
        new = {kind: told for kind, told in rest.items() if self._rest.get(kind) != told}
        self._rest = rest
        messages, wire = list(self._messages()), list(self._entries())
        return ({"messages": messages} if messages else {}) | ({"wire": wire} if wire else {}) | new

    def _messages(self) -> Iterator[Told]:
        for room in rooms(self._scene, self._user):
            for message in self._visible(room):
                edition = (len(message.earlier), message.gone)
                if self._shown.get(message.ts) != edition and (
                    message.ts in self._shown or not message.gone
                ):
                    self._shown[message.ts] = edition
                    yield _message(self._scene, message, self._user)

    def _visible(self, room: str) -> list[Message]:
        seen = self._scene.workspace.seen(self._user, room)
        gone = [
            each
            for each in self._scene.workspace.messages
            if each.gone and each.channel == room and each.ts in self._shown
        ]
        return [*seen, *gone]

    def _entries(self) -> Iterator[Told]:
        """What went over the wire since, and what was answered since then."""
        entries = [*_exchanges(self._scene), *self._others(), *self._calls()]
        for entry in sorted(entries, key=lambda each: each["at"]):
            edition = entry.get("status")
            if self._wire.get(entry["id"], NEVER_TOLD) != edition:
                self._wire[entry["id"]] = edition
                yield entry

    def _others(self) -> Iterator[Told]:
        """What the bot said by other ways than its answers, and the rules that it broke."""
        workspace = self._scene.workspace
        yield from self._fresh("web", workspace.calls, _web)
        yield from self._fresh("came", workspace.responses, _came)
        yield from self._fresh("broken", workspace.broken, _broken)

    def _fresh(self, kind: str, all_of: list[T], told: Callable[[int, T], Told]) -> Iterator[Told]:
        for number in range(self._said[kind], len(all_of)):
            yield told(number, all_of[number])
        self._said[kind] = len(all_of)

    def _calls(self) -> Iterator[Told]:
        calls = self._scene.vonage.calls
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
            yield _call(name, call, calls.began_at + call.at)


def start(scene: DemoEnv, user: str) -> Told:
    """What does not change while a page is open."""
    workspace = scene.workspace
    people = [workspace.members[each] for each in CAST]
    return {
        "you": user,
        "cast": [{"id": each.id, "who": f"{each.real_name}, {_standing(each)}"} for each in people],
        "people": {
            each.id: {
                "name": each.real_name, "handle": each.name, "title": each.title,
                "email": each.email, "bot": each.is_bot, "standing": _standing(each),
            }
            for each in workspace.members.values()
        },
        "rooms": [_room(scene, each) for each in rooms(scene, user)],
        "app": {**scene.app, "commands": [] if _is_foreign(scene, user) else scene.app["commands"]},
        "sizes": [size.people for size in SIZES],
    }  # fmt: skip


def rooms(scene: DemoEnv, user: str) -> list[str]:
    """The places that somebody has in their sidebar. An app writes to its own people only."""
    shown = [*ROOMS, *([] if _is_foreign(scene, user) else [f"D{user[1:]}"])]
    return [each for each in shown if user in scene.workspace.channels[each].members]


def sandbox(scene: DemoEnv) -> Told:
    """How the invented Vonage is, and the bot in front of it."""
    vonage = scene.vonage
    return {
        "quota": {"limit": vonage.options.quota, "spent": vonage.quota.spent()},
        "calls": vonage.calls.api_calls,
        "logins": vonage.tokens.logins,
        "switches": switches.told(vonage),
        "people": scene.size.people,
        "hiring": scene.hiring,
        "copy": asdict(scene.bot.copy()),
    }


def views(scene: DemoEnv, user: str) -> Told:
    """What somebody has open besides messages."""
    known = scene.workspace.views
    stack = [told_view(scene.workspace, each) for each in known.stacks[user]]
    home = known.homes.get(user)
    return {"stack": stack, "home": told_view(scene.workspace, home) if home else None}


def _is_foreign(scene: DemoEnv, user: str) -> bool:
    return scene.workspace.members[user].is_foreign


def _standing(member: Member) -> str:
    if member.is_bot:
        return "app"
    if member.is_foreign:
        return "another organisation"
    return "guest" if member.is_guest else "admin" if member.is_admin else "member"


def _room(scene: DemoEnv, room_id: str) -> Told:
    room = scene.workspace.channels[room_id]
    return {"id": room.id, "name": room.name, "kind": room.kind, "shared": room.is_ext_shared}


def _message(scene: DemoEnv, message: Message, user: str) -> Told:
    files = [attachments.told(scene.workspace, each, user) for each in message.files]
    return {
        "channel": message.channel, "ts": message.ts, "thread_ts": message.thread_ts,
        "by": message.by, "only_you": message.is_ephemeral, "gone": message.gone,
        "edited": bool(message.earlier), "edition": len(message.earlier), **message.payload,
        "files": files,
    }  # fmt: skip


def _exchanges(scene: DemoEnv) -> Iterator[Told]:
    for exchange in scene.carrier.exchanges:
        entry = {
            "id": exchange.id, "kind": "request", "what": exchange.kind, "at": exchange.at,
            "headers": exchange.headers, "body": exchange.body,
        }  # fmt: skip
        if answer := exchange.answer:
            entry |= {
                "status": answer.status, "failure": answer.failure, "answer": answer.payload,
                "seconds": answer.seconds,
            }  # fmt: skip
        yield {"status": None, **entry}


def _web(number: int, call: WebCall) -> Told:
    """What the bot called of Slack's."""
    args = {name: _unwritten(value) for name, value in call.args.items()}
    return {
        "id": f"w{number}", "kind": "web", "what": call.method, "body": args,
        "ok": call.ok, "error": call.error, "at": call.at,
    }  # fmt: skip


def _came(number: int, came: UrlMessage) -> Told:
    return {
        "id": f"r{number}", "kind": "response_url", "what": came.url_id, "body": came.body,
        "at": came.at,
    }  # fmt: skip


def _broken(number: int, broken: Broken) -> Told:
    about = {"what": broken.rule, "says": broken.what}
    return {"id": f"b{number}", "kind": "broken", "at": 0.0, **about}


def _unwritten(value: str) -> Any:
    """Blocks and views go in forms as JSON, which reads better as what it says."""
    if value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _call(name: str, call: Call, at: float) -> Told:
    return {
        "id": name, "kind": "vonage", "what": f"{call.method} {call.path}", "status": call.status,
        "query": call.query, "request_id": call.request_id, "at": at,
    }  # fmt: skip
