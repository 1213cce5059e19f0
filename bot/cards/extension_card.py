"""The card of one extension.

What people need most is at the top (name, extension, direct numbers, email), the rest is in small
text below. The rows below the name and the number follow the table in `bot.fields`: fields with a
special function in `_SPECIAL_RENDERERS` use that, a switch uses `_switch_renderer`, and any other
field is one text and uses `_text_renderer`. `excluded_fields` names the rows that neither the
blocks nor the text for screen readers may contain (see `fields.HIDEABLE`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot import limits
from bot.cards import action_ids
from bot.cards.blocks import (
    Block,
    Message,
    clean,
    code,
    context,
    count_fitting,
    email_link,
    fields,
    international,
    join_first,
    join_sentences,
    join_within,
    label,
    literal_text,
    mention,
    phone_link,
    plain_text,
    section,
)
from bot.cards.buttons import actions_block, button, link_button
from bot.cards.moments import VONAGE, freshness_of, local_time
from bot.fields import CARD_FIELDS, CardPosition, Field, Kind, getter
from bot.models import Did, Extension, Handset, Location, Match

NO_USER = "No user is assigned. It may be a room, a ring group or a shared phone."
NO_USER_PLAIN = "no user assigned"
NO_NUMBER = "(no number)"
DIRECT_NUMBERS = "Direct numbers"

_BLOCKED = {True: "blocked", False: "not blocked", None: ""}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a card is about. `location` is `None` if the account has no location with that id.

    `now` is in epoch seconds. A `tight` card has less space for long lists.
    """

    extension: Extension
    location: Location | None = None
    slack_id: str = ""
    now: float = 0.0
    tight: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One detail of a card: as mrkdwn for a block, and as plain text for screen readers.

    `label` replaces the label of the row, such as a plural for several numbers.
    """

    mrkdwn: str
    plain: str
    label: str = ""


Render = Callable[[Subject], Fact | None]


@dataclass(frozen=True, slots=True)
class CardRow:
    """A row of the card. `fact` returns `None` if the extension has no value for it.

    `key` is the field's name, which `excluded_fields` refers to. `small` rows are at the bottom.
    """

    key: str
    label: str
    fact: Render
    small: bool = False


def card_message(
    match: Match,
    *,
    locations: Mapping[str, Location],
    now: float,
    slack_id: str = "",
    profile_url: str = "",
    title: str = "",
    excluded_fields: Collection[str] = (),
    line: str = "",
    shareable: bool = False,
    public: bool = False,
    source: str = VONAGE,
) -> Message:
    """Return everything known about one extension, except for the `excluded_fields`.

    `title` is a line of plain text above the card (why this extension is shown). `slack_id` and
    `profile_url` belong to the extension's user. `line` is the query for this card; with it, the
    card has buttons, and a `shareable` card also has one that shares it. A `public` card, which
    other people see too, mentions nobody, because a mention would notify that person. `now` is in
    epoch seconds.
    """
    extension = match.extension
    mentioned_id = "" if public else slack_id
    location = locations.get(extension.location_id)
    subject = Subject(extension, location, mentioned_id, now)
    facts, head = _fitting_facts(subject, excluded_fields), _head(extension)
    freshness = freshness_of(match.read_at, match.failure, now=now, source=source)
    blocks = [context(heading)] if (heading := label(title, 200)) else []
    blocks.append(section(head.mrkdwn))
    if large := [_labeled(row, fact, "*{}*\n{}") for row, fact in facts if not row.small]:
        blocks.append(fields(large))
    if line:
        url = profile_url if slack_id and "slack" not in excluded_fields else ""
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
    subject: Subject, excluded_fields: Collection[str]
) -> list[tuple[CardRow, Fact]]:
    """Return the rows with their facts, with long lists shortened if the card is too large."""
    facts = _facts(subject, excluded_fields)
    if _is_small_enough([fact for _, fact in facts]):
        return facts
    return _facts(replace(subject, tight=True), excluded_fields)


def _facts(subject: Subject, excluded_fields: Collection[str]) -> list[tuple[CardRow, Fact]]:
    rows = [row for row in ROWS if row.key not in excluded_fields]
    return [(row, fact) for row in rows if (fact := row.fact(subject))]


def _labeled(row: CardRow, fact: Fact, template: str) -> str:
    """Return a fact with its row's label, without repeating the label.

    A location without a name is "Location 145214"; in the row Location it is just "145214".
    """
    return template.format(fact.label or row.label, fact.mrkdwn.removeprefix(f"{row.label} "))


def _is_small_enough(facts: Sequence[Fact]) -> bool:
    """Whether the facts fit into a card. Most are far below the limit, so JSON is rarely built."""
    text_chars = sum(len(fact.plain) + 2 for fact in facts)
    if text_chars + sum(len(fact.mrkdwn) for fact in facts) < limits.MAX_FACTS_TEXT_CHARS:
        return True
    json_text = json.dumps([[fact.mrkdwn, fact.plain] for fact in facts], ensure_ascii=False)
    return (
        text_chars <= limits.MAX_FACTS_TEXT_CHARS and len(json_text) <= limits.MAX_FACTS_JSON_CHARS
    )


def _buttons(extension: Extension, *, line: str, shareable: bool, profile_url: str) -> Block:
    name = name_for_button(extension)
    share = button(action_ids.SHARE, "Share", line=line, accessibility_label=f"Share {name}")
    return actions_block(
        share if shareable else None,
        button(action_ids.REFRESH, "Refresh", line=line, accessibility_label=f"Refresh {name}"),
        link_button(
            action_ids.MESSAGE, "Message", url=profile_url, accessibility_label=f"Message {name}"
        ),
    )


def _head(extension: Extension) -> Fact:
    """Return the top of the card: the name, and the number to copy."""
    plain, number = name_and_number(extension), number_code(extension)
    if name := label(extension.name, 150):
        return Fact(f"*{name}*\nExtension {number}", plain)
    top = f"*Extension* {number}"
    if extension.user and (extension.user.email or extension.user.login_name):
        return Fact(top, plain)
    return Fact(f"{top}\n{NO_USER}", f"{plain}, {NO_USER_PLAIN}")


def name_and_number(extension: Extension) -> str:
    """Return name and number as plain text."""
    name = plain_text(extension.name, 150)
    number = plain_text(extension.number, 24) or NO_NUMBER
    return f"{name}, extension {number}" if name else f"Extension {number}"


def name_for_button(extension: Extension) -> str:
    """Return name and number for an accessibility label, which holds 75 characters."""
    name = literal_text(extension.name, 30)
    number = literal_text(extension.number, 24) or NO_NUMBER
    return f"{name}, extension {number}" if name else f"extension {number}"


def number_code(extension: Extension) -> str:
    """Return the extension number as a code span, which is easy to copy."""
    return code(extension.number, 24) or NO_NUMBER


# The rows


def _direct_numbers(subject: Subject) -> Fact | None:
    dids = subject.extension.dids
    limit = limits.MAX_LIST_CHARS_TIGHT if subject.tight else limits.MAX_DIDS_CHARS
    facts = [fact for did in dids if (fact := direct_number(did)).plain]
    if count_fitting([fact.mrkdwn for fact in facts], limit=limit) < len(facts):
        # Links take most of the space, and seeing more of the numbers matters more than dialing.
        facts = [fact for did in dids if (fact := direct_number(did, linked=False)).plain]
    if len(facts) < 2:
        return _joined("direct number", facts, limit)
    joined = _joined(DIRECT_NUMBERS.lower(), facts, limit, separator="\n")
    return joined and replace(joined, label=DIRECT_NUMBERS)


def _joined(
    phrase: str, facts: Sequence[Fact], limit: int, *, separator: str = ", "
) -> Fact | None:
    """Join as many facts as fit into `limit` characters both as mrkdwn and as plain text."""
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
    number = international(did.phone_number)
    mrkdwn = phone_link(did.phone_number) if linked else label(number, 60)
    plain = plain_text(number, 60)
    if tag := label(did.custom_tag, 80):
        mrkdwn = f"{mrkdwn} ({tag})".strip()
        plain = f"{plain} ({plain_text(did.custom_tag, 80)})".strip()
    return Fact(mrkdwn, plain)


def _email(subject: Subject) -> Fact | None:
    address = subject.extension.user.email if subject.extension.user else ""
    plain = plain_text(address, limits.MAX_EMAIL_CHARS)
    return Fact(email_link(address), plain) if plain else None


def _slack(subject: Subject) -> Fact | None:
    profile = mention(subject.slack_id)
    return Fact(profile, f"on Slack {profile}") if profile else None


def _location(subject: Subject) -> Fact | None:
    text = location_text(subject.extension, subject.location)
    if not text:
        return None
    mrkdwn, plain = label(text, 200), plain_text(text, 200)
    zone = subject.location.time_zone if subject.location else ""
    if clock := local_time(zone, subject.now):
        return Fact(f"{mrkdwn}\n{clock} local time", f"{plain}, {clock} local time")
    return Fact(mrkdwn, plain)


def location_text(extension: Extension, location: Location | None) -> str:
    """Return a location's name and city in plain text; `Location 145214` if it has no name."""
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
    caller_id = international(subject.extension.caller_id)
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


def _switch_renderer(field: Field) -> Render:
    """Return the function that renders a field that is one switch."""
    (attribute,) = field.attributes
    read = getter(attribute.path)
    return lambda subject: _switch_fact(read(subject.extension, subject.location), field.phrase)


def _text_renderer(field: Field) -> Render:
    """Return the function that renders a field that is one text."""
    (attribute,) = field.attributes
    read = getter(attribute.path)

    def render(subject: Subject) -> Fact | None:
        value = read(subject.extension, subject.location)
        mrkdwn = label(value, 100)
        return Fact(mrkdwn, f"{field.phrase} {plain_text(value, 100)}") if mrkdwn else None

    return render


_SPECIAL_RENDERERS: dict[str, Render] = {
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
    render = _SPECIAL_RENDERERS.get(field.name)
    if not render:
        is_switch = field.attributes[0].kind is Kind.SWITCH
        render = _switch_renderer(field) if is_switch else _text_renderer(field)
    return CardRow(field.name, field.label, render, small=field.card == CardPosition.SMALL)


ROWS = tuple(map(_row, CARD_FIELDS))
