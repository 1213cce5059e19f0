"""Saying something by the Web API: who sees it, what Slack answers, and what it refuses."""

from __future__ import annotations

import json

import pytest

from bot.sandbox.slack.violations import SlackRulesViolated
from tests.sandbox.slack.slack_calls import called, posted

TEXT = {"text": "789"}
SECTION = {"type": "section", "text": {"type": "plain_text", "text": "789"}}
POST, WHISPER, UPDATE = "chat.postMessage", "chat.postEphemeral", "chat.update"


async def _say(web, text="789", **args):
    """Post to #general; return the ts."""
    told = await posted(web, POST, channel="C0GENERAL", text=text, **args)
    assert told["ok"], told
    return told["ts"]


async def _whisper(web, text="789", **args):
    told = await posted(web, WHISPER, channel="C0GENERAL", user="U0JOHN", text=text, **args)
    assert told["ok"], told
    return told["message_ts"]


@pytest.mark.parametrize("call", [called, posted], ids=["form", "json"])
async def test_a_message_is_for_all_who_are_there(web, slack, call):
    """By form and by JSON; the answer repeats it with the names that Slack gives."""
    blocks = [SECTION] if call is posted else json.dumps([SECTION])
    told = await call(web, POST, channel="C0GENERAL", text="789", blocks=blocks)
    assert (told["ok"], told["channel"], told["message"]["text"]) == (True, "C0GENERAL", "789")
    assert told["message"]["blocks"][0]["block_id"]
    for user in ("U0JOHN", "U0ANNA", "U0GUEST"):
        assert [each.ts for each in slack.visible_messages(user, "C0GENERAL")] == [told["ts"]]
    assert slack.visible_messages("U0STRANGER", "C0GENERAL") == []
    assert slack.violations == []


async def test_a_whisper_is_for_one(web, slack):
    """Nobody else sees an ephemeral message."""
    ts = await _whisper(web)
    assert [each.ts for each in slack.visible_messages("U0JOHN", "C0GENERAL")] == [ts]
    assert slack.visible_messages("U0ANNA", "C0GENERAL") == []
    assert slack.violations == []


@pytest.mark.parametrize("channel", ["D0JOHN", "U0JOHN"])
async def test_a_direct_message_is_for_two(web, slack, channel):
    """It goes by the id of the channel, or of the person."""
    told = await posted(web, POST, channel=channel, **TEXT)
    assert told["channel"] == "D0JOHN"
    assert len(slack.visible_messages("U0JOHN", "D0JOHN")) == 1
    assert slack.visible_messages("U0ADMIN", "D0JOHN") == []


async def test_people_see_public_channels_without_being_in_them(web, slack):
    """Members can look into any public channel; guests and others see their own only."""
    await posted(web, POST, channel="C0PARTNERS", **TEXT)
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
        (WHISPER, {"channel": "C0RANDOM", "user": "U0JOHN", **TEXT}, "not_in_channel"),
        (WHISPER, {"channel": "C0GENERAL", "user": "U0STRANGER", **TEXT}, "user_not_in_channel"),
        (WHISPER, {"channel": "C0GENERAL", **TEXT}, "user_not_in_channel"),
        (WHISPER, {"channel": "C0GENERAL", "user": "U0JOHN"}, "no_text"),
        (UPDATE, {"channel": "C0GENERAL", "ts": "1.2", **TEXT}, "message_not_found"),
    ],
)
async def test_what_cannot_be_said_is_refused(web, slack, method, args, error):
    """Under Slack's name for it; nobody sees it, and a broken rule is noted."""
    told = await posted(web, method, **args)
    assert (told["ok"], told["error"]) == (False, error)
    assert slack.violations.rules == [error]
    assert len(slack.messages) == 0
    with pytest.raises(SlackRulesViolated, match=f"- {error}: {method}: "):
        slack.check()


async def test_bad_blocks_are_pointed_at(web):
    """The refusal says which block, and why."""
    told = await posted(web, POST, channel="C0GENERAL", text="789", blocks=[SECTION, {}])
    assert "blocks[1]" in told["errors"][0]
    assert "blocks[1]" in told["response_metadata"]["messages"][0]


async def test_what_slack_takes_but_people_suffer_from_is_noted(web, slack):
    """Text above 4,000 characters, blocks without text, broadcasts and @names are taken."""
    await _say(web, "x" * 4_001)
    await _say(web, "<!here> 789")
    await _say(web, link_names=True)
    assert (await posted(web, POST, channel="C0GENERAL", blocks=[SECTION]))["ok"]
    assert slack.violations.rules == ["msg_too_long", "content", "content", "no_text"]
    assert len(slack.visible_messages("U0JOHN", "C0GENERAL")) == 4


