"""What Slack sends, one file for each kind of payload.

A listener reads the text out of the payload, asks `context.lookup`, and decides who sees the
answer. Whatever goes wrong in a listener becomes a notice and a 200 in `errors`.
"""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from bot.listeners import actions, commands, errors, events
from bot.listeners.context import ListenerContext


def register(app: AsyncApp, context: ListenerContext) -> None:
    """Register every listener with Bolt."""
    for kind in (commands, events, actions, errors):
        kind.register(app, context)
