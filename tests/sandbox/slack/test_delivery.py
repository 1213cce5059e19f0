"""Actions of people reach the app as Slack sends them, and the app's responses are checked."""

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
from tests.sandbox.slack.slack_app import AppReply, RecordingApp

TEXT = {"text": "789"}


# Slash commands


async def test_command_has_every_field_in_slack_order(slack):
    """The command has every field of Slack's, and its response_url works."""
    app = RecordingApp()
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
    assert [message.visible_to for message in slack.visible_messages("U0ANNA", "C0TEAM")] == [
        "U0ANNA"
    ]


@pytest.mark.parametrize(
    ("channel", "name"),
    [("C0GENERAL", "general"), ("D0JOHN", "directmessage"), ("C0SECRET", "privategroup")],
)
async def test_command_in_private_channel_hides_its_name(slack, channel, name):
    """Commands also work in channels without the app."""
    app = RecordingApp()
    await app.delivery(slack).slash_command("789", channel=channel)
    assert app.bodies[0]["channel_name"] == name


async def test_command_names_the_team_of_its_user():
    """In an organization, that can be another team than ours."""
    app = RecordingApp()
    deliver = app.delivery(enterprise_workspace())
    await deliver.slash_command("789", "U0COUSIN")
    await deliver.slash_command("789", "U0JOHN")
    await deliver.slash_command("789", "U0STRANGER", team_id="T0OTHER")
    assert [body["team_id"] for body in app.bodies] == [SIBLING_TEAM_ID, TEAM_ID, "T0OTHER"]
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
async def test_ack_of_command_is_shown_to_user_or_channel(slack, body, seen_by_john, seen_by_anna):
    """An empty acknowledgement shows nothing."""
    sent = await RecordingApp(AppReply(body=body)).delivery(slack).slash_command("789")
    assert [
        message.text for message in slack.visible_messages("U0JOHN", "C0GENERAL")
    ] == seen_by_john
    assert [
        message.text for message in slack.visible_messages("U0ANNA", "C0GENERAL")
    ] == seen_by_anna
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
async def test_refused_ack_is_invisible_and_a_violation(slack, ack, rule):
    """Slack tells nobody, not even the app."""
    sent = await RecordingApp(AppReply(body=ack)).delivery(slack).slash_command("789")
    assert (sent.response.status, sent.message) == (200, None)
    assert slack.visible_messages("U0JOHN", "C0GENERAL") == []
    assert slack.violations.rules == [rule]


async def test_ack_that_replaces_is_a_violation(slack):
    """The replacement is shown as a new message."""
    reply = AppReply(body=TEXT | {"replace_original": True})
    assert (await RecordingApp(reply).delivery(slack).slash_command("789")).message
    assert slack.violations.rules == ["replace_original"]


async def test_late_ack_is_invisible_and_a_violation(slack):
    """The violation has the name of Slack's error."""
    sent = await RecordingApp(AppReply(body=TEXT, delay_s=1)).delivery(slack).slash_command("789")
    assert (sent.response.status, sent.response.failure) == (0, "http_timeout")
    assert sent.response.seconds >= 0.3
    assert sent.message is None
    assert slack.violations.rules == ["operation_timeout"]
    with pytest.raises(SlackRulesViolated, match="A slash command was not acknowledged within"):
        slack.check()


@pytest.mark.parametrize("status", [302, 404, 500])
async def test_ack_with_error_status_is_a_violation(slack, status):
    """The user sees a failure."""
    sent = await RecordingApp(AppReply(status, TEXT)).delivery(slack).slash_command("789")
    assert sent.response.failure == "http_error"
    assert sent.message is None
    assert slack.violations.rules == ["dispatch_failed"]
    assert f"status {status}" in slack.violations[0].description


# Mentions, direct messages and other events


async def test_mention_has_every_field(slack):
    """The text is also kept as a message in the channel."""
    app = RecordingApp()
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
    assert [message.author for message in slack.visible_messages("U0ANNA", "C0GENERAL")] == [
        "U0JOHN"
    ]
    assert "x-slack-retry-num" not in app.headers[0]


async def test_mention_inside_text_stays_in_place(slack):
    """No mention is added in front of the text."""
    app = RecordingApp()
    await app.delivery(slack).mention(f"who is 789, <@{BOT_USER_ID}>?")
    assert app.bodies[0]["event"]["text"] == f"who is 789, <@{BOT_USER_ID}>?"


async def test_mention_in_thread_names_thread_and_root_author(slack):
    """The event has the thread and the author of its root."""
    app = RecordingApp()
    deliver = app.delivery(slack)
    first = await deliver.mention("789", "U0ANNA")
    second = await deliver.mention("790", thread_ts=first.ts)
    event = app.bodies[1]["event"]
    assert (event["thread_ts"], event["parent_user_id"]) == (first.ts, "U0ANNA")
    assert second.thread_ts == first.ts != second.ts
    with pytest.raises(LookupError, match="no message"):
        await deliver.mention("791", thread_ts="1.2")


