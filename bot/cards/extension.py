"""The card of one extension, and its short form: one row of a list.

What is most needed stands on top (name, extension, direct numbers, email), what is rarely
needed in small text below. Every row under the name and the number comes from `ROWS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.cards import freshness, links, when
from bot.cards.blocks import clean, code, context, fields, fit, label, mention, section, spoken
from bot.cards.message import Message
from bot.models import Did, Extension, Handset, Location, Match

NOBODY = "Nobody is assigned to it: it may be a room, a ring group or a shared phone."
NO_NUMBER = "(no number)"

SPOKEN_LIMIT = 3_000  # keeps a whole card, blocks and all, below 12,000 characters of JSON
LIST_LIMIT = 1_200  # for all direct numbers, and for all handsets

_BLOCKED = {True: "(blocked)", False: "(not blocked)", None: ""}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a card is about. `location` is `None` where none of the extension's id is known."""

    extension: Extension
    location: Location | None = None
    slack_id: str = ""
    now: float = 0.0


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a card says: `shown` as mrkdwn in a block, `said` by a screen reader."""

    shown: str
    said: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the card. `fact` returns `None` where there is nothing to say.

    `key` names the row for whoever must hide it; `small` rows stand below, in small text.
    """

    key: str
    label: str
    fact: Callable[[Subject], Fact | None]
    small: bool = False


def card(
    match: Match,
    *,
    locations: Mapping[str, Location],
    now: float,
    slack_id: str = "",
    title: str = "",
) -> Message:
    """Return everything known about one extension.

    `title` is a line above it in plain text (why this one is shown), `now` is epoch seconds.
    """
    extension = match.extension
    subject = Subject(extension, locations.get(extension.location_id), slack_id, now)
    facts = [(row, fact) for row in ROWS if (fact := row.fact(subject))]
    head, fresh = _head(extension), freshness.of(match.read_at, match.failure, now=now)
    blocks = [context(heading)] if (heading := label(title, 200)) else []
    blocks.append(section(head.shown))
    if large := [f"*{row.label}*\n{fact.shown}" for row, fact in facts if not row.small]:
        blocks.append(fields(large))
    if small := [f"{row.label}: {fact.shown}" for row, fact in facts if row.small]:
        blocks.append(context("\n".join(small)))
    blocks.append(fresh.block)
    phrases = fit([head.said, *(fact.said for _, fact in facts)], limit=SPOKEN_LIMIT)
    said = [spoken(title, 200), phrases, fresh.said]
    return Message(". ".join(filter(None, said)), blocks)


def row(match: Match, *, locations: Mapping[str, Location], now: float) -> Message:
    """Return one extension in short, with its age: for an answer of many parts."""
    fact = summary(match.extension, locations=locations)
    fresh = freshness.of(match.read_at, match.failure, now=now)
    return Message(f"{fact.said}. {fresh.said}", [section(fact.shown), fresh.block])


def summary(extension: Extension, *, locations: Mapping[str, Location]) -> Fact:
    """Return name, number, first direct number and location in two lines: one row of a list."""
    name = label(extension.name, 80) or "Extension"
    place = _place(extension, locations.get(extension.location_id))
    below = [*_first_did(extension.dids), Fact(label(place, 80), spoken(place, 80))]
    shown = " · ".join(fact.shown for fact in below if fact.shown)
    said = ", ".join(fact.said for fact in below if fact.said)
    lines = filter(None, [f"*{name}*  {_number(extension)}", shown])
    return Fact("\n".join(lines), ", ".join(filter(None, [_called(extension), said])))


def _first_did(dids: tuple[Did, ...]) -> list[Fact]:
    first = [_did(did) for did in dids[:1]]
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
    name = spoken(extension.name, 150)
    number = spoken(extension.number, 24) or NO_NUMBER
    return f"{name}, extension {number}" if name else f"Extension {number}"


def _number(extension: Extension) -> str:
    return code(extension.number, 24) or NO_NUMBER


