"""The state of the Slack stand-in: members, channels, messages, calls and violations."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.sandbox import response_faults
from bot.sandbox.faults import Fault, Faults, ReplaceResponse
from bot.sandbox.json_types import JsonObject
from bot.sandbox.slack import channels
from bot.sandbox.slack.members import (
    APP_TOKEN,
    BOT_TOKEN,
    BOT_USER_ID,
    ENTERPRISE_ID,
    ENTERPRISE_MEMBERS,
    MEMBERS,
    Member,
    user_object,
)
from bot.sandbox.slack.messages import Message, Messages
from bot.sandbox.slack.response_urls import ResponseUrlMessage, ResponseUrlRefusal, ResponseUrls
from bot.sandbox.slack.triggers import Triggers
from bot.sandbox.slack.uploads import Files
from bot.sandbox.slack.views import Views
from bot.sandbox.slack.violations import Violation, Violations

SCOPES = (
    "commands", "chat:write", "app_mentions:read", "im:history", "im:write", "files:write",
    "users:read", "users:read.email", "channels:read", "groups:read", "im:read", "mpim:read",
)  # fmt: skip


_RESPONSE_PATH, _USERS_INFO = "/response/", ("/api/users.info",)


async def _ratelimited(_request: Request, seconds: float) -> Response:
    headers = {"Retry-After": str(int(seconds))}
    return JSONResponse({"ok": False, "error": "ratelimited"}, 429, headers)


async def _down(_request: Request, _value: float) -> Response:
    return Response("upstream connect error", 503, media_type="text/plain")


async def _invalid_blocks(request: Request, _value: float) -> Response | None:
    if b"blocks" not in await request.body():
        return None
    if request.url.path.startswith(_RESPONSE_PATH):
        return Response("invalid_blocks", 400, media_type="text/plain")
    return JSONResponse({"ok": False, "error": "invalid_blocks"})


async def _expired_url(_request: Request, status: float) -> Response:
    return JSONResponse({"ok": False, "error": "expired_url"}, int(status))


async def _missing_scope(_request: Request, _value: float) -> Response:
    return JSONResponse({"ok": False, "error": "missing_scope"})


def _user_with(*fields: str) -> ReplaceResponse:
    """A fault that leaves only these fields of a user."""

    async def replace_response(request: Request, _value: float) -> Response | None:
        workspace: Workspace = request.app.state.slack
        member = workspace.members.get(request.query_params.get("user", ""))
        if member is None:
            return None
        user = user_object(member, with_email=True, is_stranger=workspace.is_stranger(member))
        return JSONResponse(
            {"ok": True, "user": {name: user[name] for name in fields if name in user}}
        )

    return replace_response


_TABLE = (
    Fault(
        "invalid_blocks",
        "Every message with blocks is refused.",
        paths=(_RESPONSE_PATH, "/api/chat."),
        replace_response=_invalid_blocks,
    ),
    Fault(
        "expired_url",
        "A response_url is refused with this status, as if it had expired.",
        404,
        paths=(_RESPONSE_PATH,),
        replace_response=_expired_url,
    ),
    Fault(
        "missing_scope",
        "The app lacks a scope, for the methods of this path.",
        paths=("/api/",),
        replace_response=_missing_scope,
    ),
    Fault(
        "no_team",
        "A user has no workspace.",
        paths=_USERS_INFO,
        replace_response=_user_with("id", "name", "is_bot", "is_restricted", "profile"),
    ),
    Fault(
        "bare_user",
        "A user has an id and nothing else.",
        paths=_USERS_INFO,
        replace_response=_user_with("id"),
    ),
    Fault(
        "latency",
        "Every response is delayed by this many seconds.",
        1.0,
        replace_response=response_faults.latency,
    ),
    Fault("hang", "No response ever comes.", replace_response=response_faults.hang),
    Fault("down", "503 in plain text.", replace_response=_down),
    Fault("ratelimited", "429: wait this many seconds.", 30, replace_response=_ratelimited),
)

SLACK_FAULTS: dict[str, Fault] = {fault.name: fault for fault in _TABLE}


@dataclass(frozen=True, slots=True)
class WebApiCall:
    """A call of a Web API method: its arguments without the token, and its result."""

    method: str
    args: dict[str, str]
    ok: bool
    error: str = ""
    at: float = field(default=0.0, compare=False)  # epoch seconds


class Workspace:
    """One workspace with Ext installed; `clock` gives epoch seconds.

    `violations` lists every rule of Slack's that the app broke.
    """

    def __init__(
        self,
        *,
        members: Iterable[Member] = MEMBERS,
        token: str = BOT_TOKEN,
        app_token: str = APP_TOKEN,
        scopes: Iterable[str] = SCOPES,
        enterprise_id: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.token = token
        self.app_token = app_token
        self.scopes = tuple(scopes)
        self.enterprise_id = enterprise_id
        self.faults = Faults(SLACK_FAULTS)
        self.members = {member.id: member for member in members}
        self.channels = channels.build_channels(self.members.values())
        self.calls: list[WebApiCall] = []
        self.violations: Violations = Violations()
        self.messages = Messages(clock)
        self.response_urls = ResponseUrls(self.messages, self.violations, clock)
        self.triggers = Triggers(clock)
        self.views = Views()
        self.socket_url: Callable[[], str] | None = None  # set while Socket Mode is served
        self.clock = clock
        self._numbers = count(1)
        self.files = Files(self.next_number)

    def next_number(self) -> int:
        """A number that wasn't used before, to make ids unique."""
        return next(self._numbers)

    # Rules that the app broke

    def check(self) -> None:
        """Raise SlackRulesViolated if the app broke a rule."""
        self.violations.check()

    # Messages

    def visible_messages(
        self, user: str, channel: str, thread_ts: str | None = None
    ) -> list[Message]:
        """The messages that a user sees in a channel, oldest first; with `thread_ts` only one
        thread.
        """
        can_read = self._can_read(user, channel)
        return [
            message
            for message in self.messages
            if message.channel == channel
            and not message.is_deleted
            and (message.visible_to == user or (can_read and not message.visible_to))
            and (thread_ts is None or message.root_ts == thread_ts)
        ]

    def app_messages(self, *, since: int = 0) -> list[Message]:
        """The app's messages to anyone, without the first `since` of all messages."""
        return [message for message in self.messages.all[since:] if message.author == BOT_USER_ID]

    def _can_read(self, user: str, channel: str) -> bool:
        channel_object, member = self.channels.get(channel), self.members.get(user)
        if channel_object is None or member is None:
            return False
        return user in channel_object.members or (
            channel_object.is_public and not (member.is_guest or member.is_foreign)
        )

    # response_url

    def open_response_url(
        self,
        url_id: str,
        *,
        user: str = "U0JOHN",
        channel: str = "C0GENERAL",
        source: Message | None = None,
    ) -> str:
        """Start the 30 minutes of a `response_url`; returns its path. A button's has a source."""
        self.response_urls.open(url_id, user=user, channel=channel, source=source)
        return f"/response/{url_id}"

    async def next_response(self, url_id: str, timeout_s: float = 5.0) -> JsonObject:
        """The body of the next message by this `response_url`. Raises TimeoutError."""
        return (await self.response_urls.next_message(url_id, timeout_s)).body

    def receive_response(self, url_id: str, body: JsonObject) -> ResponseUrlRefusal | None:
        """Accept a body posted to a `response_url`, or return the refusal."""
        return self.response_urls.receive(url_id, body)

    @property
    def responses(self) -> list[ResponseUrlMessage]:
        """Every message that came by a `response_url`, oldest first."""
        return self.response_urls.received

    # Members

    def member_by_email(self, email: str) -> Member | None:
        """The active member with this address; case doesn't matter."""
        for member in self.members.values():
            if member.email.lower() == email.lower() and not member.deleted:
                return member
        return None

    def is_stranger(self, member: Member) -> bool:
        """Whether a member belongs to another company and shares no channel with the app."""
        return member.is_foreign and not any(
            channel.has_bot and member.id in channel.members and not channel.is_im
            for channel in self.channels.values()
        )


def enterprise_workspace(**options: Any) -> Workspace:
    """A workspace of an Enterprise organization, with a member of another of its workspaces."""
    return Workspace(members=ENTERPRISE_MEMBERS, enterprise_id=ENTERPRISE_ID, **options)


__all__ = [
    "SCOPES",
    "SLACK_FAULTS",
    "ResponseUrlMessage",
    "Violation",
    "WebApiCall",
    "Workspace",
    "enterprise_workspace",
]
