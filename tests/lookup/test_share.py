"""Sharing with a channel: at once among colleagues, after a question where outsiders may read."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.cards import action_ids, notices
from bot.cards.blocks import Message
from bot.cards.buttons import line_from_value
from bot.errors import MustWait
from bot.lookup.request import Answer, AnswerOptions, Outcome, Request
from bot.lookup.share import share_or_confirm
from bot.query import parse
from bot.slack.people import Asker
from tests.cards.checked import buttons_of, checked
from tests.wording import start_of

ASKER = Asker("U0JOHN", channel_id="C0GENERAL")
FOUND = Answer(Message("John Smith, extension 789", []), Outcome.FOUND)


class StubChannels:
    """Channels of which Slack says the same about all; it counts how often it is asked."""

    def __init__(self, has_outsiders: bool | None) -> None:
        self.questions: list[str] = []
        self._has_outsiders = has_outsiders

    async def has_outsiders(self, channel_id, *, deadline):
        """Return whether outsiders can read a channel."""
        self.questions.append(channel_id)
        return self._has_outsiders


async def share(
    channels: StubChannels | None,
    *,
    answer: Answer = FOUND,
    line: str = "789",
    is_confirmed: bool = False,
    may_wait: bool = True,
) -> Answer:
    """Return what becomes of an answer that is to be shared."""
    query: Any = parse(line)
    deadline = asyncio.get_running_loop().time() + 1 if may_wait else None
    options = AnswerOptions(confirmed=is_confirmed)
    request = Request(f"share {line}", ASKER, options, query=query, deadline=deadline)
    return await share_or_confirm(answer, query, request, channels)  # type: ignore[arg-type]


async def test_answer_is_shared_at_once_where_no_outsider_reads():
    """Everybody in the channel sees the answer, and who shared it."""
    channels = StubChannels(has_outsiders=False)
    answer = await share(channels)
    assert answer.in_channel
    assert "U0JOHN" in answer.message.blocks[0]["elements"][0]["text"]
    assert FOUND.message.text in answer.message.text
    assert channels.questions == ["C0GENERAL"]


@pytest.mark.parametrize(
    ("has_outsiders", "expected"),
    [(True, notices.OUTSIDERS_SEE), (None, notices.OUTSIDERS_MAY_SEE)],
    ids=["shared channel", "unknown channel"],
)
async def test_asker_confirms_first_where_outsiders_may_read(has_outsiders, expected):
    """The question holds nothing of the answer, and is for the asker alone."""
    answer = await share(StubChannels(has_outsiders))
    assert not answer.in_channel
    assert answer.outcome is Outcome.INFO
    assert start_of(expected) in answer.message.text
    assert "John" not in answer.message.text
    checked(answer.message)


async def test_confirmed_answer_is_shared_without_asking_slack():
    """The confirmation of the asker is enough, so Slack is not called again."""
    channels = StubChannels(has_outsiders=True)
    assert (await share(channels, is_confirmed=True)).in_channel
    assert channels.questions == []


async def test_answer_without_channels_is_shared():
    """A terminal has no channels, and nobody else reads it."""
    assert (await share(None)).in_channel


@pytest.mark.parametrize(
    "outcome", [outcome for outcome in Outcome if outcome is not Outcome.FOUND]
)
async def test_answer_that_found_nothing_stays_with_the_asker(outcome):
    """A channel needs no notices, so nothing but a finding is shared."""
    answer = Answer(Message("Nothing found", []), outcome)
    channels = StubChannels(has_outsiders=False)
    assert await share(channels, answer=answer) is answer
    assert channels.questions == []


async def test_share_waits_for_slack_only_where_waiting_is_allowed():
    """The first part of a lookup gives up before it asks Slack about the channel."""
    channels = StubChannels(has_outsiders=False)
    with pytest.raises(MustWait):
        await share(channels, may_wait=False)
    assert channels.questions == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("789", "789"),
        ("789 790", "789 790"),
        ("list dnd:on", "list dnd:on"),
        ("john smith", "who john smith"),
        ("who status", "who status"),
    ],
)
async def test_buttons_of_the_question_carry_the_same_query(line, expected):
    """The line of a button is read as the query that was to be shared."""
    question = await share(StubChannels(has_outsiders=True), line=line)
    buttons = buttons_of(question.message)
    assert [button["action_id"] for button in buttons] == [
        action_ids.SHARE_ANYWAY,
        action_ids.CANCEL,
    ]
    lines = {line_from_value(button["value"]) for button in buttons}
    assert lines == {expected}
    assert type(parse(expected)) is type(parse(line))
