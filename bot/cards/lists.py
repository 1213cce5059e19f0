"""Several results in one message: a page of extensions, several answers, the locations."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot import limits
from bot.cards import action_ids, extension_row
from bot.cards.blocks import (
    TOO_MUCH,
    Block,
    Freshness,
    Message,
    clean,
    code,
    context,
    divider,
    fields,
    join_sentences,
    join_texts,
    join_within,
    label,
    plain_text,
    section,
    within_limits,
)
from bot.cards.buttons import Button
from bot.cards.durations import counted
from bot.cards.moments import VONAGE, freshness_of, freshness_of_all, local_time
from bot.cards.notice_builder import quoted, screen_reader_text
from bot.cards.notices import COMMAND
from bot.cards.pager import pager_blocks
from bot.cards.reasons import reason
from bot.models import Extension, Listing, Location, LocationCount, LocationList

# The answers of these buttons replace the whole message, so in a message of several answers they
# would remove the other ones.
REPLACING_ACTIONS = (action_ids.REFRESH, action_ids.PREVIOUS, action_ids.NEXT)

EXTENSIONS = "Extensions"
NOTHING_HERE = "There's nothing on this page."
NO_LOCATIONS = "This account has no locations."
MATCHING = "{locations} match “{query}”"
SEE_ONE = "See one with {location} and its full name or ID."
SEE_ONE_OF_MORE = "{locations} more. See one with {location} and its name or ID."
NOT_COUNTED = "Counts are missing because I couldn't read the whole directory."


def listing_message(
    page: Listing,
    *,
    locations: Mapping[str, Location],
    now: float,
    heading: str,
    next_query: str = "",
    previous_query: str = "",
    excluded_fields: Collection[str] = (),
    buttons: bool = False,
    query_text: str = "",
    source: str = VONAGE,
) -> Message:
    """Return a page of extensions, one row each, without the `excluded_fields`.

    `heading` is plain text. `next_query` and `previous_query` are the queries for the pages after
    and before this one, or empty. With `buttons`, each row has a button that opens its card, and
    the pager's buttons ask the queries, such as `list page 3`. Without, the message shows the
    queries as what to type, such as `/ext list page 3`. `query_text` is the searched text: a row
    that doesn't show why it was found gets the reason. `now` is in epoch seconds.
    """
    counts = _counts(page)
    rows = [
        extension_row.summary(
            match.extension,
            locations=locations,
            excluded_fields=excluded_fields,
            why=reason(match, query_text, excluded_fields),
        )
        for match in page.matches
    ]
    row_buttons = [_row_button(match.extension) if buttons else None for match in page.matches]
    blocks = [section("\n".join(filter(None, [f"*{label(heading, 150) or EXTENSIONS}*", counts])))]
    blocks += map(section, [row.mrkdwn for row in rows] or [NOTHING_HERE], row_buttons or [None])
    queries = {"previous_query": previous_query, "next_query": next_query}
    foot = pager_blocks(page.page, page.pages, **queries, buttons=buttons)
    freshness = freshness_of_all(page.matches, now=now, source=source)
    foot += [freshness.block] if freshness else []
    sentences = [
        plain_text(heading, 150) or EXTENSIONS,
        counts.replace(" · ", ", "),
        join_within([row.plain for row in rows], limit=limits.MAX_ROWS_TEXT_CHARS, separator="; "),
        freshness.plain if freshness else "",
    ]
    return Message(join_sentences(sentences), within_limits(blocks, foot=foot), freshness)


def _row_button(extension: Extension) -> Button | None:
    """Return a row's button; `None` if the parser wouldn't read the number as a number."""
    if not re.fullmatch(r"[0-9]{1,15}", extension.number):
        return None
    return extension_row.show_button(extension, extension.number)


def _counts(page: Listing) -> str:
    """Return `1,204 extensions · page 3 of 151`, or `8 of 20 extensions shown` for one page."""
    total = counted(page.total, "extension") if page.total is not None else ""
    if page.pages <= 1 and 0 < len(page.matches) < (page.total or 0):
        return f"{len(page.matches)} of {total} shown"
    number = f"page {page.page:,} of {page.pages:,}" if page.pages > 1 else ""
    return " · ".join(filter(None, [total, number]))


def answers_message(parts: Sequence[tuple[str, Message]], *, is_cut: bool = False) -> Message:
    """Return several answers one below the other; each part is a query and its answer.

    Up to `MAX_FULL_CARDS` parts can be whole cards; if there are more, callers pass answers of
    the size of `extension_row.row_message`. A query is shown above its answer unless the answer
    repeats it. Buttons that replace the whole message (Refresh, the pager) are left out. If all
    answers are equally old, their age is shown once, at the end. `is_cut` adds a note that the
    person asked more than is answered.
    """
    freshness = _shared_freshness([message for _, message in parts])
    if freshness:
        parts = [(query_text, _without_freshness(message)) for query_text, message in parts]
    blocks: list[Block] = []
    for query_text, message in parts:
        if blocks:
            blocks.append(divider())
        if clean(query_text).casefold() not in message.text.casefold():
            blocks.append(context(quoted(query_text)))
        blocks += filter(None, map(_without_replacing_buttons, message.blocks))
    texts = [
        f"{screen_reader_text([quoted(query_text)])}: {message.text}"
        for query_text, message in parts
    ]
    if is_cut:
        blocks.insert(0, context(TOO_MUCH))
        texts.insert(0, TOO_MUCH)
    foot = [divider(), freshness.block] if freshness else []
    texts += [freshness.plain] if freshness else []
    return Message(join_texts(texts), within_limits(blocks, foot=foot), freshness)


def _shared_freshness(messages: Sequence[Message]) -> Freshness | None:
    """Return how old all answers are, or `None` if the words for it differ.

    Answers without an age (such as "nothing found") don't count. The oldest answer is returned,
    because its date is true for all of them.
    """
    ages = [message.freshness for message in messages if message.freshness]
    if len(ages) < 2 or len({age.plain for age in ages}) > 1:
        return None
    return min(ages, key=lambda age: age.read_at)


def _without_freshness(message: Message) -> Message:
    if message.freshness is None:
        return message
    text = message.text.removesuffix(message.freshness.plain).rstrip()
    return replace(message, text=text, blocks=message.blocks[:-1], freshness=None)


def _without_replacing_buttons(block: Block) -> Block | None:
    """Return a block without buttons that replace the message; `None` if nothing is left."""
    if block["type"] != "actions":
        return block
    buttons = [
        button for button in block["elements"] if button["action_id"] not in REPLACING_ACTIONS
    ]
    return {**block, "elements": buttons} if buttons else None


def locations_message(
    location_list: LocationList, now: float, command: str = COMMAND, *, source: str = VONAGE
) -> Message:
    """Return locations in the order of their names, with their local time.

    They are either all locations, or those that match a name, of which the person chooses one.
    `command` is what people type before a query. `now` is in epoch seconds.
    """
    freshness = freshness_of(location_list.read_at, location_list.failure, now=now, source=source)
    entries = sorted(
        (_LocationEntry.from_count(row, now) for row in location_list.locations),
        key=lambda entry: (entry.name.casefold(), entry.id),
    )
    heading = _locations_heading(location_list)
    cells = _fitting([entry.mrkdwn() for entry in entries], limits.MAX_BLOCKS_JSON_CHARS - 1_000)
    per_section = limits.MAX_SECTION_FIELDS
    blocks = [section(f"*{heading}*")]
    blocks += [fields(cells[i : i + per_section]) for i in range(0, len(cells), per_section)]
    hints = _hints(location_list, len(entries) - len(cells), code(f"{command} location", 100))
    blocks += [context("\n".join(hints))] if hints else []
    blocks.append(freshness.block)
    entries_text = join_within(
        [entry.plain() for entry in entries],
        limit=limits.MAX_LOCATIONS_TEXT_CHARS,
        separator="; ",
    )
    sentences = [
        heading,
        entries_text,
        screen_reader_text(hints),
        freshness.plain,
    ]
    return Message(join_sentences(sentences), blocks, freshness)


def _locations_heading(found: LocationList) -> str:
    if not found.locations:
        return NO_LOCATIONS
    count = counted(len(found.locations), "location")
    if not found.query_text:
        return count
    return MATCHING.format(locations=count, query=label(found.query_text, 100))


def _hints(found: LocationList, more: int, location: str) -> list[str]:
    """Return how to see one location, and what is missing; `more` locations didn't fit."""
    hints = []
    if more:
        hints.append(SEE_ONE_OF_MORE.format(locations=counted(more, "location"), location=location))
    elif found.query_text:
        hints.append(SEE_ONE.format(location=location))
    if found.locations and all(row.extensions is None for row in found.locations):
        hints.append(NOT_COUNTED)
    return hints


