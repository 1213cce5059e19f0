"""Interactive elements work by keyboard and reach an app as Slack sends them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from bot.sandbox.server import serving
from bot.sandbox.slack.message_posting import Destination as Where
from bot.sandbox.slack.message_posting import post
from tests.page.visiting import visit
from tests.sandbox.slack.slack_app import AppReply, RecordingApp

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLAIN = {"type": "plain_text", "text": "Choose"}
CONFIRM = {
    "title": {"type": "plain_text", "text": "Sure?"},
    "text": {"type": "plain_text", "text": "Everybody will see it."},
    "confirm": {"type": "plain_text", "text": "Do it"},
    "deny": {"type": "plain_text", "text": "Leave it"},
}


def option(name: str) -> dict[str, Any]:
    """An option of a list or a menu."""
    return {"text": {"type": "plain_text", "text": name}, "value": name.lower()}


def button(action_id: str, **more: Any) -> dict[str, Any]:
    """A button labeled with its action id."""
    text = {"type": "plain_text", "text": action_id}
    return {"type": "button", "action_id": action_id, "text": text, **more}


@pytest.fixture
def slack_app() -> RecordingApp:
    """An app that only acknowledges."""
    return RecordingApp()


async def test_choices_by_keyboard_are_delivered(chromium, playground, slack_app) -> None:
    """Choices in a list, an overflow menu and checkboxes reach the app."""
    elements = [
        {"type": "static_select", "action_id": "list", "placeholder": PLAIN,
         "options": [option("One"), option("Two")]},
        {"type": "overflow", "action_id": "menu", "options": [option("More"), option("Less")]},
        {"type": "checkboxes", "action_id": "ticks", "options": [option("A"), option("B")]},
    ]  # fmt: skip
    demo_env = playground.demo_env
    content = {"text": "x", "blocks": [{"type": "actions", "elements": elements}]}
    async with (
        serving(slack_app.asgi) as url,
        visit(chromium, playground, input_method="keyboard") as visitor,
    ):
        demo_env.transport.url = f"{url}/slack/events"
        post(
            demo_env.workspace.messages,
            demo_env.workspace.violations,
            content,
            Where("C0GENERAL"),
            "test",
        )
        demo_env.change_signal.notify()
        keyboard = visitor.page.keyboard
        await visitor.page.get_by_label("Choose").focus()
        await keyboard.type("Two")
        await visitor.press(visitor.page.get_by_label("More actions"))
        await expect(visitor.page.get_by_role("menuitem", name="More")).to_be_focused()
        await keyboard.press("ArrowDown")
        await keyboard.press("Enter")
        await visitor.page.get_by_label("B", exact=True).focus()
        await keyboard.press("Space")
        await expect(visitor.inspector.locator(".group .outcome")).to_have_count(4)
        actions = {body["actions"][0]["action_id"]: body["actions"][0] for body in slack_app.bodies}
        assert actions["list"]["selected_option"]["value"] == "two"
        assert actions["menu"]["selected_option"]["value"] == "less"
        assert [option["value"] for option in actions["ticks"]["selected_options"]] == ["b"]


async def test_press_with_confirm_waits_for_confirmation(chromium, playground, slack_app) -> None:
    """Nothing is sent before the person confirms."""
    content = {
        "text": "x",
        "blocks": [{"type": "actions", "elements": [button("go", confirm=CONFIRM)]}],
    }
    demo_env = playground.demo_env
    async with serving(slack_app.asgi) as url, visit(chromium, playground) as visitor:
        demo_env.transport.url = f"{url}/slack/events"
        post(
            demo_env.workspace.messages,
            demo_env.workspace.violations,
            content,
            Where("C0GENERAL"),
            "test",
        )
        demo_env.change_signal.notify()
        await visitor.press(visitor.last.get_by_role("button", name="go"))
        await expect(visitor.page.get_by_role("dialog")).to_contain_text("Everybody will see it.")
        await visitor.page.keyboard.press("Escape")
        await expect(visitor.page.get_by_role("dialog")).to_have_count(0)
        assert slack_app.bodies == []
        await visitor.press(visitor.last.get_by_role("button", name="go"))
        await visitor.press(visitor.page.get_by_role("button", name="Do it"))
        await expect(visitor.inspector.locator("#traffic")).to_contain_text("[go]")
        assert [body["actions"][0]["action_id"] for body in slack_app.bodies] == ["go"]


async def test_modal_with_error_can_be_corrected_and_submitted(
    chromium, playground, slack_app
) -> None:
    """The error is beside its field; then the form is submitted and the modal closes."""
    field = {"type": "plain_text_input", "action_id": "number"}
    label = {"type": "plain_text", "text": "Number"}
    view = {
        "type": "modal", "callback_id": "find",
        "title": {"type": "plain_text", "text": "Find"},
        "submit": {"type": "plain_text", "text": "Look up"},
        "blocks": [{"type": "input", "block_id": "which", "label": label, "element": field}],
    }  # fmt: skip
    demo_env = playground.demo_env
    async with (
        serving(slack_app.asgi) as url,
        visit(chromium, playground, input_method="keyboard") as visitor,
    ):
        demo_env.transport.url = f"{url}/slack/events"
        errors = {"response_action": "errors", "errors": {"which": "No such number."}}
        slack_app.replies = [AppReply(body=errors), AppReply()]
        demo_env.workspace.views.open("U0JOHN", view)
        demo_env.change_signal.notify()
        dialog = visitor.page.get_by_role("dialog", name="Find")
        await dialog.get_by_label("Number").fill("7890")
        await visitor.page.keyboard.press("Enter")
        await expect(dialog.get_by_role("alert").first).to_have_text("No such number.")
        await dialog.get_by_role("button", name="Look up").click()
        await expect(dialog).to_have_count(0)
        state = slack_app.bodies[-1]["view"]["state"]["values"]["which"]["number"]
        assert state == {"type": "plain_text_input", "value": "7890"}
