"""Modals, lists, shortcuts and the Home tab, delivered as Slack does."""

from __future__ import annotations

import pytest

from bot.sandbox.slack.dialogs import Dialogs
from bot.sandbox.slack.message_posting import Destination, post
from tests.sandbox.slack.slack_app import AppReply, RecordingApp

PLAIN = {"type": "plain_text", "text": "x"}


def option(value):
    """An option of a list."""
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


def open_modal(slack, *replies):
    """An app with these replies, and a modal of John's."""
    app = RecordingApp(*replies)
    return app, Dialogs(app.delivery(slack)), slack.views.open("U0JOHN", MODAL)


async def test_submitted_values_are_in_the_state(slack):
    """Each field is under its block and action; an empty response closes the modal."""
    app, dialogs, view = open_modal(slack)
    request = {"action": "submit", "view_id": view.id, "values": {"number": "789", "place": "HQ"}}
    assert await dialogs.view_action("U0JOHN", request) == {}
    body = app.bodies[0]
    assert (body["type"], body["view"]["callback_id"]) == ("view_submission", "find")
    assert body["view"]["state"]["values"] == {
        "which": {"number": {"type": "plain_text_input", "value": "789"}},
        "where": {"place": {"type": "static_select", "selected_option": option("HQ")}},
    }
    assert slack.views.stacks["U0JOHN"] == []


@pytest.mark.parametrize(
    ("ack", "response", "stacked"),
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
async def test_response_action_changes_the_modal(slack, ack, response, stacked):
    """The response shows errors, or clears, pushes or updates a view."""
    _, dialogs, view = open_modal(slack, AppReply(body=ack))
    assert await dialogs.view_action("U0JOHN", {"action": "submit", "view_id": view.id}) == response
    assert len(slack.views.stacks["U0JOHN"]) == stacked
    slack.check()


async def test_bad_view_in_response_action_is_a_violation(slack):
    """The person sees an error, as in Slack."""
    wrong = {"response_action": "push", "view": {"type": "modal", "blocks": []}}
    _, dialogs, view = open_modal(slack, AppReply(body=wrong))
    assert "error" in await dialogs.view_action("U0JOHN", {"action": "submit", "view_id": view.id})
    assert slack.violations.rules == ["invalid_arguments"]


async def test_press_in_view_names_view_and_choice(slack):
    """A press with an unknown option is refused."""
    app, dialogs, view = open_modal(slack)
    request = {"action": "press", "view_id": view.id, "action_id": "place", "choice": "HQ"}
    await dialogs.view_action("U0JOHN", request)
    body = app.bodies[0]
    assert body["container"] == {"type": "view", "view_id": view.id}
    assert body["actions"][0]["selected_option"] == option("HQ")
    with pytest.raises(LookupError, match="no option"):
        await dialogs.view_action("U0JOHN", request | {"choice": "elsewhere"})


async def test_closed_modal_with_notify_on_close_is_delivered(slack):
    """Closing the same modal twice is refused."""
    app, dialogs, view = open_modal(slack)
    await dialogs.view_action("U0JOHN", {"action": "close", "view_id": view.id})
    assert (app.bodies[0]["type"], slack.views.stacks["U0JOHN"]) == ("view_closed", [])
    with pytest.raises(LookupError, match="closed"):
        await dialogs.view_action("U0JOHN", {"action": "close", "view_id": view.id})


async def test_options_of_external_select_come_from_app(slack):
    """The app can give plain options, or options in groups."""
    groups = [{"label": PLAIN, "options": [option("b")]}]
    app, dialogs, _ = open_modal(
        slack, AppReply(body={"options": [option("a")]}), AppReply(body={"option_groups": groups})
    )
    request = {"action_id": "who", "block_id": "b1", "value": "jo"}
    assert await dialogs.options("U0JOHN", request) == [option("a")]
    assert await dialogs.options("U0JOHN", request) == [option("b")]
    assert app.bodies[0]["type"] == "block_suggestion"
    assert app.bodies[0]["value"] == "jo"


async def test_message_shortcut_has_trigger_message_and_response_url(slack):
    """A global shortcut has only the trigger."""
    app, dialogs, _ = open_modal(slack)
    message = post(
        slack.messages, slack.violations, {"text": "call 789"}, Destination("C0GENERAL"), "test"
    )
    await dialogs.shortcut("U0JOHN", {"callback_id": "find"})
    request = {"callback_id": "look_up", "channel": "C0GENERAL", "ts": message.ts}
    await dialogs.shortcut("U0JOHN", request)
    assert [body["type"] for body in app.bodies] == ["shortcut", "message_action"]
    assert app.bodies[1]["message"]["text"] == "call 789"
    assert app.bodies[1]["response_url"].startswith("http://slack/response/")
    assert not slack.triggers.error_of(app.bodies[0]["trigger_id"])


async def test_opened_home_tab_is_an_event_with_current_view(slack):
    """The event has a view once one was published."""
    app, dialogs, _ = open_modal(slack)
    await dialogs.home("U0JOHN")
    slack.views.publish("U0JOHN", {"type": "home", "blocks": []})
    await dialogs.home("U0JOHN")
    first, second = (body["event"] for body in app.bodies)
    assert (first["type"], first["tab"], "view" in first) == ("app_home_opened", "home", False)
    assert second["view"]["type"] == "home"
