"""The listeners for what Slack sends, one module for each kind of payload.

A listener reads the text out of the payload, asks `context.lookup`, and decides who sees the
answer. An error that escapes a listener becomes a notice and a 200 in `errors`.
"""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from bot.listeners import actions, commands, errors, events
from bot.listeners.context import ListenerContext


def register(app: AsyncApp, context: ListenerContext) -> None:
    """Register every listener with Bolt."""
    for module in (commands, events, actions, errors):
        module.register(app, context)
