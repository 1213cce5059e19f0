"""One extension as a row: in a list, and in a message of several answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.cards import action_ids
from bot.cards.blocks import Message, join_sentences, label, plain_text, section
from bot.cards.buttons import Button, button
from bot.cards.extension_card import (
    Fact,
    direct_number,
    location_text,
    name_and_number,
    name_for_button,
    number_code,
)
from bot.cards.moments import VONAGE, freshness_of
from bot.models import Did, Extension, Location, Match


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
        accessibility_label=f"Show {name_for_button(extension)}",
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
        place = location_text(extension, locations.get(extension.location_id))
        details.append(Fact(label(place, 80), plain_text(place, 80)))
    details += [why] if why else []
    second_line = " · ".join(fact.mrkdwn for fact in details if fact.mrkdwn)
    lines = filter(None, [f"*{name}*  {number_code(extension)}", second_line])
    phrases = [name_and_number(extension), *(fact.plain for fact in details)]
    return Fact("\n".join(lines), ", ".join(filter(None, phrases)))


def _first_direct_number(dids: tuple[Did, ...]) -> list[Fact]:
    first = [direct_number(did) for did in dids[:1]]
    more = f"and {len(dids) - 1} more"
    return [*first, Fact(more, more)] if len(dids) > 1 else first
