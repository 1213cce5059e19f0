"""Posting by the Web API: who sees the message, what Slack answers, and what it refuses."""

from __future__ import annotations

import json

import pytest

from bot.sandbox.slack.violations import SlackRulesViolated
from tests.sandbox.slack.slack_calls import call, call_with_json

TEXT = {"text": "789"}
SECTION = {"type": "section", "text": {"type": "plain_text", "text": "789"}}
POST, EPHEMERAL, UPDATE = "chat.postMessage", "chat.postEphemeral", "chat.update"


async def _post(web, text="789", **args):
    """Post to #general; return the ts."""
    response = await call_with_json(web, POST, channel="C0GENERAL", text=text, **args)
    assert response["ok"], response
    return response["ts"]


async def _post_ephemeral(web, text="789", **args):
    response = await call_with_json(
        web, EPHEMERAL, channel="C0GENERAL", user="U0JOHN", text=text, **args
    )
    assert response["ok"], response
    return response["message_ts"]


@pytest.mark.parametrize("call_method", [call, call_with_json], ids=["form", "json"])
async def test_message_is_visible_to_channel(web, slack, call_method):
    """By form and by JSON; the response repeats the message with Slack's ids."""
    blocks = [SECTION] if call_method is call_with_json else json.dumps([SECTION])
    response = await call_method(web, POST, channel="C0GENERAL", text="789", blocks=blocks)
    assert (response["ok"], response["channel"], response["message"]["text"]) == (
        True,
        "C0GENERAL",
        "789",
    )
    assert response["message"]["blocks"][0]["block_id"]
    for user in ("U0JOHN", "U0ANNA", "U0GUEST"):
        assert [message.ts for message in slack.visible_messages(user, "C0GENERAL")] == [
            response["ts"]
        ]
    assert slack.visible_messages("U0STRANGER", "C0GENERAL") == []
    assert slack.violations == []


async def test_ephemeral_message_is_visible_to_one_user(web, slack):
    """Other people in the channel don't see the message."""
    ts = await _post_ephemeral(web)
    assert [message.ts for message in slack.visible_messages("U0JOHN", "C0GENERAL")] == [ts]
    assert slack.visible_messages("U0ANNA", "C0GENERAL") == []
    assert slack.violations == []


@pytest.mark.parametrize("channel", ["D0JOHN", "U0JOHN"])
async def test_direct_message_by_channel_or_user_id_is_posted(web, slack, channel):
    """Both ids lead to the same channel."""
    response = await call_with_json(web, POST, channel=channel, **TEXT)
    assert response["channel"] == "D0JOHN"
    assert len(slack.visible_messages("U0JOHN", "D0JOHN")) == 1
    assert slack.visible_messages("U0ADMIN", "D0JOHN") == []