def _direct(subject: Subject) -> Fact | None:
    facts = [fact for did in subject.extension.dids if (fact := _did(did)).said]
    if not facts:
        return None
    return Fact(
        fit([fact.shown for fact in facts], limit=LIST_LIMIT, separator="\n"),
        "direct " + fit([fact.said for fact in facts], limit=LIST_LIMIT),
    )


def _did(did: Did) -> Fact:
    shown = links.telephone(did.phone_number)
    said = spoken(links.international(did.phone_number), 60)
    if tag := label(did.custom_tag, 80):
        return Fact(f"{shown} ({tag})".strip(), f"{said} ({spoken(did.custom_tag, 80)})".strip())
    return Fact(shown, said)


def _email(subject: Subject) -> Fact | None:
    address = subject.extension.user.email if subject.extension.user else ""
    said = spoken(address, links.EMAIL_LIMIT)
    return Fact(links.email(address), said) if said else None


def _slack(subject: Subject) -> Fact | None:
    profile = mention(subject.slack_id)
    return Fact(profile, f"on Slack {profile}") if profile else None


def _location(subject: Subject) -> Fact | None:
    place = _place(subject.extension, subject.location)
    if not place:
        return None
    shown, said = label(place, 200), spoken(place, 200)
    zone = subject.location.time_zone if subject.location else ""
    if clock := when.local_time(zone, subject.now):
        return Fact(f"{shown}\n{clock} local time", f"{said}, {clock} local time")
    return Fact(shown, said)


def _place(extension: Extension, location: Location | None) -> str:
    """Name and city of the location; `Location 145214` where it has no name."""
    name = clean(location.name) if location else ""
    if not name and extension.location_id:
        name = f"Location {clean(extension.location_id)}"
    city = clean(location.city) if location else ""
    return f"{name}, {city}" if city and city != name else name


def _do_not_disturb(subject: Subject) -> Fact | None:
    return _switch(subject.extension.dnd_enabled, said="Do Not Disturb")


def _login(subject: Subject) -> Fact | None:
    login = subject.extension.user.login_name if subject.extension.user else ""
    said = spoken(login, 100)
    return Fact(code(login, 100), f"login {said}") if said else None


def _caller_id(subject: Subject) -> Fact | None:
    caller_id = links.international(subject.extension.caller_id)
    blocked = _BLOCKED[subject.extension.block_caller_id]
    shown = " ".join(filter(None, [label(caller_id, 100), blocked]))
    said = " ".join(filter(None, ["caller ID", spoken(caller_id, 100), blocked]))
    return Fact(shown, said) if shown else None


def _voicemail(subject: Subject) -> Fact | None:
    fact = _switch(subject.extension.vtt_enabled, said="voicemail transcription")
    return Fact(f"{fact.shown} (set for the whole location)", fact.said) if fact else None


def _switch(on: bool | None, *, said: str) -> Fact | None:
    if on is None:
        return None
    return Fact("On", f"{said} on") if on else Fact("Off", f"{said} off")


def _handsets(subject: Subject) -> Fact | None:
    facts = [fact for phone in subject.extension.handsets if (fact := _handset(phone)).said]
    if not facts:
        return None
    return Fact(
        fit([fact.shown for fact in facts], limit=LIST_LIMIT),
        "handsets " + fit([fact.said for fact in facts], limit=LIST_LIMIT),
    )


def _handset(handset: Handset) -> Fact:
    shown, said = label(handset.handset_name, 60), spoken(handset.handset_name, 60)
    if sip_id := code(handset.sip_id, 60):
        shown, said = f"{shown} (SIP {sip_id})", f"{said} (SIP {spoken(handset.sip_id, 60)})"
    return Fact(shown.strip(), said.strip())


ROWS = (
    Row("dids", "Direct", _direct),
    Row("email", "Email", _email),
    Row("slack", "Slack", _slack),
    Row("location", "Location", _location),
    Row("dnd", "Do Not Disturb", _do_not_disturb),
    Row("login", "Login", _login, small=True),
    Row("caller_id", "Caller ID", _caller_id, small=True),
    Row("voicemail", "Voicemail transcription", _voicemail, small=True),
    Row("handsets", "Handsets", _handsets, small=True),
)
