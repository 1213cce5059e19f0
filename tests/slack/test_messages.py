"""Messages that the bot posts by itself: where they go, and what happens if Slack refuses one."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cards.blocks import section
from bot.limits import MESSAGE_PAUSES_S
from bot.metrics import Metrics
from bot.sandbox.slack import app as stand_in
from bot.sandbox.slack.web_api import Method, SlackError
from bot.slack.messages import SlackMessages
from tests.test_metrics import counted

SECTION = section("John Smith")
ANSWER: dict[str, Any] = {"text": "John Smith, extension 789", "blocks": [SECTION]}
BAD_BLOCKS: dict[str, Any] = {"text": ANSWER["text"], "blocks": [{"type": "nothing"}]}
TRIES = len(MESSAGE_PAUSES_S) + 1


@pytest.fixture
def metrics() -> Metrics:
    """The metrics that count what became of each message."""
    return Metrics()


@pytest.fixture
def messages(client, metrics) -> SlackMessages:
    """The bot's messages, posted to the stand-in."""
    return SlackMessages(client, metrics)


@pytest.fixture
def refuse_with(monkeypatch):
    """A function that makes Slack refuse a method for the reasons given, then accept it."""

    def refuse_with(method: str, *codes: str) -> None:
        left, real = list(codes), stand_in.METHODS[method]

        def handler(workspace, args):
            if left:
                raise SlackError(left.pop(0))
            return real.handler(workspace, args)

        monkeypatch.setitem(stand_in.METHODS, method, Method(handler, real.scopes))

    return refuse_with


def answers(metrics: Metrics) -> dict[str, float]:
    """Return how many answers were delivered in each way, or lost."""
    return counted(metrics, "ext_answers_total")


def called_methods(workspace) -> list[str]:
    """Return the methods that the bot called, oldest first."""
    return [call.method for call in workspace.calls]


async def test_message_in_thread_is_posted_for_everyone(messages, workspace, metrics):
    """A message arrives once, whole, and under the message that it answers."""
    question = workspace.messages.add("C0GENERAL", {"text": "789"}, author="U0JOHN")
    await messages.post(ANSWER, channel="C0GENERAL", thread_ts=question.ts)
    (message,) = workspace.app_messages()
    assert (message.text, message.thread_ts) == (ANSWER["text"], question.ts)
    assert message.blocks[0]["text"] == SECTION["text"]
    assert message in workspace.visible_messages("U0ANNA", "C0GENERAL")
    assert called_methods(workspace) == ["chat.postMessage"]
    assert workspace.calls[0].args["unfurl_links"] == "false"
    assert answers(metrics) == {"message": 1}
    workspace.check()


async def test_ephemeral_message_is_seen_by_one_person(messages, workspace, metrics):
    """Nobody else in the channel sees a message that is for one person."""
    await messages.post_ephemeral(ANSWER, channel="C0GENERAL", user="U0JOHN")
    (message,) = workspace.app_messages()
    assert message.visible_to == "U0JOHN"
    assert workspace.visible_messages("U0ANNA", "C0GENERAL") == []
    assert answers(metrics) == {"message": 1}
    workspace.check()


async def test_ephemeral_message_to_person_outside_channel_becomes_direct_message(
    messages, workspace, metrics, caplog
):
    """Whoever asks in a public channel without joining it gets the answer all the same."""
    channel = workspace.channels["C0GENERAL"]
    channel.members -= {"U0JOHN"}
    question = workspace.messages.add("C0GENERAL", {"text": "789"}, author="U0JOHN")
    await messages.post_ephemeral(ANSWER, channel="C0GENERAL", user="U0JOHN", thread_ts=question.ts)
    (message,) = workspace.app_messages()
    assert (message.channel, message.thread_ts) == ("D0JOHN", "")
    assert (message.text, message.blocks[0]["text"]) == (ANSWER["text"], SECTION["text"])
    assert workspace.visible_messages("U0ANNA", "D0JOHN") == []
    assert called_methods(workspace) == ["chat.postEphemeral", "chat.postMessage"]
    assert answers(metrics) == {"message": 1}
    assert "could not be posted" not in caplog.text
    workspace.check()


@pytest.mark.parametrize("channel", ["C0OLD", "C0RANDOM", "C0SECRET"])
async def test_refused_ephemeral_message_is_lost_and_logged(
    messages, workspace, metrics, caplog, channel
):
    """Other refusals lead to no direct message; the log has Slack's reason and no content."""
    await messages.post_ephemeral(ANSWER, channel=channel, user="U0JOHN")
    assert workspace.app_messages() == []
    assert called_methods(workspace) == ["chat.postEphemeral"]
    assert answers(metrics) == {"lost": 1}
    (call,) = workspace.calls
    assert f"An answer could not be posted: Slack refused: {call.error}" in caplog.text
    assert "John" not in caplog.text


