"""The rows of a card: what each field of an extension says, to the eye and to a screen reader.

`ROWS` follows the table of fields. A field with one text or one switch is rendered by
`_plain_text` or `_switch`; the others have a function of their own in `_OWN`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot import limits
from bot.cards import links, time_text
from bot.cards.blocks import clean, code, count_fitting, join_first, label, mention, plain_text
from bot.fields import CARD_FIELDS, CardPosition, Field, Kind, getter
from bot.models import Did, Extension, Handset, Location

_BLOCKED = {True: "blocked", False: "not blocked", None: ""}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a card is about. `location` is `None` where the account has none of that id.

    `now` is epoch seconds. `tight` cards have less space for long lists.
    """

    extension: Extension
    location: Location | None = None
    slack_id: str = ""
    now: float = 0.0
    tight: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a card says: as mrkdwn in a block, and as plain text for a screen reader."""

    mrkdwn: str
    plain: str


Render = Callable[[Subject], Fact | None]


@dataclass(frozen=True, slots=True)
class CardRow:
    """A row of the card. `fact` returns `None` where there is nothing to say.

    `key` is the field's name, by which a row is hidden; `small` rows stand at the bottom.
    """

    key: str
    label: str
    fact: Render
    small: bool = False


def _direct_numbers(subject: Subject) -> Fact | None:
    dids = subject.extension.dids
    limit = limits.MAX_LIST_CHARS_TIGHT if subject.tight else limits.MAX_DIDS_CHARS
    facts = [fact for did in dids if (fact := direct_number(did)).plain]
    if count_fitting([fact.mrkdwn for fact in facts], limit=limit) < len(facts):
        # Links take most of the space, and seeing all numbers is worth more.
        facts = [fact for did in dids if (fact := direct_number(did, linked=False)).plain]
    return _joined("direct number", facts, limit, separator="\n")


def _joined(
    phrase: str, facts: Sequence[Fact], limit: int, *, separator: str = ", "
) -> Fact | None:
    """Join as many facts as `limit` characters hold: the same ones in mrkdwn and in plain text."""
    if not facts:
        return None
    mrkdwn, plain = [fact.mrkdwn for fact in facts], [fact.plain for fact in facts]
    count = min(
        count_fitting(mrkdwn, limit=limit, separator=separator), count_fitting(plain, limit=limit)
    )
    return Fact(
        join_first(mrkdwn, count, separator=separator), f"{phrase} {join_first(plain, count)}"
    )


def direct_number(did: Did, *, linked: bool = True) -> Fact:
    """Return a direct number with its tag; `linked` makes it a link that dials."""
    number = links.international(did.phone_number)
    mrkdwn = links.telephone(did.phone_number) if linked else label(number, 60)
    plain = plain_text(number, 60)
    if tag := label(did.custom_tag, 80):
        mrkdwn = f"{mrkdwn} ({tag})".strip()
        plain = f"{plain} ({plain_text(did.custom_tag, 80)})".strip()
    return Fact(mrkdwn, plain)


def _email(subject: Subject) -> Fact | None:
    address = subject.extension.user.email if subject.extension.user else ""
    plain = plain_text(address, links.EMAIL_LIMIT)
    return Fact(links.email(address), plain) if plain else None


def _slack(subject: Subject) -> Fact | None:
    profile = mention(subject.slack_id)
    return Fact(profile, f"on Slack {profile}") if profile else None


def _location(subject: Subject) -> Fact | None:
    text = location_text(subject.extension, subject.location)
    if not text:
        return None
    mrkdwn, plain = label(text, 200), plain_text(text, 200)
    zone = subject.location.time_zone if subject.location else ""
    if clock := time_text.local_time(zone, subject.now):
        return Fact(f"{mrkdwn}\n{clock} local time", f"{plain}, {clock} local time")
    return Fact(mrkdwn, plain)


def location_text(extension: Extension, location: Location | None) -> str:
    """Return name and city of a location in plain text; `Location 145214` where it has no name."""
    name = clean(location.name) if location else ""
    if not name and extension.location_id:
        name = f"Location {clean(extension.location_id)}"
    city = clean(location.city) if location else ""
    return ", ".join(filter(None, [name, city if city != name else ""]))


def _login(subject: Subject) -> Fact | None:
    login = subject.extension.user.login_name if subject.extension.user else ""
    plain = plain_text(login, 100)
    return Fact(code(login, 100), f"login {plain}") if plain else None


def _caller_id(subject: Subject) -> Fact | None:
    caller_id = links.international(subject.extension.caller_id)
    blocked = _BLOCKED[subject.extension.block_caller_id]
    mrkdwn, plain = label(caller_id, 100), plain_text(caller_id, 100)
    if not mrkdwn:
        return Fact(blocked.capitalize(), f"caller ID {blocked}") if blocked else None
    suffix = f" ({blocked})" if blocked else ""
    return Fact(mrkdwn + suffix, f"caller ID {plain}{suffix}")


def _voicemail(subject: Subject) -> Fact | None:
    fact = _switch_fact(subject.extension.vtt_enabled, "voicemail transcription")
    # Vonage has this switch at the location; without the hint, people try to set it for one user.
    return Fact(f"{fact.mrkdwn} (set for the whole location)", fact.plain) if fact else None


def _handsets(subject: Subject) -> Fact | None:
    limit = limits.MAX_LIST_CHARS_TIGHT if subject.tight else limits.MAX_HANDSETS_CHARS
    facts = [fact for line in subject.extension.handsets if (fact := _handset(line)).plain]
    return _joined("handsets", facts, limit)


def _handset(handset: Handset) -> Fact:
    mrkdwn, plain = label(handset.handset_name, 60), plain_text(handset.handset_name, 60)
    if sip_id := code(handset.sip_id, 60):
        mrkdwn = f"{mrkdwn} (SIP {sip_id})"
        plain = f"{plain} (SIP {plain_text(handset.sip_id, 60)})"
    return Fact(mrkdwn.strip(), plain.strip())


def _switch_fact(is_on: bool | None, phrase: str) -> Fact | None:
    if is_on is None:
        return None
    return Fact("On", f"{phrase} on") if is_on else Fact("Off", f"{phrase} off")


def _switch(field: Field) -> Render:
    """Return what renders a field that is one switch."""
    (attribute,) = field.attributes
    read = getter(attribute.path)
    return lambda subject: _switch_fact(read(subject.extension, subject.location), field.phrase)


def _plain_text(field: Field) -> Render:
    """Return what renders a field that is one text."""
    (attribute,) = field.attributes
    read = getter(attribute.path)

    def render(subject: Subject) -> Fact | None:
        value = read(subject.extension, subject.location)
        mrkdwn = label(value, 100)
        return Fact(mrkdwn, f"{field.phrase} {plain_text(value, 100)}") if mrkdwn else None

    return render


_OWN: dict[str, Render] = {
    "dids": _direct_numbers,
    "email": _email,
    "slack": _slack,
    "location": _location,
    "login": _login,
    "caller_id": _caller_id,
    "voicemail": _voicemail,
    "handsets": _handsets,
}


def _row(field: Field) -> CardRow:
    render = _OWN.get(field.name)
    if not render:
        is_switch = field.attributes[0].kind is Kind.SWITCH
        render = _switch(field) if is_switch else _plain_text(field)
    return CardRow(field.name, field.label, render, small=field.card == CardPosition.SMALL)


ROWS = tuple(map(_row, CARD_FIELDS))
