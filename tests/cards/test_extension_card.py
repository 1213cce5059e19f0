"""The card of one extension, and the fields that are hidden from the asker."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import extension_card, extension_row
from bot.cards.blocks import clean, escape
from bot.cards.terminal import render_text
from bot.errors import LoginRefused, OverQuota, Unavailable
from bot.fields import HIDEABLE, Attribute, Field
from bot.models import Did, Extension, Handset, Location, Match, User
from tests import strategies
from tests.cards.checked import buttons_of, checked, mrkdwn_of
from tests.cards.examples import BARE, HOLMDEL, JOHN, LOCATIONS, NOW, RING_GROUP

FOUR_MINUTES_AGO = NOW - 250


def shown(subject: Extension, **card) -> str:
    """Return the card of an extension as a person reads it."""
    match = Match(subject, FOUR_MINUTES_AGO)
    return render_text(
        checked(extension_card.card_message(match, locations=LOCATIONS, now=NOW, **card))
    )


def plain(subject: Extension, **card) -> str:
    """Return the card of an extension as a screen reader reads it."""
    match = Match(subject, FOUR_MINUTES_AGO)
    return checked(extension_card.card_message(match, locations=LOCATIONS, now=NOW, **card)).text


def test_card_shows_the_most_needed_first() -> None:
    """Name, number and ways to reach a person are above the small print."""
    assert shown(JOHN, slack_id="U012AB3CD") == (
        "John Smith\n"
        "Extension 789\n"
        "\n"
        "Direct number               Email\n"
        "+1 415-555-0100 (My Tag)    john.smith@example.com\n"
        "\n"
        "Slack                       Location\n"
        "@U012AB3CD                  Holmdel HQ, Holmdel\n"
        "                            Mon 10:13 AM local time\n"
        "\n"
        "Do Not Disturb\n"
        "Off\n"
        "\n"
        "Login: jsmith\n"
        "Caller ID: John Smith (not blocked)\n"
        "Voicemail transcription: On (set for the whole location)\n"
        "Handsets: line1-VH6370927 (SIP VH16370927)\n"
        "Read from Vonage 4 min ago · Sep 21, 2026, 14:09 UTC"
    )


def test_card_text_has_every_field() -> None:
    """A screen reader reads the text instead of the blocks."""
    assert plain(JOHN, slack_id="U012AB3CD") == (
        "John Smith, extension 789, direct number +1 415-555-0100 (My Tag), "
        "john.smith@example.com, "
        "on Slack <@U012AB3CD>, Holmdel HQ, Holmdel, Mon 10:13 AM local time, "
        "Do Not Disturb off, login jsmith, caller ID John Smith (not blocked), "
        "voicemail transcription on, handsets line1-VH6370927 (SIP VH16370927). "
        "Read from Vonage 4 min ago."
    )


def test_card_has_code_links_and_a_mention() -> None:
    """The number is alone in code, phone and email are links, the profile is a mention."""
    match = Match(JOHN, NOW)
    card = extension_card.card_message(match, locations=LOCATIONS, now=NOW, slack_id="U012AB3CD")
    mrkdwn = mrkdwn_of(card.payload())
    assert "*John Smith*\nExtension `789`" in mrkdwn
    assert "<tel:+14155550100|+1 415-555-0100> (My Tag)" in mrkdwn
    assert "<mailto:john.smith@example.com|john.smith@example.com>" in mrkdwn
    assert "\n<@U012AB3CD>" in mrkdwn
    assert "<!date^1790000000^{date_short_pretty}, {time}|Sep 21, 2026, 14:13 UTC>" in mrkdwn


def test_card_without_user_says_what_it_may_be() -> None:
    """An extension without a user is called by its number."""
    assert shown(RING_GROUP) == (
        "Extension 1001\n"
        "No user is assigned. It may be a room, a ring group or a shared phone.\n"
        "\n"
        "Direct numbers                  Location\n"
        "+1 415-555-0111 (Front desk)    Holmdel HQ, Holmdel\n"
        "+44 20 7946 0000                Mon 10:13 AM local time\n"
        "\n"
        "Caller ID: +1 415-555-0111 (blocked)\n"
        "Voicemail transcription: Off (set for the whole location)\n"
        "Read from Vonage 4 min ago · Sep 21, 2026, 14:09 UTC"
    )


def test_card_of_a_bare_number_has_no_empty_rows() -> None:
    """Fields that the API leaves out have no row."""
    assert shown(BARE) == (
        "Extension 55\n"
        "No user is assigned. It may be a room, a ring group or a shared phone.\n"
        "\n"
        "Read from Vonage 4 min ago · Sep 21, 2026, 14:09 UTC"
    )


def test_user_without_name_counts_as_assigned() -> None:
    """A user with only a login name or an email counts as a user."""
    assert shown(Extension("7", User(login_name="jsmith"))).startswith(
        "Extension 7\n\nLogin: jsmith"
    )


@pytest.mark.parametrize(
    ("failure", "problem"),
    [
        (Unavailable(), "Vonage isn't answering."),
        (OverQuota(retry_after=3), "I've used this minute's calls to Vonage."),
        (LoginRefused(), "Vonage refused my login."),
    ],
)
def test_card_of_a_failed_refresh_says_how_old_it_is(failure, problem) -> None:
    """The card says what happened, and when the answer was read."""
    match = Match(JOHN, NOW - 3 * 3600, failure)
    card = checked(extension_card.card_message(match, locations=LOCATIONS, now=NOW))
    line = f"{problem} This is the last answer I have, read 3 hours ago"
    assert line in " ".join(render_text(card).split())
    assert line in card.text
    assert "Read from Vonage" not in render_text(card)
    assert card.blocks[-1]["type"] == "section", "not in small print"


def test_title_is_above_the_card() -> None:
    """The title says why this card is shown, also to screen readers."""
    title = "Showing John Smith for jhon <smith>"
    assert shown(JOHN, title=title).startswith(f"{title}\n\nJohn Smith\n")
    assert plain(JOHN, title=title).startswith(
        "Showing John Smith for jhon &lt;smith&gt;. John Smith"
    )


@pytest.mark.parametrize(
    ("location_id", "location", "expected"),
    [
        ("145214", None, "145214"),
        ("145214", Location("145214"), "145214"),
        ("145214", Location("145214", city="Holmdel"), "145214, Holmdel"),
        ("145214", Location("145214", "Holmdel", city="Holmdel"), "Holmdel"),
        ("145214", replace(HOLMDEL, time_zone="Eastern?"), "Holmdel HQ, Holmdel"),
        ("145214", HOLMDEL, "Holmdel HQ, Holmdel\nMon 10:13 AM local time"),
    ],
    ids=["unknown", "nameless", "city", "same-name", "unknown-zone", "whole"],
)
def test_location_row_has_the_best_known_name(location_id, location, expected) -> None:
    """Name, city and local time if they are known, else the id without the label's word."""
    locations = {location_id: location} if location else {}
    match = Match(Extension("7", location_id=location_id), NOW)
    card = checked(extension_card.card_message(match, locations=locations, now=NOW))
    assert f"*Location*\n{expected}" in mrkdwn_of(card.payload())


