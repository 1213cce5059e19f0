"""One extension as a row of a list, or as a short answer in a message of several answers."""

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
    excluded_fields: Collection[str] = (),
    line: str = "",
    source: str = VONAGE,
) -> Message:
    """Return one extension as a row with its age, for a message of several answers.

    `line` is the query for the extension's card; with it, the row has a button that opens the
    card. `now` is in epoch seconds.
    """
    fact = summary(match.extension, locations=locations, excluded_fields=excluded_fields)
    freshness = freshness_of(match.read_at, match.failure, now=now, source=source)
    accessory = show_button(match.extension, line) if line else None
    return Message(
        join_sentences([fact.plain, freshness.plain]),
        [section(fact.mrkdwn, accessory), freshness.block],
        freshness,
    )


def show_button(extension: Extension, line: str) -> Button:
    """Return a row's button, which opens the card by the query `line`."""
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
    excluded_fields: Collection[str] = (),
    why: Fact | None = None,
) -> Fact:
    """Return name, number, first direct number and location in two lines.

    It is one row of a list, of search results, or of several answers.

    `why` is why a search found the extension, if the row doesn't show that already.
    """
    name = label(extension.name, 80) or "Extension"
    details = [] if "dids" in excluded_fields else _first_direct_number(extension.dids)
    if "location" not in excluded_fields:
        where = location_text(extension, locations.get(extension.location_id))
        details.append(Fact(label(where, 80), plain_text(where, 80)))
    details += [why] if why else []
    second_line = " · ".join(fact.mrkdwn for fact in details if fact.mrkdwn)
    lines = filter(None, [f"*{name}*  {number_code(extension)}", second_line])
    phrases = [name_and_number(extension), *(fact.plain for fact in details)]
    return Fact("\n".join(lines), ", ".join(filter(None, phrases)))


def _first_direct_number(dids: tuple[Did, ...]) -> list[Fact]:
    """Return the first direct number and how many more there are; empty if there is none."""
    first = [direct_number(did) for did in dids[:1]]
    more = f"and {len(dids) - 1} more"
    return [*first, Fact(more, more)] if len(dids) > 1 else first
