"""Mentions in channels and direct messages.

Slack delivers an event again if the acknowledgement is late or lost, so the ids of events are
remembered and each event is answered once. https://docs.slack.dev/apis/events-api
"""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.cards.blocks import Message
from bot.listeners import follow_ups
from bot.listeners.context import ANY_ID, ListenerContext, answer_deadline
from bot.listeners.follow_ups import Conversation, Reply
from bot.lookup.request import Answer, AnswerOptions
from bot.slack.people import Asker
from bot.slack.users import SlackUsers

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_NEXT_QUESTION = re.compile(r"\n+|(?<=\?)\s+(?=\S)")


async def app_mention(
    event: dict[str, Any], body: dict[str, Any], context: ListenerContext
) -> None:
    """Answer a mention in a thread under it, or for its author alone if outsiders can read it."""
    if not await _is_new_question(event, body, context):
        return
    channel, author = str(event.get("channel") or ""), str(event["user"])
    thread_ts = str(event.get("thread_ts") or "")

    async def notify(message: Message) -> None:
        # Slack shows an ephemeral message in a thread only if the thread exists already, so a
        # mention outside of a thread is answered in the channel.
        await context.messages.post_ephemeral(
            message.payload(), channel=channel, user=author, thread_ts=thread_ts
        )

    context.start(_answer_mention(event, body, context), notify, name="mention")


async def message(event: dict[str, Any], body: dict[str, Any], context: ListenerContext) -> None:
    """Answer a direct message. Other messages in channels aren't meant for the bot."""
    if event.get("channel_type") != "im" or not await _is_new_question(event, body, context):
        return
    channel, thread_ts = str(event.get("channel") or ""), str(event.get("thread_ts") or "")

    async def notify(message: Message) -> None:
        await context.messages.post(message.payload(), channel=channel, thread_ts=thread_ts)

    async def reply(answer: Answer) -> None:
        await notify(answer.message)

    options = AnswerOptions(command="", surface="message")
    work = _answer(event, body, context, reply, deadline=answer_deadline(), options=options)
    context.start(work, notify, name="direct message")


def is_written_by_person(event: dict[str, Any]) -> bool:
    """Whether a message is a person's own new text, not a bot's, an edit, or a notice by Slack."""
    return bool(event.get("user")) and not any(
        event.get(name) for name in ("subtype", "bot_id", "bot_profile", "edited", "hidden")
    )


async def _is_new_question(
    event: dict[str, Any], body: dict[str, Any], context: ListenerContext
) -> bool:
    """Whether a person wrote this event's message and it is delivered for the first time."""
    if not is_written_by_person(event):
        return False
    if event["user"] in (bot_user_id(body, context.users), "USLACKBOT"):
        return False
    return await context.deduplicator.begin(("event", _delivery_id(event, body)))


def _delivery_id(event: dict[str, Any], body: dict[str, Any]) -> str:
    """Return the id that an event keeps when Slack delivers it again."""
    return str(body.get("event_id") or event.get("event_ts"))


async def _answer_mention(
    event: dict[str, Any], body: dict[str, Any], context: ListenerContext
) -> None:
    deadline = answer_deadline()
    is_private = await _has_outsiders(event, body, context, deadline)
    channel, author = str(event.get("channel") or ""), str(event["user"])
    thread_ts = str(event.get("thread_ts") or "")

    async def reply(answer: Answer) -> None:
        payload = answer.message.payload()
        if is_private:
            await context.messages.post_ephemeral(
                payload, channel=channel, user=author, thread_ts=thread_ts
            )
        else:
            under = thread_ts or str(event.get("ts") or "")
            await context.messages.post(payload, channel=channel, thread_ts=under)

    options = AnswerOptions(command="", public=not is_private, surface="mention")
    await _answer(event, body, context, reply, deadline=deadline, options=options)


async def _answer(
    event: dict[str, Any],
    body: dict[str, Any],
    context: ListenerContext,
    reply: Reply,
    *,
    deadline: float,
    options: AnswerOptions,
) -> None:
    """Answer the questions of a message, and start the answer's follow-ups."""
    lines = questions(str(event.get("text") or ""), bot_user_id(body, context.users))
    requests = context.lookup.parse_lines(lines, _asker(event, body), options)
    answer = await context.lookup.answer_all(requests, deadline=deadline)
    await reply(answer)
    conversation = Conversation(requests, reply, _delivery_id(event, body))
    follow_ups.start(context, answer, conversation)


def questions(text: str, bot_id: str) -> list[str]:
    """Return the questions of a message without mentions of the bot; `[""]` if there are none.

    The question is the text after the first mention or, if there is no text, the text before it.
    Each line, each sentence that ends with `?`, and each further mention ends a question.
    """
    mentioned = next((m[1] for m in _MENTION.finditer(text) if m[1] == bot_id), "")
    if not mentioned and not bot_id and (first := _MENTION.match(text.lstrip())):
        mentioned = first[1]  # the bot's id isn't known yet, so take the mention at the beginning
    parts = re.split(rf"<@{mentioned}(?:\|[^>]*)?>", text) if mentioned else [text]
    after_mention = [part for part in parts[1:] if _has_words(part)]
    lines = [
        line.strip(" \t,:")
        for part in after_mention or parts[:1]
        for line in _NEXT_QUESTION.split(part)
    ]
    return [line for line in lines if _has_words(line)] or [""]


def bot_user_id(body: dict[str, Any], users: SlackUsers) -> str:
    """Return the bot's own user id from the event, else from auth.test; empty if it is unknown."""
    for authorization in body.get("authorizations") or ():
        if isinstance(authorization, dict) and authorization.get("is_bot", True):
            return str(authorization.get("user_id") or "")
    workspace = users.known_workspace()
    return workspace.bot_user_id if workspace else ""


async def _has_outsiders(
    event: dict[str, Any], body: dict[str, Any], context: ListenerContext, deadline: float
) -> bool:
    """Whether people of other organizations can read the channel; true if Slack can't tell."""
    if isinstance(is_shared := body.get("is_ext_shared_channel"), bool):
        return is_shared
    channel = str(event.get("channel") or "")
    return await context.channels.has_outsiders(channel, deadline=deadline) is not False


def _asker(event: dict[str, Any], body: dict[str, Any]) -> Asker:
    team_id = event.get("user_team") or event.get("team") or body.get("team_id")
    return Asker(
        user_id=str(event["user"]),
        team_id=str(team_id or ""),
        channel_id=str(event.get("channel") or ""),
    )


def _has_words(text: str) -> bool:
    return any(char.isalnum() for char in text)


def register(app: AsyncApp, context: ListenerContext) -> None:
    """Register the listeners of this module with Bolt."""

    @app.event("app_mention")
    async def mention_listener(event: dict[str, Any], body: dict[str, Any]) -> None:
        await app_mention(event, body, context)

    @app.event("message")
    async def message_listener(event: dict[str, Any], body: dict[str, Any]) -> None:
        await message(event, body, context)

    @app.event(ANY_ID)
    async def other_listener() -> None:
        """Acknowledge all other events.

        Somebody may have subscribed the app to them by hand, and Slack repeats what isn't
        acknowledged.
        """
