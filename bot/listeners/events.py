"""Mentions in channels and direct messages.

Slack sends an event again when the acknowledgement is late or lost, so each is answered once,
by its id. https://docs.slack.dev/apis/events-api
"""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.listeners import follow_ups
from bot.listeners.context import ANY_ID, ListenerContext, deadline
from bot.listeners.follow_ups import Question, Reply
from bot.lookup.request import Answer
from bot.slack.people import Asker
from bot.slack.users import SlackUsers

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_NEXT_QUESTION = re.compile(r"\n+|(?<=\?)\s+(?=\S)")


async def app_mention(event: dict[str, Any], body: dict[str, Any], desk: ListenerContext) -> None:
    """Answer what somebody asks with `@Ext …`, in a thread under their message."""
    if _is_a_question(event, body, desk):
        desk.tasks.start(_answer_mention(event, body, desk), name="mention")


async def message(event: dict[str, Any], body: dict[str, Any], desk: ListenerContext) -> None:
    """Answer a direct message; what is said in channels is nobody's question to us."""
    if event.get("channel_type") == "im" and _is_a_question(event, body, desk):
        desk.tasks.start(_answer_direct(event, body, desk), name="direct message")


def is_a_persons(event: dict[str, Any]) -> bool:
    """Whether a message is a person's own words: no bot's, no edit, no notice of Slack's."""
    return bool(event.get("user")) and not any(
        event.get(name) for name in ("subtype", "bot_id", "bot_profile", "edited", "hidden")
    )


def _is_a_question(event: dict[str, Any], body: dict[str, Any], desk: ListenerContext) -> bool:
    """Whether a person says something, and for the first time."""
    if not is_a_persons(event) or event["user"] in (our_id(body, desk.users), "USLACKBOT"):
        return False
    return desk.deduplicator.begin(("event", body.get("event_id") or event.get("event_ts")))


async def _answer_mention(
    event: dict[str, Any], body: dict[str, Any], desk: ListenerContext
) -> None:
    limit = deadline()
    private = await _has_outsiders(event, body, desk, limit)
    channel, person = str(event.get("channel") or ""), str(event["user"])
    thread_ts = str(event.get("thread_ts") or "")

    async def tell(answer: Answer) -> None:
        if private:
            # In a thread that does not exist yet an ephemeral message would not be seen.
            await desk.messages.post_ephemeral(
                answer.message.payload(), channel=channel, user=person, thread_ts=thread_ts
            )
        else:
            await desk.messages.post(
                answer.message.payload(),
                channel=channel,
                thread_ts=thread_ts or str(event.get("ts") or ""),
            )

    await _answer(event, body, desk, tell, limit, public=not private)


async def _answer_direct(
    event: dict[str, Any], body: dict[str, Any], desk: ListenerContext
) -> None:
    channel, thread_ts = str(event.get("channel") or ""), str(event.get("thread_ts") or "")

    async def tell(answer: Answer) -> None:
        await desk.messages.post(answer.message.payload(), channel=channel, thread_ts=thread_ts)

    await _answer(event, body, desk, tell, deadline())


async def _answer(
    event: dict[str, Any],
    body: dict[str, Any],
    desk: ListenerContext,
    tell: Reply,
    limit: float,
    **how: bool,
) -> None:
    """Answer what a message asks, and tell what comes after the answer."""
    asker = _asker(event, body)
    lines = questions(str(event.get("text") or ""), our_id(body, desk.users))
    answer = await desk.lookup.answers(lines, asker, deadline=limit, command="", **how)
    await tell(answer)
    request = str(body.get("event_id") or event.get("event_ts"))
    follow_ups.begin(desk, answer, Question(lines, asker, tell, request, {"command": "", **how}))


def questions(text: str, ours: str) -> list[str]:
    """Return the questions of a message, without the mentions of us; one empty one for none.

    What stands behind the first mention is asked; where nothing does, what stands before it.
    Lines, sentences that end with `?` and further mentions of us begin new questions.
    """
    mine = next((each[1] for each in _MENTION.finditer(text) if each[1] == ours), "")
    if not mine and not ours and (first := _MENTION.match(text.lstrip())):
        mine = first[1]  # who we are is not known yet, but it begins with us
    parts = re.split(rf"<@{mine}(?:\|[^>]*)?>", text) if mine else [text]
    behind = [part for part in parts[1:] if _says_something(part)]
    asked = behind or parts[:1]
    lines = [line.strip(" \t,:") for part in asked for line in _NEXT_QUESTION.split(part)]
    return [line for line in lines if _says_something(line)] or [""]


def our_id(body: dict[str, Any], profiles: SlackUsers) -> str:
    """Return our own user id, as the event or Slack has named it."""
    for each in body.get("authorizations") or ():
        if isinstance(each, dict) and each.get("is_bot", True):
            return str(each.get("user_id") or "")
    workspace = profiles.known_workspace()
    return workspace.bot_user_id if workspace else ""


async def _has_outsiders(
    event: dict[str, Any], body: dict[str, Any], desk: ListenerContext, limit: float
) -> bool:
    """Return whether others than colleagues would read the answer; not to know counts as yes."""
    if isinstance(told := body.get("is_ext_shared_channel"), bool):
        return told
    channel = str(event.get("channel") or "")
    return await desk.channels.has_outsiders(channel, deadline=limit) is not False


def _asker(event: dict[str, Any], body: dict[str, Any]) -> Asker:
    team = event.get("user_team") or event.get("team") or body.get("team_id")
    return Asker(
        user_id=str(event["user"]),
        team_id=str(team or ""),
        channel_id=str(event.get("channel") or ""),
    )


def _says_something(text: str) -> bool:
    return any(char.isalnum() for char in text)


def register(app: AsyncApp, desk: ListenerContext) -> None:
    """Tell Bolt what is answered here."""

    @app.event("app_mention")
    async def mentioned(event: dict[str, Any], body: dict[str, Any]) -> None:
        await app_mention(event, body, desk)

    @app.event("message")
    async def said(event: dict[str, Any], body: dict[str, Any]) -> None:
        await message(event, body, desk)

    @app.event(ANY_ID)
    async def happened() -> None:
        """Acknowledge what else an app may be subscribed to, or Slack sends it again."""
