"""Modals and Home tabs: opened by a trigger, stacked, updated and published."""

from __future__ import annotations

import json

import pytest

from tests.sandbox.slack.slack_app import RecordingApp
from tests.sandbox.slack.slack_calls import call


def view(kind: str = "modal", words: str = "789", **more):
    """A view with one line."""
    title = {"title": {"type": "plain_text", "text": "Find"}} if kind == "modal" else {}
    section = {"type": "section", "text": {"type": "plain_text", "text": words}}
    return json.dumps({"type": kind, **title, "blocks": [section], **more})


async def test_second_use_of_trigger_is_refused(web, slack):
    """The refusal is recorded as a violation."""
    app = RecordingApp()
    await app.delivery(slack).slash_command("789")
    trigger = app.bodies[0]["trigger_id"]
    response = await call(web, "views.open", trigger_id=trigger, view=view())
    assert (response["view"]["type"], response["view"]["root_view_id"]) == (
        "modal",
        response["view"]["id"],
    )
    (opened,) = slack.views.stacks["U0JOHN"]
    assert opened.content["blocks"][0]["block_id"]
    again = await call(web, "views.open", trigger_id=trigger, view=view())
    assert again["error"] == "exchanged_trigger_id"
    assert slack.violations.rules == ["exchanged_trigger_id"]


async def test_trigger_after_three_seconds_is_refused(web, slack, clock):
    """An unknown trigger has another error."""
    trigger = slack.triggers.issue("U0JOHN")
    clock.advance(3.1)
    response = await call(web, "views.open", trigger_id=trigger, view=view())
    assert response["error"] == "expired_trigger_id"
    made_up = await call(web, "views.open", trigger_id="1.2.3", view=view())
    assert made_up["error"] == "invalid_trigger_id"


async def test_fourth_stacked_modal_is_refused(web, slack):
    """A modal has to be closed before a fourth one fits."""
    for method in ("views.open", "views.push", "views.push"):
        trigger = slack.triggers.issue("U0ANNA")
        assert (await call(web, method, trigger_id=trigger, view=view()))["ok"]
    response = await call(web, "views.push", trigger_id=slack.triggers.issue("U0ANNA"), view=view())
    assert response["error"] == "push_limit_reached"
    top = slack.views.stacks["U0ANNA"][-1]
    assert slack.views.pop("U0ANNA") is top
    lonely = await call(web, "views.push", trigger_id=slack.triggers.issue("U0JOHN"), view=view())
    assert lonely["error"] == "not_found"


async def test_update_with_old_hash_is_refused(web, slack):
    """An update of a closed view is refused as well."""
    trigger = slack.triggers.issue("U0JOHN")
    opened = (await call(web, "views.open", trigger_id=trigger, view=view()))["view"]
    new = await call(
        web, "views.update", view_id=opened["id"], hash=opened["hash"], view=view(words="790")
    )
    assert new["view"]["blocks"][0]["text"]["text"] == "790"
    late = await call(web, "views.update", view_id=opened["id"], hash=opened["hash"], view=view())
    assert late["error"] == "hash_conflict"
    gone = await call(web, "views.update", view_id="V0", view=view())
    assert gone["error"] == "not_found"


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("{", "invalid_arguments"),
        (view("home"), "invalid_arguments"),
        (view(title={"type": "plain_text", "text": "x" * 25}), "invalid_arguments"),
        (view(words="x" * 250_000), "view_too_large"),
        (view(external_id="mine"), "duplicate_external_id"),
    ],
    ids=["no-json", "no-modal", "long-title", "large", "taken"],
)
async def test_bad_view_is_refused_and_keeps_the_trigger(web, slack, content, error):
    """The errors have the names that Slack gives them."""
    taken = slack.triggers.issue("U0ANNA")
    await call(web, "views.open", trigger_id=taken, view=view(external_id="mine"))
    trigger = slack.triggers.issue("U0JOHN")
    response = await call(web, "views.open", trigger_id=trigger, view=content)
    assert response["error"] == error
    assert (await call(web, "views.open", trigger_id=trigger, view=view()))["ok"]


async def test_published_home_tab_can_be_replaced(web, slack):
    """An old hash or an unknown user is refused."""
    first = await call(web, "views.publish", user_id="U0JOHN", view=view("home"))
    second = await call(web, "views.publish", user_id="U0JOHN", view=view("home", "790"))
    assert second["view"]["id"] == first["view"]["id"]
    assert slack.views.homes["U0JOHN"].content["blocks"][0]["text"]["text"] == "790"
    late = await call(
        web, "views.publish", user_id="U0JOHN", hash=first["view"]["hash"], view=view("home")
    )
    assert late["error"] == "hash_conflict"
    nobody = await call(web, "views.publish", user_id="U0NOBODY", view=view("home"))
    assert nobody["error"] == "user_not_found"
