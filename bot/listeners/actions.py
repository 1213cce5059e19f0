"""Buttons. Each carries a query, which is looked up for the person who presses it.

So a button still works in an old message, and shows people no more than they may see. In a message
that only one person sees, the answer replaces the message. In a message that everybody sees, only
Refresh does that; other buttons answer the person who pressed them.
https://docs.slack.dev/interactivity/handling-user-interaction
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.cards import action_ids, notices
from bot.cards.blocks import Message
from bot.cards.buttons import line_from_value
from bot.listeners import follow_ups
from bot.listeners.context import ANY_ID, ListenerContext, answer_deadline
from bot.listeners.follow_ups import Conversation
from bot.lookup.request import Answer, AnswerOptions, Outcome, Request, as_shared
from bot.slack.people import Asker

_SHARED_BY = re.compile(r"<@([UW][A-Z0-9]+)>")


@dataclass(frozen=True, slots=True)
class Press:
    """One press of a button: the query that it asks, who pressed it, and in which message.

    `is_public` is whether other people see that message. `shared_by` is the id of the user who
    shared it, empty if it wasn't shared.
    """

    action_id: str
    line: str
    asker: Asker
    response_url: str
    message_ts: str
    thread_ts: str
    is_public: bool
    shared_by: str = ""

    @classmethod
    def read(cls, body: dict[str, Any]) -> Press | None:
        """Read a `block_actions` payload; `None` for a button of an unknown version."""
        action = body["actions"][0]
        line = line_from_value(str(action.get("value") or ""))
        if line is None:
            return None
        container = body.get("container") or {}
        channel = str((body.get("channel") or {}).get("id") or container.get("channel_id") or "")
        shared_by = _shared_by(body)
        return cls(
            action_id=str(action.get("action_id")),
            line=line,
            asker=_asker(body, channel),
            response_url=_response_url(body),
            message_ts=str(container.get("message_ts") or ""),
            thread_ts=str(container.get("thread_ts") or ""),
            # Channel ids that begin with D are direct messages. There only the person sees the
            # message, unless somebody shared it in a conversation between two people.
            is_public=not container.get("is_ephemeral")
            and (bool(shared_by) or not channel.startswith("D")),
            shared_by=shared_by,
        )


async def press_button(body: dict[str, Any], context: ListenerContext) -> None:
    """Start the work of a button, after the acknowledgement."""
    press = Press.read(body)
    notify = _notifier(context, _response_url(body), press.thread_ts if press else "")
    work = HANDLERS[press.action_id](context, press) if press else notify(notices.old_button())
    context.start(work, notify, name="button")


async def _show(context: ListenerContext, press: Press) -> None:
    request = _request(context, press.line, press)
    answer = await _answer(context, request)

    async def reply(answer: Answer) -> None:
        await _add_message(context, press, answer.message)

    await reply(answer)
    conversation = Conversation([request], reply, press.response_url)
    follow_ups.start(context, answer, conversation)


async def _turn_page(context: ListenerContext, press: Press) -> None:
    answer = await _answer(context, _request(context, press.line, press))
    if press.is_public or answer.outcome is not Outcome.FOUND:
        await _add_message(context, press, answer.message)
    else:
        await _replace_message(context, press, answer.message)


async def _refresh(context: ListenerContext, press: Press) -> None:
    request = _request(context, f"refresh {press.line}", press, public=press.is_public)
    answer = await _answer(context, request)
    if answer.outcome is not Outcome.FOUND:
        await _add_message(context, press, answer.message)
        return
    if press.shared_by:
        answer = as_shared(answer, Asker(press.shared_by))
    await _replace_message(context, press, answer.message)


async def _share(context: ListenerContext, press: Press) -> None:
    # Every press of Share can ask "Share it anyway?" again, each time in a new message. So that
    # the answers to all these questions share only once, the key of a confirmed share has the
    # person and the thread, not the message whose button was pressed.
    is_confirmed = press.action_id == action_ids.SHARE_ANYWAY
    source = (press.asker.user_id, press.thread_ts) if is_confirmed else press.message_ts
    key = ("share", press.asker.channel_id, source, press.line)
    if not await context.deduplicator.begin(key):
        await _add_message(context, press, notices.already_shared())
        return
    request = _request(context, f"share {press.line}", press)
    answer = await _answer(context, request)
    if not answer.in_channel:
        await context.deduplicator.undo(key)
    elif context.audit_trail:
        context.audit_trail.shared(request, answer)
    await _add_message(context, press, answer.message, in_channel=answer.in_channel)
    if is_confirmed and answer.in_channel:
        await _replace_message(context, press, notices.shared())


async def _cancel(context: ListenerContext, press: Press) -> None:
    await _replace_message(context, press, notices.not_shared())


def _request(context: ListenerContext, line: str, press: Press, *, public: bool = False) -> Request:
    options = AnswerOptions(
        public=public,
        confirmed=press.action_id == action_ids.SHARE_ANYWAY,
        can_follow_up=press.action_id == action_ids.SHOW,
        surface="button",
    )
    return context.lookup.parse(line, press.asker, options)


async def _answer(context: ListenerContext, request: Request) -> Answer:
    return await context.lookup.answer(request, deadline=answer_deadline())


async def _replace_message(context: ListenerContext, press: Press, message: Message) -> None:
    """Replace the message whose button was pressed."""
    payload = {**message.payload(), "replace_original": True}
    await context.response_urls.post(press.response_url, payload)


async def _add_message(
    context: ListenerContext, press: Press, message: Message, *, in_channel: bool = False
) -> None:
    """Add a message in the same thread, for the person who pressed or for everybody."""
    await _post_new(
        context, press.response_url, message, in_channel=in_channel, thread_ts=press.thread_ts
    )


async def _post_new(
    context: ListenerContext,
    response_url: str,
    message: Message,
    *,
    in_channel: bool = False,
    thread_ts: str = "",
) -> None:
    payload = {
        **message.payload(),
        "response_type": "in_channel" if in_channel else "ephemeral",
        "replace_original": False,
    }
    thread = {"thread_ts": thread_ts} if thread_ts else {}
    await context.response_urls.post(response_url, payload | thread)


def _notifier(
    context: ListenerContext, response_url: str, thread_ts: str
) -> Callable[[Message], Coroutine[Any, Any, None]]:
    async def notify(message: Message) -> None:
        await _post_new(context, response_url, message, thread_ts=thread_ts)

    return notify


HANDLERS: dict[str, Callable[[ListenerContext, Press], Coroutine[Any, Any, None]]] = {
    action_ids.SHOW: _show,
    action_ids.PREVIOUS: _turn_page,
    action_ids.NEXT: _turn_page,
    action_ids.REFRESH: _refresh,
    action_ids.SHARE: _share,
    action_ids.SHARE_ANYWAY: _share,
    action_ids.CANCEL: _cancel,
}


def _response_url(body: dict[str, Any]) -> str:
    return str(body.get("response_url") or "")


def _asker(body: dict[str, Any], channel: str) -> Asker:
    user = body.get("user") or {}
    team_id = user.get("team_id") or (body.get("team") or {}).get("id")
    return Asker(str(user.get("id") or ""), str(team_id or ""), channel)


def _shared_by(body: dict[str, Any]) -> str:
    """Return the id of the user who shared the message, as its first block says."""
    blocks = (body.get("message") or {}).get("blocks") or [{}]
    if blocks[0].get("block_id") != action_ids.SHARED_BY:
        return ""
    user = _SHARED_BY.search(str(blocks[0]["elements"][0].get("text")))
    return user[1] if user else ""


def register(app: AsyncApp, context: ListenerContext) -> None:
    """Register the listeners of this module with Bolt."""

    async def button(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await press_button(body, context)

    async def unknown_button(ack: AsyncAck, body: dict[str, Any]) -> None:
        """Tell the person that a button is from another release."""
        await ack()
        notify = _notifier(context, _response_url(body), "")
        context.start(notify(notices.old_button()), notify, name="old button")

    async def link(ack: AsyncAck) -> None:
        """Acknowledge a link button: Slack opens its link, but still expects a response."""
        await ack()

    for action_id in HANDLERS:
        app.action(action_id)(button)
    app.action(action_ids.MESSAGE)(link)
    app.action(ANY_ID)(unknown_button)
