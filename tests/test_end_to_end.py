"""The whole bot over HTTP: a signed request in, the answer out, and the API calls it cost."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.cards import action_ids, source_errors
from bot.cards.buttons import line_from_value
from bot.query import EXAMPLES
from bot.settings import Secret
from tests.running_bot import running_bot
from tests.slack_limits import problems


async def test_extension_is_answered_in_the_acknowledgement():
    """`/ext 789` is answered at once with the person's card, which only the asker sees."""
    async with running_bot() as bot:
        ack = await bot.ext("789")
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
        assert bot.calls_since_sync() == 0


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
async def test_person_is_found_by_each_kind_of_query(text):
    """Number, phone number, email, login, name, mention and `me` lead to the same card."""
    async with running_bot() as bot:
        assert "John Smith\nExtension 789" in (await bot.ext(text)).shown


async def test_repeated_lookup_costs_no_call():
    """Both a result and a "nothing found" are remembered."""
    async with running_bot() as bot:
        for text in ("789", "99999", "14155550100"):
            await bot.ext(text)
        calls = bot.calls_since_sync()
        for text in ("789", "99999", "14155550100", "x789", "+1 415 555 0100"):
            await bot.ext(text)
        assert bot.calls_since_sync() == calls


async def test_two_hundred_askers_of_one_number_share_one_call():
    """The number is not in the copy yet, and everybody gets the card."""
    async with running_bot(faults={"latency": 0.2}, warm=False) as bot:
        acks = await asyncio.gather(*(bot.ext("789") for _ in range(200)))
        assert all("John Smith" in ack.text for ack in acks)
        assert bot.calls().count("extensions/789") == 1


async def test_lookups_after_the_sync_cost_no_call():
    """Every number and every email address is answered from the copy of the directory."""
    async with running_bot() as bot:
        for entry in bot.vonage.entries:
            email = entry.user.email if entry.user else None
            for text in (entry.number, email or entry.number):
                assert entry.number in (await bot.ext(text)).shown
        assert bot.calls_since_sync() == 0


async def test_calls_never_exceed_the_quota():
    """Forty askers at a cold start cost ten calls in the first minute; the others have to wait."""
    with_quota = running_bot(
        quota=10, warm=False, vonage_requests_per_minute=10, vonage_page_size=5
    )
    async with with_quota as bot:
        numbers = [entry.number for entry in bot.vonage.entries[-40:]]
        acks = await asyncio.gather(*(bot.ext(number) for number in numbers))
        answers = [ack if "Looking up" not in ack.text else await ack.later() for ack in acks]
        assert bot.vonage.calls.busiest_minute <= 10
        assert bot.vonage.calls.statuses[429] == 0
        waiting = [answer for answer in answers if "I'll answer when I can" in answer.text]
        assert len(waiting) >= 30
        assert all(problems(answer.payload) == [] for answer in answers)


async def test_refresh_without_quota_shows_the_last_answer():
    """With no call left in this minute, the card is the last known one and says so."""
    async with running_bot(vonage_requests_per_minute=6) as bot:
        for number in ("790", "1001", "2222"):
            await bot.ext(f"refresh {number}")
        ack = await bot.ext("refresh 789")
        assert "John Smith" in ack.text
        assert f"{source_errors.OVER_QUOTA} This is the last answer I have" in ack.text


async def test_unknown_number_is_answered_with_what_to_try():
    """The answer repeats the number and mentions the help."""
    async with running_bot() as bot:
        ack = await bot.ext("99999")
        assert "99999" in ack.text
        assert "/ext help" in ack.shown


async def test_several_numbers_are_answered_in_one_message():
    """Each number has its own part of the message, found or not."""
    async with running_bot() as bot:
        ack = await bot.ext("789 790 99999 1001")
        for shown in ("John Smith", "Mary O'Brien", "99999", "José García"):
            assert shown in ack.shown
        assert problems(ack.payload) == []


