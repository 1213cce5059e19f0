"""The card of one extension, and its short form: one row of a list.

What is most needed stands on top (name, extension, direct numbers, email), what is rarely
needed in small text below. Every row under the name and the number is one of `rows`; `hide`
names those (see `fields.HIDEABLE`) that nobody who sees the answer is to see or hear.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.cards import card_rows, freshness, ids
from bot.cards.blocks import bare, code, context, fields, join_within, label, plain_text, section
from bot.cards.buttons import Button, actions_block, button, link_button
from bot.cards.card_rows import Fact
from bot.cards.message import Block, Message
from bot.models import Did, Extension, Location, Match

NOBODY = "Nobody is assigned to it: it may be a room, a ring group or a shared phone."
NO_NUMBER = "(no number)"

# These keep a whole card, blocks and all, below 12,000 characters of JSON.
SPOKEN_LIMIT = 3_680
FACTS_SPOKEN_LIMIT = 3_450
FACTS_LIMIT = 7_000  # of JSON, for eyes and ears together


def card(
    match: Match,
    *,
    locations: Mapping[str, Location],
    now: float,
    slack_id: str = "",
    profile_url: str = "",
    title: str = "",
    hide: Collection[str] = (),
    line: str = "",
    shareable: bool = False,
    public: bool = False,
    source: str = freshness.VONAGE,
) -> Message:
    """Return everything known about one extension but for what is to `hide`.

    `title` is a line above it in plain text (why this one is shown), `now` is epoch seconds.
    `slack_id` and `profile_url` are the person's in Slack. `line` is the query that leads here;
    with it come buttons, and where the card is `shareable` one that shares it. A `public` card,
    which others see too, mentions nobody, because that would call them in.
    """
    extension = match.extension
    mentioned = "" if public else slack_id
    subject = card_rows.Subject(extension, locations.get(extension.location_id), mentioned, now)
    facts = _facts(subject, hide)
    if not _fit([fact for _, fact in facts]):
        facts = _facts(replace(subject, tight=True), hide)
    head = _head(extension)
    fresh = freshness.of(match.read_at, match.failure, now=now, source=source)
    blocks = [context(heading)] if (heading := label(title, 200)) else []
    blocks.append(section(head.mrkdwn))
    if large := [f"*{row.label}*\n{fact.mrkdwn}" for row, fact in facts if not row.small]:
        blocks.append(fields(large))
    if line:
        profile = profile_url if slack_id and "slack" not in hide else ""
        shareable = shareable and not public
        blocks.append(_buttons(extension, line=line, shareable=shareable, profile_url=profile))
    if small := [f"{row.label}: {fact.mrkdwn}" for row, fact in facts if row.small]:
        blocks.append(context("\n".join(small)))
    blocks.append(fresh.block)
    phrases = join_within([head.plain, *(fact.plain for _, fact in facts)], limit=SPOKEN_LIMIT)
    said = [plain_text(title, 200), phrases, fresh.said]
    return Message(". ".join(filter(None, said)), blocks)


def _facts(
    subject: card_rows.Subject, hide: Collection[str]
) -> list[tuple[card_rows.CardRow, Fact]]:
    seen = [row for row in card_rows.ROWS if row.key not in hide]
    return [(row, fact) for row in seen if (fact := row.fact(subject))]


def _fit(facts: Sequence[Fact]) -> bool:
    """Whether there is room for the facts; most cards are far too small to be measured."""
    said = sum(len(fact.plain) + 2 for fact in facts)
    if said + sum(len(fact.mrkdwn) for fact in facts) < FACTS_SPOKEN_LIMIT:
        return True
    written = json.dumps([[fact.mrkdwn, fact.plain] for fact in facts], ensure_ascii=False)
    return said <= FACTS_SPOKEN_LIMIT and len(written) <= FACTS_LIMIT


def _buttons(extension: Extension, *, line: str, shareable: bool, profile_url: str) -> Block:
    about = _about(extension)
    share = button(ids.SHARE, "Share", line=line, says=f"Share {about}")
    return actions_block(
        share if shareable else None,
        button(ids.REFRESH, "Refresh", line=line, says=f"Refresh {about}"),
        link_button(ids.MESSAGE, "Message", url=profile_url, says=f"Message {about}"),
    )


def row(
    match: Match,
    *,
    locations: Mapping[str, Location],
    now: float,
    hide: Collection[str] = (),
    line: str = "",
    source: str = freshness.VONAGE,
) -> Message:
    """Return one extension in short, with its age: for an answer of many parts.

    `line` is the query that leads to its card; with it comes a button that shows the card.
    """
    fact = summary(match.extension, locations=locations, hide=hide)
    fresh = freshness.of(match.read_at, match.failure, now=now, source=source)
    button = show(match.extension, line) if line else None
    return Message(f"{fact.plain}. {fresh.said}", [section(fact.mrkdwn, button), fresh.block])


def show(extension: Extension, line: str) -> Button:
    """Return the button of a row, which shows its card."""
    return button(ids.SHOW, "Show", line=line, says=f"Show {_about(extension)}")


def summary(
    extension: Extension,
    *,
    locations: Mapping[str, Location],
    hide: Collection[str] = (),
    why: Fact | None = None,
) -> Fact:
    """Return name, number, first direct number and location in two lines: one row of a list.

    `why` is why it is there, where that is in neither of them.
    """
    name = label(extension.name, 80) or "Extension"
    below = [] if "dids" in hide else _first_did(extension.dids)
    if "location" not in hide:
        place = card_rows.location_text(extension, locations.get(extension.location_id))
        below.append(Fact(label(place, 80), plain_text(place, 80)))
    below += [why] if why else []
    shown = " · ".join(fact.mrkdwn for fact in below if fact.mrkdwn)
    said = ", ".join(fact.plain for fact in below if fact.plain)
    lines = filter(None, [f"*{name}*  {_number(extension)}", shown])
    return Fact("\n".join(lines), ", ".join(filter(None, [_called(extension), said])))


def _first_did(dids: tuple[Did, ...]) -> list[Fact]:
    first = [card_rows.direct_number(did) for did in dids[:1]]
    rest = f"and {len(dids) - 1} more"
    return [*first, Fact(rest, rest)] if len(dids) > 1 else first


def _head(extension: Extension) -> Fact:
    """The top of the card: who it is, and the number to copy."""
    said, number = _called(extension), _number(extension)
    if name := label(extension.name, 150):
        return Fact(f"*{name}*\nExtension {number}", said)
    top = f"*Extension* {number}"
    if extension.user and (extension.user.email or extension.user.login_name):
        return Fact(top, said)
    return Fact(f"{top}\n{NOBODY}", f"{said}, nobody assigned")


def _called(extension: Extension) -> str:
    name = plain_text(extension.name, 150)
    number = plain_text(extension.number, 24) or NO_NUMBER
    return f"{name}, extension {number}" if name else f"Extension {number}"


def _about(extension: Extension) -> str:
    """Name and number for the label of a button, which is short."""
    name, number = bare(extension.name, 30), bare(extension.number, 24) or NO_NUMBER
    return f"{name}, extension {number}" if name else f"extension {number}"


def _number(extension: Extension) -> str:
    return code(extension.number, 24) or NO_NUMBER
