"""Mentions and direct messages, as Slack delivers them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.cards.notices import RATE_LIMITED, SHARE_IT_ANYWAY
from bot.listeners.events import is_written_by_person, questions
from bot.sandbox.slack.workspace import Workspace
from tests.running_bot import RunningBot, manifest_scopes, running_bot, shown
from tests.wording import start_of

BOT_ID = "U0EXT"


def message_event(**fields: Any) -> dict[str, Any]:
    """Return the event of a direct message of U0JOHN; `fields` replace or add some."""
    return {
        "type": "message",
        "channel_type": "im",
        "channel": "D0JOHN",
        "user": "U0JOHN",
        "text": "789",
        "ts": "1700000000.000100",
        "event_ts": "1700000000.000100",
        **fields,
    }


async def count_messages(bot: RunningBot) -> int:
    """Return how many messages the bot has posted once it had time to post more."""
    await asyncio.sleep(0.3)
    return len(bot.slack.app_messages())


async def test_mention_is_answered_in_its_thread():
    """`@Ext 789` gets the card as a reply that everybody in the channel sees."""
    async with running_bot() as bot:
        sent = await bot.mention("789")
        (reply,) = await bot.replies(sent)
        assert "John Smith" in shown(reply)
        assert reply.thread_ts == sent.ts
        assert not reply.is_ephemeral


async def test_mention_in_thread_is_answered_there():
    """A question inside a thread stays in that thread."""
    async with running_bot() as bot:
        first = await bot.mention("789")
        await bot.replies(first)
        sent = await bot.mention("790", thread_ts=first.ts)
        (reply,) = await bot.replies(sent)
        assert reply.thread_ts == first.ts
        assert "Mary" in reply.text


@pytest.mark.parametrize(
    ("text", "expected"),
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
async def test_all_questions_of_a_mention_are_answered_in_one_message(text, expected):
    """Several questions get one message with all answers; none gets a short help."""
    async with running_bot() as bot:
        (reply,) = await bot.replies(await bot.mention(text))
        for words in expected:
            assert words.lower() in shown(reply).lower()
        assert "/ext" not in shown(reply)


async def test_mention_where_outsiders_read_is_answered_to_its_author_alone():
    """In a channel shared with another organization nobody else sees the answer."""
    async with running_bot() as bot:
        sent = await bot.mention("789", channel="C0PARTNERS")
        (reply,) = await bot.replies(sent)
        assert reply.visible_to == "U0JOHN"
        messages = bot.seen("U0STRANGER", "C0PARTNERS")
        assert not any("John Smith" in message.text for message in messages)


async def test_direct_message_is_answered_once():
    """What is written to Ext directly is a question; its own answer is not another one."""
    async with running_bot() as bot:
        (reply,) = await bot.replies(await bot.direct("who is 789?"))
        assert "John Smith" in shown(reply)
        assert reply.thread_ts == ""
        assert await count_messages(bot) == 1


async def test_direct_message_that_asks_nothing_gets_help_without_commands():
    """Hello is answered with what can be asked, as one would type it there."""
    async with running_bot() as bot:
        (reply,) = await bot.replies(await bot.direct("hello"))
        assert "789" in shown(reply)
        assert "/ext" not in shown(reply)


@pytest.mark.parametrize("redeliveries", [1, 3])
async def test_event_delivered_again_is_answered_once(redeliveries):
    """Slack repeats events whose acknowledgement got lost; people are answered once."""
    async with running_bot() as bot:
        await bot.replies(await bot.mention("789", again=redeliveries))
        await bot.replies(await bot.direct("790", again=redeliveries))
        assert await count_messages(bot) == 2


async def test_event_delivered_again_after_a_restart_is_answered_once(tmp_path):
    """Slack repeats an event for hours, also to the next release."""
    workspace = Workspace(scopes=manifest_scopes())
    async with running_bot(workspace=workspace, data_dir=tmp_path) as bot:
        for channel_type, name in (("im", "message"), ("channel", "app_mention")):
            event = message_event(type=name, channel_type=channel_type, text="<@U0EXT> 789")
            await bot.deliver.event(event, event_id=f"Ev-{name}")
        assert await count_messages(bot) == 2
    async with running_bot(workspace=workspace, data_dir=tmp_path) as bot:
        for channel_type, name in (("im", "message"), ("channel", "app_mention")):
            event = message_event(type=name, channel_type=channel_type, text="<@U0EXT> 789")
            await bot.deliver.event(event, event_id=f"Ev-{name}")
        assert await count_messages(bot) == 2


async def test_event_is_acknowledged_at_once_while_vonage_is_slow():
    """The answer may take its time; Slack need not deliver the event again."""
    async with running_bot() as bot:
        bot.vonage.faults.on("latency", 3.2)
        sent = await bot.mention("789")
        assert len(sent.responses) == 1
        assert sent.response.seconds < 1.0
        (reply,) = await bot.replies(sent)
        assert "John Smith" in reply.text


@pytest.mark.parametrize(
    "fields",
    [
        {"bot_id": "B0OTHER"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message"},
        {"edited": {"user": "U0JOHN", "ts": "1.2"}},
        {"user": ""},
    ],
)
async def test_message_that_no_person_wrote_is_not_answered(fields):
    """Bots' messages, edits and Slack's own notices are acknowledged and left alone."""
    async with running_bot() as bot:
        sent = await bot.deliver.event(message_event(**fields))
        assert sent.response.is_ok
        assert await count_messages(bot) == 0


async def test_message_in_channel_without_mention_is_not_answered():
    """Only direct messages and mentions are answered."""
    async with running_bot() as bot:
        event = message_event(channel_type="channel", channel="C0GENERAL")
        sent = await bot.deliver.event(event)
        assert sent.response.is_ok
        assert await count_messages(bot) == 0


async def test_lookups_beyond_the_limit_are_refused_on_every_surface():
    """One person's lookups are counted over all surfaces."""
    async with running_bot(lookups_per_minute=2) as bot:
        await bot.ext("789")
        await bot.replies(await bot.direct("790"))
        (reply,) = await bot.replies(await bot.mention("1001"))
        assert start_of(RATE_LIMITED) in reply.text
        assert "José" not in reply.text
        assert "José" in (await bot.ext("1001", user_id="U0ANNA")).text


