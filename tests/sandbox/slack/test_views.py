"""Modals and Home tabs: opened by a trigger, once and in time, stacked, changed and published."""

from __future__ import annotations

import json

import pytest

from tests.sandbox.slack.slack_app import App
from tests.sandbox.slack.slack_calls import called


def view(kind: str = "modal", words: str = "789", **more):
    """A view with one line."""
    title = {"title": {"type": "plain_text", "text": "Find"}} if kind == "modal" else {}
    section = {"type": "section", "text": {"type": "plain_text", "text": words}}
    return json.dumps({"type": kind, **title, "blocks": [section], **more})


async def test_a_command_s_trigger_opens_a_modal_once(web, slack):
    """The second time it is used up, and that is a broken rule."""
    app = App()
    await app.delivery(slack).slash_command("789")
    trigger = app.bodies[0]["trigger_id"]
    told = await called(web, "views.open", trigger_id=trigger, view=view())
    assert (told["view"]["type"], told["view"]["root_view_id"]) == ("modal", told["view"]["id"])
    (opened,) = slack.views.stacks["U0JOHN"]
    assert opened.content["blocks"][0]["block_id"]
    again = await called(web, "views.open", trigger_id=trigger, view=view())
    assert again["error"] == "exchanged_trigger_id"
    assert slack.violations.rules == ["exchanged_trigger_id"]


async def test_a_trigger_expires_after_three_seconds(web, slack, clock):
    """And one that was never given is invalid."""
    trigger = slack.triggers.issue("U0JOHN")
    clock.advance(3.1)
    told = await called(web, "views.open", trigger_id=trigger, view=view())
    assert told["error"] == "expired_trigger_id"
    made_up = await called(web, "views.open", trigger_id="1.2.3", view=view())
    assert made_up["error"] == "invalid_trigger_id"


async def test_three_modals_lie_over_one_another_at_most(web, slack):
    """A fourth is refused; the one on top is closed first."""
    for method in ("views.open", "views.push", "views.push"):
        trigger = slack.triggers.issue("U0ANNA")
        assert (await called(web, method, trigger_id=trigger, view=view()))["ok"]
    told = await called(web, "views.push", trigger_id=slack.triggers.issue("U0ANNA"), view=view())
    assert told["error"] == "push_limit_reached"
    top = slack.views.stacks["U0ANNA"][-1]
    assert slack.views.pop("U0ANNA") is top
    lonely = await called(web, "views.push", trigger_id=slack.triggers.issue("U0JOHN"), view=view())
    assert lonely["error"] == "not_found"


async def test_an_update_minds_the_hash(web, slack):
    """One made for an older content is refused, and one for a view that is closed."""
    trigger = slack.triggers.issue("U0JOHN")
    opened = (await called(web, "views.open", trigger_id=trigger, view=view()))["view"]
    new = await called(
        web, "views.update", view_id=opened["id"], hash=opened["hash"], view=view(words="790")
    )
    assert new["view"]["blocks"][0]["text"]["text"] == "790"
    late = await called(web, "views.update", view_id=opened["id"], hash=opened["hash"], view=view())
    assert late["error"] == "hash_conflict"
    gone = await called(web, "views.update", view_id="V0", view=view())
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
async def test_a_view_is_held_against_the_rules(web, slack, content, error):
    """By Slack's names; a refused view costs no trigger."""
    taken = slack.triggers.issue("U0ANNA")
    await called(web, "views.open", trigger_id=taken, view=view(external_id="mine"))
    trigger = slack.triggers.issue("U0JOHN")
    told = await called(web, "views.open", trigger_id=trigger, view=content)
    assert told["error"] == error
    assert (await called(web, "views.open", trigger_id=trigger, view=view()))["ok"]


async def test_a_home_tab_is_published_and_published_anew(web, slack):
    """For somebody who is there; an older hash is refused."""
    first = await called(web, "views.publish", user_id="U0JOHN", view=view("home"))
    second = await called(web, "views.publish", user_id="U0JOHN", view=view("home", "790"))
    assert second["view"]["id"] == first["view"]["id"]
    assert slack.views.homes["U0JOHN"].content["blocks"][0]["text"]["text"] == "790"
    late = await called(
        web, "views.publish", user_id="U0JOHN", hash=first["view"]["hash"], view=view("home")
    )
    assert late["error"] == "hash_conflict"
    nobody = await called(web, "views.publish", user_id="U0NOBODY", view=view("home"))
    assert nobody["error"] == "user_not_found"
