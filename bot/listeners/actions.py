"""Buttons. Each carries a line of text, which is looked up for whoever presses it.

So it works on yesterday's messages, from any message, and shows nobody more than they may
see. What only one person sees is replaced in place; what everybody sees is changed by Refresh
alone, and everything else that a button brings is for the one who pressed it.
https://docs.slack.dev/interactivity/handling-user-interaction
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.cards import action_ids, notices
from bot.cards.message import Message
from bot.listeners import follow_ups
from bot.listeners.context import ANY_ID, ListenerContext, deadline
from bot.listeners.follow_ups import Question
from bot.lookup.request import Answer, Outcome, as_shared
from bot.slack.people import Asker

_SHARER = re.compile(r"<@([UW][A-Z0-9]+)>")


@dataclass(frozen=True, slots=True)
class Press:
    """One press of a button: what it asks for, who pressed it, and on which message."""

    action_id: str
    line: str
    asker: Asker
    response_url: str
    message_ts: str
    thread_ts: str
    is_public: bool
    sharer: str = ""

    @classmethod
    def read(cls, body: dict[str, Any]) -> Press | None:
        """Read a `block_actions` payload; `None` for a button that is not understood."""
        action = body["actions"][0]
        line = action_ids.line_from_value(str(action.get("value") or ""))
        if line is None:
            return None
        container = body.get("container") or {}
        channel = str((body.get("channel") or {}).get("id") or container.get("channel_id") or "")
        sharer = _sharer(body)
        return cls(
            action_id=str(action.get("action_id")),
            line=line,
            asker=_asker(body, channel),
            response_url=str(body.get("response_url") or ""),
            message_ts=str(container.get("message_ts") or ""),
            thread_ts=str(container.get("thread_ts") or ""),
            # What was shared has more readers than one, in a direct message of two people too.
            is_public=not container.get("is_ephemeral")
            and (bool(sharer) or not channel.startswith("D")),
            sharer=sharer,
        )


async def pressed(ack: AsyncAck, body: dict[str, Any], desk: ListenerContext) -> None:
    """Acknowledge a press and do what the button says."""
    await ack()
    press = Press.read(body)
    work = HANDLERS[press.action_id](desk, press) if press else _say_old(desk, body)
    desk.tasks.start(work, name="button")


async def followed(ack: AsyncAck) -> None:
    """Acknowledge a link button: Slack opens the link, and tells us all the same."""
    await ack()


async def _show(desk: ListenerContext, press: Press) -> None:
    answer = await _answer(desk, press.line, press)
    await _add(desk, press, answer.message)

    async def tell(more: Answer) -> None:
        await _add(desk, press, more.message)

    follow_ups.begin(desk, answer, Question([press.line], press.asker, tell, press.response_url))


async def _turn(desk: ListenerContext, press: Press) -> None:
    answer = await _answer(desk, press.line, press)
    if press.is_public or answer.outcome is not Outcome.FOUND:
        await _add(desk, press, answer.message)
    else:
        await _replace(desk, press, answer.message)


async def _refresh(desk: ListenerContext, press: Press) -> None:
    answer = await _answer(desk, f"refresh {press.line}", press, public=press.is_public)
    if answer.outcome is not Outcome.FOUND:
        await _add(desk, press, answer.message)
        return
    if press.sharer:
        answer = as_shared(answer, Asker(press.sharer))
    await _replace(desk, press, answer.message)


async def _share(desk: ListenerContext, press: Press) -> None:
    # Each press of Share can bring a question of its own: behind those it is the same share.
    confirmed = press.action_id == action_ids.SHARE_ANYWAY
    of = (press.asker.user_id, press.thread_ts) if confirmed else press.message_ts
    key = ("share", press.asker.channel_id, of, press.line)
    if not desk.deduplicator.begin(key):
        await _add(desk, press, notices.already_shared())
        return
    answer = await _answer(desk, f"share {press.line}", press)
    if not answer.in_channel:
        desk.deduplicator.undo(key)
    await _add(desk, press, answer.message, in_channel=answer.in_channel)
    if confirmed and answer.in_channel:
        await _replace(desk, press, notices.shared())


async def _cancel(desk: ListenerContext, press: Press) -> None:
    await _replace(desk, press, notices.not_shared())


async def _say_old(desk: ListenerContext, body: dict[str, Any]) -> None:
    await _post_new(desk, str(body.get("response_url") or ""), notices.old_button())


async def _answer(
    desk: ListenerContext, line: str, press: Press, *, public: bool = False
) -> Answer:
    """Look a line up for whoever pressed."""
    return await desk.lookup.answer(
        line,
        press.asker,
        deadline=deadline(),
        public=public,
        confirmed=press.action_id == action_ids.SHARE_ANYWAY,
        can_follow_up=press.action_id == action_ids.SHOW,
    )


async def _replace(desk: ListenerContext, press: Press, message: Message) -> None:
    """Put a message in place of the one that was pressed."""
    await desk.response_urls.post(
        press.response_url, {**message.payload(), "replace_original": True}
    )


async def _add(
    desk: ListenerContext, press: Press, message: Message, *, in_channel: bool = False
) -> None:
    """Add a message, for the one who pressed or for everybody, in the same thread."""
    await _post_new(
        desk, press.response_url, message, in_channel=in_channel, thread_ts=press.thread_ts
    )


async def _post_new(
    desk: ListenerContext,
    url: str,
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
    await desk.response_urls.post(url, payload | thread)


HANDLERS: dict[str, Callable[[ListenerContext, Press], Coroutine[Any, Any, None]]] = {
    action_ids.SHOW: _show,
    action_ids.PREVIOUS: _turn,
    action_ids.NEXT: _turn,
    action_ids.REFRESH: _refresh,
    action_ids.SHARE: _share,
    action_ids.SHARE_ANYWAY: _share,
    action_ids.CANCEL: _cancel,
}


def _asker(body: dict[str, Any], channel: str) -> Asker:
    user = body.get("user") or {}
    team = user.get("team_id") or (body.get("team") or {}).get("id")
    return Asker(str(user.get("id") or ""), str(team or ""), channel)


def _sharer(body: dict[str, Any]) -> str:
    """Return who shared the message that was pressed, as it says itself."""
    blocks = (body.get("message") or {}).get("blocks") or [{}]
    if blocks[0].get("block_id") != action_ids.SHARED_BY:
        return ""
    found = _SHARER.search(str(blocks[0]["elements"][0].get("text")))
    return found[1] if found else ""


def register(app: AsyncApp, desk: ListenerContext) -> None:
    """Tell Bolt what is answered here."""

    async def press(ack: AsyncAck, body: dict[str, Any]) -> None:
        await pressed(ack, body, desk)

    async def unknown(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        desk.tasks.start(_say_old(desk, body), name="old button")

    for action_id in HANDLERS:
        app.action(action_id)(press)
    app.action(action_ids.MESSAGE)(followed)
    app.action(ANY_ID)(unknown)  # of an older or a newer release
