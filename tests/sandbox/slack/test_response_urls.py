"""Messages by response_url are shown as Slack shows them, and checked against its rules."""

from __future__ import annotations

import asyncio

import pytest

from bot.sandbox.slack.message_posting import Destination, post

TEXT = {"text": "789"}
SECTION = {"type": "section", "text": {"type": "plain_text", "text": "789"}}


def _message(slack, *, visible_to="", thread_ts=""):
    """A message of the app, whose button the response_url belongs to."""
    place = Destination("C0GENERAL", thread_ts, visible_to)
    return post(slack.messages, slack.violations, {"text": "before"}, place, "chat.postMessage")


def _texts(slack, user):
    return [message.text for message in slack.visible_messages(user, "C0GENERAL")]


async def test_sixth_use_is_refused(web, slack):
    """The sixth use is recorded as a violation, and the five before it were accepted."""
    path = slack.open_response_url("R1")
    statuses = [(await web.post(path, json={"text": f"{i}"})).status_code for i in range(6)]
    assert statuses == [200] * 5 + [404]
    assert (await web.post(path, json={})).json() == {"ok": False, "error": "used_url"}
    assert [message.body["text"] for message in slack.responses] == ["0", "1", "2", "3", "4"]
    assert slack.violations.rules == ["used_url"] * 2


async def test_use_after_30_minutes_is_refused(web, slack, clock):
    """The address expires even if it has uses left."""
    path = slack.open_response_url("R1")
    clock.advance(1_800)
    assert (await web.post(path, json={"text": "in time"})).text == "ok"
    assert slack.violations == []
    clock.advance(1)
    late = await web.post(path, json={"text": "late"})
    assert (late.status_code, late.json()["error"]) == (404, "expired_url")
    assert slack.violations.rules == ["expired_url"]


async def test_unknown_address_is_refused(web, slack):
    """The refusal is recorded as a violation."""
    assert (await web.post("/response/R9", json=TEXT)).status_code == 404
    assert slack.violations.rules == ["unknown_url"]


@pytest.mark.parametrize("content", ["text=789", "", "[]", '"789"', b"\xff"])
async def test_body_without_json_object_is_refused(web, slack, content):
    """The refused body doesn't count as a use."""
    response = await web.post(slack.open_response_url("R1"), content=content)
    assert (response.status_code, response.text) == (400, "invalid_payload")
    assert slack.responses == []


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"text": "789", "blocks": [{"type": "sektion"}]}, "invalid_blocks"),
        ({"text": "789", "blocks": [SECTION] * 51}, "invalid_blocks"),
        ({}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
    ],
)
async def test_bad_message_is_refused_and_a_violation(web, slack, body, error):
    """The refused message doesn't count as a use, and nobody sees it."""
    path = slack.open_response_url("R1")
    for _ in range(6):
        response = await web.post(path, json=body)
        assert (response.status_code, response.text) == (400, error)
    assert set(slack.violations.rules) == {error}
    assert slack.visible_messages("U0JOHN", "C0GENERAL") == []
    assert (await web.post(path, json=TEXT)).status_code == 200


async def test_harmful_but_accepted_message_is_a_violation(web, slack):
    """Text above 4,000 characters and blocks without text are accepted but recorded."""
    path = slack.open_response_url("R1")
    assert (await web.post(path, json={"text": "x" * 4_001})).status_code == 200
    assert (await web.post(path, json={"blocks": [SECTION]})).status_code == 200
    assert slack.violations.rules == ["msg_too_long", "no_text"]


async def test_next_message_waits_for_its_address(web, slack):
    """A message to a response_url waits until the one before it is posted."""
    first, other = slack.open_response_url("R1"), slack.open_response_url("R2")
    waiting = asyncio.create_task(slack.next_response("R1"))
    await asyncio.sleep(0)
    await web.post(other, json={"text": "other"})
    await web.post(first, json={"text": "first"})
    await web.post(first, json={"text": "second"})
    assert (await waiting)["text"] == "first"
    assert (await slack.next_response("R1", 1))["text"] == "second"
    with pytest.raises(TimeoutError):
        await slack.next_response("R1", 0.01)


