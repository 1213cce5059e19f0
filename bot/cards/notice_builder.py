"""How a notice is put together: for the eyes in blocks, and the same words for the ears."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from bot.cards.blocks import clean, code, context, label, mention, section
from bot.cards.message import Message

WORDS_LIMIT = 150  # of what a person typed, when it is repeated to them
CONTACT_LIMIT = 200
MAX_ADMINS = 3  # that a notice names; more would hide what to do

_PERSON = re.compile(r"<@([UW][A-Z0-9]{2,30})>")
_MENTION = re.compile(r"(<@[UW][A-Z0-9]{2,30}>|<#[CG][A-Z0-9]{2,30}>)")
_CUT_SHORT = re.compile(r"<@?[A-Z0-9]*\Z")


def notice(*lines: str, small: Sequence[str] = ()) -> Message:
    """Return a message of a few lines of mrkdwn, and some in small print; empty ones go."""
    lines, below = tuple(filter(None, lines)), "\n".join(filter(None, small))
    blocks = [section("\n".join(lines)), *([context(below)] if below else [])]
    return Message(screen_reader_text([*lines, below]), blocks)


def screen_reader_text(lines: Sequence[str], separator: str = " ") -> str:
    """Return what a screen reader says: only our own code spans have backticks, and they go."""
    spoken_lines = [line.replace("`", "").replace("\n", " ") for line in lines if line]
    return separator.join(spoken_lines)


def command_code(command: str, text: str) -> str:
    """Return what to type, as code: `/ext 789`, or `789` where no command is needed."""
    return code(f"{command} {text}", WORDS_LIMIT)


def mention_command(to: str, text: str) -> str:
    """Return what to type to somebody: a user id or a mention, or words for them as in `@Ext`."""
    person = mention(to.strip("<@>"))  # which Slack shows outside of code only
    return f"{person} {code(text, WORDS_LIMIT)}" if person else command_code(to, text)


def quoted(words: str) -> str:
    """Return a person's own words, as code; people in them as mentions, which code would spoil."""
    words = clean(words)
    if "<@" not in words:
        return code(words, WORDS_LIMIT) or "that"
    if len(words) > WORDS_LIMIT:
        words = _CUT_SHORT.sub("", words[: WORDS_LIMIT - 1]) + "…"
    pieces = enumerate(_PERSON.split(words))  # every other one is a user id
    return " ".join(
        filter(None, (mention(p) if i % 2 else code(p, WORDS_LIMIT) for i, p in pieces))
    )


def contact_text(support_contact: str, admin_ids: Collection[str] = ()) -> str:
    """Return whom a notice sends people to, as mrkdwn: `SUPPORT_CONTACT`, else the admins.

    Users and channels in `support_contact` (`<@U…>`, `<#C…>`) stay mentions; the rest is escaped.
    A mention in a message that others see notifies that person: pass no `admin_ids` there.
    """
    if support_contact := clean(support_contact):
        pieces = enumerate(_MENTION.split(support_contact[:CONTACT_LIMIT]))  # odd: mentions
        return "".join(piece if i % 2 else _labeled(piece) for i, piece in pieces)
    admins = [mention(admin_id) for admin_id in sorted(admin_ids)]
    *others, last = list(filter(None, admins))[:MAX_ADMINS] or [""]
    return f"{', '.join(others)} or {last}" if others else last


def _labeled(text: str) -> str:
    """Return a piece of a text as a label, with the space around it."""
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{label(text, CONTACT_LIMIT)}{after}" if text.strip() else text


def without_mentions(words: str) -> str:
    """Return words in which people are `@person`: for where a mention cannot stand."""
    return _PERSON.sub("@person", words)
