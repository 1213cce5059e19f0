"""The first things a new user tries: by mouse and keyboard, on desktop and phone, light and
dark.
"""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, expect

from bot.cards import source_errors
from tests.page.visiting import DESKTOP, PHONE, Visitor, visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

WAYS = [
    pytest.param(
        {"size": DESKTOP, "scheme": "light", "input_method": "mouse"}, id="desk-light-mouse"
    ),
    pytest.param(
        {"size": DESKTOP, "scheme": "dark", "input_method": "keyboard"}, id="desk-dark-keyboard"
    ),
    pytest.param(
        {"size": PHONE, "scheme": "light", "input_method": "keyboard"}, id="phone-light-keyboard"
    ),
    pytest.param({"size": PHONE, "scheme": "dark", "input_method": "mouse"}, id="phone-dark-mouse"),
]


def button(within: Locator, name: str) -> Locator:
    """A button of a message by its label."""
    return within.locator("button", has_text=re.compile(f"^{name}$"))


@pytest.mark.parametrize("way", WAYS)
async def test_first_things_a_new_user_tries_work(chromium, playground, way, request) -> None:
    """Everything works from the first number to an outage of Vonage."""
    name = request.node.callspec.id
    async with visit(chromium, playground, **way) as visitor:
        await _numbers(visitor, name)
        await _sharing(visitor)
        await _lists(visitor, name)
        await _mentions(visitor, name)
        await _directly(visitor, name)
        await _guest(visitor)
        await _break_down_vonage(visitor, name)
        await expect(visitor.page.locator(".render-error")).to_have_count(0)
        await expect(visitor.page.locator("#rules")).to_have_text("The bot hasn't broken any.")
    playground.demo_env.workspace.check()


async def _numbers(visitor: Visitor, name: str) -> None:
    card = await visitor.ask("/ext 789")
    await expect(card).to_contain_text("John Smith")
    await expect(card).to_contain_text("Only visible to you")
    await expect(card.get_by_role("link", name="+1 415-555-0100")).to_have_attribute(
        "href", "tel:+14155550100"
    )
    await visitor.screenshot(f"{name}-1-card")
    typo = await visitor.ask("/ext jhon smith")
    await expect(typo).to_contain_text("Showing John Smith for “jhon smith”")
    number = await visitor.ask("/ext +1 (415) 555-0100")
    await expect(number).to_contain_text("Extension 789")


async def _sharing(visitor: Visitor) -> None:
    count = await visitor.messages.count()
    await visitor.press(button(visitor.last, "Share"))
    await expect(visitor.messages).to_have_count(count + 1)
    await expect(visitor.last).to_contain_text("Shared by @John Smith")
    await expect(visitor.last).not_to_contain_text("Only visible to you")
    calls = visitor.playground.demo_env.vonage.calls.api_calls
    await visitor.press(button(visitor.last, "Refresh"))
    await expect(visitor.last).to_contain_text("(edited)")
    assert visitor.playground.demo_env.vonage.calls.api_calls > calls


async def _lists(visitor: Visitor, name: str) -> None:
    listing = await visitor.ask("/ext list location:London")
    await expect(listing).to_contain_text("page 1 of")
    await expect(button(listing, "Show")).to_have_count(8)
    await visitor.press(button(listing, "Next page"))
    await expect(listing).to_contain_text("page 2 of")
    await visitor.screenshot(f"{name}-2-list")
    await visitor.press(button(listing, "Show").first)
    await expect(button(visitor.last, "Refresh")).to_be_visible()


async def _mentions(visitor: Visitor, name: str) -> None:
    question = await visitor.ask("@Ext 790")
    await expect(question.get_by_text("@Ext")).to_be_visible()
    await visitor.press(button(question, "1 reply"))
    await expect(visitor.replies).to_have_count(2)
    await expect(visitor.replies.last).to_contain_text("Mary O'Brien")
    await visitor.screenshot(f"{name}-3-thread")
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.page.locator("#thread")).to_be_hidden()


async def _directly(visitor: Visitor, name: str) -> None:
    await visitor.open_channel("Ext")
    await expect(visitor.page.get_by_role("heading", name="Welcome to Ext")).to_be_attached()
    await visitor.send("who is 790?")
    await expect(visitor.messages).to_have_count(2)
    await expect(visitor.last).to_contain_text("Mary O'Brien")
    await visitor.screenshot(f"{name}-4-direct")


async def _guest(visitor: Visitor) -> None:
    await visitor.sign_in_as("Gus Guest, guest")
    await visitor.open_channel("#general")
    refusal = await visitor.ask("/ext 789")
    await expect(refusal).to_contain_text("only answer full members of this workspace")
    await expect(visitor.page.locator("#messages")).not_to_contain_text("jsmith@")
    await visitor.sign_in_as("John Smith, member")


async def _break_down_vonage(visitor: Visitor, name: str) -> None:
    await visitor.open_inspector()
    switch = visitor.page.get_by_role("switch", name="Vonage is down")
    await visitor.press(switch)
    await expect(switch).to_be_checked()
    await visitor.close_inspector()
    await expect(visitor.messages.first).to_be_attached()
    card = await visitor.ask("/ext 1001")
    await expect(card).to_contain_text("José García")
    notice = await visitor.ask("/ext refresh 1001")
    await expect(notice).to_contain_text(source_errors.UNAVAILABLE)
    await expect(notice).to_contain_text("the last answer I have")
    await visitor.screenshot(f"{name}-5-notice")
    await visitor.open_inspector()
    await visitor.screenshot(f"{name}-6-inspector")
    await visitor.press(switch)
    await expect(switch).not_to_be_checked()
