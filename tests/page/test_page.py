"""The page around the messages: accessible, usable by keyboard, and clear about errors."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from bot.cards import source_errors
from tests.page.visiting import DESKTOP, PHONE, Visitor, run_playground, visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
async def test_page_has_no_accessibility_violations(chromium, playground, size, scheme) -> None:
    """The page is checked with cards, a list, a thread, a file and the inspector in view."""
    async with visit(chromium, playground, size=size, scheme=scheme) as visitor:
        await _assert_accessible(visitor)
        await visitor.ask("/ext 789")
        await visitor.ask("/ext list location:London")
        question = await visitor.ask("@Ext 790")
        await _assert_accessible(visitor)
        await visitor.press(question.get_by_role("button", name="1 reply"))
        await expect(visitor.replies).to_have_count(2)
        await _assert_accessible(visitor)
        await visitor.page.keyboard.press("Escape")
        await visitor.open_inspector()
        await visitor.inspector.locator(".group summary").first.click()
        await visitor.inspector.get_by_text("More to try").click()
        await _assert_accessible(visitor)
        await visitor.close_inspector()
        await visitor.sign_in_as("Mary O'Brien, admin")
        await expect(visitor.page.get_by_label("You are")).to_have_value("U0ADMIN")
        await visitor.open_channel("Ext")
        await visitor.send("export")
        await expect(visitor.messages.filter(has=visitor.page.get_by_role("table"))).to_have_count(
            1
        )
        await _assert_accessible(visitor)


async def _assert_accessible(visitor: Visitor) -> None:
    violations = (await Axe().run(visitor.page)).response["violations"]
    assert [
        (violation["id"], [node["html"] for node in violation["nodes"]]) for violation in violations
    ] == []


async def test_message_box_completes_and_recalls(chromium, playground) -> None:
    """The message box completes commands and people, shows the usage, and recalls earlier lines."""
    async with visit(chromium, playground, input_method="keyboard") as visitor:
        keyboard = visitor.page.keyboard
        offers = visitor.page.get_by_role("listbox", name="Completions").get_by_role("option")
        await visitor.box.focus()
        await keyboard.type("/e")
        await expect(offers).to_contain_text("/ext")
        await keyboard.press("Tab")
        await expect(visitor.box).to_have_value("/ext ")
        await expect(visitor.page.locator("#write-hint")).to_contain_text("/ext 789 | john smith")
        await keyboard.type("who @mary")
        await expect(offers).to_contain_text("Mary O'Brien")
        await keyboard.press("Enter")
        await keyboard.press("Enter")
        await expect(visitor.last).to_contain_text("Extension 790")
        await visitor.ask("/ext 789")
        await keyboard.press("ArrowUp")
        await expect(visitor.box).to_have_value("/ext 789")
        await keyboard.press("ArrowUp")
        await expect(visitor.box).to_have_value(re.compile("^/ext who @mary.obrien"))
        await keyboard.press("ArrowDown")
        await keyboard.press("ArrowDown")
        await expect(visitor.box).to_have_value("")
        assert "<@U0ADMIN|mary.obrien>" in visitor.playground.demo_env.transport.exchanges[
            0
        ].body.replace("%3C", "<").replace("%40", "@").replace("%7C", "|").replace("%3E", ">")


async def test_line_that_slack_would_refuse_shows_an_error(chromium, playground) -> None:
    """Slack refuses unknown commands, commands in threads, and commands of foreign users."""
    async with visit(chromium, playground) as visitor:
        problem = visitor.page.locator("#compose .error")
        await visitor.send("/nothing 789")
        await expect(problem).to_have_text("/nothing isn't a command here. Try /ext help.")
        await visitor.send("just talking")
        await visitor.last.hover()
        await visitor.press(visitor.last.get_by_role("button", name="Reply to John Smith"))
        await visitor.page.locator("#write-reply").fill("/ext 789")
        await visitor.page.keyboard.press("Enter")
        await expect(visitor.page.locator("#reply .error")).to_contain_text(
            "take commands in threads"
        )
        await visitor.sign_in_as("Stella Stranger, another organization")
        await expect(visitor.page.get_by_role("heading", level=1)).to_have_text("#partners")
        await visitor.send("/ext 789")
        await expect(problem).to_contain_text("only work in the workspace that installed it")
        assert visitor.playground.demo_env.transport.exchanges == []


async def test_share_into_shared_channel_is_confirmed_first(chromium, playground) -> None:
    """The card is posted only after the question is answered."""
    async with visit(chromium, playground) as visitor:
        await visitor.open_channel("#partners")
        await expect(visitor.page.locator("#channel-note")).to_contain_text("another organization")
        card = await visitor.ask("/ext 789")
        await visitor.press(card.locator("[data-action=ext_share]"))
        await visitor.press(visitor.page.locator("[data-action=ext_share_anyway]"))
        shared = visitor.messages.filter(has_text="Shared by @John Smith")
        await expect(shared).to_have_count(1)
        await visitor.sign_in_as("Stella Stranger, another organization")
        await expect(visitor.messages).to_have_count(1)
        await visitor.press(visitor.last.locator("[data-action=ext_refresh]"))
        await expect(visitor.last).to_contain_text("only answer people in the organization")


async def test_inspector_shows_request_response_calls_and_quota(chromium, playground) -> None:
    """The inspector has the signed request, the JSON response, the call to Vonage and the quota."""
    async with visit(chromium, playground) as visitor:
        await visitor.ask("/ext refresh 789")
        group = visitor.inspector.locator(".group").first
        await expect(group.locator("summary")).to_contain_text("/ext refresh 789 · John Smith")
        await expect(group.locator("summary")).to_contain_text(
            re.compile(r"200 in \d+ ms · 1 call")
        )
        await group.locator("summary").click()
        await expect(group).to_contain_text("X-Slack-Signature: v0=")
        await expect(group).to_contain_text('"response_type": "ephemeral"')
        await expect(group).to_contain_text("/api/accounts/self/extensions/789 200")
        await expect(visitor.inspector.locator("#quota")).to_contain_text("of 60 this minute")


async def test_switches_change_the_answers(chromium, playground) -> None:
    """The switches make Vonage slow, use up the quota, and expire the token."""
    async with visit(chromium, playground) as visitor:
        await visitor.run_action("Expire the token")
        card = await visitor.ask("/ext refresh 790")
        await expect(card).to_contain_text("Mary O'Brien")
        group = visitor.inspector.locator(".group").first
        await group.locator("summary").click()
        await expect(group).to_contain_text("POST /token 200")
        await visitor.inspector.get_by_role("switch", name="Vonage is slow").click()
        await visitor.ask("/ext refresh 1001")
        waiting = visitor.messages.filter(has_text="Looking up 1001…")
        await expect(waiting).to_have_count(1)
        await expect(visitor.last).to_contain_text("José García")
        await visitor.inspector.get_by_role("switch", name="Vonage is slow").click()
        await visitor.inspector.get_by_role("switch", name="Over quota").click()
        notice = await visitor.ask("/ext refresh 2140")
        await expect(notice).to_contain_text("Jürgen Müller")
        await expect(notice).to_contain_text(source_errors.OVER_QUOTA)


async def test_company_size_can_be_changed(chromium, playground) -> None:
    """The bot restarts among 5,000 and finds the newest."""
    demo_env = playground.demo_env
    before = demo_env.transport.url
    async with visit(chromium, playground) as visitor:
        await visitor.inspector.get_by_label("Company size").select_option("5000")
        await visitor.ask("/ext 789")
        newest = demo_env.vonage.entries[-1].number
        card = await visitor.ask(f"/ext {newest}")
        await expect(card).to_contain_text(f"Extension {newest}")
        await expect(visitor.inspector.get_by_label("Company size")).to_have_value("5000")
    assert (len(demo_env.vonage.entries), demo_env.transport.url == before) == (5_000, False)


async def test_violation_is_shown_in_the_inspector(chromium, playground) -> None:
    """The violation has Slack's name and a sentence that explains it."""
    async with visit(chromium, playground) as visitor:
        playground.demo_env.workspace.violations.record(
            "operation_timeout", "A slash command was late."
        )
        playground.demo_env.change_signal.notify()
        rules = visitor.inspector.locator("#rules")
        await expect(rules).to_contain_text("operation_timeout A slash command was late.")


async def test_stopped_playground_is_announced(chromium) -> None:
    """The page says how to start it again."""
    async with AsyncExitStack() as running:
        playground = await running.enter_async_context(run_playground())
        async with visit(chromium, playground) as visitor:
            await running.aclose()
            offline = visitor.page.locator("#offline")
            await expect(offline).to_have_text(re.compile("The playground has stopped"))
            await expect(offline).to_be_visible()
