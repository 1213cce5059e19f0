"""The updates of a page: the whole state first, then only the changes that its user can see."""

from __future__ import annotations

import json

from bot.sandbox.playground.feed import Feed
from tests.sandbox.playground.page_calls import act


def test_feed_sends_everything_once_and_then_changes(demo_env, slack):
    """An edited or deleted message is sent again; another user's ephemeral message never is."""
    feed = Feed(demo_env, "U0JOHN")
    first = feed.first_update()
    assert first["start"]["you"] == "U0JOHN"
    channel_ids = [channel["id"] for channel in first["start"]["channels"]]
    assert channel_ids == ["C0GENERAL", "C0PARTNERS", "D0JOHN"]
    assert feed.next_update() == {}
    message = slack.messages.add("C0GENERAL", {"text": "a"})
    slack.messages.add("C0GENERAL", {"text": "hers"}, visible_to="U0ANNA")
    assert [entry["text"] for entry in feed.next_update()["messages"]] == ["a"]
    slack.messages.edit(message, {"text": "b"})
    (entry,) = feed.next_update()["messages"]
    assert (entry["text"], entry["edits"]) == ("b", 1)
    message.is_deleted = True
    assert [entry["is_deleted"] for entry in feed.next_update()["messages"]] == [True]
    assert feed.next_update() == {}
    others = Feed(demo_env, "U0ANNA").first_update()["messages"]
    assert [entry["text"] for entry in others] == ["hers"]


async def test_traffic_has_requests_with_responses_and_calls(page, demo_env, client):
    """A call to Vonage carries the id of the request that caused it."""
    feed = Feed(demo_env, "U0JOHN")
    feed.first_update()
    await act(page, "send", channel="C0GENERAL", text="/ext 789")
    await client.get("/t/vbc.prod/provisioning/api/accounts/self", headers={"X-Request-Id": "r1"})
    request, call = sorted(feed.next_update()["traffic"], key=lambda entry: str(entry["kind"]))
    assert (request["kind"], request["status"]) == ("request", 200)
    assert request["headers"]["X-Slack-Signature"].startswith("v0=")
    assert (call["kind"], call["status"], call["request_id"]) == ("vonage", 401, "r1")
    assert json.dumps([request, call])


def test_foreign_user_has_no_commands_and_only_the_shared_channel(demo_env):
    """As in Slack, where an app belongs to one workspace."""
    constants = Feed(demo_env, "U0STRANGER").first_update()["start"]
    assert constants["app"]["commands"] == []
    assert [channel["id"] for channel in constants["channels"]] == ["C0PARTNERS"]


def test_feed_after_reset_of_the_request_log_sends_new_calls(demo_env, vonage):
    """The count of calls falls back to zero, which must not hide the calls after it."""
    for _ in range(3):
        vonage.calls.begin("GET", "/api/x", b"", "")
    feed = Feed(demo_env, "U0JOHN")
    feed.first_update()
    vonage.calls.reset()
    vonage.calls.begin("GET", "/api/y", b"", "")
    assert [entry["name"] for entry in feed.next_update()["traffic"]] == ["GET /api/y"]