async def test_unassigned_phone_number_is_read_as_extensions():
    """`201 223 0229` is looked up as a phone number first, and then as three extensions."""
    async with running_bot() as bot:
        ack = await bot.ext("201 223 0229")
        assert "Paul Stewart" in ack.shown
        assert "James N. Brooks" in ack.shown


async def test_share_posts_to_the_channel_and_names_the_sharer():
    """A result is public and attributed; a "nothing found" is the asker's alone."""
    async with running_bot() as bot:
        ack = await bot.ext("share 789")
        assert ack.is_public
        assert "Shared by @U0JOHN" in ack.shown
        assert not (await bot.ext("share 99999")).is_public


async def test_pages_of_the_list_show_everybody_once():
    """Each page has a button for the next one, and all are in the order of the numbers."""
    async with running_bot() as bot:
        seen: list[str] = []
        text = "list"
        while text:
            ack = await bot.ext(text)
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
            text = (line_from_value(onward[0]) if onward else None) or ""
        assert sorted(seen, key=lambda n: (len(n), n)) == seen
        assert sorted(seen) == sorted(each.number for each in bot.vonage.entries)


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
async def test_list_with_filter_has_matching_extensions_only(text, shown):
    """The API's filters and the bot's own work; a location is given by id or name."""
    async with running_bot() as bot:
        ack = await bot.ext(text)
        assert shown in ack.shown
        assert problems(ack.payload) == []


async def test_every_example_of_the_help_finds_something():
    """People copy the examples, so none of them may fail."""
    async with running_bot(admins=frozenset({"U0ADMIN"})) as bot:
        for example in EXAMPLES:
            user = "U0ADMIN" if example.admins else "U0JOHN"
            ack = await bot.ext(example.text, user_id=user)
            assert "Nothing found" not in ack.shown, example.text
            assert "Sorry" not in ack.shown, example.text
            assert problems(ack.payload) == [], example.text


async def test_name_during_the_first_sync_is_answered_when_its_page_arrives():
    """The asker first learns how far the sync is, and then gets the card."""
    async with running_bot(faults={"latency": 0.8}, warm=False, vonage_page_size=50) as bot:
        people = [(int(entry.number), entry.user) for entry in bot.vonage.entries if entry.user]
        number, user = max(people, key=lambda person: person[0])
        ack = await bot.ext(f"{user.first_name} {user.last_name}")
        assert "I'm still reading the directory" in ack.text
        assert "I'll answer as soon as I find" in ack.text
        later = await ack.later()
        assert str(number) in later.text
        assert problems(later.payload) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("list page 2 tag:nosuchtag", "Nothing found for list page 2 tag:nosuchtag."),
        ("location 99", "There's no location 99."),
        ("location atlantis", "There's no location atlantis."),
        ("who nosuchlogin", "Nothing found for nosuchlogin."),
    ],
)
async def test_query_that_finds_nothing_is_repeated(text, expected):
    """The answer to an empty list, an unknown location and an unknown name says what was asked."""
    async with running_bot() as bot:
        ack = await bot.ext(text)
        assert expected in ack.text
        assert "shown" not in ack.text


async def test_failing_locations_cost_one_call():
    """Cards have no location names then, and the failed call is not repeated for each card."""
    async with running_bot(faults={"not_subscribed": None}, warm=False) as bot:
        bot.vonage.faults.off()
        bot.vonage.faults.on("not_subscribed", path="/locations")
        for text in ("789", "789", "x789", "14155550100"):
            card = (await bot.ext(text)).shown
            assert "145214" in card
            assert "Holmdel HQ" not in card
        assert bot.calls().count("locations") <= 1


async def test_unreadable_query_is_marked():
    """The answer repeats the text, marks the wrong part, and gives an example that works."""
    async with running_bot() as bot:
        ack = await bot.ext("list page zero")
        assert "list page zero\n              ^^^^" in ack.shown
        assert "/ext list page 2" in ack.shown