@pytest.mark.parametrize(
    ("response_type", "others_see"),
    [({}, []), ({"response_type": "ephemeral"}, []), ({"response_type": "in_channel"}, ["789"])],
)
async def test_message_is_ephemeral_unless_in_channel(web, slack, response_type, others_see):
    """Only `response_type: in_channel` makes the message public."""
    await web.post(slack.open_response_url("R1", user="U0JOHN"), json=TEXT | response_type)
    assert _texts(slack, "U0JOHN") == ["789"]
    assert _texts(slack, "U0ANNA") == others_see
    assert slack.violations == []


@pytest.mark.parametrize("yes", [True, "true"])
async def test_replace_by_command_address_posts_with_a_violation(web, slack, yes):
    """The replacement is posted as a new message."""
    path = slack.open_response_url("R1")
    await web.post(path, json={"text": "Looking up…"})
    await web.post(path, json=TEXT | {"replace_original": yes})
    assert _texts(slack, "U0JOHN") == ["Looking up…", "789"]
    assert slack.violations.rules == ["replace_original"]


async def test_delete_by_command_address_is_a_violation(web, slack):
    """A command's address deletes no message."""
    path = slack.open_response_url("R1")
    await web.post(path, json={"text": "Looking up…"})
    await web.post(path, json={"delete_original": True})
    assert _texts(slack, "U0JOHN") == ["Looking up…"]
    assert slack.violations.rules == ["delete_original"]


@pytest.mark.parametrize("visible_to", ["", "U0JOHN"])
async def test_replace_by_button_address_edits_the_message(web, slack, visible_to):
    """The edited message keeps its readers and its position."""
    message = _message(slack, visible_to=visible_to)
    path = slack.open_response_url("R1", user="U0JOHN", source=message)
    await web.post(path, json=TEXT | {"replace_original": True})
    assert (message.text, message.visible_to) == ("789", visible_to)
    assert message.previous_payloads == [{"text": "before"}]
    assert slack.responses[0].message is message
    assert slack.violations == []


@pytest.mark.parametrize(
    ("visible_to", "response_type", "others_see"),
    [("U0JOHN", "in_channel", []), ("", "ephemeral", ["789"])],
)
async def test_replace_with_other_response_type_is_a_violation(
    web, slack, visible_to, response_type, others_see
):
    """The readers of a message can't change."""
    path = slack.open_response_url("R1", source=_message(slack, visible_to=visible_to))
    body = TEXT | {"replace_original": True, "response_type": response_type}
    assert (await web.post(path, json=body)).status_code == 200
    assert _texts(slack, "U0ANNA") == others_see
    assert slack.violations.rules == ["response_type"]


async def test_delete_by_button_address_deletes_the_message(web, slack):
    """With a message in the body, that one is posted instead."""
    for more, left in (({}, []), (TEXT, ["789"])):
        path = slack.open_response_url("R1", source=_message(slack))
        await web.post(path, json={"delete_original": "true"} | more)
        assert _texts(slack, "U0JOHN") == left
    assert slack.violations == []


async def test_replace_of_deleted_message_is_a_violation(web, slack):
    """A deleted message stays deleted."""
    path = slack.open_response_url("R1", source=_message(slack))
    await web.post(path, json={"delete_original": True})
    await web.post(path, json=TEXT | {"replace_original": True})
    assert _texts(slack, "U0JOHN") == []
    assert slack.violations.rules == ["message_not_found"]


async def test_button_response_without_replace_original_is_a_violation(web, slack):
    """`replace_original: false` posts a new message."""
    path = slack.open_response_url("R1", source=_message(slack))
    await web.post(path, json=TEXT | {"replace_original": False})
    assert slack.violations == []
    await web.post(path, json=TEXT)
    assert slack.violations.rules == ["replace_original"]
    assert _texts(slack, "U0JOHN") == ["before", "789", "789"]


async def test_message_with_thread_ts_is_threaded(web, slack):
    """A missing thread leaves it in the channel."""
    parent = _message(slack)
    path = slack.open_response_url("R1", source=parent)
    shared = TEXT | {"replace_original": False, "response_type": "in_channel"}
    await web.post(path, json=shared | {"thread_ts": parent.ts})
    assert [
        message.text for message in slack.visible_messages("U0ANNA", "C0GENERAL", parent.ts)
    ] == [
        "before",
        "789",
    ]
    assert slack.violations == []
    await web.post(path, json=shared | {"thread_ts": "1.2"})
    assert slack.messages.all[-1].thread_ts == ""
    assert slack.violations.rules == ["thread_not_found"]
