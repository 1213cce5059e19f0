"""Slack's rules for messages and views, as the stand-in for Slack keeps them."""

from __future__ import annotations

from bot.sandbox.slack.block_kit import problems

__all__ = ["problems"]
