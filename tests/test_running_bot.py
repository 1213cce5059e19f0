"""A test that uses `running_bot` fails when the bot breaks one of Slack's rules."""

from __future__ import annotations

import pytest

from bot.sandbox.slack.violations import SlackRulesViolated
from bot.sandbox.slack.workspace import Workspace
from tests.running_bot import manifest_scopes, running_bot, shown


async def test_bot_that_keeps_the_rules_passes():
    """A command, a mention and a direct message break no rule."""
    async with running_bot() as bot:
        ack = await bot.ext("789")
        assert ack.message in bot.seen("U0JOHN", "C0GENERAL")
        assert bot.seen("U0ANNA", "C0GENERAL") == []
        for sent in (await bot.mention("789", again=1), await bot.direct("789")):
            (reply,) = await bot.replies(sent)
            assert "John Smith" in shown(reply)


async def test_late_acknowledgement_fails_the_test():
    """Slack allows a tenth of a second here, and Vonage takes longer."""
    with pytest.raises(SlackRulesViolated, match="- operation_timeout: A slash command was not"):
        await _ask_a_slow_bot()


async def test_other_failure_notes_the_broken_rule():
    """The broken rule is the likely reason, so the failure of the test mentions it."""
    with pytest.raises(ZeroDivisionError) as failure:
        await _fail_with_broken_rules()
    assert "unknown_url" in failure.value.__notes__[0]


async def test_acknowledgement_that_slack_does_not_show_fails_the_test(monkeypatch):
    """Slack silently drops a card with an unknown block."""
    monkeypatch.setattr("bot.cards.blocks.Message.payload", _payload_with_unknown_block)
    with pytest.raises(SlackRulesViolated, match="- invalid_blocks: acknowledgement: "):
        async with running_bot() as bot:
            assert (await bot.ext("789")).visible is None


async def test_missing_scope_fails_the_test():
    """The bot gets the scopes of the manifest; with fewer, it breaks a rule."""
    workspace = _workspace_without("chat:write")
    with pytest.raises(SlackRulesViolated, match=r"- missing_scope: chat\.postMessage: "):
        async with running_bot(workspace=workspace) as bot:
            await bot.direct("789")


async def test_check_of_the_rules_can_be_switched_off():
    """A test that breaks rules on purpose looks at them itself."""
    async with running_bot(check_rules=False) as bot:
        bot.slack.receive_response("nobody's", {"text": "789"})
    assert bot.slack.violations.rules == ["unknown_url"]


async def test_wait_for_a_refused_answer_names_the_broken_rule():
    """When Slack refused the answer, the failure says why, not that the wait took too long."""
    workspace = _workspace_without("chat:write")
    with pytest.raises(SlackRulesViolated, match="missing_scope"):
        async with running_bot(workspace=workspace) as bot:
            await bot.replies(await bot.direct("789"), within=0.5)


def _workspace_without(scope):
    return Workspace(scopes=[each for each in manifest_scopes() if each != scope])


async def _ask_a_slow_bot():
    async with running_bot() as bot:
        bot.deliver.transport.ack_timeout_s = 0.1
        bot.vonage.faults.on("latency", 0.5)
        with pytest.raises(AssertionError, match="http_timeout"):
            await bot.ext("refresh 790")


async def _fail_with_broken_rules():
    async with running_bot() as bot:
        bot.slack.receive_response("nobody's", {"text": "789"})
        raise ZeroDivisionError


def _payload_with_unknown_block(message):
    return {"text": message.text, "blocks": [*message.blocks, {"type": "alert"}]}
