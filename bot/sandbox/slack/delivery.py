"""What people do in Slack, delivered to the app: commands, mentions, messages, presses.

Each returns what the app answered at once. What it says is kept in the Workspace, and rules
that it breaks are noted there: no acknowledgement in time, or one that Slack would not show.
What Slack would never send raises LookupError.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack import block_actions, payloads
from bot.sandbox.slack.channels import Channel, direct
from bot.sandbox.slack.content_rules import judge
from bot.sandbox.slack.members import BOT_USER_ID, Member
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.posting import Place, post
from bot.sandbox.slack.transports import COMMAND, EVENT, INTERACTIVE, Answer, Retry, Transport
from bot.sandbox.slack.workspace import Workspace

PAUSES = (0.0, 60.0, 300.0)  # seconds before an event that was not acknowledged comes again
PACE = 0.001  # of these seconds, so that nobody waits for minutes


@dataclass(frozen=True, slots=True)
class Sent:
    """Something that was delivered, and how it was answered.

    `answers` are the first and those to each repetition. `ts` is the message that an event is
    about, `thread_ts` the thread where it belongs; `url_id` names the `response_url`. `shown`
    is the message that an acknowledgement made. `since` counts the messages before.
    """

    answers: tuple[Answer, ...]
    user: str
    channel: str
    since: int
    ts: str = ""
    thread_ts: str = ""
    url_id: str = ""
    event_id: str = ""
    shown: Message | None = None

    @property
    def answer(self) -> Answer:
        """The first answer."""
        return self.answers[0]


@dataclass(slots=True)
class Delivery:
    """Delivers to one app by one way. `slack_url` is where the stand-in is served.

    `pace` is how much of Slack's pauses is waited.
    """

    workspace: Workspace
    carrier: Transport
    slack_url: str
    pace: float = PACE

    async def slash(
        self,
        text: str = "",
        user: str = "U0JOHN",
        channel: str = "C0GENERAL",
        **fields: str,
    ) -> Sent:
        """Somebody types `/ext ‹text›`; `fields` replace those of the payload."""
        self._needs("commands", "a slash command")
        since = len(self.workspace.messages)
        room = self._room(channel)
        url_id = self._opened(user, channel)
        trigger_id = self.workspace.triggers.issue(user)
        fields = {"response_url": self._url(url_id), "trigger_id": trigger_id} | fields
        form = payloads.slash_command(self._member(user), room, text, **fields)
        answer = await self.carrier.carry(COMMAND, form)
        self.acknowledged(answer, "A slash command")
        shown = self._show(answer.payload, user, channel) if answer.is_ok else None
        return Sent((answer,), user, channel, since, url_id=url_id, shown=shown)

    async def mention(
        self,
        text: str,
        user: str = "U0JOHN",
        channel: str = "C0GENERAL",
        *,
        thread_ts: str = "",
        again: int = 0,
    ) -> Sent:
        """Somebody writes `@Ext ‹text›`; a mention elsewhere in the text may be written out."""
        mark = f"<@{BOT_USER_ID}>"
        words = text if mark in text else f"{mark} {text}".strip()
        self._needs("app_mentions:read", "a mention")
        said = self._said(words, user, self._room(channel), thread_ts)
        return await self.event({"type": "app_mention", **said}, again=again)

    async def direct(
        self, text: str, user: str = "U0JOHN", *, thread_ts: str = "", again: int = 0
    ) -> Sent:
        """Somebody writes to Ext directly."""
        self._needs("im:history", "a direct message")
        said = self._said(text, user, self._room(direct(user)), thread_ts)
        event = {"type": "message", **said, "channel_type": "im"}
        return await self.event(event, again=again)

    async def event(self, event: dict[str, Any], *, event_id: str = "", again: int = 0) -> Sent:
        """Anything that happens. Until it is acknowledged it comes three times more.

        `again` says how many times it comes although it was: acknowledgements get lost.
        """
        workspace = self.workspace
        since = len(workspace.messages)
        event_id = event_id or f"Ev0{workspace.number():08d}"
        self._keep(event)
        body = payloads.event_callback(workspace, event, event_id)
        answers = await self._until_acknowledged(body)
        for number in range(again):
            answers.append(await self.carrier.carry(EVENT, body, Retry(number + 1)))
        ts = str(event.get("ts", ""))
        return Sent(
            tuple(answers), str(event.get("user", "")), str(event.get("channel", "")), since,
            ts=ts, thread_ts=str(event.get("thread_ts") or ts), event_id=event_id,
        )  # fmt: skip

    async def press(
        self,
        message: Message,
        action_id: str,
        user: str = "U0JOHN",
        index: int = 0,
        chosen: Any = "",
    ) -> Sent:
        """Somebody presses a button of a message: the first with this id, or a further one.

        Of a list or a menu something is `chosen`. Raises LookupError where they do not see the
        message, or it has no such button or choice.
        """
        workspace = self.workspace
        since = len(workspace.messages)
        if message not in workspace.seen(user, message.channel):
            raise LookupError(f"{user} does not see the message {message.text[:60]!r}.")
        action = block_actions.action(message.blocks, action_id, index, chosen)
        action["action_ts"] = workspace.messages.stamp()
        url_id = self._opened(user, message.channel, message)
        body = payloads.block_actions(
            workspace, message, action,
            member=self._member(user), room=self._room(message.channel),
            response_url=self._url(url_id),
        )  # fmt: skip
        answer = await self.carrier.carry(INTERACTIVE, body)
        self.acknowledged(answer, "A button")
        if answer.is_ok and answer.payload:
            workspace.broken.note("ack", "What the acknowledgement of a button says is not shown.")
        return Sent((answer,), user, message.channel, since, url_id=url_id)

    async def _until_acknowledged(self, body: dict[str, Any]) -> list[Answer]:
        answers = [await self.carrier.carry(EVENT, body)]
        self.acknowledged(answers[0], "An event")
        for number, pause in enumerate(PAUSES, 1):
            last = answers[-1]
            if last.is_ok or last.wants_no_retry:
                break
            await asyncio.sleep(pause * self.pace)
            answers.append(await self.carrier.carry(EVENT, body, Retry(number, last.failure)))
        return answers

    def acknowledged(self, answer: Answer, what: str) -> None:
        """Note where an acknowledgement was late, or none."""
        if answer.failure == "http_timeout":
            late = f"{what} was not acknowledged within {self.carrier.limit:g} seconds."
            self.workspace.broken.note("operation_timeout", late)
        elif answer.failure:
            how = f"status {answer.status}" if answer.status else answer.failure
            refused = f"{what} was not acknowledged but answered with {how}."
            self.workspace.broken.note("dispatch_failed", refused)

    def _show(self, ack: dict[str, Any], user: str, channel: str) -> Message | None:
        """Show what the acknowledgement of a command says; Slack tells nobody what it refuses."""
        if not ack:
            return None
        workspace = self.workspace
        if "replace_original" in ack or "delete_original" in ack:
            nothing = "an acknowledgement cannot replace or delete anything."
            workspace.broken.note("replace_original", nothing)
        if judge(workspace.broken, "acknowledgement", ack):
            return None
        only_for = "" if ack.get("response_type") == "in_channel" else user
        place = Place(channel, only_for=only_for)
        return post(workspace.messages, workspace.broken, ack, place, "ack")

    def _needs(self, scope: str, what: str) -> None:
        if scope not in self.workspace.scopes:
            raise LookupError(f"Slack sends {what} only to an app with the scope {scope}.")

    def _said(self, text: str, user: str, room: Channel, thread_ts: str) -> dict[str, Any]:
        messages = self.workspace.messages
        parent = messages.get(room.id, thread_ts)
        if thread_ts and parent is None:
            raise LookupError(f"There is no message {thread_ts} in {room.id} to reply to.")
        return payloads.said(self._member(user), room, text, ts=messages.stamp(), parent=parent)

    def _keep(self, event: dict[str, Any]) -> None:
        """Keep what a person wrote, so that it can be replied to."""
        messages, channel, ts = self.workspace.messages, event.get("channel"), event.get("ts")
        is_said = event.get("type") in ("app_mention", "message") and not event.get("subtype")
        if is_said and channel and ts and messages.get(channel, ts) is None:
            by, thread_ts = str(event.get("user", "")), str(event.get("thread_ts") or "")
            messages.add(channel, event, ts=ts, thread_ts=thread_ts, by=by, how="person")

    def opened(self, user: str, channel: str) -> str:
        """A new `response_url`, for what somebody did in a channel."""
        return self._url(self._opened(user, channel))

    def _opened(self, user: str, channel: str, source: Message | None = None) -> str:
        url_id = f"R{self.workspace.number()}"
        self.workspace.open(url_id, user=user, channel=channel, source=source)
        return url_id

    def _url(self, url_id: str) -> str:
        return f"{self.slack_url}/response/{url_id}"

    def _member(self, user: str) -> Member:
        nobody = Member(user, "nobody", "Nobody")
        return self.workspace.members.get(user, nobody)

    def _room(self, channel: str) -> Channel:
        return self.workspace.channels.get(channel, Channel(channel, "unknown"))