@dataclass(frozen=True, slots=True)
class _LocationEntry:
    """What the message says about one location. The texts are not escaped yet."""

    name: str
    city: str
    local_time: str
    extensions: str
    id: str

    @classmethod
    def from_count(cls, row: LocationCount, now: float) -> _LocationEntry:
        location = row.location
        return cls(
            name=clean(location.name) or f"Location {clean(location.id)}".strip(),
            city=", ".join(filter(None, map(clean, (location.city, location.country)))),
            local_time=local_time(location.time_zone, now),
            extensions="" if row.extensions is None else counted(row.extensions, "extension"),
            id=location.id,
        )

    def mrkdwn(self) -> str:
        where = " · ".join(filter(None, [label(self.city, 80), self.local_time]))
        what = " · ".join(filter(None, [self.extensions, self._id_code()]))
        return "\n".join(filter(None, [f"*{label(self.name, 100)}*", where, what]))

    def _id_code(self) -> str:
        """Return the id as a code span; nothing if it is the name, as in a CSV file without ids."""
        return "" if self.id == self.name else code(self.id, 30)

    def plain(self) -> str:
        parts = [
            plain_text(self.name, 100),
            plain_text(self.city, 80),
            self.local_time,
            self.extensions,
        ]
        if self.id not in self.name:
            parts.append(plain_text(self.id, 30))
        return ", ".join(filter(None, parts))


def _fitting(texts: Sequence[str], max_chars: int) -> list[str]:
    """Return the first texts that fit into `max_chars` of JSON, with 60 characters around each."""
    included: list[str] = []
    for text in texts:
        max_chars -= len(text) + 60
        if max_chars < 0:
            break
        included.append(text)
    return included
