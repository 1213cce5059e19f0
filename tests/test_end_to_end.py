"""A signed request in, the card out, and what it cost: the whole bot over HTTP."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.cards import action_ids, source_errors
from bot.query import EXAMPLES
from bot.settings import Secret
from tests.running_bot import running_bot
from tests.slack_limits import problems


async def test_an_extension_is_answered_in_the_acknowledgement():
    """`/ext 789` comes back at once as the card of the person behind it, for the asker alone."""
    async with running_bot() as rig:
        ack = await rig.ext("789")
        assert not ack.is_public
        for shown in (
            "John Smith",
            "789",
            "+1 415-555-0100 (My Tag)",
            "john.smith@example.com",
            "Holmdel HQ",
            "line1-VH6370927",
            "jsmith",
            "just now",
        ):
            assert shown in ack.shown
        assert "John Smith, extension 789" in ack.text
        assert problems(ack.payload) == []
        assert rig.asked() == 0


@pytest.mark.parametrize(
    "text",
    [
        "789",
        "who 14155550100",
        "who +1 (415) 555-0100",
        "415.555.0100",
        "who <tel:14155550100|14155550100>",
        "who john.smith@example.com",
        "<mailto:John.Smith@example.com|John.Smith@example.com>",
        "who jsmith",
        "me",
        "who <@U0JOHN|john.smith>",
        "who is 789?",
        "0100",
        "john smith",
        "smith, john",
        "jhon smith",
        "what's the extension of John Smith?",
        "ＥＸＴ　７８９",
        "refresh 789",
    ],
)
async def test_john_smith_is_found_by_each_mark(text):
    """Number, phone number, email, login, name, person and oneself lead to the same card."""
    async with running_bot() as rig:
        assert "John Smith\nExtension 789" in (await rig.ext(text)).shown


async def test_a_repeated_lookup_costs_no_call():
    """What was found, and that something was not found, is remembered."""
    async with running_bot() as rig:
        for text in ("789", "99999", "14155550100"):
            await rig.ext(text)
        asked = rig.asked()
        for text in ("789", "99999", "14155550100", "x789", "+1 415 555 0100"):
            await rig.ext(text)
        assert rig.asked() == asked


async def test_two_hundred_at_once_cost_one_call():
    """Two hundred askers of a number that is not known yet share one call and get the card."""
    async with running_bot(faults={"latency": 0.2}, warm=False) as rig:
        acks = await asyncio.gather(*(rig.ext("789") for _ in range(200)))
        assert all("John Smith" in each.text for each in acks)
        assert rig.calls().count("extensions/789") == 1


async def test_a_thousand_lookups_cost_none():
    """What has been read is answered without Vonage, whoever asks for whatever."""
    async with running_bot() as rig:
        for each in rig.vonage.entries:
            email = each.user.email if each.user else None
            for text in (each.number, email or each.number):
                assert each.number in (await rig.ext(text)).shown
        assert rig.asked() == 0


async def test_never_more_calls_than_the_quota():
    """With ten a minute, forty askers at a cold start cost ten; the rest are told to wait."""
    paced = running_bot(quota=10, warm=False, vonage_requests_per_minute=10, vonage_page_size=5)
    async with paced as rig:
        people = [each.number for each in rig.vonage.entries[-40:]]
        acks = await asyncio.gather(*(rig.ext(number) for number in people))
        finals = [each if "Looking up" not in each.text else await each.later() for each in acks]
        assert rig.vonage.calls.busiest_minute <= 10
        assert rig.vonage.calls.statuses[429] == 0
        told = [each for each in finals if "still reading" in each.text]
        assert len(told) >= 30
        assert all(problems(each.payload) == [] for each in finals)


async def test_what_was_known_is_told_when_the_quota_is_spent():
    """Asked anew with no call left, the last known answer comes back and says so."""
    async with running_bot(vonage_requests_per_minute=6) as rig:
        for number in ("790", "1001", "2222"):
            await rig.ext(f"refresh {number}")
        ack = await rig.ext("refresh 789")
        assert "John Smith" in ack.text
        assert f"{source_errors.OVER_QUOTA} This is the last answer I have" in ack.text


async def test_nothing_found_says_so():
    """An unknown number is answered with what was looked for, and what to try."""
    async with running_bot() as rig:
        ack = await rig.ext("99999")
        assert "99999" in ack.text
        assert "/ext help" in ack.shown


async def test_several_are_answered_in_one_message():
    """Up to ten numbers get one message, each part by itself."""
    async with running_bot() as rig:
        ack = await rig.ext("789 790 99999 1001")
        for shown in ("John Smith", "Mary O'Brien", "99999", "José García"):
            assert shown in ack.shown
        assert problems(ack.payload) == []


async def test_a_phone_that_nobody_has_can_be_several_extensions():
    """`201 202 2003` is read as a phone number first, and as three extensions then."""
    async with running_bot() as rig:
        ack = await rig.ext("201 223 0229")
        assert "Paul Stewart" in ack.shown
        assert "James N. Brooks" in ack.shown


async def test_sharing_shows_it_to_the_channel_and_names_the_sharer():
    """`share 789` is public and attributed; what is not found stays with the asker."""
    async with running_bot() as rig:
        ack = await rig.ext("share 789")
        assert ack.is_public
        assert "Shared by @U0JOHN" in ack.shown
        assert not (await rig.ext("share 99999")).is_public


async def test_the_list_is_turned_page_by_page():
    """Each page says how to get the next; together they show everybody once, in number order."""
    async with running_bot() as rig:
        seen: list[str] = []
        text = "list"
        while text:
            ack = await rig.ext(text)
            assert problems(ack.payload) == []
            rows = [
                each["text"]["text"]
                for each in ack.payload["blocks"][1:]
                if each["type"] == "section"
            ]
            seen += [row.split("`")[1] for row in rows]
            (pager,) = [each for each in ack.payload["blocks"] if each["type"] == "actions"]
            onward = [
                each["value"] for each in pager["elements"] if each["action_id"] == action_ids.NEXT
            ]
            text = (action_ids.line_from_value(onward[0]) if onward else None) or ""
        assert sorted(seen, key=lambda n: (len(n), n)) == seen
        assert sorted(seen) == sorted(each.number for each in rig.vonage.entries)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("list location:145214", "Holmdel HQ"),
        ('list location:"holmdel hq"', "Holmdel HQ"),
        ("location 145214", "Holmdel HQ"),
        ("location berlin", "Berlin"),
        ("list login:jsmith", "John Smith"),
        ("list phone:+14155550100", "John Smith"),
        ('list tag:"my tag"', "John Smith"),
        ("list unassigned", "Extension"),
        ("list dnd:on", "extensions"),
        ("locations", "Holmdel HQ"),
        ("list page 999", "page 32 of 32"),
    ],
)
async def test_lists_are_narrowed(text, shown):
    """Filters of the API and our own narrow the list; locations go by id or name."""
    async with running_bot() as rig:
        ack = await rig.ext(text)
        assert shown in ack.shown
        assert problems(ack.payload) == []


async def test_every_example_of_the_help_works():
    """What help prints finds something."""
    async with running_bot(admins=frozenset({"U0ADMIN"})) as rig:
        for example in EXAMPLES:
            user = "U0ADMIN" if example.admins else "U0JOHN"
            ack = await rig.ext(example.text, user_id=user)
            assert "Nothing found" not in ack.shown, example.text
            assert "Sorry" not in ack.shown, example.text
            assert problems(ack.payload) == [], example.text


async def test_a_name_is_answered_when_its_page_lands():
    """While the directory is read, a name is told how far that is, and then the card."""
    async with running_bot(faults={"latency": 0.8}, warm=False, vonage_page_size=50) as rig:
        people = [(int(each.number), each.user) for each in rig.vonage.entries if each.user]
        number, user = max(people, key=lambda one: one[0])
        ack = await rig.ext(f"{user.first_name} {user.last_name}")
        assert "I'm still reading the directory" in ack.text
        assert "I'll answer as soon as I find" in ack.text
        later = await ack.later()
        assert str(number) in later.text
        assert problems(later.payload) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("list page 2 tag:nosuchtag", "Nothing found for list page 2 tag:nosuchtag."),
        ("location 99", "There's no location 99."),
        ("location atlantis", "There's no location atlantis."),
        ("who nosuchlogin", "Nothing found for nosuchlogin."),
    ],
)
async def test_what_finds_nothing_repeats_what_was_asked(text, said):
    """An empty list, an unknown location and an unknown name each say so."""
    async with running_bot() as rig:
        ack = await rig.ext(text)
        assert said in ack.text
        assert "shown" not in ack.text


async def test_locations_that_fail_cost_one_call_and_no_waiting():
    """Cards come without the names of the offices, and nobody asks for them in vain again."""
    async with running_bot(faults={"not_subscribed": None}, warm=False) as rig:
        rig.vonage.faults.off()
        rig.vonage.faults.on("not_subscribed", path="/locations")
        for text in ("789", "789", "x789", "14155550100"):
            assert "145214" in (await rig.ext(text)).shown
        assert rig.calls().count("locations") <= 1


async def test_words_that_cannot_be_read_are_pointed_at():
    """The person's own words come back with the spot marked and an example that works."""
    async with running_bot() as rig:
        ack = await rig.ext("list page zero")
        assert "list page zero\n              ^^^^" in ack.shown
        assert "/ext list page 2" in ack.shown