async def test_refused_message_is_lost_and_logged(messages, workspace, metrics, caplog):
    """A message to a channel that the bot has left is tried once, counted and logged."""
    await messages.post(ANSWER, channel="C0RANDOM")
    assert called_methods(workspace) == ["chat.postMessage"]
    assert answers(metrics) == {"lost": 1}
    assert "An answer could not be posted: Slack refused: not_in_channel" in caplog.text


async def test_lost_direct_message_is_counted_once(
    messages, workspace, metrics, refuse_with, caplog
):
    """A direct message that is refused as well is one lost answer."""
    workspace.channels["C0GENERAL"].members -= {"U0JOHN"}
    refuse_with("chat.postMessage", "restricted_action")
    await messages.post_ephemeral(ANSWER, channel="C0GENERAL", user="U0JOHN")
    assert workspace.app_messages() == []
    assert answers(metrics) == {"lost": 1}
    assert "Slack refused: restricted_action" in caplog.text


@pytest.mark.parametrize("is_ephemeral", [False, True], ids=["public", "ephemeral"])
async def test_message_with_refused_blocks_is_posted_as_text(
    messages, workspace, metrics, is_ephemeral
):
    """One bad block loses the whole message, so the text, which has the answer, is posted."""
    if is_ephemeral:
        await messages.post_ephemeral(BAD_BLOCKS, channel="C0GENERAL", user="U0JOHN")
    else:
        await messages.post(BAD_BLOCKS, channel="C0GENERAL")
    (message,) = workspace.app_messages()
    assert (message.text, message.blocks) == (ANSWER["text"], [])
    assert message.is_ephemeral is is_ephemeral
    assert [call.error for call in workspace.calls] == ["invalid_blocks", ""]
    assert answers(metrics) == {"message": 1}


@pytest.mark.parametrize(
    "code", ["invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"]
)
async def test_text_that_is_refused_as_well_is_lost(
    messages, workspace, metrics, refuse_with, code
):
    """The text alone is posted once: a second refusal of it ends the tries."""
    refuse_with("chat.postMessage", code, code)
    await messages.post(ANSWER, channel="C0GENERAL")
    assert ["blocks" in call.args for call in workspace.calls] == [True, False]
    assert answers(metrics) == {"lost": 1}


@pytest.mark.parametrize("code", ["ratelimited", "internal_error", "service_unavailable"])
async def test_message_is_posted_again_after_transient_refusal(
    messages, workspace, metrics, refuse_with, code
):
    """A refusal that ends by itself doesn't lose the answer."""
    refuse_with("chat.postMessage", *[code] * (TRIES - 1))
    await messages.post(ANSWER, channel="C0GENERAL")
    assert len(workspace.calls) == TRIES
    assert len(workspace.app_messages()) == 1
    assert answers(metrics) == {"message": 1}


@pytest.mark.parametrize("fault", ["down", "ratelimited"])
async def test_message_is_posted_again_after_failure_without_error_code(
    messages, workspace, metrics, fault
):
    """A proxy's 503 and a bare 429 are transient as well."""
    workspace.faults.on(fault, calls=TRIES - 1)
    await messages.post(ANSWER, channel="C0GENERAL")
    assert len(workspace.app_messages()) == 1
    assert answers(metrics) == {"message": 1}


async def test_message_is_given_up_after_the_last_try(
    messages, workspace, metrics, refuse_with, caplog
):
    """Slack that goes on refusing is asked a few times, and then the answer is lost."""
    refuse_with("chat.postMessage", *["internal_error"] * 10)
    await messages.post(ANSWER, channel="C0GENERAL")
    assert len(workspace.calls) == TRIES
    assert answers(metrics) == {"lost": 1}
    assert "internal_error" in caplog.text


async def test_direct_message_is_posted_again_after_transient_refusal(
    messages, workspace, metrics, refuse_with
):
    """The direct message in place of an ephemeral one is tried as often as any message."""
    workspace.channels["C0GENERAL"].members -= {"U0JOHN"}
    refuse_with("chat.postMessage", "internal_error")
    await messages.post_ephemeral(ANSWER, channel="C0GENERAL", user="U0JOHN")
    (message,) = workspace.app_messages()
    assert message.channel == "D0JOHN"
    assert answers(metrics) == {"message": 1}


async def test_message_is_not_posted_again_after_timeout(messages, workspace, metrics, caplog):
    """A message without a response may have arrived, and twice would be worse than late."""
    workspace.faults.on("hang", calls=1)
    await messages.post(ANSWER, channel="C0GENERAL")
    assert workspace.calls == []
    assert answers(metrics) == {"lost": 1}
    assert "An answer could not be posted: Slack did not answer chat.postMessage" in caplog.text
    assert "John" not in caplog.text
