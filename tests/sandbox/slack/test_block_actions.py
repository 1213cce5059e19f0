"""A button press reaches the app as Slack sends it, and the app's response is checked."""

from __future__ import annotations

import asyncio

import pytest

from bot.sandbox.slack.members import ENTERPRISE_ID, OTHER_TEAM_ID, SIBLING_TEAM_ID
from bot.sandbox.slack.message_posting import Destination, post
from bot.sandbox.slack.signing import TEAM_ID
from bot.sandbox.slack.workspace import enterprise_workspace
from tests.sandbox.slack.slack_app import AppReply, RecordingApp


def _button(action_id="share", **more):
    text = {"type": "plain_text", "text": "Share"}
    return {"type": "button", "action_id": action_id, "text": text, **more}


def _card(slack, *, visible_to="", thread_ts="", channel="C0GENERAL"):
    """A message of the app with buttons in a row and beside texts."""
    text = {"type": "plain_text", "text": "789"}
    blocks = [
        {"type": "actions", "elements": [_button(value="1"), _button("link", url="https://x.y")]},
        {"type": "section", "text": text, "accessory": _button("show", value="2", style="danger")},
        {"type": "section", "text": text, "accessory": _button("show", value="3")},
    ]
    content = {"text": "789", "blocks": blocks}
    place = Destination(channel, thread_ts, visible_to)
    return post(slack.messages, slack.violations, content, place, "chat.postMessage")


async def test_press_payload_has_every_field(slack):
    """It carries the message as it is, and a response_url that can replace it."""
    app = RecordingApp()
    message = _card(slack)
    sent = await app.delivery(slack).press(message, "share", "U0ANNA")
    body = app.bodies[0]
    assert set(body) == {
        "type", "user", "api_app_id", "token", "container", "trigger_id", "team", "enterprise",
        "is_enterprise_install", "channel", "message", "state", "response_url", "actions",
    }  # fmt: skip
    assert body["type"] == "block_actions"
    assert (body["user"]["id"], body["user"]["team_id"]) == ("U0ANNA", TEAM_ID)
    assert body["container"] == {
        "type": "message", "message_ts": message.ts, "channel_id": "C0GENERAL",
        "is_ephemeral": False,
    }  # fmt: skip
    assert (body["message"]["text"], body["message"]["blocks"]) == ("789", message.blocks)
    assert (body["channel"], body["enterprise"]) == ({"id": "C0GENERAL", "name": "general"}, None)
    (action,) = body["actions"]
    assert set(action) == {"type", "block_id", "action_id", "text", "value", "action_ts"}
    assert (action["action_id"], action["value"]) == ("share", "1")
    assert action["block_id"] == message.blocks[0]["block_id"]
    slack.receive_response(sent.url_id, {"text": "after", "replace_original": True})
    assert message.text == "after"
    slack.check()


async def test_press_in_ephemeral_message_leaves_out_the_message(slack):
    """The app gets the button's value, but not the text."""
    app = RecordingApp()
    message = _card(slack, visible_to="U0JOHN")
    await app.delivery(slack).press(message, "share")
    body = app.bodies[0]
    assert "message" not in body
    assert body["container"]["is_ephemeral"] is True
    assert body["container"]["message_ts"] == message.ts


async def test_press_in_thread_names_the_thread(slack):
    """The thread is in the container and in the message."""
    app = RecordingApp()
    parent = _card(slack)
    reply = _card(slack, thread_ts=parent.ts)
    await app.delivery(slack).press(reply, "share")
    body = app.bodies[0]
    assert body["container"]["thread_ts"] == body["message"]["thread_ts"] == parent.ts


async def test_press_with_index_selects_one_of_equal_buttons(slack):
    """The rows of a list have the same action id; the index selects one."""
    app = RecordingApp()
    deliver = app.delivery(slack)
    message = _card(slack)
    for index in (0, 1):
        await deliver.press(message, "show", index=index)
    assert [body["actions"][0]["value"] for body in app.bodies] == ["2", "3"]
    assert app.bodies[0]["actions"][0]["style"] == "danger"
    blocks = {body["actions"][0]["block_id"] for body in app.bodies}
    assert len(blocks) == 2


async def test_press_of_link_button_is_delivered(slack):
    """Slack opens the page and still delivers the press, which must be acknowledged."""
    app = RecordingApp()
    await app.delivery(slack).press(_card(slack), "link")
    assert app.bodies[0]["actions"][0]["url"] == "https://x.y"


async def test_repeated_press_has_new_ids(slack):
    """Two presses of a button have different triggers, times and response URLs."""
    app = RecordingApp()
    message = _card(slack)
    deliver = app.delivery(slack)
    await asyncio.gather(*(deliver.press(message, "share") for _ in range(2)))
    for name in ("trigger_id", "response_url"):
        assert len({body[name] for body in app.bodies}) == 2
    assert len({body["actions"][0]["action_ts"] for body in app.bodies}) == 2


async def test_press_of_invisible_button_is_refused(slack):
    """This covers other people's ephemeral messages, deleted messages and missing buttons."""
    deliver = RecordingApp().delivery(slack)
    message = _card(slack, visible_to="U0JOHN")
    with pytest.raises(LookupError, match="U0ANNA does not see"):
        await deliver.press(message, "share", "U0ANNA")
    with pytest.raises(LookupError, match="there are: share, link, show, show"):
        await deliver.press(message, "refresh")
    with pytest.raises(LookupError):
        await deliver.press(message, "show", index=2)
    message.is_deleted = True
    with pytest.raises(LookupError):
        await deliver.press(message, "share")


async def test_press_by_foreign_user_names_both_teams(slack):
    """The payload names the team of the user and the team where the app is installed."""
    app = RecordingApp()
    message = _card(slack, channel="C0PARTNERS")
    await app.delivery(slack).press(message, "share", "U0STRANGER")
    body = app.bodies[0]
    assert (body["user"]["team_id"], body["team"]["id"]) == (OTHER_TEAM_ID, TEAM_ID)


async def test_press_in_enterprise_names_the_organization():
    """The payload has the organization's id and name."""
    app, slack = RecordingApp(), enterprise_workspace()
    await app.delivery(slack).press(_card(slack), "share", "U0COUSIN")
    body = app.bodies[0]
    assert body["enterprise"]["id"] == body["team"]["enterprise_id"] == ENTERPRISE_ID
    assert body["user"]["team_id"] == SIBLING_TEAM_ID


@pytest.mark.parametrize(
    ("reply", "rule"),
    [
        (AppReply(delay_s=1), "operation_timeout"),
        (AppReply(500), "dispatch_failed"),
        (AppReply(body={"text": "789"}), "ack"),
    ],
)
async def test_press_with_late_failed_or_filled_ack_is_a_violation(slack, reply, rule):
    """Slack doesn't show the body of this acknowledgement."""
    message = _card(slack)
    await RecordingApp(reply).delivery(slack).press(message, "share")
    assert slack.violations.rules == [rule]
    assert slack.app_messages() == [message]
