"""Who joined, who left, and whose number, location or user is another: what `changes` answers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import groupby

from bot.cards import card_rows
from bot.cards.blocks import (
    context,
    count_fitting,
    join_first,
    join_within,
    label,
    plain_text,
    section,
)
from bot.cards.card_rows import Fact
from bot.cards.links import international
from bot.cards.message import TEXT_LIMIT, Block, Message, within_limits
from bot.cards.notice_builder import notice
from bot.cards.notices import COMMAND
from bot.cards.pager import pager
from bot.cards.time_text import ago, counted, stamp
from bot.models import Change, ChangeList, Did, Extension, Location

HEADING = "Changes of the directory"
NOTHING_CHANGED = "Nothing has changed since {since}."
BEYOND = "There is nothing on this page."
KNOWN_SINCE = "Known since {since}"
NOBODY = "nobody"
UNSEEN = "(blank)"
SOMETHING = "changed"  # in something that may not be told here
LINE = "changes page {page}"

SECTION_LIMIT = 2_900  # characters of the lines in one block
LINE_LIMIT = 1_000  # of what is another of one extension
NAME_LIMIT = 80
TOLD_LIMIT = 160
NUMBERS = 5  # direct numbers that are named in one line


def changes(
    found: ChangeList,
    *,
    locations: Mapping[str, Location],
    now: float,
    hide: Collection[str] = (),
    buttons: bool = False,
    command: str = COMMAND,
) -> Message:
    """Return a page of what changed, newest first, under the moment when it was noticed.

    With `buttons` the pages beside it can be pressed for; without, `command` stands before what
    one types for them.
    """
    if not found.changes and found.page <= 1:
        return _nothing(found, now)
    facts = [(each.at, _fact(each, locations, hide)) for each in found.changes]
    counts = _counts(found)
    blocks = [section("\n".join(filter(None, [f"*{HEADING}*", counts])))]
    said = [HEADING, counts.replace(" · ", ", ")]
    for at, group in groupby(facts, key=lambda each: each[0]):
        told = [fact for _, fact in group]
        blocks += _sections(f"_{stamp(at)}_", [f"• {fact.mrkdwn}" for fact in told])
        said.append(f"{ago(at, now)}: {'; '.join(fact.plain for fact in told)}")
    blocks += [] if facts else [section(BEYOND)]
    text = join_within(list(filter(None, said)), limit=TEXT_LIMIT - 200, separator=". ")
    since = KNOWN_SINCE.format(since=ago(found.since, now))
    foot = [*_turns(found, buttons=buttons, command=command), context(_since(found.since, now))]
    return Message(f"{text}. {since}.", within_limits(blocks, foot=foot))


def words(change: Change, *, locations: Mapping[str, Location], hide: Collection[str] = ()) -> str:
    """Return what became of an extension, as one line of text for the ears."""
    return _fact(change, locations, hide).plain


def _nothing(found: ChangeList, now: float) -> Message:
    message = notice(NOTHING_CHANGED.format(since=stamp(found.since)))
    return Message(NOTHING_CHANGED.format(since=ago(found.since, now)), message.blocks)


def _counts(found: ChangeList) -> str:
    total = counted(found.total, "change") if found.total else ""
    page = f"page {found.page:,} of {found.pages:,}" if found.pages > 1 else ""
    return " · ".join(filter(None, [total, page]))


def _since(since: float, now: float) -> str:
    return f"{KNOWN_SINCE.format(since=ago(since, now))} · {stamp(since)}"


def _turns(found: ChangeList, *, buttons: bool, command: str) -> list[Block]:
    before = "" if buttons else f"{command} ".lstrip()

    def line(page: int) -> str:
        return before + LINE.format(page=page) if 0 < page <= found.pages else ""

    return pager(
        found.page,
        found.pages,
        previous_query=line(found.page - 1),
        next_query=line(found.page + 1),
        buttons=buttons,
    )


def _sections(heading: str, lines: list[str]) -> Iterator[Block]:
    """Lines under a heading, in as many blocks as they need."""
    held = heading
    for line in lines:
        if len(held) + 1 + len(line) > SECTION_LIMIT:
            yield section(held)
            held = line
        else:
            held = f"{held}\n{line}"
    yield section(held)


def _fact(change: Change, locations: Mapping[str, Location], hide: Collection[str]) -> Fact:
    match change:
        case Change(was=None, now=Extension() as now):
            return _joined(now)
        case Change(was=Extension() as was, now=None):
            return _left(was)
        case Change(was=Extension() as was, now=Extension() as now):
            return _changed(was, now, locations, hide)
        case _:
            return Fact(SOMETHING, SOMETHING)


def _joined(now: Extension) -> Fact:
    number = _short(now.number)
    if _says(now.name):
        return _join([_bold(now.name), Fact(" joined, extension ", " joined, extension "), number])
    return _join([Fact("Extension ", "Extension "), number, Fact(" is new", " is new")])


def _left(was: Extension) -> Fact:
    number = _short(was.number)
    if _says(was.name):
        return _join(
            [_bold(was.name), Fact(" left (extension ", " left (extension "), number, _END]
        )
    return _join([Fact("Extension ", "Extension "), number, Fact(" is gone", " is gone")])


def _changed(
    was: Extension, now: Extension, locations: Mapping[str, Location], hide: Collection[str]
) -> Fact:
    parts = list(_parts(was, now, locations, hide)) or [Fact(SOMETHING, SOMETHING)]
    shown, said = [part.mrkdwn for part in parts], [part.plain for part in parts]
    room = [count_fitting(each, limit=LINE_LIMIT, separator="; ") for each in (shown, said)]
    listed = [join_first(each, min(room), separator="; ") for each in (shown, said)]
    return _join([_who(was, now), Fact(": ", ": "), Fact(*listed)])


def _who(was: Extension, now: Extension) -> Fact:
    """Who it is about: the number where the user is another, else the name and the number."""
    if was.name != now.name or not _says(now.name):
        number = _short(now.number)
        return Fact(f"*{number.mrkdwn}*", number.plain)
    if was.number != now.number:
        return _bold(now.name)
    return _join([_bold(now.name), Fact(" (", " ("), _short(now.number), _END])


def _parts(
    was: Extension, now: Extension, locations: Mapping[str, Location], hide: Collection[str]
) -> Iterator[Fact]:
    """Each thing that is another, without what is to `hide`."""
    if was.name != now.name:
        yield _arrow(was.name or NOBODY, now.name or NOBODY)
    if was.number != now.number:
        yield _arrow(was.number, now.number)
    if was.location_id != now.location_id and "location" not in hide:
        yield _moved(was, now, locations)
    if was.dids != now.dids and "dids" not in hide:
        yield from _numbers(was.dids, now.dids)
    for field, name in (("email", "email"), ("login", "login")):
        before, after = _of(was, field), _of(now, field)
        if before != after and field not in hide:
            arrow = _arrow(before or "none", after or "none")
            yield Fact(f"{name} {arrow.mrkdwn}", f"{name} {arrow.plain}")


def _of(extension: Extension, field: str) -> str:
    if extension.user is None:
        return ""
    return extension.user.email if field == "email" else extension.user.login_name


def _moved(was: Extension, now: Extension, locations: Mapping[str, Location]) -> Fact:
    before, after = _place(was, locations), _place(now, locations)
    if before and after:
        return _about("moved from {} to {}", before, after)
    return _about("now at {}", after) if after else _about("no longer at {}", before)


def _place(extension: Extension, locations: Mapping[str, Location]) -> str:
    return card_rows.location_text(extension, locations.get(extension.location_id))


def _numbers(was: tuple[Did, ...], now: tuple[Did, ...]) -> Iterator[Fact]:
    before = {did.phone_number: did.custom_tag for did in was}
    after = {did.phone_number: did.custom_tag for did in now}
    for says, some, others in (("added", after, before), ("removed", before, after)):
        if different := [international(number) for number in some if number not in others]:
            yield _about(f"direct {{}} {says}", join_first(different, min(NUMBERS, len(different))))
    for number in list(after)[:NUMBERS]:
        if number in before and before[number] != after[number]:
            tag = _arrow(before[number] or "no tag", after[number] or "no tag")
            yield _join([_about("{} is tagged ", international(number)), tag])


# The same for the eyes and the ears

_END = Fact(")", ")")


def _join(parts: list[Fact]) -> Fact:
    return Fact("".join(part.mrkdwn for part in parts), "".join(part.plain for part in parts))


def _says(text: str) -> bool:
    return bool(label(text, NAME_LIMIT))


def _short(number: str) -> Fact:
    return Fact(label(number, 24) or "(no number)", plain_text(number, 24) or "(no number)")


def _bold(name: str) -> Fact:
    return Fact(f"*{label(name, NAME_LIMIT)}*", plain_text(name, NAME_LIMIT))


def _arrow(before: str, after: str) -> Fact:
    return _about("{} → {}", before, after)


def _about(form: str, *texts: str) -> Fact:
    """Untrusted texts in words of our own."""
    shown = form.format(*(label(text, TOLD_LIMIT) or UNSEEN for text in texts))
    return Fact(shown, form.format(*(plain_text(text, TOLD_LIMIT) or UNSEEN for text in texts)))