async def test_public_channel_is_visible_to_members_only(web, slack):
    """Members can read any public channel; guests and foreign users only their own channels."""
    await call_with_json(web, POST, channel="C0PARTNERS", **TEXT)
    seen = {user for user in slack.members if slack.visible_messages(user, "C0PARTNERS")}
    assert seen >= {"U0JOHN", "U0NOPHONE", "U0GUEST", "U0STRANGER"}
    assert not seen & {"U0SINGLE", "U0FARAWAY"}


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        (POST, {"channel": "C0NOWHERE", **TEXT}, "channel_not_found"),
        (POST, TEXT, "channel_not_found"),
        (POST, {"channel": "C0SECRET", **TEXT}, "channel_not_found"),
        (POST, {"channel": "G0THREE", **TEXT}, "channel_not_found"),
        (POST, {"channel": "D0FRIENDS", **TEXT}, "channel_not_found"),
        (POST, {"channel": "C0RANDOM", **TEXT}, "not_in_channel"),
        (POST, {"channel": "C0OLD", **TEXT}, "is_archived"),
        (POST, {"channel": "C0GENERAL"}, "no_text"),
        (POST, {"channel": "C0GENERAL", "text": "x" * 40_001}, "msg_too_long"),
        (POST, {"channel": "C0GENERAL", **TEXT, "blocks": "{"}, "invalid_blocks_format"),
        (POST, {"channel": "C0GENERAL", **TEXT, "blocks": "{}"}, "invalid_blocks_format"),
        (POST, {"channel": "C0GENERAL", **TEXT, "blocks": [{}]}, "invalid_blocks"),
        (
            POST,
            {
                "channel": "C0GENERAL",
                **TEXT,
                "blocks": [{"type": "section", "text": {"type": "plain_text", "text": "x" * 2_900}}]
                * 5,
            },
            "msg_blocks_too_long",
        ),
        (EPHEMERAL, {"channel": "C0RANDOM", "user": "U0JOHN", **TEXT}, "not_in_channel"),
        (EPHEMERAL, {"channel": "C0GENERAL", **TEXT}, "user_not_in_channel"),
        (EPHEMERAL, {"channel": "C0GENERAL", "user": "U0JOHN"}, "no_text"),
        (UPDATE, {"channel": "C0GENERAL", "ts": "1.2", **TEXT}, "message_not_found"),
    ],
)
async def test_refused_message_is_invisible_and_a_violation(web, slack, method, args, error):
    """The error has the name that Slack gives it."""
    response = await call_with_json(web, method, **args)
    assert (response["ok"], response["error"]) == (False, error)
    assert slack.violations.rules == [error]
    assert len(slack.messages) == 0
    with pytest.raises(SlackRulesViolated, match=f"- {error}: {method}: "):
        slack.check()


async def test_ephemeral_message_to_person_outside_channel_is_refused(web, slack):
    """The app can't know who has joined a channel, so the refusal is no violation."""
    args = {"channel": "C0GENERAL", "user": "U0STRANGER", **TEXT}
    response = await call_with_json(web, EPHEMERAL, **args)
    assert (response["ok"], response["error"]) == (False, "user_not_in_channel")
    assert len(slack.messages) == 0
    slack.check()


async def test_bad_blocks_are_named_in_error(web):
    """The error says which block is wrong, and why."""
    response = await call_with_json(
        web, POST, channel="C0GENERAL", text="789", blocks=[SECTION, {}]
    )
    assert "blocks[1]" in response["errors"][0]
    assert "blocks[1]" in response["response_metadata"]["messages"][0]


async def test_harmful_but_accepted_message_is_a_violation(web, slack):
    """Text above 4,000 characters, blocks without text, broadcasts and @names are accepted but
    recorded.
    """
    await _post(web, "x" * 4_001)
    await _post(web, "<!here> 789")
    await _post(web, link_names=True)
    assert (await call_with_json(web, POST, channel="C0GENERAL", blocks=[SECTION]))["ok"]
    assert slack.violations.rules == ["msg_too_long", "content", "content", "no_text"]
    assert len(slack.visible_messages("U0JOHN", "C0GENERAL")) == 4


async def test_flag_false_as_text_is_false(web, slack):
    """Forms carry booleans as text."""
    await call(web, POST, channel="C0GENERAL", text="789", link_names="false")
    await call(web, POST, channel="C0GENERAL", text="789", unfurl_links="false")
    assert slack.violations == []


@pytest.mark.parametrize("method", [POST, EPHEMERAL, UPDATE])
async def test_message_without_scope_is_refused(web, slack, method):
    """Without chat:write nothing is posted, and the missing scope is recorded."""
    slack.scopes = ("commands",)
    response = await call_with_json(web, method, channel="C0GENERAL", user="U0JOHN", text="789")
    assert (response["error"], response["needed"]) == ("missing_scope", "chat:write")
    assert slack.violations.rules == ["missing_scope"]


async def test_public_scope_allows_public_channels_without_invitation(web, slack):
    """chat:write.public does not cover private channels."""
    slack.scopes = ("chat:write", "chat:write.public")
    assert (await call_with_json(web, POST, channel="C0RANDOM", **TEXT))["ok"]
    assert (await call_with_json(web, POST, channel="C0SECRET", **TEXT))[
        "error"
    ] == "channel_not_found"