@pytest.mark.parametrize(
    ("caller_id", "blocked", "expected"),
    [
        ("14155550100", None, "Caller ID: +1 415-555-0100"),
        ("+1 (415) 555-0100", False, "Caller ID: +1 415-555-0100 (not blocked)"),
        ("Smith & Sons", True, "Caller ID: Smith & Sons (blocked)"),
        ("789", False, "Caller ID: 789 (not blocked)"),
        ("", True, "Caller ID: Blocked"),
        ("", False, "Caller ID: Not blocked"),
    ],
)
def test_caller_id_is_a_number_or_a_name(caller_id, blocked, expected) -> None:
    """Numbers are formatted, names are unchanged."""
    subject = Extension("7", caller_id=caller_id, block_caller_id=blocked)
    assert expected in shown(subject).split("\n")


def test_unknown_switches_have_no_row() -> None:
    """A switch that is `None` is neither on nor off."""
    card = shown(
        replace(JOHN, caller_id="", block_caller_id=None, dnd_enabled=None, vtt_enabled=None)
    )
    for name in ("Caller ID", "Disturb", "Voicemail"):
        assert name not in card


def test_switches_can_have_either_value() -> None:
    """A switch that is on reads differently from one that is off."""
    card = shown(replace(JOHN, dnd_enabled=True, vtt_enabled=False))
    assert "Do Not Disturb\nMon" not in card
    assert "Voicemail transcription: Off" in card
    assert "Do Not Disturb on, " in plain(replace(JOHN, dnd_enabled=True))


def test_email_that_is_no_address_is_no_link() -> None:
    """The text is shown as code, because no mail program could use it as an address."""
    subject = Extension("7", User(email="ask reception"))
    match = Match(subject, NOW)
    assert "`ask reception`" in mrkdwn_of(
        checked(extension_card.card_message(match, locations={}, now=NOW)).payload()
    )


