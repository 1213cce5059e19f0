"""A checker of Slack's rules for messages and views; Slack's own library leaves many unchecked.

It is written from Slack's documentation and knows nothing of the bot, so that it can catch the
bot's mistakes. `problems` returns everything that Slack would refuse, under Slack's name for the
error where one is known, and what Slack would accept but people would suffer from. A block that
isn't listed in `shapes` is a problem: a new kind of block needs an entry first.

https://docs.slack.dev/reference/block-kit
"""

from __future__ import annotations

from bot.sandbox.slack.block_kit.messages import MAX_TEXT_CHARS, problems

__all__ = ["MAX_TEXT_CHARS", "problems"]
