"""The page around the messages: accessible, by keyboard too, and honest about what happens."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from bot.cards import source_errors
from tests.page.visitor import DESKTOP, PHONE, Visitor, playground, visiting

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
async def test_axe_finds_nothing(chromium, place, size, scheme) -> None:
    """With cards, a list, a thread, a file and the panel in view."""
    async with visiting(chromium, place, size=size, scheme=scheme) as visitor:
        await _judged(visitor)
        await visitor.asks("/ext 789")
        await visitor.asks("/ext list location:London")
        question = await visitor.asks("@Ext 790")
        await _judged(visitor)
        await visitor.press(question.get_by_role("button", name="1 reply"))
        await expect(visitor.replies).to_have_count(2)
        await _judged(visitor)
        await visitor.page.keyboard.press("Escape")
        await visitor.opens_the_inspector()
        await visitor.inspector.locator(".group summary").first.click()
        await visitor.inspector.get_by_text("More to try").click()
        await _judged(visitor)
        await visitor.closes_the_inspector()
        await visitor.becomes("Mary O'Brien, admin")
        await expect(visitor.page.get_by_label("You are")).to_have_value("U0ADMIN")
        await visitor.goes_to("Ext")
        await visitor.say("export")
        await expect(visitor.messages.filter(has=visitor.page.get_by_role("table"))).to_have_count(
            1
        )
        await _judged(visitor)


async def _judged(visitor: Visitor) -> None:
    found = (await Axe().run(visitor.page)).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


async def test_the_message_box_helps(chromium, place) -> None:
    """It completes the command, hints at its use, completes people, and keeps earlier lines."""
    async with visiting(chromium, place, by="keyboard") as visitor:
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
        await visitor.asks("/ext 789")
        await keyboard.press("ArrowUp")
        await expect(visitor.box).to_have_value("/ext 789")
        await keyboard.press("ArrowUp")
        await expect(visitor.box).to_have_value(re.compile("^/ext who @mary.obrien"))
        await keyboard.press("ArrowDown")
        await keyboard.press("ArrowDown")
        await expect(visitor.box).to_have_value("")
        assert "<@U0ADMIN|mary.obrien>" in visitor.place.demo_env.transport.exchanges[
            0
        ].body.replace("%3C", "<").replace("%40", "@").replace("%7C", "|").replace("%3E", ">")


async def test_what_slack_would_not_do_is_said(chromium, place) -> None:
    """A command that is none, a command in a thread, and one of somebody from elsewhere."""
    async with visiting(chromium, place) as visitor:
        problem = visitor.page.locator("#compose .error")
        await visitor.say("/nothing 789")
        await expect(problem).to_have_text("/nothing isn't a command here. Try /ext help.")
        await visitor.say("just talking")
        await visitor.last.hover()
        await visitor.press(visitor.last.get_by_role("button", name="Reply to John Smith"))
        await visitor.page.locator("#write-reply").fill("/ext 789")
        await visitor.page.keyboard.press("Enter")
        await expect(visitor.page.locator("#reply .error")).to_contain_text(
            "take commands in threads"
        )
        await visitor.becomes("Stella Stranger, another organization")
        await expect(visitor.page.get_by_role("heading", level=1)).to_have_text("#partners")
        await visitor.say("/ext 789")
        await expect(problem).to_contain_text("only work in the workspace that installed it")
        assert visitor.place.demo_env.transport.exchanges == []


async def test_a_share_among_outsiders_is_asked_about(chromium, place) -> None:
    """The card goes to the shared channel only after the question."""
    async with visiting(chromium, place) as visitor:
        await visitor.goes_to("#partners")
        await expect(visitor.page.locator("#channel-note")).to_contain_text("another organization")
        card = await visitor.asks("/ext 789")
        await visitor.press(card.locator("[data-action=ext_share]"))
        await visitor.press(visitor.page.locator("[data-action=ext_share_anyway]"))
        shared = visitor.messages.filter(has_text="Shared by @John Smith")
        await expect(shared).to_have_count(1)
        await visitor.becomes("Stella Stranger, another organization")
        await expect(visitor.messages).to_have_count(1)
        await visitor.press(visitor.last.locator("[data-action=ext_refresh]"))
        await expect(visitor.last).to_contain_text("only answer people in the organization")


async def test_the_hood_shows_the_whole_way(chromium, place) -> None:
    """The signed request, the answer's JSON, the call to Vonage, and the quota's level."""
    async with visiting(chromium, place) as visitor:
        await visitor.asks("/ext refresh 789")
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


async def test_switches_are_felt(chromium, place) -> None:
    """Slow, over quota, and a token that expired: each is answered in its way."""
    async with visiting(chromium, place) as visitor:
        await visitor.has_done("Expire the token")
        card = await visitor.asks("/ext refresh 790")
        await expect(card).to_contain_text("Mary O'Brien")
        group = visitor.inspector.locator(".group").first
        await group.locator("summary").click()
        await expect(group).to_contain_text("POST /token 200")
        await visitor.inspector.get_by_role("switch", name="Vonage is slow").click()
        await visitor.asks("/ext refresh 1001")
        waiting = visitor.messages.filter(has_text="Looking up 1001…")
        await expect(waiting).to_have_count(1)
        await expect(visitor.last).to_contain_text("José García")
        await visitor.inspector.get_by_role("switch", name="Vonage is slow").click()
        await visitor.inspector.get_by_role("switch", name="Over quota").click()
        notice = await visitor.asks("/ext refresh 2140")
        await expect(notice).to_contain_text("Jürgen Müller")
        await expect(notice).to_contain_text(source_errors.OVER_QUOTA)


async def test_the_directory_gets_another_size(chromium, place) -> None:
    """The bot starts anew among 5,000, and answers for one who was not there before."""
    demo_env = place.demo_env
    before = demo_env.transport.url
    async with visiting(chromium, place) as visitor:
        await visitor.inspector.get_by_label("Company size").select_option("5000")
        await visitor.asks("/ext 789")
        newest = demo_env.vonage.entries[-1].number
        card = await visitor.asks(f"/ext {newest}")
        await expect(card).to_contain_text(f"Extension {newest}")
        await expect(visitor.inspector.get_by_label("Company size")).to_have_value("5000")
    assert (len(demo_env.vonage.entries), demo_env.transport.url == before) == (5_000, False)


async def test_a_broken_rule_is_shown_plainly(chromium, place) -> None:
    """Slack's name for it, and what was done."""
    async with visiting(chromium, place) as visitor:
        place.demo_env.workspace.violations.record("operation_timeout", "A slash command was late.")
        place.demo_env.change_signal.notify()
        rules = visitor.inspector.locator("#rules")
        await expect(rules).to_contain_text("operation_timeout A slash command was late.")


async def test_the_end_of_the_playground_is_said(chromium) -> None:
    """A page that nobody answers any more says so."""
    async with AsyncExitStack() as running:
        place = await running.enter_async_context(playground())
        async with visiting(chromium, place) as visitor:
            await running.aclose()
            offline = visitor.page.locator("#offline")
            await expect(offline).to_have_text(re.compile("The playground has stopped"))
            await expect(offline).to_be_visible()
