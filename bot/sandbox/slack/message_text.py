"""Converts typed text as Slack does: commands, names of people, addresses.

In a message, `&`, `<` and `>` are escaped, names become `<@U…>`, and addresses `<mailto:…|…>`. A
command with `should_escape` gets people as `<@U…|name>` and everything else as it was typed.

https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.sandbox.slack.members import BOT_USER_ID, Member

_AT_NAME = re.compile(r"(?<![\w@])@([\w.-]*\w)")
_WEB_URL = re.compile(r"https?://[^\s<>]*[^\s<>.,;:!?)]")
_EMAIL = re.compile(r"(?<![\w.@])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def split_command(line: str) -> tuple[str, str]:
    """Split a line that begins with a slash into the command and its text."""
    command, _, text = line.strip().partition(" ")
    return command, text.strip()


def command_text(text: str, members: Iterable[Member]) -> str:
    """The text of a command, as the app receives it."""
    return _mentions(text, members, with_names=True)


def message_text(text: str, members: Iterable[Member]) -> str:
    """The text of a message, as Slack stores it."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _WEB_URL.sub(lambda match: f"<{match[0]}>", text)
    text = _EMAIL.sub(lambda match: f"<mailto:{match[0]}|{match[0]}>", text)
    return _mentions(text, members, with_names=False)


def mentions_bot(text: str) -> bool:
    """Whether a message, as Slack stores it, mentions Ext."""
    return f"<@{BOT_USER_ID}>" in text


def _mentions(text: str, members: Iterable[Member], *, with_names: bool) -> str:
    by_name = {member.name.lower(): member for member in members}

    def mention(match: re.Match[str]) -> str:
        member = by_name.get(match[1].lower())
        if member is None:
            return match[0]
        return f"<@{member.id}|{member.name}>" if with_names else f"<@{member.id}>"

    return _AT_NAME.sub(mention, text)