@pytest.mark.parametrize("user", ["U0EXTBOT", "USLACKBOT"])
async def test_messages_of_the_bot_and_slackbot_are_not_answered(user):
    """The bot never answers itself, whatever else the event says."""
    async with running_bot() as bot:
        sent = await bot.deliver.event(message_event(user=user))
        assert sent.response.is_ok
        await count_messages(bot)
        messages = bot.slack.app_messages()
        assert not [message for message in messages if message.origin != "person"]


async def test_unknown_event_is_acknowledged():
    """Slack doesn't deliver an event again that was acknowledged."""
    async with running_bot() as bot:
        sent = await bot.deliver.event({"type": "app_home_opened", "user": "U0JOHN"})
        assert len(sent.responses) == 1
        assert sent.response.is_ok


async def test_answer_that_slack_refuses_for_a_moment_is_posted_later():
    """A 503 to the first try doesn't lose the answer."""
    async with running_bot() as bot:
        bot.slack.faults.on("down", calls=1, path="chat.postMessage")
        (reply,) = await bot.replies(await bot.mention("789"))
        assert "John Smith" in reply.text


async def test_share_in_mention_is_answered_without_a_question():
    """Everybody in the channel reads the answer to a mention anyway."""
    async with running_bot() as bot:
        (reply,) = await bot.replies(await bot.mention("share 789"))
        assert "John Smith" in reply.text
        assert SHARE_IT_ANYWAY not in reply.text


async def test_mention_of_person_outside_the_channel_is_answered_in_direct_message():
    """Whoever asks where they are no member gets the answer all the same."""
    async with running_bot() as bot:
        bot.slack.channels["C0PARTNERS"].members -= {"U0JOHN"}
        await bot.mention("789", channel="C0PARTNERS")
        async with asyncio.timeout(5):
            while not (messages := bot.seen("U0JOHN", "D0JOHN")):  # noqa: ASYNC110 - over HTTP
                await asyncio.sleep(0.02)
        (reply,) = messages
        assert "John Smith" in shown(reply)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<@U0EXT> 789", ["789"]),
        ("<@U0EXT|ext> 789", ["789"]),
        ("<@U0EXT>: 789", ["789"]),
        ("hey <@U0EXT> who is 789?", ["who is 789?"]),
        ("789 <@U0EXT>", ["789"]),
        ("who is <@U0ANN>, <@U0EXT>?", ["who is <@U0ANN>"]),
        ("<@U0EXT> who is <@U0ANN>?", ["who is <@U0ANN>?"]),
        ("<@U0EXT> who is 789? who is 790?", ["who is 789?", "who is 790?"]),
        ("<@U0EXT> 789\n790\n\n1001", ["789", "790", "1001"]),
        ("<@U0EXT> 789 <@U0EXT> 790", ["789", "790"]),
        ("<@U0EXT>", [""]),
        ("<@U0EXT> !", [""]),
        ("", [""]),
        ("<@U0EXT> José García", ["José García"]),
    ],
)
def test_mention_is_split_into_its_questions(text, expected):
    """The mention of the bot is left out; lines and sentences are separate questions."""
    assert questions(text, BOT_ID) == expected


def test_first_mention_counts_as_the_bots_while_its_id_is_unknown():
    """Before auth.test has answered, a leading mention is taken for the bot's."""
    assert questions("<@U0EXT> 789", "") == ["789"]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"user": "U1", "text": "789"}, True),
        ({"text": "789"}, False),
        ({"user": "U1", "bot_id": "B1"}, False),
        ({"user": "U1", "subtype": "message_changed"}, False),
        ({"user": "U1", "subtype": "channel_join"}, False),
        ({"user": "U1", "edited": {"ts": "1"}}, False),
        ({"user": "U1", "hidden": True}, False),
    ],
)
def test_only_new_messages_by_people_are_questions(event, expected):
    """Bots, edits and Slack's own notices are not answered."""
    assert is_written_by_person(event) is expected