async def test_me_without_an_extension_is_told_so():
    """Somebody whom the directory does not know gets a notice, not an error."""
    async with running_bot() as rig:
        ack = await rig.ext("me", user_id="U0NOPHONE")
        assert problems(ack.payload) == []
        assert "email" in ack.text


async def test_a_slow_api_gives_looking_up_and_then_the_card():
    """At three seconds a call the acknowledgement comes in time and the card by response_url."""
    async with running_bot() as rig:
        rig.vonage.faults.on("latency", 3.0)
        ack = await rig.ext("refresh 789")
        assert ack.text == "Looking up 789…"
        assert ack.seconds < 2.5
        later = await ack.later()
        assert "John Smith" in later.text
        assert problems(later.payload) == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("down", source_errors.UNAVAILABLE),
        ("html_502", source_errors.UNAVAILABLE),
        ("reset", source_errors.UNAVAILABLE),
        ("malformed", source_errors.UNEXPECTED_REPLY),
        ("missing_embedded", source_errors.UNEXPECTED_REPLY),
        ("empty_embedded", source_errors.UNEXPECTED_REPLY),
        ("null_embedded", source_errors.UNEXPECTED_REPLY),
        ("not_subscribed", source_errors.FORBIDDEN),
        ("wrong_user", "no longer accepts"),
        ("throttled", "still reading the directory"),
        ("redirect", source_errors.UNEXPECTED_REPLY),
        ("huge", source_errors.UNEXPECTED_REPLY),
        ("gone", source_errors.UNEXPECTED_REPLY),
    ],
)
async def test_a_broken_api_gives_a_notice(fault, said, capsys):
    """Whatever Vonage does, the asker is told in words, and no name or secret is logged."""
    async with running_bot(faults={fault: None}, warm=False) as rig:
        ack = await rig.ext("who john.smith@example.com")
        final = await ack.later() if "Looking up" in ack.text else ack
        assert problems(final.payload) == []
        assert said in final.text
    _nothing_personal(capsys.readouterr().err)


