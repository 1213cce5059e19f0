"""A test that stands on the rig fails where the bot breaks one of Slack's rules: seen failing."""

from __future__ import annotations

import pytest

from bot.sandbox.slack.violations import SlackRulesViolated
from bot.sandbox.slack.workspace import Workspace
from tests.running_bot import running_bot, scopes, shown


async def test_a_bot_that_keeps_the_rules_passes():
    """A command, a mention and a direct message break none."""
    async with running_bot() as rig:
        ack = await rig.slash("789")
        assert ack.message in rig.seen("U0JOHN", "C0GENERAL")
        assert rig.seen("U0ANNA", "C0GENERAL") == []
        for sent in (await rig.mention("789", again=1), await rig.direct("789")):
            (reply,) = await rig.replies(sent)
            assert "John Smith" in shown(reply)


async def test_a_late_acknowledgement_fails_the_test():
    """With a tenth of a second for the answer, and Vonage slower than that."""
    with pytest.raises(SlackRulesViolated, match="- operation_timeout: A slash command was not"):
        await _ask_a_slow_bot()


async def test_a_failure_of_another_kind_tells_what_was_broken_before():
    """Beside what the test says itself, as the likely reason."""
    with pytest.raises(ZeroDivisionError) as failure:
        await _fail_with_broken_rules()
    assert "unknown_url" in failure.value.__notes__[0]


async def test_an_acknowledgement_that_slack_would_not_show_fails_the_test(monkeypatch):
    """A card with a block that Slack does not know is not shown, though nobody is told."""
    monkeypatch.setattr("bot.cards.message.Message.payload", _spoiled)
    with pytest.raises(SlackRulesViolated, match="- invalid_blocks: acknowledgement: "):
        async with running_bot() as rig:
            assert (await rig.slash("789")).visible is None


async def test_a_scope_that_is_missing_fails_the_test():
    """The bot is given what the manifest asks for: with less, it breaks a rule."""
    poor = Workspace(scopes=[each for each in scopes() if each != "chat:write"])
    with pytest.raises(SlackRulesViolated, match=r"- missing_scope: chat\.postMessage: "):
        async with running_bot(slack_is=poor) as rig:
            await rig.direct("789")


async def test_what_a_test_provokes_can_be_allowed():
    """A test of broken rules says so, and looks at them itself."""
    async with running_bot(lawful=False) as rig:
        rig.slack.receive_response("nobody's", {"text": "789"})
    assert rig.slack.violations.rules == ["unknown_url"]


async def test_the_wait_for_an_answer_names_what_was_broken():
    """Where no answer comes because Slack refused it, the reason is told, not the waiting."""
    poor = Workspace(scopes=[each for each in scopes() if each != "chat:write"])
    with pytest.raises(SlackRulesViolated, match="missing_scope"):
        async with running_bot(slack_is=poor) as rig:
            await rig.replies(await rig.direct("789"), within=0.5)


async def _ask_a_slow_bot():
    async with running_bot() as rig:
        rig.deliver.transport.ack_timeout_s = 0.1
        rig.vonage.faults.on("latency", 0.5)
        with pytest.raises(AssertionError, match="http_timeout"):
            await rig.slash("refresh 790")


async def _fail_with_broken_rules():
    async with running_bot() as rig:
        rig.slack.receive_response("nobody's", {"text": "789"})
        raise ZeroDivisionError


def _spoiled(message):
    return {"text": message.text, "blocks": [*message.blocks, {"type": "alert"}]}