def test_numbers_and_handsets_that_do_not_fit_are_counted() -> None:
    """The card says how many are left out."""
    numbers = tuple(Did(f"1415555{n:04}", f"Line {n}") for n in range(200))
    phones = tuple(Handset(f"handset number {n}", f"VH{n:09}") for n in range(60))
    card = shown(replace(JOHN, dids=numbers, handsets=phones))
    assert "+1 415-555-0000 (Line 0)" in card
    more = [line.strip() for line in card.split("\n") if "more" in line]
    assert len(more) == 2
    left_out = int(more[0].split()[1])
    assert card.count("(Line ") + left_out == 200


def test_sixty_numbers_and_sixty_handsets_all_fit() -> None:
    """There is space for more than anybody has, in blocks and in text."""
    numbers = tuple(Did(f"1415555{n:04}") for n in range(60))
    phones = tuple(Handset(f"line{n:02}-VH6370927", f"VH163{n:05}") for n in range(60))
    subject = replace(JOHN, dids=numbers, handsets=phones)
    for text in (shown(subject), plain(subject)):
        assert text.count("+1 415-555-00") == 60
        assert text.count("VH163") == 60
        assert "more" not in text


@pytest.mark.parametrize("count", [70, 120, 200])
def test_blocks_and_text_have_the_same_numbers(count) -> None:
    """Blocks and text leave out the same numbers and handsets."""
    numbers = tuple(Did(f"1415555{n:04}", f"Line {n}") for n in range(count))
    phones = tuple(Handset(f"handset number {n}", f"VH{n:09}") for n in range(count))
    subject = replace(JOHN, dids=numbers, handsets=phones)
    for sign in ("(Line ", "handset number "):
        assert shown(subject).count(sign) == plain(subject).count(sign)
    assert plain(subject).count(" more") == shown(subject).count(" more") > 0


PROFILE = "https://acme.slack.com/team/U012AB3CD"
PERSON: dict[str, Any] = {"slack_id": "U012AB3CD", "profile_url": PROFILE, "line": "789"}


def button_labels(subject: Extension = JOHN, **card) -> list[tuple[str, str]]:
    """Return name and accessibility label of each button of a card."""
    match = Match(subject, FOUR_MINUTES_AGO)
    message = checked(extension_card.card_message(match, locations=LOCATIONS, now=NOW, **card))
    return [(each["text"]["text"], each["accessibility_label"]) for each in buttons_of(message)]


def test_buttons_are_above_the_small_print() -> None:
    """People find the buttons without reading to the end."""
    card = extension_card.card_message(
        Match(JOHN, FOUR_MINUTES_AGO, Unavailable()),
        locations=LOCATIONS,
        now=NOW,
        slack_id="U012AB3CD",
        profile_url=PROFILE,
        title="Showing John Smith",
        line="who 14155550100",
        shareable=True,
    )
    kinds = [each["type"] for each in checked(card).blocks]
    assert kinds == ["context", "section", "section", "actions", "context", "section"]
    share, refresh, message = buttons_of(card)
    assert [each["action_id"] for each in (share, refresh, message)] == [
        *("ext_share", "ext_refresh", "ext_message")
    ]
    assert share["value"] == refresh["value"] == '{"v":1,"q":"who 14155550100"}'
    assert message["url"] == PROFILE


@pytest.mark.parametrize(
    ("card", "names"),
    [
        (PERSON | {"shareable": True}, ["Share", "Refresh", "Message"]),
        (PERSON | {"shareable": True, "line": ""}, []),
        (PERSON, ["Refresh", "Message"]),
        (PERSON | {"profile_url": ""}, ["Refresh"]),
        (PERSON | {"profile_url": "#"}, ["Refresh"]),
        (PERSON | {"slack_id": ""}, ["Refresh"]),
        (PERSON | {"excluded_fields": {"slack"}}, ["Refresh"]),
        (PERSON | {"shareable": True, "public": True}, ["Refresh", "Message"]),
    ],
    ids=["all", "no-line", "here", "no-url", "no-address", "no-id", "hidden", "public"],
)
def test_card_has_only_buttons_that_work(card, names) -> None:
    """Each button depends on what the card knows."""
    assert [name for name, _ in button_labels(**card)] == names


def test_public_card_mentions_nobody() -> None:
    """A mention would notify the person whom somebody looked up."""
    card = extension_card.card_message(
        Match(JOHN, NOW), locations=LOCATIONS, now=NOW, public=True, **PERSON
    )
    assert "<@" not in json.dumps(card.payload())
    assert "Slack" not in render_text(card)