async def test_mention_by_foreign_user_names_their_team(slack):
    """The event of a shared channel names the team of the author."""
    app = RecordingApp()
    await app.delivery(slack).mention("789", "U0STRANGER", "C0PARTNERS")
    body = app.bodies[0]
    assert body["is_ext_shared_channel"] is True
    assert (body["team_id"], body["event"]["user_team"]) == (TEAM_ID, OTHER_TEAM_ID)


async def test_direct_message_is_an_event_in_direct_channel(slack):
    """The event's channel type is im."""
    app = RecordingApp()
    sent = await app.delivery(slack).direct_message("789", "U0ANNA")
    event = app.bodies[0]["event"]
    assert (event["type"], event["channel_type"]) == ("message", "im")
    assert (event["channel"], event["text"], sent.channel) == ("D0ANNA", "789", "D0ANNA")
    assert len(slack.visible_messages("U0ANNA", "D0ANNA")) == 1


async def test_any_event_is_delivered_unchanged(slack):
    """Only what people write is kept as a message."""
    app = RecordingApp()
    deliver = app.delivery(slack)
    edit = {"type": "message", "subtype": "message_changed", "channel": "D0JOHN", "ts": "1.2"}
    words = {"type": "message", "channel": "D0JOHN", "user": "U0JOHN", "text": "789", "ts": "1.3"}
    await deliver.event(edit)
    await deliver.event(words, event_id="Ev1")
    assert [body["event"] for body in app.bodies] == [edit, words]
    assert app.bodies[1]["event_id"] == "Ev1"
    assert [message.ts for message in slack.visible_messages("U0JOHN", "D0JOHN")] == ["1.3"]


async def test_event_in_enterprise_names_the_organization():
    """The envelope and the authorization have the organization's id."""
    app = RecordingApp()
    await app.delivery(enterprise_workspace()).mention("789")
    body = app.bodies[0]
    assert body["enterprise_id"] == body["context_enterprise_id"] == ENTERPRISE_ID
    assert body["authorizations"][0]["enterprise_id"] == ENTERPRISE_ID


@pytest.mark.parametrize(
    ("reply", "reason", "rule"),
    [
        (AppReply(500), "http_error", "dispatch_failed"),
        (AppReply(404), "http_error", "dispatch_failed"),
        (AppReply(delay_s=1), "http_timeout", "operation_timeout"),
    ],
)
async def test_unacknowledged_event_is_redelivered_three_times(slack, reply, reason, rule):
    """Each names its number and the reason; the violation is recorded once."""
    app = RecordingApp(reply)
    sent = await app.delivery(slack).mention("789")
    assert len(sent.responses) == 4
    assert [header.get("x-slack-retry-num") for header in app.headers] == [None, "1", "2", "3"]
    assert {header.get("x-slack-retry-reason") for header in app.headers[1:]} == {reason}
    assert {body["event_id"] for body in app.bodies} == {sent.event_id}
    assert slack.violations.rules == [rule]
    assert len(slack.messages) == 1


async def test_acknowledged_redelivery_ends_the_redeliveries(slack):
    """Nothing comes after an acknowledgement."""
    app = RecordingApp(AppReply(500), AppReply())
    assert [
        response.status for response in (await app.delivery(slack).direct_message("789")).responses
    ] == [500, 200]


async def test_no_retry_header_ends_the_redeliveries(slack):
    """X-Slack-No-Retry stops Slack."""
    app = RecordingApp(AppReply(500, headers={"X-Slack-No-Retry": "1"}))
    assert len((await app.delivery(slack).direct_message("789")).responses) == 1


async def test_redelivery_delays_keep_their_proportion(slack):
    """Slack waits 0, 60 and 300 s; at a ten-thousandth that is 36 ms in all."""
    app = RecordingApp(AppReply(500))
    now = asyncio.get_running_loop().time
    begun = now()
    await app.delivery(slack, retry_delay_scale=0.0001).direct_message("789")
    assert now() - begun >= 0.036


async def test_acknowledged_event_can_be_redelivered(slack):
    """The redelivery has the same event id, as when an acknowledgement gets lost."""
    app = RecordingApp()
    sent = await app.delivery(slack).mention("789", redeliveries=2)
    assert [header.get("x-slack-retry-num") for header in app.headers] == [None, "1", "2"]
    assert len({body["event_id"] for body in app.bodies}) == 1
    assert len(sent.responses) == 3
    slack.check()


async def test_delivery_to_unreachable_app_fails(slack):
    """An unreachable app acknowledges nothing."""
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
async def test_delivery_without_scope_raises(slack, scope, what):
    """A test can't deliver what the app has no scope for."""
    app = RecordingApp()
    slack.scopes = tuple(item for item in slack.scopes if item != scope)
    with pytest.raises(LookupError, match=scope):
        await getattr(app.delivery(slack), what)("789")
    assert app.bodies == []
