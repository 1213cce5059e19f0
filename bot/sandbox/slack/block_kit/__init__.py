"""Slack's rules for messages and views, as an own checker: Slack's library leaves many unchecked.

Written from Slack's documentation and knows nothing of the bot, so that it can catch its
mistakes. `problems` returns everything that Slack would refuse, under Slack's own name for the
error where one is known, and what it would take but people would suffer from. What is not
listed in `shapes` is a problem: a new kind of block needs an entry first.
https://docs.slack.dev/reference/block-kit
"""

from __future__ import annotations

from bot.sandbox.slack.block_kit.messages import MAX_TEXT_CHARS, problems

__all__ = ["MAX_TEXT_CHARS", "problems"]
