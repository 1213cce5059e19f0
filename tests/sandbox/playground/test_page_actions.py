"""The actions of the page: delivered to the app as Slack would, or refused with a message."""

from __future__ import annotations

import pytest

from bot.sandbox.company.fixtures import FIXTURES
from tests.sandbox.playground.page_calls import act
from tests.sandbox.slack.slack_app import AppReply


async def test_text_is_delivered_by_its_kind(page, slack_app, slack):
    """A command, a mention and a direct message reach the app; plain text doesn't."""
    for channel, text in [
        ("C0GENERAL", "/ext 789"),
        ("C0GENERAL", "@Ext 789"),
        ("D0JOHN", "789"),
        ("C0GENERAL", "lunch?"),
    ]:
        assert await act(page, "send", channel=channel, text=text) == (200, {})
    assert [body.get("command") or body["event"]["type"] for body in slack_app.bodies] == [
        *("/ext", "app_mention", "message")
    ]
    visible = [message.text for message in slack.visible_messages("U0ANNA", "C0GENERAL")]
    assert visible == ["<@U0EXTBOT> 789", "lunch?"]


@pytest.mark.parametrize(
    ("user", "request_", "error"),
    [
        ("U0JOHN", {"channel": "C0GENERAL", "text": " "}, "nothing to send"),
        ("U0JOHN", {"channel": "C0GENERAL", "text": "/nothing"}, "/nothing isn't a command"),
        ("U0JOHN", {"channel": "C0GENERAL", "text": "/ext 1", "thread_ts": "1.1"}, "threads"),
        ("U0JOHN", {"channel": "C0SECRET", "text": "789"}, "aren't in that channel"),
        ("U0STRANGER", {"channel": "C0GENERAL", "text": "789"}, "aren't in that channel"),
        ("U0STRANGER", {"channel": "C0PARTNERS", "text": "/ext 1"}, "workspace that installed it"),
        ("U0EXTBOT", {"channel": "C0GENERAL", "text": "789"}, "nobody by that name"),
    ],
)
async def test_text_that_slack_would_refuse_is_refused(page, slack_app, user, request_, error):
    """The app doesn't receive it."""
    status, response = await act(page, "send", user, **request_)
    assert (status, error in response["error"]) == (400, True)
    assert slack_app.bodies == []


async def test_failed_command_shows_an_error(page, slack_app):
    """The person sees it, as in Slack."""
    slack_app.replies = [AppReply(500)]
    _, response = await act(page, "send", channel="C0GENERAL", text="/ext 789")
    assert response["error"].startswith("/ext failed")


async def test_press_of_missing_button_or_message_is_refused(page, slack_app, slack):
    """A press of an existing button is delivered."""
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [{"type": "actions", "elements": [button]}]
    message = slack.messages.add("C0GENERAL", {"text": "x", "blocks": blocks})
    press = {"channel": "C0GENERAL", "ts": message.ts, "action_id": "go"}
    assert await act(page, "press", **press) == (200, {})
    assert slack_app.bodies[0]["actions"][0]["action_id"] == "go"
    assert (await act(page, "press", **press | {"action_id": "stop"}))[0] == 400
    _, response = await act(page, "press", **press | {"ts": "1.1"})
    assert response == {"error": "That message no longer exists."}


async def test_resize_changes_entries_and_quota_and_restarts_the_bot(
    page, demo_env, vonage, bot_control
):
    """Restarting alone keeps the size; an invalid size is refused."""
    assert await act(page, "resize", people=5_000) == (200, {})
    assert len(vonage.entries) == demo_env.size.people == 5_000
    assert vonage.options.quota == 120
    assert await act(page, "restart") == (200, {})
    assert [size.people for size in bot_control.restarts] == [5_000, 5_000]
    assert (await act(page, "resize", people=[]))[0] == 400


async def test_turnover_changes_three_people_and_keeps_fixtures(page, vonage):
    """One joins, one leaves and one moves, other people each time."""
    before = {entry.number: entry for entry in vonage.entries}
    for _ in range(3):
        status, response = await act(page, "turnover")
        assert (status, " joined as 9000" in response["summary"]) == (200, True)
    after = {entry.number: entry for entry in vonage.entries}
    assert (len(after), len(after.keys() - before.keys())) == (250, 3)
    assert len(before.keys() - after.keys()) == 3
    moved = [number for number in after.keys() & before.keys() if after[number] != before[number]]
    assert len(moved) == 3
    assert list(after)[: len(FIXTURES)] == [entry.number for entry in FIXTURES]
