"""Mentions and direct messages, as Slack delivers them."""

from __future__ import annotations

import asyncio

import pytest

from tests.running_bot import running_bot, shown


async def settled(rig) -> int:
    """How many messages the bot has said once it had time to say more."""
    await asyncio.sleep(0.3)
    return len(rig.slack.app_messages())


async def test_a_mention_is_answered_in_its_thread():
    """`@Ext 789` gets the card as a reply that everybody in the channel sees."""
    async with running_bot() as rig:
        sent = await rig.mention("789")
        (reply,) = await rig.replies(sent)
        assert "John Smith" in shown(reply)
        assert reply.thread_ts == sent.ts
        assert not reply.is_ephemeral


async def test_a_mention_in_a_thread_is_answered_there():
    """A question inside a thread stays in that thread."""
    async with running_bot() as rig:
        first = await rig.mention("789")
        await rig.replies(first)
        sent = await rig.mention("790", thread_ts=first.ts)
        (reply,) = await rig.replies(sent)
        assert reply.thread_ts == first.ts
        assert "Mary" in reply.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("who is 789? who is 790?", ["John Smith", "Mary O'Brien"]),
        ("789\n790\nno such 99999", ["John Smith", "Mary O'Brien"]),
        ("hi <@U0EXTBOT> whose number is +1 415 555 0100? thanks!", ["John Smith"]),
        ("who is <@U0JOHN>?", ["John Smith"]),
        ("list page zero", ["list page zero", "Try list page 2"]),
        ("", ["@U0EXTBOT 789"]),
        ("help", ["whose number that is"]),
    ],
)
async def test_each_question_of_a_mention_is_answered(text, said):
    """Several questions get one message with all answers; none gets a short help."""
    async with running_bot() as rig:
        (reply,) = await rig.replies(await rig.mention(text))
        for words in said:
            assert words.lower() in shown(reply).lower()
        assert "/ext" not in shown(reply)


async def test_a_mention_before_outsiders_is_answered_to_the_asker_alone():
    """In a channel shared with another organisation nobody else sees the answer."""
    async with running_bot() as rig:
        sent = await rig.mention("789", channel="C0PARTNERS")
        (reply,) = await rig.replies(sent)
        assert reply.visible_to == "U0JOHN"
        assert not [
            each for each in rig.seen("U0STRANGER", "C0PARTNERS") if "John Smith" in each.text
        ]


async def test_a_direct_message_is_answered():
    """What is written to Ext directly is a question; its own answer is not another one."""
    async with running_bot() as rig:
        (reply,) = await rig.replies(await rig.direct("who is 789?"))
        assert "John Smith" in shown(reply)
        assert reply.thread_ts == ""
        assert await settled(rig) == 1


async def test_a_direct_message_that_asks_nothing_gets_help_without_commands():
    """Hello is answered with what can be asked, as one would type it there."""
    async with running_bot() as rig:
        (reply,) = await rig.replies(await rig.direct("hello"))
        assert "789" in shown(reply)
        assert "/ext" not in shown(reply)


@pytest.mark.parametrize("again", [1, 3])
async def test_an_event_that_comes_again_is_answered_once(again):
    """Slack repeats events whose acknowledgement got lost; people are answered once."""
    async with running_bot() as rig:
        sent = await rig.mention("789", again=again)
        await rig.replies(sent)
        direct = await rig.direct("790", again=again)
        await rig.replies(direct)
        assert await settled(rig) == 2


async def test_events_are_acknowledged_at_once_however_slow_vonage_is():
    """The answer comes when it comes; Slack need not repeat the event."""
    async with running_bot() as rig:
        rig.vonage.faults.on("latency", 3.2)
        sent = await rig.mention("789")
        assert len(sent.responses) == 1
        assert sent.response.seconds < 1.0
        (reply,) = await rig.replies(sent)
        assert "John Smith" in reply.text


@pytest.mark.parametrize(
    "extra",
    [
        {"bot_id": "B0OTHER"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message"},
        {"edited": {"user": "U0JOHN", "ts": "1.2"}},
        {"user": ""},
    ],
)
async def test_what_no_person_says_is_not_answered(extra):
    """Bots, edits and notices of Slack's are acknowledged and left alone."""
    async with running_bot() as rig:
        event = {
            "type": "message",
            "channel_type": "im",
            "channel": "D0JOHN",
            "user": "U0JOHN",
            "text": "789",
            "ts": "1700000000.000100",
            "event_ts": "1700000000.000100",
        }
        sent = await rig.deliver.event(event | extra)
        assert sent.response.is_ok
        assert await settled(rig) == 0


async def test_a_message_in_a_channel_is_nobodys_question():
    """Only direct messages and mentions are answered."""
    async with running_bot() as rig:
        event = {
            "type": "message",
            "channel_type": "channel",
            "channel": "C0GENERAL",
            "user": "U0JOHN",
            "text": "789",
            "ts": "1700000000.000100",
            "event_ts": "1700000000.000100",
        }
        sent = await rig.deliver.event(event)
        assert sent.response.is_ok
        assert await settled(rig) == 0


async def test_too_many_lookups_are_told_when_again():
    """One person's lookups are counted over all surfaces."""
    async with running_bot(lookups_per_minute=2) as rig:
        await rig.ext("789")
        await rig.replies(await rig.direct("790"))
        (reply,) = await rig.replies(await rig.mention("1001"))
        assert "José" not in reply.text
        assert "José" in (await rig.ext("1001", user_id="U0ANNA")).text


@pytest.mark.parametrize("user", ["U0EXTBOT", "USLACKBOT"])
async def test_our_own_words_and_slackbots_are_no_questions(user):
    """Nobody talks to itself, whatever else the event says."""
    async with running_bot() as rig:
        event = {
            "type": "message",
            "channel_type": "im",
            "channel": "D0JOHN",
            "user": user,
            "text": "789",
            "ts": "1700000000.000100",
            "event_ts": "1700000000.000100",
        }
        assert (await rig.deliver.event(event)).response.is_ok
        await settled(rig)
        assert not [
            each for each in rig.slack.app_messages() if each.origin != "person" and each.blocks
        ]


async def test_an_event_that_we_do_not_know_is_acknowledged():
    """Slack does not send it again."""
    async with running_bot() as rig:
        sent = await rig.deliver.event({"type": "app_home_opened", "user": "U0JOHN"})
        assert len(sent.responses) == 1
        assert sent.response.is_ok


async def test_an_answer_that_slack_puts_off_is_posted_later():
    """A 503 or 429 to the first try does not lose the answer."""
    async with running_bot() as rig:
        rig.slack.faults.on("down", calls=1, path="chat.postMessage")
        (reply,) = await rig.replies(await rig.mention("789"))
        assert "John Smith" in reply.text


async def test_a_secret_question_in_a_mention_is_not_put_to_everybody():
    """What is to be shared by a mention is answered where the mention is."""
    async with running_bot() as rig:
        (reply,) = await rig.replies(await rig.mention("share 789"))
        assert "John Smith" in reply.text
