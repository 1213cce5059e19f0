"""What comes by a response_url is shown as Slack shows it, and held to Slack's rules."""

from __future__ import annotations

import asyncio

import pytest

from bot.sandbox.slack.posting import Destination, post

TEXT = {"text": "789"}
SECTION = {"type": "section", "text": {"type": "plain_text", "text": "789"}}


def _message(slack, *, visible_to="", thread_ts=""):
    """A message of the app's, with something to press in mind."""
    place = Destination("C0GENERAL", thread_ts, visible_to)
    return post(slack.messages, slack.violations, {"text": "before"}, place, "chat.postMessage")


def _texts(slack, user):
    return [each.text for each in slack.visible_messages(user, "C0GENERAL")]


async def test_it_takes_five_messages(web, slack):
    """The sixth is refused and noted, and five were taken."""
    path = slack.open_response_url("R1")
    statuses = [(await web.post(path, json={"text": f"{i}"})).status_code for i in range(6)]
    assert statuses == [200] * 5 + [404]
    assert (await web.post(path, json={})).json() == {"ok": False, "error": "used_url"}
    assert [message.body["text"] for message in slack.responses] == ["0", "1", "2", "3", "4"]
    assert slack.violations.rules == ["used_url"] * 2


async def test_it_lasts_half_an_hour(web, slack, clock):
    """After thirty minutes it is over, however little it was used."""
    path = slack.open_response_url("R1")
    clock.advance(1_800)
    assert (await web.post(path, json={"text": "in time"})).text == "ok"
    assert slack.violations == []
    clock.advance(1)
    late = await web.post(path, json={"text": "late"})
    assert (late.status_code, late.json()["error"]) == (404, "expired_url")
    assert slack.violations.rules == ["expired_url"]


async def test_one_that_was_never_given_is_nobody_s(web, slack):
    """An invented address is refused and noted."""
    assert (await web.post("/response/R9", json=TEXT)).status_code == 404
    assert slack.violations.rules == ["unknown_url"]


@pytest.mark.parametrize("content", ["text=789", "", "[]", '"789"', b"\xff"])
async def test_it_wants_a_json_object(web, slack, content):
    """Anything else is refused, and costs no use."""
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
async def test_bad_messages_are_refused(web, slack, body, error):
    """Under Slack's name; they cost no use, nobody sees them, and the rule is noted."""
    path = slack.open_response_url("R1")
    for _ in range(6):
        response = await web.post(path, json=body)
        assert (response.status_code, response.text) == (400, error)
    assert set(slack.violations.rules) == {error}
    assert slack.visible_messages("U0JOHN", "C0GENERAL") == []
    assert (await web.post(path, json=TEXT)).status_code == 200


async def test_what_slack_takes_but_people_suffer_from_is_noted(web, slack):
    """A text above 4,000 characters and blocks without text are taken, and noted."""
    path = slack.open_response_url("R1")
    assert (await web.post(path, json={"text": "x" * 4_001})).status_code == 200
    assert (await web.post(path, json={"blocks": [SECTION]})).status_code == 200
    assert slack.violations.rules == ["msg_too_long", "no_text"]


async def test_one_can_wait_for_a_message(web, slack):
    """Whoever waits gets the messages of one address, in their order."""
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
async def test_the_asker_sees_it_and_others_if_it_is_for_them(
    web, slack, response_type, others_see
):
    """An answer is the asker's own unless it says that it is for the channel."""
    await web.post(slack.open_response_url("R1", user="U0JOHN"), json=TEXT | response_type)
    assert _texts(slack, "U0JOHN") == ["789"]
    assert _texts(slack, "U0ANNA") == others_see
    assert slack.violations == []


@pytest.mark.parametrize("yes", [True, "true"])
async def test_a_command_s_cannot_replace(web, slack, yes):
    """It comes as a further message, and that is noted."""
    path = slack.open_response_url("R1")
    await web.post(path, json={"text": "Looking up…"})
    await web.post(path, json=TEXT | {"replace_original": yes})
    assert _texts(slack, "U0JOHN") == ["Looking up…", "789"]
    assert slack.violations.rules == ["replace_original"]


async def test_a_command_s_cannot_delete(web, slack):
    """Nothing goes away, and that is noted."""
    path = slack.open_response_url("R1")
    await web.post(path, json={"text": "Looking up…"})
    await web.post(path, json={"delete_original": True})
    assert _texts(slack, "U0JOHN") == ["Looking up…"]
    assert slack.violations.rules == ["delete_original"]


@pytest.mark.parametrize("visible_to", ["", "U0JOHN"])
async def test_a_button_s_replaces_its_message(web, slack, visible_to):
    """The message says something else, is seen by the same people, and keeps its place."""
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
async def test_a_message_stays_for_whom_it_was(web, slack, visible_to, response_type, others_see):
    """Neither can what one person saw be shown to all by it, nor be taken back from them."""
    path = slack.open_response_url("R1", source=_message(slack, visible_to=visible_to))
    body = TEXT | {"replace_original": True, "response_type": response_type}
    assert (await web.post(path, json=body)).status_code == 200
    assert _texts(slack, "U0ANNA") == others_see
    assert slack.violations.rules == ["response_type"]


async def test_a_button_s_deletes_its_message(web, slack):
    """Alone it only deletes; with a message beside it, that one is posted instead."""
    for more, left in (({}, []), (TEXT, ["789"])):
        path = slack.open_response_url("R1", source=_message(slack))
        await web.post(path, json={"delete_original": "true"} | more)
        assert _texts(slack, "U0JOHN") == left
    assert slack.violations == []


async def test_what_is_gone_cannot_be_replaced(web, slack):
    """A message that was deleted stays deleted."""
    path = slack.open_response_url("R1", source=_message(slack))
    await web.post(path, json={"delete_original": True})
    await web.post(path, json=TEXT | {"replace_original": True})
    assert _texts(slack, "U0JOHN") == []
    assert slack.violations.rules == ["message_not_found"]


async def test_a_button_s_says_whether_it_replaces(web, slack):
    """False posts a further message; to say nothing is noted, for Slack may replace."""
    path = slack.open_response_url("R1", source=_message(slack))
    await web.post(path, json=TEXT | {"replace_original": False})
    assert slack.violations == []
    await web.post(path, json=TEXT)
    assert slack.violations.rules == ["replace_original"]
    assert _texts(slack, "U0JOHN") == ["before", "789", "789"]


async def test_it_can_post_to_a_thread(web, slack):
    """A thread that is there gets the message; one that is not leaves it in the channel."""
    parent = _message(slack)
    path = slack.open_response_url("R1", source=parent)
    shared = TEXT | {"replace_original": False, "response_type": "in_channel"}
    await web.post(path, json=shared | {"thread_ts": parent.ts})
    assert [each.text for each in slack.visible_messages("U0ANNA", "C0GENERAL", parent.ts)] == [
        "before",
        "789",
    ]
    assert slack.violations == []
    await web.post(path, json=shared | {"thread_ts": "1.2"})
    assert slack.messages.all[-1].thread_ts == ""
    assert slack.violations.rules == ["thread_not_found"]
