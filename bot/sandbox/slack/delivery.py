"""Delivers to the app what people do in Slack: commands, mentions, messages, button presses.

Each method returns how the app responded. Its messages are kept in the Workspace, and broken rules
are recorded there: no acknowledgement in time, or one that Slack would not show. An action that
Slack would never send raises LookupError.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from bot.sandbox.json_types import JsonObject
from bot.sandbox.slack import block_actions, payloads
from bot.sandbox.slack.channels import Channel, direct_channel_id
from bot.sandbox.slack.members import BOT_USER_ID, Member
from bot.sandbox.slack.message_posting import Destination, post
from bot.sandbox.slack.message_rules import check_message
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.transports import COMMAND, EVENT, INTERACTIVE, AppResponse, Retry, Transport
from bot.sandbox.slack.workspace import Workspace

RETRY_DELAYS_S = (0.0, 60.0, 300.0)  # before each redelivery of an event that wasn't acknowledged
RETRY_DELAY_SCALE = 0.001  # the share of these delays that is waited: tests can't wait for minutes


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """A delivery and the app's responses to it.

    `responses` are the first and those to each redelivery. `ts` is the message that an event is
    about, `thread_ts` its thread; `url_id` names the `response_url`. `message` is the one that an
    acknowledgement created. `messages_before` counts the messages before.
    """

    responses: tuple[AppResponse, ...]
    user: str
    channel: str
    messages_before: int
    ts: str = ""
    thread_ts: str = ""
    url_id: str = ""
    event_id: str = ""
    message: Message | None = None

    @property
    def response(self) -> AppResponse:
        """The first response."""
        return self.responses[0]


@dataclass(slots=True)
class Delivery:
    """Delivers to one app over one transport. `slack_url` is where the stand-in is served.

    `retry_delay_scale` is the share of Slack's retry delays that is really waited.
    """

    workspace: Workspace
    transport: Transport
    slack_url: str
    retry_delay_scale: float = RETRY_DELAY_SCALE

    async def slash_command(
        self,
        text: str = "",
        user: str = "U0JOHN",
        channel: str = "C0GENERAL",
        **fields: str,
    ) -> DeliveryResult:
        """A user types `/ext ‹text›`; `fields` replace those of the payload."""
        self._require_scope("commands", "a slash command")
        messages_before = len(self.workspace.messages)
        target = self._channel(channel)
        url_id = self._new_response_url_id(user, channel)
        trigger_id = self.workspace.triggers.issue(user)
        fields = {"response_url": self._response_url(url_id), "trigger_id": trigger_id} | fields
        form = payloads.slash_command(self._member(user), target, text, **fields)
        response = await self.transport.send(COMMAND, form)
        self.check_acknowledged(response, "A slash command")
        message = (
            self._post_ack_message(response.payload, user, channel) if response.is_ok else None
        )
        return DeliveryResult(
            (response,), user, channel, messages_before, url_id=url_id, message=message
        )

    async def mention(
        self,
        text: str,
        user: str = "U0JOHN",
        channel: str = "C0GENERAL",
        *,
        thread_ts: str = "",
        redeliveries: int = 0,
    ) -> DeliveryResult:
        """A user writes `@Ext ‹text›`. If the text has `<@…>` of the bot already, it stays as it
        is.
        """
        bot_mention = f"<@{BOT_USER_ID}>"
        mention_text = text if bot_mention in text else f"{bot_mention} {text}".strip()
        self._require_scope("app_mentions:read", "a mention")
        fields = self._message_fields(mention_text, user, self._channel(channel), thread_ts)
        return await self.event({"type": "app_mention", **fields}, redeliveries=redeliveries)

    async def direct_message(
        self, text: str, user: str = "U0JOHN", *, thread_ts: str = "", redeliveries: int = 0
    ) -> DeliveryResult:
        """A user writes to Ext in a direct message."""
        self._require_scope("im:history", "a direct message")
        fields = self._message_fields(text, user, self._channel(direct_channel_id(user)), thread_ts)
        event = {"type": "message", **fields, "channel_type": "im"}
        return await self.event(event, redeliveries=redeliveries)

    async def event(
        self, event: JsonObject, *, event_id: str = "", redeliveries: int = 0
    ) -> DeliveryResult:
        """Deliver any event. Slack sends it three times more until it is acknowledged.

        `redeliveries` is how often it comes again although it was acknowledged, because
        acknowledgements can get lost.
        """
        workspace = self.workspace
        messages_before = len(workspace.messages)
        event_id = event_id or f"Ev0{workspace.next_number():08d}"
        self._record_person_message(event)
        body = payloads.event_callback(workspace, event, event_id)
        responses = await self._until_acknowledged(body)
        for number in range(redeliveries):
            responses.append(await self.transport.send(EVENT, body, Retry(number + 1)))
        ts = str(event.get("ts", ""))
        return DeliveryResult(
            tuple(responses),
            str(event.get("user", "")),
            str(event.get("channel", "")),
            messages_before,
            ts=ts,
            thread_ts=str(event.get("thread_ts") or ts),
            event_id=event_id,
        )

    async def press(
        self,
        message: Message,
        action_id: str,
        user: str = "U0JOHN",
        index: int = 0,
        choice: Any = "",
    ) -> DeliveryResult:
        """A user presses a button of a message; `index` selects one of several with the same id.

        `choice` is what is chosen from a list or a menu. Raises LookupError where the user can't
        see the message, or it has no such button or option.
        """
        workspace = self.workspace
        messages_before = len(workspace.messages)
        if message not in workspace.visible_messages(user, message.channel):
            raise LookupError(f"{user} does not see the message {message.text[:60]!r}.")
        action = block_actions.action_payload(message.blocks, action_id, index, choice)
        action["action_ts"] = workspace.messages.new_ts()
        url_id = self._new_response_url_id(user, message.channel, message)
        body = payloads.block_actions(
            workspace, message, action,
            member=self._member(user), channel=self._channel(message.channel),
            response_url=self._response_url(url_id),
        )  # fmt: skip
        response = await self.transport.send(INTERACTIVE, body)
        self.check_acknowledged(response, "A button")
        if response.is_ok and response.payload:
            workspace.violations.record(
                "ack", "Slack doesn't show the body of a button's acknowledgement."
            )
        return DeliveryResult((response,), user, message.channel, messages_before, url_id=url_id)

    async def _until_acknowledged(self, body: JsonObject) -> list[AppResponse]:
        responses = [await self.transport.send(EVENT, body)]
        self.check_acknowledged(responses[0], "An event")
        for number, pause in enumerate(RETRY_DELAYS_S, 1):
            last = responses[-1]
            if last.is_ok or last.wants_no_retry:
                break
            await asyncio.sleep(pause * self.retry_delay_scale)
            responses.append(await self.transport.send(EVENT, body, Retry(number, last.failure)))
        return responses

    def check_acknowledged(self, response: AppResponse, what: str) -> None:
        """Record a missing or late acknowledgement as a violation."""
        if response.failure == "http_timeout":
            description = (
                f"{what} was not acknowledged within {self.transport.ack_timeout_s:g} seconds."
            )
            self.workspace.violations.record("operation_timeout", description)
        elif response.failure:
            outcome = f"status {response.status}" if response.status else response.failure
            description = f"{what} was answered with {outcome} instead of an acknowledgement."
            self.workspace.violations.record("dispatch_failed", description)

    def _post_ack_message(self, ack: JsonObject, user: str, channel: str) -> Message | None:
        """Post the message of a command's acknowledgement; a refused one is shown to nobody."""
        if not ack:
            return None
        workspace = self.workspace
        if "replace_original" in ack or "delete_original" in ack:
            problem = "an acknowledgement cannot replace or delete anything."
            workspace.violations.record("replace_original", problem)
        if check_message(workspace.violations, "acknowledgement", ack):
            return None
        visible_to = "" if ack.get("response_type") == "in_channel" else user
        destination = Destination(channel, visible_to=visible_to)
        return post(workspace.messages, workspace.violations, ack, destination, "ack")

    def _require_scope(self, scope: str, what: str) -> None:
        if scope not in self.workspace.scopes:
            raise LookupError(f"Slack sends {what} only to an app with the scope {scope}.")

    def _message_fields(self, text: str, user: str, target: Channel, thread_ts: str) -> JsonObject:
        messages = self.workspace.messages
        parent = messages.get(target.id, thread_ts)
        if thread_ts and parent is None:
            raise LookupError(f"There's no message {thread_ts} in {target.id} to reply to.")
        return payloads.message_event(
            self._member(user), target, text, ts=messages.new_ts(), parent=parent
        )

    def _record_person_message(self, event: JsonObject) -> None:
        """Keep a person's message, so that it can be replied to."""
        messages, channel, ts = self.workspace.messages, event.get("channel"), event.get("ts")
        is_person_message = event.get("type") in ("app_mention", "message") and not event.get(
            "subtype"
        )
        if is_person_message and channel and ts and messages.get(channel, ts) is None:
            author, thread_ts = str(event.get("user", "")), str(event.get("thread_ts") or "")
            messages.add(channel, event, ts=ts, thread_ts=thread_ts, author=author, origin="person")

    def new_response_url(self, user: str, channel: str) -> str:
        """A new `response_url` for a user's action in a channel."""
        return self._response_url(self._new_response_url_id(user, channel))

    def _new_response_url_id(self, user: str, channel: str, source: Message | None = None) -> str:
        url_id = f"R{self.workspace.next_number()}"
        self.workspace.open_response_url(url_id, user=user, channel=channel, source=source)
        return url_id

    def _response_url(self, url_id: str) -> str:
        return f"{self.slack_url}/response/{url_id}"

    def _member(self, user: str) -> Member:
        unknown = Member(user, "unknown", "Unknown")
        return self.workspace.members.get(user, unknown)

    def _channel(self, channel: str) -> Channel:
        return self.workspace.channels.get(channel, Channel(channel, "unknown"))
