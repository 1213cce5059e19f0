"""The card of one extension, and its short form: one row of a list.

The card has what people need most on top (name, extension, direct numbers, email), and the rest
in small text below. The rows below the name and the number come from `card_rows`. `hide` names
the rows (see `fields.HIDEABLE`) that the people who get the answer may neither see nor hear.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot import limits
from bot.cards import action_ids, card_rows
from bot.cards.blocks import (
    code,
    context,
    fields,
    join_sentences,
    join_within,
    label,
    literal_text,
    plain_text,
    section,
)
from bot.cards.buttons import Button, actions_block, button, link_button
from bot.cards.card_rows import Fact
from bot.cards.freshness import VONAGE, freshness_of
from bot.cards.message import Block, Message
from bot.models import Did, Extension, Location, Match

NO_USER = "No user is assigned. It may be a room, a ring group or a shared phone."
NO_USER_PLAIN = "no user assigned"
NO_NUMBER = "(no number)"


def card_message(
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
    source: str = VONAGE,
) -> Message:
    """Return everything known about one extension, except for the rows to `hide`.

    `title` is a line above it in plain text (why this one is shown), `now` is epoch seconds.
    `slack_id` and `profile_url` belong to the extension's user. `line` is the query for this
    card; with it the card has buttons, and if it is `shareable` one that shares it. A `public`
    card, which others see too, mentions nobody, because a mention would notify that person.
    """
    extension = match.extension
    mentioned_id = "" if public else slack_id
    location = locations.get(extension.location_id)
    subject = card_rows.Subject(extension, location, mentioned_id, now)
    facts, head = _fitting_facts(subject, hide), _head(extension)
    freshness = freshness_of(match.read_at, match.failure, now=now, source=source)
    blocks = [context(heading)] if (heading := label(title, 200)) else []
    blocks.append(section(head.mrkdwn))
    if large := [_labeled(row, fact, "*{}*\n{}") for row, fact in facts if not row.small]:
        blocks.append(fields(large))
    if line:
        url = profile_url if slack_id and "slack" not in hide else ""
        blocks.append(
            _buttons(extension, line=line, shareable=shareable and not public, profile_url=url)
        )
    if small := [_labeled(row, fact, "{}: {}") for row, fact in facts if row.small]:
        blocks.append(context("\n".join(small)))
    blocks.append(freshness.block)
    phrases = [head.plain, *(fact.plain for _, fact in facts)]
    details = join_within(phrases, limit=limits.MAX_CARD_TEXT_CHARS)
    text = join_sentences([plain_text(title, 200), details, freshness.plain])
    return Message(text, blocks, freshness)


def _fitting_facts(
    subject: card_rows.Subject, hide: Collection[str]
) -> list[tuple[card_rows.CardRow, Fact]]:
    """Return the rows with their facts; long lists are shorter if the card is too large."""
    facts = _facts(subject, hide)
    if _is_small_enough([fact for _, fact in facts]):
        return facts
    return _facts(replace(subject, tight=True), hide)


def _facts(
    subject: card_rows.Subject, hide: Collection[str]
) -> list[tuple[card_rows.CardRow, Fact]]:
    rows = [row for row in card_rows.ROWS if row.key not in hide]
    return [(row, fact) for row in rows if (fact := row.fact(subject))]


def _labeled(row: card_rows.CardRow, fact: Fact, form: str) -> str:
    """Return a fact below or behind its label, which the fact doesn't repeat.

    A location without a name is "Location 145214", except in the row with the label Location.
    """
    return form.format(row.label, fact.mrkdwn.removeprefix(f"{row.label} "))


def _is_small_enough(facts: Sequence[Fact]) -> bool:
    """Whether a card can hold the facts; the exact size matters for few cards only."""
    text_chars = sum(len(fact.plain) + 2 for fact in facts)
    if text_chars + sum(len(fact.mrkdwn) for fact in facts) < limits.MAX_FACTS_TEXT_CHARS:
        return True
    json_text = json.dumps([[fact.mrkdwn, fact.plain] for fact in facts], ensure_ascii=False)
    return (
        text_chars <= limits.MAX_FACTS_TEXT_CHARS and len(json_text) <= limits.MAX_FACTS_JSON_CHARS
    )


def _buttons(extension: Extension, *, line: str, shareable: bool, profile_url: str) -> Block:
    name = _name_for_button(extension)
    share = button(action_ids.SHARE, "Share", line=line, accessibility_label=f"Share {name}")
    return actions_block(
        share if shareable else None,
        button(action_ids.REFRESH, "Refresh", line=line, accessibility_label=f"Refresh {name}"),
        link_button(
            action_ids.MESSAGE, "Message", url=profile_url, accessibility_label=f"Message {name}"
        ),
    )


def row_message(
    match: Match,
    *,
    locations: Mapping[str, Location],
    now: float,
    hide: Collection[str] = (),
    line: str = "",
    source: str = VONAGE,
) -> Message:
    """Return one extension as a row with its age, for a message of several answers.

    `line` is the query for its card; with it the row has a button that opens the card.
    """
    fact = summary(match.extension, locations=locations, hide=hide)
    freshness = freshness_of(match.read_at, match.failure, now=now, source=source)
    button = show_button(match.extension, line) if line else None
    return Message(
        join_sentences([fact.plain, freshness.plain]),
        [section(fact.mrkdwn, button), freshness.block],
        freshness,
    )


def show_button(extension: Extension, line: str) -> Button:
    """Return the button of a row, which opens the card."""
    return button(
        action_ids.SHOW,
        "Show",
        line=line,
        accessibility_label=f"Show {_name_for_button(extension)}",
    )


def summary(
    extension: Extension,
    *,
    locations: Mapping[str, Location],
    hide: Collection[str] = (),
    why: Fact | None = None,
) -> Fact:
    """Return name, number, first direct number and location in two lines: one row of a list.

    `why` says why a search found the extension, if the row doesn't show it anyway.
    """
    name = label(extension.name, 80) or "Extension"
    details = [] if "dids" in hide else _first_direct_number(extension.dids)
    if "location" not in hide:
        place = card_rows.location_text(extension, locations.get(extension.location_id))
        details.append(Fact(label(place, 80), plain_text(place, 80)))
    details += [why] if why else []
    second_line = " · ".join(fact.mrkdwn for fact in details if fact.mrkdwn)
    lines = filter(None, [f"*{name}*  {_number(extension)}", second_line])
    phrases = [_name_and_number(extension), *(fact.plain for fact in details)]
    return Fact("\n".join(lines), ", ".join(filter(None, phrases)))


def _first_direct_number(dids: tuple[Did, ...]) -> list[Fact]:
    first = [card_rows.direct_number(did) for did in dids[:1]]
    more = f"and {len(dids) - 1} more"
    return [*first, Fact(more, more)] if len(dids) > 1 else first


def _head(extension: Extension) -> Fact:
    """Return the top of the card: who it is, and the number to copy."""
    plain, number = _name_and_number(extension), _number(extension)
    if name := label(extension.name, 150):
        return Fact(f"*{name}*\nExtension {number}", plain)
    top = f"*Extension* {number}"
    if extension.user and (extension.user.email or extension.user.login_name):
        return Fact(top, plain)
    return Fact(f"{top}\n{NO_USER}", f"{plain}, {NO_USER_PLAIN}")


def _name_and_number(extension: Extension) -> str:
    name = plain_text(extension.name, 150)
    number = plain_text(extension.number, 24) or NO_NUMBER
    return f"{name}, extension {number}" if name else f"Extension {number}"


def _name_for_button(extension: Extension) -> str:
    """Return name and number for an accessibility label, which holds 75 characters."""
    name = literal_text(extension.name, 30)
    number = literal_text(extension.number, 24) or NO_NUMBER
    return f"{name}, extension {number}" if name else f"extension {number}"


def _number(extension: Extension) -> str:
    return code(extension.number, 24) or NO_NUMBER
