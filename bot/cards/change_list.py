"""The answer to `changes`: who joined, left or moved, and what else changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import groupby

from bot import limits
from bot.cards import extension_card
from bot.cards.blocks import (
    Block,
    Message,
    context,
    count_fitting,
    international,
    join_first,
    join_within,
    label,
    plain_text,
    section,
    within_limits,
)
from bot.cards.durations import counted
from bot.cards.extension_card import Fact
from bot.cards.moments import ago, since_slack_date, slack_date
from bot.cards.notice_builder import notice
from bot.cards.notices import COMMAND
from bot.cards.pager import pager_blocks
from bot.models import Change, ChangeList, Did, Extension, Location

HEADING = "Directory changes"
NOTHING_CHANGED = "Nothing has changed {since}."
NOTHING_ON_PAGE = "There's nothing on this page."
TRACKING_SINCE = "Tracking since {since}"
LINE = "changes page {page}"

JOINED = "{} joined, extension {}"
IS_NEW = "Extension {} is new"
LEFT = "{} left (extension {})"
IS_GONE = "Extension {} is gone"
MOVED = "moved from {} to {}"
NOW_AT = "now at {}"
NO_LONGER_AT = "no longer at {}"
NUMBER_ADDED, NUMBER_REMOVED = "direct number {} added", "direct number {} removed"
TAGGED = "{} is tagged {} → {}"
ARROW = "{} → {}"
NOBODY = "nobody"
NO_NUMBER = "(no number)"
NO_TAG = "no tag"
NONE = "none"
BLANK = "(blank)"  # for a value without visible characters
SOMETHING = "changed"  # for a change of fields that the asker may not see


def changes_message(
    changes: ChangeList,
    *,
    locations: Mapping[str, Location],
    now: float,
    excluded_fields: Collection[str] = (),
    buttons: bool = False,
    command: str = COMMAND,
) -> Message:
    """Return a page of changes, newest first, grouped by the sync that found them.

    With `buttons`, buttons lead to the other pages. Without, the message shows the queries to
    type, after `command`. `now` is in epoch seconds.
    """
    if not changes.changes and changes.page <= 1:
        return _nothing_changed(changes, now)
    counts = _counts(changes)
    blocks = [section("\n".join(filter(None, [f"*{HEADING}*", counts])))]
    sentences = [HEADING, counts.replace(" · ", ", ")]
    for at, group in groupby(changes.changes, key=lambda change: change.at):
        facts = [_fact(change, locations, excluded_fields) for change in group]
        blocks += _sections(f"_{slack_date(at)}_", [f"• {fact.mrkdwn}" for fact in facts])
        sentences.append(f"{ago(at, now)}: {'; '.join(fact.plain for fact in facts)}")
    blocks += [] if changes.changes else [section(NOTHING_ON_PAGE)]
    text = join_within(
        list(filter(None, sentences)),
        limit=limits.MAX_CHANGES_TEXT_CHARS,
        separator=". ",
    )
    since = TRACKING_SINCE.format(since=ago(changes.since, now))
    foot = [
        *_pager(changes, buttons=buttons, command=command),
        context(f"{since} · {slack_date(changes.since)}"),
    ]
    return Message(f"{text}. {since}.", within_limits(blocks, foot=foot))


def _nothing_changed(found: ChangeList, now: float) -> Message:
    message = notice(NOTHING_CHANGED.format(since=since_slack_date(found.since)))
    plain = NOTHING_CHANGED.format(since=f"since {ago(found.since, now)}")
    return Message(plain, message.blocks)


def _counts(found: ChangeList) -> str:
    total = counted(found.total, "change") if found.total else ""
    page = f"page {found.page:,} of {found.pages:,}" if found.pages > 1 else ""
    return " · ".join(filter(None, [total, page]))


def _pager(found: ChangeList, *, buttons: bool, command: str) -> list[Block]:
    prefix = "" if buttons else f"{command} ".lstrip()

    def query(page: int) -> str:
        return prefix + LINE.format(page=page) if 0 < page <= found.pages else ""

    return pager_blocks(
        found.page,
        found.pages,
        previous_query=query(found.page - 1),
        next_query=query(found.page + 1),
        buttons=buttons,
    )


def _sections(heading: str, lines: list[str]) -> Iterator[Block]:
    """Yield the lines below their heading, in as many sections as they need."""
    text = heading
    for line in lines:
        if len(text) + 1 + len(line) > limits.MAX_SECTION_CHARS:
            yield section(text)
            text = line
        else:
            text = f"{text}\n{line}"
    yield section(text)


def _fact(
    change: Change, locations: Mapping[str, Location], excluded_fields: Collection[str]
) -> Fact:
    match change:
        case Change(was=None, now=Extension() as now):
            return _joined(now)
        case Change(was=Extension() as was, now=None):
            return _left(was)
        case Change(was=Extension() as was, now=Extension() as now):
            return _changed(was, now, locations, excluded_fields)
        case _:
            return _fill(SOMETHING)


def _joined(now: Extension) -> Fact:
    number = _number_fact(now)
    return _fill(JOINED, _name_fact(now), number) if _has_name(now) else _fill(IS_NEW, number)


def _left(was: Extension) -> Fact:
    number = _number_fact(was)
    return _fill(LEFT, _name_fact(was), number) if _has_name(was) else _fill(IS_GONE, number)


def _changed(
    was: Extension,
    now: Extension,
    locations: Mapping[str, Location],
    excluded_fields: Collection[str],
) -> Fact:
    parts = list(_parts(was, now, locations, excluded_fields)) or [_fill(SOMETHING)]
    mrkdwn, plain = [part.mrkdwn for part in parts], [part.plain for part in parts]
    count = min(
        count_fitting(texts, limit=limits.MAX_CHANGE_CHARS, separator="; ")
        for texts in (mrkdwn, plain)
    )
    joined = Fact(*(join_first(texts, count, separator="; ") for texts in (mrkdwn, plain)))
    return _fill("{}: {}", _subject(was, now), joined)


def _subject(was: Extension, now: Extension) -> Fact:
    """Return whom a change is about: the number, the name or both, whichever stayed the same."""
    number = _number_fact(now)
    if was.name != now.name or not _has_name(now):
        return Fact(f"*{number.mrkdwn}*", number.plain)
    if was.number != now.number:
        return _name_fact(now)
    return _fill("{} ({})", _name_fact(now), number)


def _parts(
    was: Extension,
    now: Extension,
    locations: Mapping[str, Location],
    excluded_fields: Collection[str],
) -> Iterator[Fact]:
    """Yield each change of a field, without the `excluded_fields`."""
    if was.name != now.name:
        yield _fill(ARROW, _text_fact(was.name or NOBODY), _text_fact(now.name or NOBODY))
    if was.number != now.number:
        yield _fill(ARROW, _text_fact(was.number), _text_fact(now.number))
    if was.location_id != now.location_id and "location" not in excluded_fields:
        yield _moved(was, now, locations)
    if was.dids != now.dids and "dids" not in excluded_fields:
        yield from _numbers(was.dids, now.dids)
    for field, name in (("email", "email"), ("login", "login")):
        before, after = _user_value(was, field), _user_value(now, field)
        if before != after and field not in excluded_fields:
            yield _fill(f"{name} {ARROW}", _text_fact(before or NONE), _text_fact(after or NONE))


def _user_value(extension: Extension, field: str) -> str:
    if extension.user is None:
        return ""
    return extension.user.email if field == "email" else extension.user.login_name


def _moved(was: Extension, now: Extension, locations: Mapping[str, Location]) -> Fact:
    before, after = _location_text(was, locations), _location_text(now, locations)
    if before and after:
        return _fill(MOVED, _text_fact(before), _text_fact(after))
    return _fill(NOW_AT, _text_fact(after)) if after else _fill(NO_LONGER_AT, _text_fact(before))


def _location_text(extension: Extension, locations: Mapping[str, Location]) -> str:
    return extension_card.location_text(extension, locations.get(extension.location_id))


def _numbers(was: tuple[Did, ...], now: tuple[Did, ...]) -> Iterator[Fact]:
    tags_before = {did.phone_number: did.custom_tag for did in was}
    tags_now = {did.phone_number: did.custom_tag for did in now}
    for template, numbers, others in (
        (NUMBER_ADDED, tags_now, tags_before),
        (NUMBER_REMOVED, tags_before, tags_now),
    ):
        if different := [international(number) for number in numbers if number not in others]:
            count = min(limits.MAX_CHANGE_NUMBERS, len(different))
            yield _fill(template, _text_fact(join_first(different, count)))
    for number in list(tags_now)[: limits.MAX_CHANGE_NUMBERS]:
        if number in tags_before and tags_before[number] != tags_now[number]:
            tags = (_text_fact(tag or NO_TAG) for tag in (tags_before[number], tags_now[number]))
            yield _fill(TAGGED, _text_fact(international(number)), *tags)


# Facts about untrusted texts, each as mrkdwn and as plain text


def _fill(template: str, *facts: Fact) -> Fact:
    """Return one of the texts above with facts for its `{}`."""
    return Fact(
        template.format(*(fact.mrkdwn for fact in facts)),
        template.format(*(fact.plain for fact in facts)),
    )


def _text_fact(text: str) -> Fact:
    return Fact(
        label(text, limits.MAX_CHANGE_VALUE_CHARS) or BLANK,
        plain_text(text, limits.MAX_CHANGE_VALUE_CHARS) or BLANK,
    )


def _has_name(extension: Extension) -> bool:
    return bool(label(extension.name, limits.MAX_CHANGE_NAME_CHARS))


def _name_fact(extension: Extension) -> Fact:
    name = extension.name
    return Fact(
        f"*{label(name, limits.MAX_CHANGE_NAME_CHARS)}*",
        plain_text(name, limits.MAX_CHANGE_NAME_CHARS),
    )


def _number_fact(extension: Extension) -> Fact:
    number = extension.number
    return Fact(label(number, 24) or NO_NUMBER, plain_text(number, 24) or NO_NUMBER)