async def test_me_without_an_extension_is_a_notice():
    """Somebody whose email address is not in the directory gets a notice, not an error."""
    async with running_bot() as bot:
        ack = await bot.ext("me", user_id="U0NOPHONE")
        assert problems(ack.payload) == []
        assert "email" in ack.text


async def test_slow_api_gives_a_pending_message_and_then_the_card():
    """With three seconds per call, the acknowledgement is in time and the card comes later."""
    async with running_bot() as bot:
        bot.vonage.faults.on("latency", 3.0)
        ack = await bot.ext("refresh 789")
        assert ack.text == "Looking up 789…"
        assert ack.seconds < 2.5
        later = await ack.later()
        assert "John Smith" in later.text
        assert problems(later.payload) == []


@pytest.mark.parametrize(
    ("fault", "notice"),
    [
        ("down", "Vonage isn't answering, so I can't read the directory yet."),
        ("html_502", "Vonage isn't answering, so I can't read the directory yet."),
        ("reset", "Vonage isn't answering, so I can't read the directory yet."),
        ("malformed", source_errors.UNEXPECTED_REPLY),
        ("missing_embedded", source_errors.UNEXPECTED_REPLY),
        ("empty_embedded", source_errors.UNEXPECTED_REPLY),
        ("null_embedded", source_errors.UNEXPECTED_REPLY),
        ("not_subscribed", source_errors.FORBIDDEN),
        ("wrong_user", source_errors.NOT_AUTHORIZED),
        (
            "throttled",
            "I've used this minute's calls to Vonage, so I can't read the directory yet.",
        ),
        ("redirect", source_errors.UNEXPECTED_REPLY),
        ("huge", source_errors.UNEXPECTED_REPLY),
        ("gone", source_errors.WRONG_PATH),
        ("framework_404", source_errors.WRONG_PATH),
    ],
)
async def test_broken_api_gives_a_notice(fault, notice, capsys):
    """Each fault of the API becomes a readable notice, and no name or secret is logged."""
    async with running_bot(faults={fault: None}, warm=False) as bot:
        ack = await bot.ext("who john.smith@example.com")
        final = await ack.later() if "Looking up" in ack.text else ack
        assert problems(final.payload) == []
        assert notice in final.text
    _assert_no_personal_data(capsys.readouterr().err)


async def test_login_that_hangs_gives_a_notice_and_only_one_waits(capsys):
    """The first asker is answered within the limit, the second one at once."""
    async with running_bot(faults={"hang": None}, warm=False) as bot:
        ack = await bot.ext("789")
        assert "Vonage" in (await ack.later()).text
        second = await bot.ext("790")
        assert "Vonage" in second.text
        assert second.seconds < 0.1
    _assert_no_personal_data(capsys.readouterr().err)


async def test_lookups_work_again_within_thirty_seconds_after_the_api_hung(capsys):
    """Nobody has to do anything for it, and the second asker does not wait for a time-out again."""
    async with running_bot() as bot:
        bot.vonage.faults.on("hang")
        ack = await bot.ext("refresh 789")
        assert "the last answer I have" in (await ack.later()).text
        second = await bot.ext("refresh 790")
        assert "the last answer I have" in second.text
        assert second.seconds < 0.1
        bot.vonage.faults.off()
        async with asyncio.timeout(30):
            while "the last answer I have" in (await bot.ext("refresh 790")).text:  # noqa: ASYNC110 - as people do
                await asyncio.sleep(0.2)
    _assert_no_personal_data(capsys.readouterr().err)