@pytest.mark.parametrize(
    ("subject", "label"),
    [
        (JOHN, "Refresh John Smith, extension 789"),
        (BARE, "Refresh extension 55"),
        (Extension(""), "Refresh extension (no number)"),
        (Extension("7", User("A & <B>\u202e", "*C*")), "Refresh A & <B> *C*, extension 7"),
        (
            Extension("7" * 30, User("x" * 100)),
            f"Refresh {'x' * 29}…, extension {'7' * 23}…",
        ),
    ],
    ids=["named", "bare", "nameless", "markup", "long"],
)
def test_button_label_names_the_extension(subject, label) -> None:
    """A screen reader tells the buttons of several cards apart; a long name is cut."""
    assert button_labels(subject, line="789") == [("Refresh", label)]


def test_markup_in_names_and_tags_is_shown_as_text() -> None:
    """Nothing from the directory can mention, link, format or end a line of the card."""
    subject = Extension(
        "7",
        User("*Bo*\n<!channel>", "_x_`y`", "a@example.com", "lo`gin"),
        dids=(Did("14155550100", "> x|y> ~z~"),),
    )
    match = Match(subject, NOW)
    mrkdwn = mrkdwn_of(checked(extension_card.card_message(match, locations={}, now=NOW)).payload())
    assert "*∗Bo∗ &lt;!channel&gt; ˍxˍˋyˋ*\n" in mrkdwn
    assert "(› x|y&gt; ∼z∼)" in mrkdwn
    assert "`loˋgin`" in mrkdwn


@settings(max_examples=150)
@given(
    strategies.match,
    st.fixed_dictionaries(
        {
            "locations": strategies.locations,
            "now": strategies.moment,
            "excluded_fields": strategies.excluded_fields,
            "line": strategies.line,
        }
    ),
    strategies.text,
    st.booleans(),
)
def test_card_of_any_extension_is_safe_and_within_limits(match, context, words, public) -> None:
    """No directory text breaks out of its place or breaks one of Slack's limits."""
    card = extension_card.card_message(
        match,
        **context,
        slack_id=words,
        profile_url=f"https://acme.slack.com/team/{words}",
        title=words,
        shareable=True,
        public=public,
    )
    assert len(json.dumps(checked(card).payload(), ensure_ascii=False)) < 12_000
    checked(extension_row.row_message(match, **context))


WORST = ("&", "<", "`", "x ", "電", "> ", "*", "🦊 ")