async def test_login_that_hangs_gives_a_notice_and_only_one_waits(capsys):
    """The first asker is answered within the limit, the second one at once."""
    async with running_bot(faults={"hang": None}, warm=False) as rig:
        ack = await rig.ext("789")
        assert "Vonage" in (await ack.later()).text
        second = await rig.ext("790")
        assert "Vonage" in second.text
        assert second.seconds < 0.1
    _nothing_personal(capsys.readouterr().err)


async def test_lookups_work_again_within_thirty_seconds_after_the_api_hung(capsys):
    """Nobody has to do anything for it, and the second asker does not wait for a time-out again."""
    async with running_bot() as rig:
        rig.vonage.faults.on("hang")
        ack = await rig.ext("refresh 789")
        assert "last known" in (await ack.later()).text
        second = await rig.ext("refresh 790")
        assert "last known" in second.text
        assert second.seconds < 0.1
        rig.vonage.faults.off()
        async with asyncio.timeout(30):
            while "last known" in (await rig.ext("refresh 790")).text:  # noqa: ASYNC110 - as people do
                await asyncio.sleep(0.2)
    _nothing_personal(capsys.readouterr().err)


async def test_an_outage_shows_the_last_known_card_with_its_age():
    """What was known before Vonage went down is still told, and said to be old."""
    async with running_bot() as rig:
        rig.vonage.faults.on("down")
        for text in ("789", "john smith", "list", "locations"):
            assert source_errors.UNAVAILABLE not in (await rig.ext(text)).text
        ack = await rig.ext("refresh 789")
        assert "John Smith" in ack.text
        assert "the last answer I have" in ack.text