async def test_outage_shows_the_last_known_card_with_its_age():
    """Lookups go on during an outage, and a refresh says that the card is an old one."""
    async with running_bot() as bot:
        bot.vonage.faults.on("down")
        for text in ("789", "john smith", "list", "locations"):
            assert source_errors.UNAVAILABLE not in (await bot.ext(text)).text
        ack = await bot.ext("refresh 789")
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
async def test_known_oddity_of_the_api_is_understood(fault, text):
    """The real API has each of these oddities, and the asker gets the card all the same."""
    async with running_bot(faults={fault: None}) as bot:
        for command in (text, f"refresh {text}"):
            assert "John Smith\nExtension 789" in (await bot.ext(command)).shown


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("not_found", source_errors.GONE_UNCONFIRMED),
        ("null_users", source_errors.UNASSIGNED_UNCONFIRMED),
        ("nulls", source_errors.UNASSIGNED_UNCONFIRMED),
        ("framework_404", source_errors.WRONG_PATH),
        ("gone", source_errors.WRONG_PATH),
        ("other_extension", source_errors.OTHER_EXTENSION),
        ("user_as_text", source_errors.UNEXPECTED_REPLY),
        ("wrong_types", source_errors.UNEXPECTED_REPLY),
        ("error_records", source_errors.UNEXPECTED_REPLY),
        ("many_dids", source_errors.UNEXPECTED_REPLY),
        ("zero_items", source_errors.UNEXPECTED_REPLY),
        ("null_embedded", source_errors.UNEXPECTED_REPLY),
        ("missing_embedded", source_errors.UNEXPECTED_REPLY),
        ("rows_of_nothing", source_errors.UNEXPECTED_REPLY),
        ("deeply_nested", source_errors.UNEXPECTED_REPLY),
    ],
)
async def test_unreadable_or_contradicting_answer_keeps_the_known_card(fault, reason):
    """A refresh shows the known card with the reason; nothing is stored, and nobody has left."""
    async with running_bot(admins=frozenset({"U0ADMIN"})) as bot:
        await bot.ext("refresh 790")  # the account answers numbers, so its 404 means something
        bot.vonage.faults.on(fault)
        for _ in range(2):
            ack = await bot.ext("refresh 789")
            assert "John Smith" in ack.text
            assert reason in ack.text
            assert problems(ack.payload) == []
        bot.vonage.faults.off()
        assert "415-555-0100" in (await bot.ext("789")).text
        assert "Nothing has changed" in (await bot.ext("changes", user_id="U0ADMIN")).text


@pytest.mark.parametrize("fault", ["nulls", "bad_records", "ignores_page_size"])
async def test_incomplete_api_still_gives_the_number(fault):
    """Null fields, bad rows in each page, or tiny pages do not prevent an answer to 789."""
    async with running_bot(faults={fault: None}) as bot:
        for text in ("789", "refresh 789"):
            assert "789" in (await bot.ext(text)).shown
        assert problems((await bot.ext("list")).payload) == []


async def test_hidden_extension_is_not_found():
    """A hidden extension costs the call of a missing one, and no kind of query finds it."""
    async with running_bot(hidden_extensions=frozenset({"789"})) as bot:
        assert "Nothing found" in (await bot.ext("9789")).text
        calls_for_missing = bot.calls_since_sync()
        assert "Nothing found" in (await bot.ext("789")).text
        assert bot.calls_since_sync() == 2 * calls_for_missing
        for text in ("14155550100", "who john.smith@example.com", "me", "list login:jsmith"):
            assert "John Smith" not in (await bot.ext(text)).text


async def test_refused_login_is_not_repeated():
    """A wrong password is sent once for any number of askers, because Vonage locks the account."""
    async with running_bot(vonage_password=Secret("wrong"), warm=False) as bot:
        for number in ("789", "790", "1001"):
            ack = await bot.ext(number)
            assert "Vonage" in ack.text
        logins = [call for call in bot.vonage.calls.latest if call.path == "/token"]
        assert len(logins) == 1


def _assert_no_personal_data(log: str) -> None:
    """Check a log for names and secrets; its reference ids may have any digits."""
    text = re.sub(r"\[\w+\]|reference \w+", "", log)
    for hidden in ("john", "John", "555", "secret", "Sesame", "789", "xoxb"):
        assert hidden not in text, log
