"""The card of one extension, and its short forms."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import extension_card
from bot.cards.blocks import clean, escape
from bot.cards.terminal import render_text
from bot.errors import LoginRefused, OverQuota, Unavailable
from bot.models import Did, Extension, Handset, Location, Match, User
from tests import strategies
from tests.cards.checked import buttons_of, checked, mrkdwn_of
from tests.cards.examples import BARE, HOLMDEL, JOHN, LOCATIONS, NOW, RING_GROUP

FOUR_MINUTES_AGO = NOW - 250


def shown(subject: Extension, **card) -> str:
    """The card of an extension as a person reads it."""
    match = Match(subject, FOUR_MINUTES_AGO)
    return render_text(
        checked(extension_card.card_message(match, locations=LOCATIONS, now=NOW, **card))
    )


def said(subject: Extension, **card) -> str:
    """The card of an extension as a screen reader reads it."""
    match = Match(subject, FOUR_MINUTES_AGO)
    return checked(extension_card.card_message(match, locations=LOCATIONS, now=NOW, **card)).text


def test_the_whole_card_reads_from_most_to_least_needed() -> None:
    """Name, number and ways to reach a person stand above the small print."""
    assert shown(JOHN, slack_id="U012AB3CD") == (
        "John Smith\n"
        "Extension 789\n"
        "\n"
        "Direct                      Email\n"
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
        "From Vonage 4 min ago · 21 Sep 2026, 14:09 UTC"
    )


def test_the_text_carries_the_whole_answer() -> None:
    """A screen reader, which reads no blocks, hears every field."""
    assert said(JOHN, slack_id="U012AB3CD") == (
        "John Smith, extension 789, direct +1 415-555-0100 (My Tag), john.smith@example.com, "
        "on Slack <@U012AB3CD>, Holmdel HQ, Holmdel, Mon 10:13 AM local time, "
        "Do Not Disturb off, login jsmith, caller ID John Smith (not blocked), "
        "voicemail transcription on, handsets line1-VH6370927 (SIP VH16370927). "
        "From Vonage 4 min ago."
    )


def test_what_to_copy_and_what_to_press() -> None:
    """The number stands alone in code, phone and email are links, the profile is a mention."""
    match = Match(JOHN, NOW)
    card = extension_card.card_message(match, locations=LOCATIONS, now=NOW, slack_id="U012AB3CD")
    mrkdwn = mrkdwn_of(card.payload())
    assert "*John Smith*\nExtension `789`" in mrkdwn
    assert "<tel:+14155550100|+1 415-555-0100> (My Tag)" in mrkdwn
    assert "<mailto:john.smith@example.com|john.smith@example.com>" in mrkdwn
    assert "\n<@U012AB3CD>" in mrkdwn
    assert "<!date^1790000000^{date_short_pretty}, {time}|21 Sep 2026, 14:13 UTC>" in mrkdwn


def test_a_ring_group_reads_as_one() -> None:
    """An extension without a user is called by its number, and says what it may be."""
    assert shown(RING_GROUP) == (
        "Extension 1001\n"
        "Nobody is assigned to it: it may be a room, a ring group or a shared phone.\n"
        "\n"
        "Direct                          Location\n"
        "+1 415-555-0111 (Front desk)    Holmdel HQ, Holmdel\n"
        "+44 20 7946 0000                Mon 10:13 AM local time\n"
        "\n"
        "Caller ID: +1 415-555-0111 (blocked)\n"
        "Voicemail transcription: Off (set for the whole location)\n"
        "From Vonage 4 min ago · 21 Sep 2026, 14:09 UTC"
    )


def test_an_extension_with_nothing_but_a_number_reads_as_one() -> None:
    """What the API does not say leaves no empty rows behind."""
    assert shown(BARE) == (
        "Extension 55\n"
        "Nobody is assigned to it: it may be a room, a ring group or a shared phone.\n"
        "\n"
        "From Vonage 4 min ago · 21 Sep 2026, 14:09 UTC"
    )


def test_a_user_without_a_name_is_somebody() -> None:
    """A login name or an email is enough not to call an extension unassigned."""
    assert shown(Extension("7", User(login_name="jsmith"))).startswith(
        "Extension 7\n\nLogin: jsmith"
    )


@pytest.mark.parametrize(
    ("failure", "problem"),
    [
        (Unavailable(), "Vonage is not answering."),
        (OverQuota(retry_after=3), "Vonage allows me no more calls this minute."),
        (LoginRefused(), "Vonage refused my login."),
    ],
)
def test_a_last_known_answer_says_so(failure, problem) -> None:
    """When Vonage fails, the card says what happened and how old it is, plainly."""
    match = Match(JOHN, NOW - 3 * 3600, failure)
    card = checked(extension_card.card_message(match, locations=LOCATIONS, now=NOW))
    line = f"{problem} This is the last known answer, read 3 hours ago"
    assert line in " ".join(render_text(card).split())
    assert line in card.text
    assert "From Vonage" not in render_text(card)
    assert card.blocks[-1]["type"] == "section", "not in small print"


def test_a_title_stands_above_the_card() -> None:
    """Why this card is shown is said first, and to screen readers too."""
    title = "Showing John Smith for jhon <smith>"
    assert shown(JOHN, title=title).startswith(f"{title}\n\nJohn Smith\n")
    assert said(JOHN, title=title).startswith(
        "Showing John Smith for jhon &lt;smith&gt;. John Smith"
    )


@pytest.mark.parametrize(
    ("location_id", "location", "expected"),
    [
        ("145214", None, "Location 145214"),
        ("145214", Location("145214"), "Location 145214"),
        ("145214", Location("145214", city="Holmdel"), "Location 145214, Holmdel"),
        ("145214", Location("145214", "Holmdel", city="Holmdel"), "Holmdel"),
        ("145214", replace(HOLMDEL, time_zone="Eastern?"), "Holmdel HQ, Holmdel"),
        ("145214", HOLMDEL, "Holmdel HQ, Holmdel\nMon 10:13 AM local time"),
    ],
    ids=["unknown", "nameless", "city", "same-name", "unknown-zone", "whole"],
)
def test_a_location_is_named_as_well_as_it_can_be(location_id, location, expected) -> None:
    """Name, city and local time where they are known; else the id."""
    known = {location_id: location} if location else {}
    match = Match(Extension("7", location_id=location_id), NOW)
    card = checked(extension_card.card_message(match, locations=known, now=NOW))
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
def test_a_caller_id_is_a_number_or_a_name(caller_id, blocked, expected) -> None:
    """Numbers are written as people read them, names as they are."""
    subject = Extension("7", caller_id=caller_id, block_caller_id=blocked)
    assert expected in shown(subject).split("\n")


def test_switches_that_are_not_known_are_not_shown() -> None:
    """`None` is neither on nor off."""
    card = shown(
        replace(JOHN, caller_id="", block_caller_id=None, dnd_enabled=None, vtt_enabled=None)
    )
    for name in ("Caller ID", "Disturb", "Voicemail"):
        assert name not in card


def test_do_not_disturb_and_voicemail_when_they_are_the_other_way_round() -> None:
    """On is not off."""
    card = shown(replace(JOHN, dnd_enabled=True, vtt_enabled=False))
    assert "Do Not Disturb\nMon" not in card
    assert "Voicemail transcription: Off" in card
    assert "Do Not Disturb on, " in said(replace(JOHN, dnd_enabled=True))


def test_an_email_that_is_none_is_no_link() -> None:
    """What cannot be written to is shown, exactly, but not linked."""
    subject = Extension("7", User(email="ask reception"))
    match = Match(subject, NOW)
    assert "`ask reception`" in mrkdwn_of(
        checked(extension_card.card_message(match, locations={}, now=NOW)).payload()
    )


def test_too_many_numbers_and_handsets_are_counted() -> None:
    """What does not fit is not lost in silence."""
    numbers = tuple(Did(f"1415555{n:04}", f"Line {n}") for n in range(200))
    phones = tuple(Handset(f"handset number {n}", f"VH{n:09}") for n in range(60))
    card = shown(replace(JOHN, dids=numbers, handsets=phones))
    assert "+1 415-555-0000 (Line 0)" in card
    more = [line.strip() for line in card.split("\n") if "more" in line]
    assert len(more) == 2
    left_out = int(more[0].split()[1])
    assert card.count("(Line ") + left_out == 200


def test_sixty_numbers_and_sixty_handsets_are_all_there() -> None:
    """There is room for more than anybody has: for the eyes and for the ears."""
    numbers = tuple(Did(f"1415555{n:04}") for n in range(60))
    phones = tuple(Handset(f"line{n:02}-VH6370927", f"VH163{n:05}") for n in range(60))
    subject = replace(JOHN, dids=numbers, handsets=phones)
    for text in (shown(subject), said(subject)):
        assert text.count("+1 415-555-00") == 60
        assert text.count("VH163") == 60
        assert "more" not in text


@pytest.mark.parametrize("count", [70, 120, 200])
def test_eyes_and_ears_are_told_of_the_same_numbers(count) -> None:
    """What is cut is cut at the same place in both."""
    numbers = tuple(Did(f"1415555{n:04}", f"Line {n}") for n in range(count))
    phones = tuple(Handset(f"handset number {n}", f"VH{n:09}") for n in range(count))
    subject = replace(JOHN, dids=numbers, handsets=phones)
    for sign in ("(Line ", "handset number "):
        assert shown(subject).count(sign) == said(subject).count(sign)
    assert said(subject).count(" more") == shown(subject).count(" more") > 0


PROFILE = "https://acme.slack.com/team/U012AB3CD"
PERSON: dict[str, Any] = {"slack_id": "U012AB3CD", "profile_url": PROFILE, "line": "789"}


def pressed(subject: Extension = JOHN, **card) -> list[tuple[str, str]]:
    """Name and label of each button of a card."""
    match = Match(subject, FOUR_MINUTES_AGO)
    message = checked(extension_card.card_message(match, locations=LOCATIONS, now=NOW, **card))
    return [(each["text"]["text"], each["accessibility_label"]) for each in buttons_of(message)]


def test_buttons_stand_between_what_is_needed_and_the_small_print() -> None:
    """They are found without reading to the end, and ask for the same card."""
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
        (PERSON | {"hide": {"slack"}}, ["Refresh"]),
        (PERSON | {"shareable": True, "public": True}, ["Refresh", "Message"]),
    ],
    ids=["all", "no-line", "here", "no-url", "no-address", "no-id", "hidden", "public"],
)
def test_which_buttons_a_card_has(card, names) -> None:
    """Each only where it can do what it says."""
    assert [name for name, _ in pressed(**card)] == names


def test_a_card_that_others_see_calls_nobody_in() -> None:
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
def test_a_button_is_called_by_whom_it_is_about(subject, label) -> None:
    """Among several cards a screen reader tells their buttons apart; a name is cut, not a label."""
    assert pressed(subject, line="789") == [("Refresh", label)]


def test_a_short_form_can_show_the_card() -> None:
    """One button, beside the row that it belongs to."""
    row = extension_card.row_message(Match(JOHN, NOW), locations=LOCATIONS, now=NOW, line="789")
    assert render_text(checked(row)).startswith("John Smith  789  [Show]\n")
    (button,) = buttons_of(row)
    assert button["value"] == '{"v":1,"q":"789"}'
    assert button["accessibility_label"] == "Show John Smith, extension 789"


def test_the_short_form_tells_the_most_needed() -> None:
    """A row names who it is, the number, one way to call, and where."""
    row = checked(
        extension_card.row_message(Match(RING_GROUP, NOW - 3600), locations=LOCATIONS, now=NOW)
    )
    assert render_text(row) == (
        "Extension  1001\n"
        "+1 415-555-0111 (Front desk) · and 1 more · Holmdel HQ, Holmdel\n"
        "\n"
        "From Vonage 1 hour ago · 21 Sep 2026, 13:13 UTC"
    )
    assert row.text == (
        "Extension 1001, +1 415-555-0111 (Front desk), and 1 more, Holmdel HQ, Holmdel. "
        "From Vonage 1 hour ago."
    )


def test_markup_in_names_and_tags_stays_text() -> None:
    """Nothing from the directory can ping, link, format or end a line of the card."""
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
            "hide": strategies.hide,
            "line": strategies.line,
        }
    ),
    strategies.text,
    st.booleans(),
)
def test_any_extension_makes_a_card_that_slack_takes(match, known, words, public) -> None:
    """Limits hold and nothing gets out of its quotes, whatever the directory holds."""
    card = extension_card.card_message(
        match,
        **known,
        slack_id=words,
        profile_url=f"https://acme.slack.com/team/{words}",
        title=words,
        shareable=True,
        public=public,
    )
    assert len(json.dumps(checked(card).payload(), ensure_ascii=False)) < 12_000
    checked(extension_card.row_message(match, **known))


WORST = ("&", "<", "`", "x ", "電", "> ", "*", "🦊 ")


@pytest.mark.parametrize("char", WORST)
def test_the_largest_card_is_small(char) -> None:
    """Fields of thousands of characters, two hundred numbers and sixty handsets stay in 12 kB."""
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
def test_name_number_and_email_are_always_said(number, name, email) -> None:
    """What somebody asks for first is in `text`, whatever alphabet it is written in."""
    match = Match(Extension(number, User(name, "", email)), NOW)
    text = checked(extension_card.card_message(match, locations={}, now=NOW)).text
    assert escape(clean(name)) in text
    assert f"extension {number}" in text
    assert escape(email) in text
