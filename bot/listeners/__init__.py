"""What Slack sends, one file per kind.

A listener gets the text out, calls `lookup.answer` and picks who sees the answer.
"""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from bot.listeners import actions, commands, events
from bot.listeners.context import ListenerContext


def register(app: AsyncApp, desk: ListenerContext) -> None:
    """Tell Bolt of every listener."""
    for kind in (commands, events, actions):
        kind.register(app, desk)