@pytest.mark.parametrize("char", WORST)
def test_largest_card_is_below_12_kb(char) -> None:
    """Fields of thousands of characters, two hundred numbers and sixty handsets still fit."""
    long = char * (5_000 // len(char))
    subject = Extension(
        long,
        User(long, long, "a@" + "b" * 190 + ".com", long),
        dids=(Did("14155550100", long),) * 200,
        handsets=(Handset(long, long),) * 60,
        location_id="1",
        caller_id=long,
        block_caller_id=True,
        dnd_enabled=True,
        vtt_enabled=True,
    )
    place = Location("1", long[:3000], "America/Argentina/ComodRivadavia", long, long)
    match = Match(subject, NOW, Unavailable())
    card = checked(
        extension_card.card_message(
            match,
            locations={"1": place},
            now=NOW,
            slack_id="U012AB3CD",
            profile_url="https://acme.slack.com/team/" + "x" * 480,
            title=long,
            line='"' * 500,
            shareable=True,
        )
    )
    assert [each["text"]["text"] for each in buttons_of(card)] == ["Share", "Refresh", "Message"]
    assert len(json.dumps(card.payload(), ensure_ascii=False)) < 12_000


@settings(max_examples=100)
@given(
    st.from_regex(r"[0-9]{1,6}", fullmatch=True),
    st.text(min_size=1, max_size=40).filter(clean),
    st.emails(),
)
def test_card_text_always_has_name_number_and_email(number, name, email) -> None:
    """People look for these three first, in any alphabet."""
    match = Match(Extension(number, User(name, "", email)), NOW)
    text = checked(extension_card.card_message(match, locations={}, now=NOW)).text
    assert escape(clean(name)) in text
    assert f"extension {number}" in text
    assert escape(email) in text


CONTEXT: dict[str, Any] = {"locations": LOCATIONS, "now": NOW}
TRACES = {
    "dids": ("555-0100", "4155550100", "My Tag", "Direct"),
    "email": ("john.smith@", "Email"),
    "slack": ("U012AB3CD", "Slack", "Message"),
    "location": ("Holmdel", "local time", "Location"),
    "dnd": ("Disturb",),
    "login": ("jsmith", "Login"),
    "caller_id": ("aller ID", "blocked"),
    "voicemail": ("oicemail",),
    "handsets": ("VH16370927", "line1", "Handsets"),
}


@pytest.mark.parametrize("field", HIDEABLE)
def test_hidden_field_leaves_no_trace_on_card_and_row(field) -> None:
    """Neither the blocks, the text for screen readers nor a button's value holds a hidden field."""
    match = Match(JOHN, NOW)
    card = checked(extension_card.card_message(match, **CONTEXT, **PERSON, excluded_fields={field}))
    written = json.dumps([card.payload(), render_text(card)])
    assert not [trace for trace in TRACES[field] if trace in written]
    others = [trace for key, some in TRACES.items() if key != field for trace in some]
    assert not [trace for trace in others if trace not in written]
    row = checked(extension_row.row_message(match, **CONTEXT, excluded_fields={field}))
    written = json.dumps([row.payload(), render_text(row)])
    assert not [trace for trace in TRACES[field] if trace in written]


def test_card_with_all_fields_hidden_shows_name_and_number() -> None:
    """Name and number cannot be hidden, so that every card is an answer."""
    match = Match(JOHN, NOW)
    card = checked(
        extension_card.card_message(match, **CONTEXT, **PERSON, excluded_fields=HIDEABLE)
    )
    assert render_text(card) == (
        "John Smith\nExtension 789\n\n[Refresh]\n\n"
        "Read from Vonage just now · Sep 21, 2026, 14:13 UTC"
    )
    row = checked(extension_row.row_message(match, **CONTEXT, excluded_fields=HIDEABLE))
    assert card.text == row.text == "John Smith, extension 789. Read from Vonage just now."


def test_extension_with_hidden_login_is_not_called_unassigned() -> None:
    """A user without a name still counts as a user when the login is hidden."""
    match = Match(Extension("7", User(login_name="jsmith")), NOW)
    card = checked(extension_card.card_message(match, **CONTEXT, excluded_fields={"login"}))
    assert card.text == "Extension 7. Read from Vonage just now."
    assert extension_card.NO_USER not in render_text(card)


def without_fields(extension: Extension, excluded_fields: Collection[str]) -> Extension:
    """Return the extension as if the API had not sent the fields to hide."""
    unknown: dict[str, dict[str, Any]] = {
        "dids": {"dids": ()},
        "location": {"location_id": ""},
        "dnd": {"dnd_enabled": None},
        "caller_id": {"caller_id": "", "block_caller_id": None},
        "voicemail": {"vtt_enabled": None},
        "handsets": {"handsets": ()},
    }
    changes = [unknown[key] for key in excluded_fields if key in unknown]
    return replace(
        extension, **{name: value for values in changes for name, value in values.items()}
    )


@settings(max_examples=100)
@given(strategies.match, strategies.locations, strategies.excluded_fields)
def test_card_with_hidden_field_equals_card_of_unknown_field(
    match, locations, excluded_fields
) -> None:
    """An asker cannot tell a hidden field from one that is empty."""
    unknown = replace(match, extension=without_fields(match.extension, excluded_fields))
    locations.pop("", None)  # an office without an id would be that of an extension without one
    context: dict[str, Any] = {"locations": locations, "now": NOW}
    excluded_fields -= {"email", "login"}  # these two still tell that the extension is somebody's
    slack_id = "" if "slack" in excluded_fields else "U012AB3CD"
    seen = extension_card.card_message(
        match, **context, slack_id="U012AB3CD", excluded_fields=excluded_fields
    )
    assert seen == extension_card.card_message(unknown, **context, slack_id=slack_id)
    assert extension_row.row_message(
        match, **context, excluded_fields=excluded_fields
    ) == extension_row.row_message(unknown, **context)


PLAIN = Field("nickname", "Nickname", "nickname", (Attribute("user.login_name"),))


@pytest.mark.parametrize(
    ("login", "fact"),
    [
        ("*a* <b>", extension_card.Fact("∗a∗ &lt;b&gt;", "nickname *a* &lt;b&gt;")),
        ("\u200b", None),
        ("", None),
    ],
)
def test_field_of_one_text_is_shown_without_code_of_its_own(login, fact) -> None:
    """A new text field of the table is escaped, named for screen readers, and left out if empty."""
    render = extension_card._text_renderer(PLAIN)
    assert render(extension_card.Subject(Extension("7", User(login_name=login)))) == fact
    assert render(extension_card.Subject(Extension("7"))) is None
