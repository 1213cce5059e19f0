"""The bot's copy of the directory: searches, lists, exports, changes, and the time without a
copy.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.sandbox.company.sizes import CompanySize
from tests.page.visiting import PHONE, Visitor, run_playground, visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

ADMIN = "Mary O'Brien, admin"
FOR_ADMINS = re.compile("only.* admins")


async def become_admin(visitor: Visitor) -> None:
    """Sign in as an admin."""
    await visitor.sign_in_as(ADMIN)
    await expect(visitor.page.get_by_label("You are")).to_have_value("U0ADMIN")


async def test_name_search_answers_without_calls(chromium, playground) -> None:
    """Names with and without a typo, of two people, and a surname alone are answered."""
    calls = playground.demo_env.vonage.calls.api_calls
    async with visit(chromium, playground) as visitor:
        card = await visitor.ask("/ext john smith")
        await expect(card).to_contain_text("Extension 789")
        card = await visitor.ask("/ext jhon smith")
        await expect(card).to_contain_text("Showing John Smith for “jhon smith”")
        both = await visitor.ask("/ext anna nowak")
        await expect(both).to_contain_text("2 extensions")
        await expect(both.get_by_role("button", name=re.compile("^Show"))).to_have_count(2)
        card = await visitor.ask("/ext muller")
        await expect(card).to_contain_text("Jürgen Müller")
    assert playground.demo_env.vonage.calls.api_calls == calls


async def test_list_pages_in_place_and_its_buttons_open_cards(chromium, playground) -> None:
    """Next and previous change the same message; a row's button shows that row's card."""
    async with visit(chromium, playground, input_method="keyboard") as visitor:
        listing = await visitor.ask("/ext list")
        await expect(listing).to_contain_text("250 extensions · page 1 of 32")
        await visitor.press(listing.get_by_role("button", name=re.compile("^Next")))
        await expect(listing).to_contain_text("page 2 of 32")
        await visitor.press(listing.get_by_role("button", name=re.compile("^Previous")))
        await expect(listing).to_contain_text("page 1 of 32")
        await visitor.press(listing.get_by_role("button", name=re.compile("Edith Mills")))
        await expect(visitor.last).to_contain_text("Extension 128")


async def test_export_is_sent_to_admins_only(chromium, playground, tmp_path) -> None:
    """A member is refused; an admin gets a file in the direct message."""
    async with visit(chromium, playground) as visitor:
        for line in ("/ext export", "/ext changes", "/ext audit"):
            await expect(await visitor.ask(line)).to_contain_text(FOR_ADMINS)
        await become_admin(visitor)
        await visitor.send("/ext export")
        await expect(visitor.last).to_contain_text("direct message")
        await visitor.open_channel("Ext")
        await expect(visitor.last).to_contain_text("250 extensions")
        await expect(visitor.last.get_by_role("table")).to_contain_text("First name")
        async with visitor.page.expect_download() as downloading:
            await visitor.last.get_by_role("link", name=re.compile("directory .*csv")).click()
        saved = tmp_path / "directory.csv"
        await (await downloading.value).save_as(saved)
        assert len(_rows(saved)) == 251
        await visitor.sign_in_as("John Smith, member")
        await expect(visitor.page.get_by_label("You are")).to_have_value("U0JOHN")
        await visitor.open_channel("Ext")
        await expect(visitor.messages).to_have_count(0)
    playground.demo_env.workspace.check()


def _rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))


async def test_changes_after_turnover_lists_three_people(chromium) -> None:
    """The changes are listed once the directory was read again; the audit counts everyone."""
    async with (
        run_playground(CompanySize(refresh_interval_s=6.0)) as playground,
        visit(chromium, playground) as visitor,
    ):
        await become_admin(visitor)
        await expect(await visitor.ask("/ext changes")).to_contain_text("Nothing has changed")
        audit = await visitor.ask("/ext audit")
        await expect(audit).to_contain_text("250 extensions")
        await audit.get_by_role("button", name=re.compile("Show")).first.click()
        await expect(visitor.last).to_contain_text("page 1 of")
        read = playground.demo_env.bot.directory_status().read_at
        await visitor.run_action("Simulate staff turnover")
        await expect(visitor.inspector).to_contain_text("Ines Duarte joined as 90001")
        while (
            playground.demo_env.bot.directory_status().read_at == read
        ):  # the browser is what waits here
            await visitor.page.wait_for_timeout(100)
        changes = await visitor.ask("/ext changes")
        await expect(changes).to_contain_text("Ines Duarte")
        await expect(changes).to_contain_text("3 changes")


async def test_name_without_copy_is_answered_after_the_read(chromium, playground) -> None:
    """A name waits for the read, and the answer follows."""
    async with visit(chromium, playground) as visitor:
        await visitor.toggle_switch("Vonage is slow")
        await visitor.run_action("Restart the bot")
        await expect(visitor.inspector.locator("#directory")).to_contain_text("No copy yet")
        await visitor.send("/ext john smith")
        reading = visitor.messages.filter(has_text="still reading the directory")
        await expect(reading).to_have_count(1)
        await visitor.toggle_switch("Vonage is slow")
        await expect(visitor.last).to_contain_text("Extension 789")
        await expect(visitor.inspector.locator("#directory")).to_contain_text(
            "250 extensions, read at"
        )
        await visitor.open_channel("Ext")
        await visitor.send("jhon smith")
        await expect(visitor.last).to_contain_text("Extension 789")
    playground.demo_env.workspace.check()


async def test_number_without_copy_and_vonage_gets_a_notice(chromium, playground) -> None:
    """The notice says what to do, on a phone as well."""
    async with visit(chromium, playground, size=PHONE) as visitor:
        await visitor.toggle_switch("Vonage is down")
        await visitor.run_action("Restart the bot")
        await expect(visitor.inspector.locator("#directory")).to_contain_text("No copy yet")
        await visitor.close_inspector()
        notice = await visitor.ask("/ext 789")
        await expect(notice).to_contain_text("Vonage")
        await expect(notice).to_contain_text("I'll answer when it's back")
        status = await visitor.ask("/ext status")
        await expect(status).to_contain_text(re.compile("read"))
