"""Several at once: a page of the directory, the answers to several questions, the locations."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.cards import extension, freshness, ids
from bot.cards.blocks import (
    clean,
    code,
    context,
    divider,
    fields,
    join_within,
    label,
    plain_text,
    section,
)
from bot.cards.buttons import Button
from bot.cards.message import (
    SIZE_LIMIT,
    TEXT_LIMIT,
    TOO_MUCH,
    Block,
    Message,
    one_text,
    within_limits,
)
from bot.cards.notice_builder import aloud, repeated
from bot.cards.notices import COMMAND
from bot.cards.pager import pager
from bot.cards.reasons import reason
from bot.cards.time_text import counted, local_time
from bot.models import Extension, Listing, Location, LocationCount, LocationList

FULL_CARDS = 3  # up to so many answers in one message are whole cards, more are a row each
REPLACING = (ids.REFRESH, ids.PREVIOUS, ids.NEXT)
FIELDS = 10  # in one section

NOTHING_HERE = "There is nothing on this page."
NO_LOCATIONS = "No locations are listed for this account."
MORE_LOCATIONS = "{count} more: {location} with a name or an id shows one of them."
FIT = "{count} fit “{asked}”"
ONE_LOCATION = "{location} with a whole name or an id shows one of them."
NOT_COUNTED = "How many extensions they have is left out: I could not read the whole directory."


def listing(
    page: Listing,
    *,
    locations: Mapping[str, Location],
    now: float,
    heading: str,
    next_query: str = "",
    previous_query: str = "",
    hide: Collection[str] = (),
    buttons: bool = False,
    asked: str = "",
    source: str = freshness.VONAGE,
) -> Message:
    """Return a page of extensions, one row each, without the fields that are to `hide`.

    `heading` is plain text. `next_query` and `previous_query` lead to the pages beside this one
    and are empty where there is none. With `buttons` each row can be pressed, and the queries
    are the lines that the pager asks for, as in `list page 3`; without, they are shown as what
    to type, as in `/ext list page 3`. What a search found by another field than the name says so;
    `asked` is what was searched for.
    """
    counts, found = _counts(page), [match.extension for match in page.matches]
    rows = [
        extension.summary(
            each.extension, locations=locations, hide=hide, why=reason(each, asked, hide)
        )
        for each in page.matches
    ]
    pressed = [_show(each) if buttons else None for each in found]
    title = label(heading, 150) or "Extensions"
    blocks = [section("\n".join(filter(None, [f"*{title}*", counts])))]
    blocks += map(section, [row.mrkdwn for row in rows] or [NOTHING_HERE], pressed or [None])
    foot = pager(
        page.page,
        page.pages,
        previous_query=previous_query,
        next_query=next_query,
        buttons=buttons,
    )
    said = [plain_text(heading, 150) or "Extensions", counts.replace(" · ", ", ")]
    said.append(join_within([row.plain for row in rows], limit=TEXT_LIMIT - 600, separator="; "))
    if fresh := freshness.of_all(page.matches, now=now, source=source):
        foot.append(fresh.block)
        said.append(fresh.said)
    return Message(". ".join(filter(None, said)), within_limits(blocks, foot=foot))


def _show(one: Extension) -> Button | None:
    """The button of a row; what has no proper number cannot be asked for."""
    return extension.show(one, one.number) if re.fullmatch(r"[0-9]{1,15}", one.number) else None


def _counts(page: Listing) -> str:
    """`1,204 extensions · page 3 of 151`, or `8 of 20 extensions shown` of the only page."""
    total = counted(page.total, "extension") if page.total is not None else ""
    if page.pages <= 1 and 0 < len(page.matches) < (page.total or 0):
        return f"{len(page.matches)} of {total} shown"
    number = f"page {page.page:,} of {page.pages:,}" if page.pages > 1 else ""
    return " · ".join(filter(None, [total, number]))


def answers(parts: Sequence[tuple[str, Message]], *, is_cut: bool = False) -> Message:
    """Return several answers under one another; each part is what was asked, and its answer.

    Up to `FULL_CARDS` the parts can be whole cards; for more, `extension.row` gives parts of
    the right size. Where an answer does not repeat what was asked, it is put above it. What
    replaces a whole message (Refresh, the pager) is left out; `is_cut` says that more was
    asked than is answered.
    """
    blocks: list[Block] = []
    for asked, message in parts:
        if blocks:
            blocks.append(divider())
        if clean(asked).casefold() not in message.text.casefold():
            blocks.append(context(repeated(asked)))
        blocks += filter(None, map(_without_replacing, message.blocks))
    said = [f"{aloud([repeated(asked)])}: {message.text}" for asked, message in parts]
    if is_cut:
        blocks.insert(0, context(TOO_MUCH))
        said.insert(0, TOO_MUCH)
    return Message(one_text(said), within_limits(blocks))


def _without_replacing(block: Block) -> Block | None:
    """Return a block without the buttons that put one answer in place of the whole message."""
    if block["type"] != "actions":
        return block
    kept = [each for each in block["elements"] if each["action_id"] not in REPLACING]
    return {**block, "elements": kept} if kept else None


def locations(
    found: LocationList, now: float, command: str = COMMAND, *, source: str = freshness.VONAGE
) -> Message:
    """Return locations by name, with their local time (`now` is epoch seconds).

    They are all there are, or those that what was asked can mean: then one is to be chosen.
    `command` is what one types before a query.
    """
    fresh = freshness.of(found.read_at, found.failure, now=now, source=source)
    offices = sorted(
        (_Office.of(row, now) for row in found.locations),
        key=lambda office: (office.name.casefold(), office.id),
    )
    heading = _heading(found)
    cells = _first([office.shown() for office in offices], size=SIZE_LIMIT - 1_000)
    blocks = [section(f"*{heading}*")]
    blocks += [fields(cells[i : i + FIELDS]) for i in range(0, len(cells), FIELDS)]
    hints = _hints(found, len(offices) - len(cells), code(f"{command} location", 100))
    blocks += [context("\n".join(hints))] if hints else []
    blocks.append(fresh.block)
    said = join_within(
        [office.said() for office in offices], limit=TEXT_LIMIT - 1_200, separator="; "
    )
    parts = [heading.rstrip("."), said, aloud(hints).rstrip("."), fresh.said]
    return Message(". ".join(filter(None, parts)), blocks)


def _heading(found: LocationList) -> str:
    if not found.locations:
        return NO_LOCATIONS
    count = counted(len(found.locations), "location")
    return FIT.format(count=count, asked=label(found.asked, 100)) if found.asked else count


def _hints(found: LocationList, more: int, location: str) -> list[str]:
    """What to type for one of the locations, and what is left out."""
    left_out = counted(more, "location")
    one = ONE_LOCATION.format(location=location) if found.asked else ""
    rest = MORE_LOCATIONS.format(count=left_out, location=location) if more else ""
    uncounted = found.locations and all(row.extensions is None for row in found.locations)
    return list(filter(None, [rest or one, NOT_COUNTED if uncounted else ""]))


@dataclass(frozen=True, slots=True)
class _Office:
    """What is said of one location, in words that are not escaped yet."""

    name: str
    where: str
    clock: str
    extensions: str
    id: str

    @classmethod
    def of(cls, row: LocationCount, now: float) -> _Office:
        place = row.location
        return cls(
            name=clean(place.name) or f"Location {clean(place.id)}".strip(),
            where=", ".join(filter(None, map(clean, (place.city, place.country)))),
            clock=local_time(place.time_zone, now),
            extensions="" if row.extensions is None else counted(row.extensions, "extension"),
            id=place.id,
        )

    def shown(self) -> str:
        where = " · ".join(filter(None, [label(self.where, 80), self.clock]))
        what = " · ".join(filter(None, [self.extensions, code(self.id, 30)]))
        return "\n".join(filter(None, [f"*{label(self.name, 100)}*", where, what]))

    def said(self) -> str:
        parts = [
            plain_text(self.name, 100),
            plain_text(self.where, 80),
            self.clock,
            self.extensions,
        ]
        if self.id not in self.name:
            parts.append(plain_text(self.id, 30))
        return ", ".join(filter(None, parts))


def _first(texts: Sequence[str], *, size: int) -> list[str]:
    """The first of the texts, as many as `size` characters hold with what JSON adds to each."""
    kept: list[str] = []
    for text in texts:
        size -= len(text) + 60
        if size < 0:
            break
        kept.append(text)
    return kept
