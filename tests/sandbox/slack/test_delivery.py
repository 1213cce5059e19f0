"""What people do in Slack reaches the app as Slack sends it, and its answers are judged."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.members import BOT_USER_ID, ENTERPRISE_ID, OTHER_TEAM_ID, SIBLING_TEAM_ID
from bot.sandbox.slack.signing import TEAM_ID
from bot.sandbox.slack.transports import HttpTransport
from bot.sandbox.slack.violations import SlackRulesViolated
from bot.sandbox.slack.workspace import enterprise_workspace
from tests.sandbox.slack.slack_app import App, Reply

TEXT = {"text": "789"}


# Slash commands


async def test_a_command_comes_with_every_field(slack):
    """The same fields in the same order as Slack's, and a response_url that works."""
    app = App()
    sent = await app.delivery(slack).slash_command("789", "U0ANNA", "C0TEAM")
    body = app.bodies[0]
    assert list(body) == [
        "token", "team_id", "team_domain", "channel_id", "channel_name", "user_id", "user_name",
        "command", "text", "api_app_id", "is_enterprise_install", "response_url", "trigger_id",
    ]  # fmt: skip
    assert (body["user_id"], body["user_name"]) == ("U0ANNA", "anna.nowak")
    assert (body["channel_id"], body["channel_name"]) == ("C0TEAM", "privategroup")
    assert body["response_url"] == f"http://slack/response/{sent.url_id}"
    assert slack.receive_response(sent.url_id, TEXT) is None
    assert [each.visible_to for each in slack.visible_messages("U0ANNA", "C0TEAM")] == ["U0ANNA"]


@pytest.mark.parametrize(
    ("channel", "name"),
    [("C0GENERAL", "general"), ("D0JOHN", "directmessage"), ("C0SECRET", "privategroup")],
)
async def test_closed_places_are_not_named(slack, channel, name):
    """Commands work in channels that the app is not in, whose names it is not told."""
    app = App()
    await app.delivery(slack).slash_command("789", channel=channel)
    assert app.bodies[0]["channel_name"] == name


async def test_a_command_names_the_workspace_of_whoever_types_it():
    """In an organisation that may be another one than ours."""
    app = App()
    deliver = app.delivery(enterprise_workspace())
    await deliver.slash_command("789", "U0COUSIN")
    await deliver.slash_command("789", "U0JOHN")
    await deliver.slash_command("789", "U0STRANGER", team_id="T0OTHER")
    assert [each["team_id"] for each in app.bodies] == [SIBLING_TEAM_ID, TEAM_ID, "T0OTHER"]
    assert app.bodies[0]["enterprise_id"] == app.bodies[1]["enterprise_id"] == ENTERPRISE_ID


@pytest.mark.parametrize(
    ("body", "seen_by_john", "seen_by_anna"),
    [
        (None, [], []),
        ("789", ["789"], []),
        (TEXT, ["789"], []),
        (TEXT | {"response_type": "in_channel"}, ["789"], ["789"]),
    ],
)
async def test_the_acknowledgement_of_a_command_is_shown(slack, body, seen_by_john, seen_by_anna):
    """To the asker, or to all; nothing for an empty one."""
    sent = await App(Reply(body=body)).delivery(slack).slash_command("789")
    assert [each.text for each in slack.visible_messages("U0JOHN", "C0GENERAL")] == seen_by_john
    assert [each.text for each in slack.visible_messages("U0ANNA", "C0GENERAL")] == seen_by_anna
    assert (sent.message is not None) is bool(seen_by_john)
    assert sent.response.is_ok
    slack.check()


