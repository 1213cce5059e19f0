"""Modals, lists, shortcuts and the Home tab: what people do there, as Slack sends it."""

from __future__ import annotations

import pytest

from bot.sandbox.slack.dialogs import Dialogs
from bot.sandbox.slack.posting import Destination, post
from tests.sandbox.slack.slack_app import App, Reply

PLAIN = {"type": "plain_text", "text": "x"}


def option(value):
    """One of a list."""
    return {"text": {"type": "plain_text", "text": value}, "value": value}


FIELD = {
    "type": "input", "block_id": "which", "label": PLAIN,
    "element": {"type": "plain_text_input", "action_id": "number"},
}  # fmt: skip
LIST = {
    "type": "section", "block_id": "where", "text": PLAIN,
    "accessory": {"type": "static_select", "action_id": "place", "options": [option("HQ")]},
}  # fmt: skip
MODAL = {"type": "modal", "callback_id": "find", "title": PLAIN, "submit": PLAIN,
         "notify_on_close": True, "blocks": [FIELD, LIST]}  # fmt: skip


def opened(slack, *replies):
    """A modal of John's, and an app that answers so."""
    app = App(*replies)
    return app, Dialogs(app.delivery(slack)), slack.views.open("U0JOHN", MODAL)


async def test_what_is_filled_in_comes_as_state(slack):
    """Each field under its block and its action; without a word the modal closes."""
    app, dialogs, view = opened(slack)
    asked = {"action": "submit", "view_id": view.id, "values": {"number": "789", "place": "HQ"}}
    assert await dialogs.view_action("U0JOHN", asked) == {}
    body = app.bodies[0]
    assert (body["type"], body["view"]["callback_id"]) == ("view_submission", "find")
    assert body["view"]["state"]["values"] == {
        "which": {"number": {"type": "plain_text_input", "value": "789"}},
        "where": {"place": {"type": "static_select", "selected_option": option("HQ")}},
    }
    assert slack.views.stacks["U0JOHN"] == []


@pytest.mark.parametrize(
    ("says", "told", "left"),
    [
        (
            {"response_action": "errors", "errors": {"which": "No."}},
            {"errors": {"which": "No."}},
            1,
        ),
        ({"response_action": "clear"}, {}, 0),
        ({"response_action": "push", "view": MODAL}, {}, 2),
        ({"response_action": "update", "view": {**MODAL, "callback_id": "new"}}, {}, 1),
    ],
    ids=["errors", "clear", "push", "update"],
)
async def test_the_answer_says_what_becomes_of_a_modal(slack, says, told, left):
    """It is corrected, closed, covered or changed."""
    _, dialogs, view = opened(slack, Reply(body=says))
    assert await dialogs.view_action("U0JOHN", {"action": "submit", "view_id": view.id}) == told
    assert len(slack.views.stacks["U0JOHN"]) == left
    slack.check()


async def test_a_bad_view_in_an_answer_is_a_broken_rule(slack):
    """Slack would show trouble, and so does the stand-in."""
    wrong = {"response_action": "push", "view": {"type": "modal", "blocks": []}}
    _, dialogs, view = opened(slack, Reply(body=wrong))
    assert "error" in await dialogs.view_action("U0JOHN", {"action": "submit", "view_id": view.id})
    assert slack.violations.rules == ["invalid_arguments"]


async def test_a_press_in_a_view_names_the_view(slack):
    """And what was chosen there."""
    app, dialogs, view = opened(slack)
    asked = {"action": "press", "view_id": view.id, "action_id": "place", "choice": "HQ"}
    await dialogs.view_action("U0JOHN", asked)
    body = app.bodies[0]
    assert body["container"] == {"type": "view", "view_id": view.id}
    assert body["actions"][0]["selected_option"] == option("HQ")
    with pytest.raises(LookupError, match="no option"):
        await dialogs.view_action("U0JOHN", asked | {"choice": "elsewhere"})


async def test_an_app_is_told_of_a_closed_modal(slack):
    """Where it asked to be."""
    app, dialogs, view = opened(slack)
    await dialogs.view_action("U0JOHN", {"action": "close", "view_id": view.id})
    assert (app.bodies[0]["type"], slack.views.stacks["U0JOHN"]) == ("view_closed", [])
    with pytest.raises(LookupError, match="closed"):
        await dialogs.view_action("U0JOHN", {"action": "close", "view_id": view.id})


async def test_options_come_from_the_app(slack):
    """Plain ones, and those in groups."""
    groups = [{"label": PLAIN, "options": [option("b")]}]
    app, dialogs, _ = opened(
        slack, Reply(body={"options": [option("a")]}), Reply(body={"option_groups": groups})
    )
    asked = {"action_id": "who", "block_id": "b1", "value": "jo"}
    assert await dialogs.options("U0JOHN", asked) == [option("a")]
    assert await dialogs.options("U0JOHN", asked) == [option("b")]
    assert app.bodies[0]["type"] == "block_suggestion"
    assert app.bodies[0]["value"] == "jo"


async def test_shortcuts_come_with_a_trigger_and_a_message(slack):
    """Those of a message with the message, and an address to answer to."""
    app, dialogs, _ = opened(slack)
    message = post(
        slack.messages, slack.violations, {"text": "call 789"}, Destination("C0GENERAL"), "test"
    )
    await dialogs.shortcut("U0JOHN", {"callback_id": "find"})
    asked = {"callback_id": "look_up", "channel": "C0GENERAL", "ts": message.ts}
    await dialogs.shortcut("U0JOHN", asked)
    assert [each["type"] for each in app.bodies] == ["shortcut", "message_action"]
    assert app.bodies[1]["message"]["text"] == "call 789"
    assert app.bodies[1]["response_url"].startswith("http://slack/response/")
    assert not slack.triggers.error_of(app.bodies[0]["trigger_id"])


async def test_an_opened_home_tab_is_an_event(slack):
    """With what is on it, once there is something."""
    app, dialogs, _ = opened(slack)
    await dialogs.home("U0JOHN")
    slack.views.publish("U0JOHN", {"type": "home", "blocks": []})
    await dialogs.home("U0JOHN")
    first, second = (each["event"] for each in app.bodies)
    assert (first["type"], first["tab"], "view" in first) == ("app_home_opened", "home", False)
    assert second["view"]["type"] == "home"