async def test_reply_is_in_the_thread_of_its_root(web, slack):
    """A thread starts with the first reply and has the ts of its root."""
    parent = await _post(web, "789?")
    reply = await _post(web, thread_ts=parent)
    assert [message.ts for message in slack.visible_messages("U0ANNA", "C0GENERAL", parent)] == [
        parent,
        reply,
    ]
    assert slack.violations == []


@pytest.mark.parametrize("wrong", ["1.2", "later", "whisper"])
async def test_reply_to_missing_or_ephemeral_root_is_not_threaded(web, slack, wrong):
    """The reply is posted in the channel, and a violation is recorded."""
    ts = await _post_ephemeral(web) if wrong == "whisper" else wrong
    reply = await _post(web, thread_ts=ts)
    assert slack.messages.get("C0GENERAL", reply).thread_ts == ""
    assert slack.violations.rules == ["thread_not_found"]


async def test_reply_to_reply_joins_the_thread_with_a_violation(web, slack):
    """A reply's ts isn't a thread's."""
    parent = await _post(web, "789?")
    reply = await _post(web, thread_ts=parent)
    assert slack.messages.get("C0GENERAL", await _post(web, thread_ts=reply)).thread_ts == parent
    assert slack.violations.rules == ["thread_ts"]


async def test_ephemeral_message_in_thread_without_replies_is_lost(web, slack):
    """It is shown only where somebody replied already; otherwise it is recorded as a violation."""
    parent = await _post(web, "789?")
    await _post_ephemeral(web, thread_ts=parent)
    assert slack.violations.rules == ["quiet_thread"]
    assert len(slack.visible_messages("U0JOHN", "C0GENERAL")) == 1
    await _post(web, "a reply", thread_ts=parent)
    await _post_ephemeral(web, thread_ts=parent)
    assert len(slack.visible_messages("U0JOHN", "C0GENERAL", parent)) == 3
    assert slack.violations.rules == ["quiet_thread"]


async def test_update_keeps_blocks_unless_given(web, slack):
    """Blocks stay unless other blocks or none are given."""
    response = await call_with_json(web, POST, channel="C0GENERAL", text="before", blocks=[SECTION])
    ts = response["ts"]
    message = slack.messages.get("C0GENERAL", ts)
    response = await call_with_json(web, UPDATE, channel="C0GENERAL", ts=ts, text="after")
    assert (response["ok"], response["ts"], response["text"]) == (True, ts, "after")
    assert (message.text, len(message.blocks)) == ("after", 1)
    await call_with_json(web, UPDATE, channel="C0GENERAL", ts=ts, text="after", blocks=[])
    assert message.blocks == []
    assert [payload["text"] for payload in message.previous_payloads] == [
        "before",
        "after",
    ]
    assert slack.violations == []


async def test_update_of_foreign_ephemeral_or_long_message_is_refused(web, slack):
    """Only the app's own public messages can be updated, up to 4,000 characters."""
    said = slack.messages.add("C0GENERAL", TEXT, author="U0JOHN", origin="person")
    whispered = await _post_ephemeral(web)
    own = await _post(web)
    errors = []
    for ts, text in ((said.ts, "x"), (whispered, "x"), (own, "x" * 4_001)):
        response = await call_with_json(web, UPDATE, channel="C0GENERAL", ts=ts, text=text)
        errors.append(response["error"])
    assert errors == ["cant_update_message", "message_not_found", "msg_too_long"]
    assert slack.violations.rules == errors


async def test_wait_until_returns_when_message_comes_or_times_out(web, slack):
    """A waiter is woken at once, and not kept forever."""
    await _post(web)
    await slack.messages.wait_until(lambda: len(slack.app_messages()) == 1, 1)
    assert slack.app_messages(since=1) == []
    with pytest.raises(TimeoutError):
        await slack.messages.wait_until(lambda: len(slack.app_messages()) == 2, 0.01)