@pytest.mark.parametrize(
    ("ack", "rule"),
    [
        (TEXT | {"blocks": [{"type": "sektion"}]}, "invalid_blocks"),
        (TEXT | {"blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ({"response_type": "ephemeral"}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
    ],
)
async def test_an_acknowledgement_that_slack_refuses_is_not_shown(slack, ack, rule):
    """Nobody is told, the app neither: here it is noted."""
    sent = await App(Reply(body=ack)).delivery(slack).slash_command("789")
    assert (sent.response.status, sent.message) == (200, None)
    assert slack.visible_messages("U0JOHN", "C0GENERAL") == []
    assert slack.violations.rules == [rule]


async def test_an_acknowledgement_cannot_replace(slack):
    """It is shown, and noted."""
    reply = Reply(body=TEXT | {"replace_original": True})
    assert (await App(reply).delivery(slack).slash_command("789")).message
    assert slack.violations.rules == ["replace_original"]


async def test_an_acknowledgement_comes_within_three_seconds(slack):
    """A later one is not shown, and noted as Slack calls it."""
    sent = await App(Reply(body=TEXT, after=1)).delivery(slack).slash_command("789")
    assert (sent.response.status, sent.response.failure) == (0, "http_timeout")
    assert sent.response.seconds >= 0.3
    assert sent.message is None
    assert slack.violations.rules == ["operation_timeout"]
    with pytest.raises(SlackRulesViolated, match="A slash command was not acknowledged within"):
        slack.check()


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_an_acknowledgement_is_a_200(slack, status):
    """Anything else is a failure that the person sees, and noted."""
    sent = await App(Reply(status, TEXT)).delivery(slack).slash_command("789")
    assert sent.response.failure == "http_error"
    assert sent.message is None
    assert slack.violations.rules == ["dispatch_failed"]
    assert f"status {status}" in slack.violations[0].description


# Mentions, direct messages and other events


async def test_a_mention_comes_with_every_field(slack):
    """In its envelope, with who is meant, and what was written stands in the channel."""
    app = App()
    sent = await app.delivery(slack).mention("789")
    body = app.bodies[0]
    assert set(body) == {
        "token", "team_id", "context_team_id", "context_enterprise_id", "api_app_id", "event",
        "type", "event_id", "event_time", "authorizations", "is_ext_shared_channel",
        "event_context",
    }  # fmt: skip
    assert (body["type"], body["event_id"]) == ("event_callback", sent.event_id)
    assert body["authorizations"][0]["user_id"] == BOT_USER_ID
    assert body["is_ext_shared_channel"] is False
    event = body["event"]
    assert (event["type"], event["user"], event["channel"]) == (
        "app_mention", "U0JOHN", "C0GENERAL",
    )  # fmt: skip
    assert event["text"] == f"<@{BOT_USER_ID}> 789"
    assert event["ts"] == event["event_ts"] == sent.ts == sent.thread_ts
    assert "thread_ts" not in event
    assert [each.author for each in slack.visible_messages("U0ANNA", "C0GENERAL")] == ["U0JOHN"]
    assert "x-slack-retry-num" not in app.headers[0]


async def test_a_mention_may_stand_anywhere(slack):
    """Where it is written out, nothing is put before it."""
    app = App()
    await app.delivery(slack).mention(f"who is 789, <@{BOT_USER_ID}>?")
    assert app.bodies[0]["event"]["text"] == f"who is 789, <@{BOT_USER_ID}>?"


async def test_a_mention_in_a_thread_names_it(slack):
    """And who began it."""
    app = App()
    deliver = app.delivery(slack)
    first = await deliver.mention("789", "U0ANNA")
    second = await deliver.mention("790", thread_ts=first.ts)
    event = app.bodies[1]["event"]
    assert (event["thread_ts"], event["parent_user_id"]) == (first.ts, "U0ANNA")
    assert second.thread_ts == first.ts != second.ts
    with pytest.raises(LookupError, match="no message"):
        await deliver.mention("791", thread_ts="1.2")


async def test_a_mention_by_a_stranger_tells_where_they_are_from(slack):
    """In a channel that is shared with their organisation."""
    app = App()
    await app.delivery(slack).mention("789", "U0STRANGER", "C0PARTNERS")
    body = app.bodies[0]
    assert body["is_ext_shared_channel"] is True
    assert (body["team_id"], body["event"]["user_team"]) == (TEAM_ID, OTHER_TEAM_ID)


async def test_a_direct_message_is_an_event_too(slack):
    """Its channel is a direct one."""
    app = App()
    sent = await app.delivery(slack).direct_message("789", "U0ANNA")
    event = app.bodies[0]["event"]
    assert (event["type"], event["channel_type"]) == ("message", "im")
    assert (event["channel"], event["text"], sent.channel) == ("D0ANNA", "789", "D0ANNA")
    assert len(slack.visible_messages("U0ANNA", "D0ANNA")) == 1


async def test_any_event_can_be_sent(slack):
    """Of bots, of edits: it comes as it is, and only people's words are kept."""
    app = App()
    deliver = app.delivery(slack)
    edit = {"type": "message", "subtype": "message_changed", "channel": "D0JOHN", "ts": "1.2"}
    words = {"type": "message", "channel": "D0JOHN", "user": "U0JOHN", "text": "789", "ts": "1.3"}
    await deliver.event(edit)
    await deliver.event(words, event_id="Ev1")
    assert [each["event"] for each in app.bodies] == [edit, words]
    assert app.bodies[1]["event_id"] == "Ev1"
    assert [each.ts for each in slack.visible_messages("U0JOHN", "D0JOHN")] == ["1.3"]


async def test_an_organisation_s_events_name_it():
    """In the envelope and in the authorization."""
    app = App()
    await app.delivery(enterprise_workspace()).mention("789")
    body = app.bodies[0]
    assert body["enterprise_id"] == body["context_enterprise_id"] == ENTERPRISE_ID
    assert body["authorizations"][0]["enterprise_id"] == ENTERPRISE_ID


@pytest.mark.parametrize(
    ("reply", "reason", "rule"),
    [
        (Reply(500), "http_error", "dispatch_failed"),
        (Reply(404), "http_error", "dispatch_failed"),
        (Reply(after=1), "http_timeout", "operation_timeout"),
    ],
)
async def test_an_event_that_is_not_acknowledged_comes_again(slack, reply, reason, rule):
    """Three times, the same, saying which time it is and why; it is noted once."""
    app = App(reply)
    sent = await app.delivery(slack).mention("789")
    assert len(sent.responses) == 4
    assert [each.get("x-slack-retry-num") for each in app.headers] == [None, "1", "2", "3"]
    assert {each.get("x-slack-retry-reason") for each in app.headers[1:]} == {reason}
    assert {each["event_id"] for each in app.bodies} == {sent.event_id}
    assert slack.violations.rules == [rule]
    assert len(slack.messages) == 1


async def test_a_second_chance_can_be_used(slack):
    """After an acknowledgement nothing comes again."""
    app = App(Reply(500), Reply())
    assert [
        each.status for each in (await app.delivery(slack).direct_message("789")).responses
    ] == [500, 200]


async def test_an_app_can_refuse_repetitions(slack):
    """One word in a header, and the same does not come again."""
    app = App(Reply(500, headers={"X-Slack-No-Retry": "1"}))
    assert len((await app.delivery(slack).direct_message("789")).responses) == 1


async def test_slack_s_pauses_are_kept_in_proportion(slack):
    """At once, after a minute, after five: at a ten-thousandth, 36 ms in all."""
    app = App(Reply(500))
    now = asyncio.get_running_loop().time
    begun = now()
    await app.delivery(slack, retry_delay_scale=0.0001).direct_message("789")
    assert now() - begun >= 0.036


async def test_an_event_can_come_again_though_it_was_acknowledged(slack):
    """With the same id, as when an acknowledgement is lost."""
    app = App()
    sent = await app.delivery(slack).mention("789", redeliveries=2)
    assert [each.get("x-slack-retry-num") for each in app.headers] == [None, "1", "2"]
    assert len({each["event_id"] for each in app.bodies}) == 1
    assert len(sent.responses) == 3
    slack.check()


async def test_nobody_listening_is_a_failure(slack):
    """An app that is not there acknowledges nothing."""
    async with httpx.AsyncClient(trust_env=False) as http:
        deliver = Delivery(
            slack, HttpTransport(http, "http://127.0.0.1:1/slack/events"), "http://slack"
        )
        sent = await deliver.slash_command("789")
    assert (sent.response.status, sent.response.failure) == (0, "connection_failed")
    assert slack.violations.rules == ["dispatch_failed"]


@pytest.mark.parametrize(
    ("scope", "what"),
    [
        ("commands", "slash_command"),
        ("app_mentions:read", "mention"),
        ("im:history", "direct_message"),
    ],
)
async def test_without_a_scope_slack_sends_nothing(slack, scope, what):
    """A test cannot make Slack send what the app has no right to."""
    app = App()
    slack.scopes = tuple(each for each in slack.scopes if each != scope)
    with pytest.raises(LookupError, match=scope):
        await getattr(app.delivery(slack), what)("789")
    assert app.bodies == []
