"""Builds notices: the same words as blocks to look at and as text for screen readers."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from bot import limits
from bot.cards.blocks import Message, clean, code, context, label, mention, section

_PERSON = re.compile(r"<@([UW][A-Z0-9]{2,30})>")
_MENTION = re.compile(r"(<@[UW][A-Z0-9]{2,30}>|<#[CG][A-Z0-9]{2,30}>)")
_CUT_MENTION = re.compile(r"<@?[A-Z0-9]*\Z")


def notice(*lines: str, small: Sequence[str] = ()) -> Message:
    """Return a message of a few lines of mrkdwn, then small print, without the empty lines.

    At least one of `lines` must not be empty, because Slack refuses an empty section.
    """
    lines, small_print = tuple(filter(None, lines)), "\n".join(filter(None, small))
    blocks = [section("\n".join(lines)), *([context(small_print)] if small_print else [])]
    return Message(screen_reader_text([*lines, small_print]), blocks)


def screen_reader_text(lines: Sequence[str], separator: str = " ") -> str:
    """Return lines of mrkdwn as one text without code marks, which screen readers spell out.

    Only our own code spans have backticks: `blocks` replaced those of untrusted text.
    """
    plain_lines = [line.replace("`", "").replace("\n", " ") for line in lines if line]
    return separator.join(plain_lines)


def command_code(command: str, text: str) -> str:
    """Return what to type, as code: `/ext 789`, or `789` if no command is needed."""
    return code(f"{command} {text}", limits.MAX_QUOTED_CHARS)


def mention_command(recipient: str, text: str) -> str:
    """Return what to type in a mention: `@Ext 789`.

    `recipient` is a user id, a mention, or a name such as `@Ext`. A mention can't be part of the
    code span: Slack would show its user id.
    """
    person = mention(recipient.strip("<@>"))
    if not person:
        return command_code(recipient, text)
    return f"{person} {code(text, limits.MAX_QUOTED_CHARS)}"


def quoted(query_text: str) -> str:
    """Return a person's own words as code, except for mentions, which don't work inside code."""
    query_text = clean(query_text)
    if "<@" not in query_text:
        return code(query_text, limits.MAX_QUOTED_CHARS) or "that"
    if len(query_text) > limits.MAX_QUOTED_CHARS:
        query_text = _CUT_MENTION.sub("", query_text[: limits.MAX_QUOTED_CHARS - 1]) + "…"
    pieces = enumerate(_PERSON.split(query_text))  # pieces with an odd index are user ids
    return " ".join(
        filter(
            None,
            (mention(p) if i % 2 else code(p, limits.MAX_QUOTED_CHARS) for i, p in pieces),
        )
    )


def without_mentions(query_text: str) -> str:
    """Return a text with `@person` for each mention, for places where a mention can't be."""
    return _PERSON.sub("@person", query_text)


def contact_text(support_contact: str, admin_ids: Collection[str] = ()) -> str:
    """Return whom people can ask for help, as mrkdwn: `SUPPORT_CONTACT`, else the admins.

    Users and channels in `support_contact` (`<@U…>`, `<#C…>`) stay mentions; the rest is escaped.
    A mention in a message that others see notifies that person: pass no `admin_ids` there.
    """
    if support_contact := clean(support_contact):
        pieces = enumerate(_MENTION.split(support_contact[: limits.MAX_CONTACT_CHARS]))
        return "".join(piece if i % 2 else _padded_label(piece) for i, piece in pieces)
    admins = list(filter(None, map(mention, sorted(admin_ids))))[: limits.MAX_CONTACT_ADMINS]
    *others, last = admins or [""]
    return f"{', '.join(others)} or {last}" if others else last


def _padded_label(text: str) -> str:
    """Return a piece of a text as a label that keeps the spaces around it."""
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    inner = label(text, limits.MAX_CONTACT_CHARS)
    return f"{before}{inner}{after}" if inner else text
