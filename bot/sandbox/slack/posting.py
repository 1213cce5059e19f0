"""Where a message goes: to all or to one, into the channel or a thread, if the thread is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.messages import Message, Messages
from bot.sandbox.slack.violations import Violations


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message is meant to stand; `only_for` is the one who is to see it, if not all."""

    channel: str
    thread_ts: str = ""
    only_for: str = ""


def post(
    messages: Messages, breaches: Violations, content: Mapping[str, Any], place: Place, how: str
) -> Message:
    """Keep a message of the app's where Slack puts it, and note where it was meant wrongly."""
    thread, wrong = _thread(messages, place)
    quiet = place.only_for and thread and not messages.has_replies(place.channel, thread)
    if quiet:
        wrong = "quiet_thread: in a thread without replies nobody is shown an ephemeral message."
    if wrong:
        name, _, what = wrong.partition(": ")
        breaches.note(name, f"{how}: {what}")
    message = messages.add(
        place.channel, content, thread_ts=thread, only_for=place.only_for, how=how
    )
    message.gone = bool(quiet)
    return message


def _thread(messages: Messages, place: Place) -> tuple[str, str]:
    """The thread that a message lands in, and what is wrong with the one that it asks for."""
    if not place.thread_ts:
        return "", ""
    parent = messages.get(place.channel, place.thread_ts)
    if parent is None or parent.is_ephemeral:
        missing = "thread_not_found: there is no message {} to reply to, so it comes unthreaded."
        return "", missing.format(place.thread_ts)
    if parent.thread != parent.ts:
        reply = "thread_ts: {} is a reply; a thread has the ts of the message that it hangs on."
        return parent.thread, reply.format(parent.ts)
    return parent.ts, ""