@pytest.mark.parametrize(
    "fault",
    [
        "by_external_id",
        "ignores_filters",
        "numbers_as_strings",
        "numbers_as_floats",
        "extension_as_number",
        "lone_as_object",
        "dids_as_strings",
        "dids_as_object",
        "no_totals",
        "total_page",
        "none_as_404",
        "none_without_embedded",
        "foreign_links",
        "no_expires_in",
        "no_refresh_token",
    ],
)
@pytest.mark.parametrize("text", ["789", "14155550100", "who john.smith@example.com"])
async def test_an_odd_api_is_understood(fault, text):
    """Known oddities of the real API do not keep the card from the asker."""
    async with running_bot(faults={fault: None}) as rig:
        for asked in (text, f"refresh {text}"):
            assert "John Smith\nExtension 789" in (await rig.ext(asked)).shown


@pytest.mark.parametrize("fault", ["nulls", "bad_records", "ignores_page_size"])
async def test_a_poor_api_still_gives_the_number(fault):
    """With every optional field null, bad rows in each page, or tiny pages, 789 is answered."""
    async with running_bot(faults={fault: None}) as rig:
        for text in ("789", "refresh 789"):
            assert "789" in (await rig.ext(text)).shown
        assert problems((await rig.ext("list")).payload) == []


async def test_hidden_extensions_do_not_exist():
    """A hidden number is not found, costs no call, and is in no list."""
    async with running_bot(hidden_extensions=frozenset({"789"})) as rig:
        assert "John Smith" not in (await rig.ext("789")).text
        assert rig.asked() == 0
        for text in ("14155550100", "who john.smith@example.com", "me", "list login:jsmith"):
            assert "John Smith" not in (await rig.ext(text)).text


async def test_a_refused_login_is_tried_once():
    """A wrong password is sent once, however many ask."""
    async with running_bot(vonage_password=Secret("wrong"), warm=False) as rig:
        for number in ("789", "790", "1001"):
            ack = await rig.ext(number)
            assert "Vonage" in ack.text
        logins = [each for each in rig.vonage.calls.latest if each.path == "/token"]
        assert len(logins) == 1


def _nothing_personal(log: str) -> None:
    """Check a log, but for the ids in it, which can have any digits."""
    words = re.sub(r"\[\w+\]|reference \w+", "", log)
    for hidden in ("john", "John", "555", "secret", "Sesame", "789", "xoxb"):
        assert hidden not in words, log