async def test_flags_are_read_as_a_form_has_them(web, slack):
    """`false` as a word is no yes."""
    await called(web, POST, channel="C0GENERAL", text="789", link_names="false")
    await called(web, POST, channel="C0GENERAL", text="789", unfurl_links="false")
    assert slack.violations == []


@pytest.mark.parametrize("method", [POST, WHISPER, UPDATE])
async def test_saying_needs_a_scope(web, slack, method):
    """Without chat:write nothing is said, and the missing scope is noted."""
    slack.scopes = ("commands",)
    told = await posted(web, method, channel="C0GENERAL", user="U0JOHN", text="789")
    assert (told["error"], told["needed"]) == ("missing_scope", "chat:write")
    assert slack.violations.rules == ["missing_scope"]


async def test_a_further_scope_opens_public_channels(web, slack):
    """With chat:write.public the app need not be invited, private channels excepted."""
    slack.scopes = ("chat:write", "chat:write.public")
    assert (await posted(web, POST, channel="C0RANDOM", **TEXT))["ok"]
    assert (await posted(web, POST, channel="C0SECRET", **TEXT))["error"] == "channel_not_found"


async def test_a_reply_is_in_its_thread(web, slack):
    """A thread begins with the first reply, and has its parent's ts."""
    parent = await _say(web, "789?")
    reply = await _say(web, thread_ts=parent)
    assert [each.ts for each in slack.visible_messages("U0ANNA", "C0GENERAL", parent)] == [
        parent,
        reply,
    ]
    assert slack.violations == []


@pytest.mark.parametrize("wrong", ["1.2", "later", "whisper"])
async def test_a_thread_that_is_not_there_leaves_the_message_in_the_channel(web, slack, wrong):
    """So does that of an ephemeral message, and it is noted."""
    ts = await _whisper(web) if wrong == "whisper" else wrong
    reply = await _say(web, thread_ts=ts)
    assert slack.messages.get("C0GENERAL", reply).thread_ts == ""
    assert slack.violations.rules == ["thread_not_found"]


async def test_a_reply_s_own_ts_is_no_thread(web, slack):
    """It lands with the others, and it is noted."""
    parent = await _say(web, "789?")
    reply = await _say(web, thread_ts=parent)
    assert slack.messages.get("C0GENERAL", await _say(web, thread_ts=reply)).thread_ts == parent
    assert slack.violations.rules == ["thread_ts"]


async def test_a_whisper_is_not_shown_in_a_thread_without_replies(web, slack):
    """Only where somebody replied already; otherwise it is lost, and noted."""
    parent = await _say(web, "789?")
    await _whisper(web, thread_ts=parent)
    assert slack.violations.rules == ["quiet_thread"]
    assert len(slack.visible_messages("U0JOHN", "C0GENERAL")) == 1
    await _say(web, "a reply", thread_ts=parent)
    await _whisper(web, thread_ts=parent)
    assert len(slack.visible_messages("U0JOHN", "C0GENERAL", parent)) == 3
    assert slack.violations.rules == ["quiet_thread"]


async def test_an_update_says_something_else(web, slack):
    """Blocks stay unless others are given, or none."""
    told = await posted(web, POST, channel="C0GENERAL", text="before", blocks=[SECTION])
    ts = told["ts"]
    message = slack.messages.get("C0GENERAL", ts)
    told = await posted(web, UPDATE, channel="C0GENERAL", ts=ts, text="after")
    assert (told["ok"], told["ts"], told["text"]) == (True, ts, "after")
    assert (message.text, len(message.blocks)) == ("after", 1)
    await posted(web, UPDATE, channel="C0GENERAL", ts=ts, text="after", blocks=[])
    assert message.blocks == []
    assert [each["text"] for each in message.previous_payloads] == ["before", "after"]
    assert slack.violations == []


async def test_only_the_app_s_own_messages_for_all_can_be_updated(web, slack):
    """Neither what a person said nor what one person saw, nor beyond 4,000 characters."""
    said = slack.messages.add("C0GENERAL", TEXT, author="U0JOHN", origin="person")
    whispered = await _whisper(web)
    own = await _say(web)
    errors = []
    for ts, text in ((said.ts, "x"), (whispered, "x"), (own, "x" * 4_001)):
        told = await posted(web, UPDATE, channel="C0GENERAL", ts=ts, text=text)
        errors.append(told["error"])
    assert errors == ["cant_update_message", "message_not_found", "msg_too_long"]
    assert slack.violations.rules == errors


async def test_one_can_wait_until_something_is_said(web, slack):
    """Whoever waits is told at once, and not for ever."""
    await _say(web)
    await slack.messages.wait_until(lambda: len(slack.app_messages()) == 1, 1)
    assert slack.app_messages(since=1) == []
    with pytest.raises(TimeoutError):
        await slack.messages.wait_until(lambda: len(slack.app_messages()) == 2, 0.01)
