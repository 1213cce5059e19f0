"""Posts the app's messages where Slack would: to everyone or one person, in a channel or thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.messages import Message, Messages
from bot.sandbox.slack.violations import Violations


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a message goes. `visible_to` is the only reader of an ephemeral message, else empty."""

    channel: str
    thread_ts: str = ""
    visible_to: str = ""


def post(
    messages: Messages,
    violations: Violations,
    content: Mapping[str, Any],
    destination: Destination,
    origin: str,
) -> Message:
    """Add a message of the app where Slack would put it, and record a wrong destination."""
    thread, problem = _resolve_thread(messages, destination)
    is_never_shown = (
        destination.visible_to and thread and not messages.has_replies(destination.channel, thread)
    )
    if is_never_shown:
        problem = "quiet_thread: an ephemeral message isn't shown in a thread without replies."
    if problem:
        name, _, what = problem.partition(": ")
        violations.record(name, f"{origin}: {what}")
    message = messages.add(
        destination.channel,
        content,
        thread_ts=thread,
        visible_to=destination.visible_to,
        origin=origin,
    )
    message.is_deleted = bool(is_never_shown)
    return message


def _resolve_thread(messages: Messages, destination: Destination) -> tuple[str, str]:
    """The `ts` of the thread that a message ends up in, and the problem with the requested one."""
    if not destination.thread_ts:
        return "", ""
    parent = messages.get(destination.channel, destination.thread_ts)
    if parent is None or parent.is_ephemeral:
        missing = "thread_not_found: there's no message {} to reply to, so it isn't threaded."
        return "", missing.format(destination.thread_ts)
    if parent.root_ts != parent.ts:
        reply = "thread_ts: {} is a reply; a thread has the ts of its root message."
        return parent.root_ts, reply.format(parent.ts)
    return parent.ts, ""
