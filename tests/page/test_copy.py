"""What the copy of the directory makes possible, and what is seen while there is none."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.cards import source_errors
from bot.sandbox.company.sizes import CompanySize
from tests.page.visitor import PHONE, Visitor, playground, visiting

pytestmark = pytest.mark.asyncio(loop_scope="session")

ADMIN = "Mary O'Brien, admin"
FOR_ADMINS = "only Ext's admins can ask that"


async def become_admin(visitor: Visitor) -> None:
    """Become somebody who may ask everything."""
    await visitor.becomes(ADMIN)
    await expect(visitor.page.get_by_label("You are")).to_have_value("U0ADMIN")


async def test_names_are_found_at_once(chromium, place) -> None:
    """From the first question on: right and wrong spelling, two of a name, and a surname."""
    calls = place.demo_env.vonage.calls.api_calls
    async with visiting(chromium, place) as visitor:
        card = await visitor.asks("/ext john smith")
        await expect(card).to_contain_text("Extension 789")
        card = await visitor.asks("/ext jhon smith")
        await expect(card).to_contain_text("Showing John Smith for “jhon smith”")
        both = await visitor.asks("/ext anna nowak")
        await expect(both).to_contain_text("2 extensions")
        await expect(both.get_by_role("button", name=re.compile("^Show"))).to_have_count(2)
        card = await visitor.asks("/ext muller")
        await expect(card).to_contain_text("Jürgen Müller")
    assert place.demo_env.vonage.calls.api_calls == calls


async def test_a_list_is_paged_and_its_buttons_open_cards(chromium, place) -> None:
    """Forth and back in the same message; a row's button shows the card of that row."""
    async with visiting(chromium, place, by="keyboard") as visitor:
        found = await visitor.asks("/ext list")
        await expect(found).to_contain_text("250 extensions · page 1 of 32")
        await visitor.press(found.get_by_role("button", name=re.compile("^Next")))
        await expect(found).to_contain_text("page 2 of 32")
        await visitor.press(found.get_by_role("button", name=re.compile("^Previous")))
        await expect(found).to_contain_text("page 1 of 32")
        await visitor.press(found.get_by_role("button", name=re.compile("Edith Mills")))
        await expect(visitor.last).to_contain_text("Extension 128")


async def test_an_export_is_sent_to_an_admin_only(chromium, place, tmp_path) -> None:
    """A member is refused; an admin finds a file in the direct message that can be kept."""
    async with visiting(chromium, place) as visitor:
        for line in ("/ext export", "/ext changes", "/ext audit"):
            await expect(await visitor.asks(line)).to_contain_text(FOR_ADMINS)
        await become_admin(visitor)
        await visitor.say("/ext export")
        await expect(visitor.last).to_contain_text("as a direct message: 250 extensions")
        await visitor.goes_to("Ext")
        await expect(visitor.last).to_contain_text("Here's your export: 250 extensions")
        await expect(visitor.last.get_by_role("table")).to_contain_text("First name")
        async with visitor.page.expect_download() as downloading:
            await visitor.last.get_by_role("link", name=re.compile("directory .*csv")).click()
        kept = tmp_path / "directory.csv"
        await (await downloading.value).save_as(kept)
        assert len(_rows(kept)) == 251
        await visitor.becomes("John Smith, member")
        await expect(visitor.page.get_by_label("You are")).to_have_value("U0JOHN")
        await visitor.goes_to("Ext")
        await expect(visitor.messages).to_have_count(0)
    place.demo_env.workspace.check()


def _rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))


async def test_what_people_do_is_told_of_by_changes(chromium) -> None:
    """Once the directory was read anew: who joined, who left, who moved; and the audit counts."""
    async with (
        playground(CompanySize(refresh_interval_s=6.0)) as place,
        visiting(chromium, place) as visitor,
    ):
        await become_admin(visitor)
        await expect(await visitor.asks("/ext changes")).to_contain_text("Nothing has changed")
        audit = await visitor.asks("/ext audit")
        await expect(audit).to_contain_text("250 extensions checked")
        await audit.get_by_role("button", name=re.compile("Show")).first.click()
        await expect(visitor.last).to_contain_text("page 1 of")
        read = place.demo_env.bot.directory_status().read_at
        await visitor.has_done("Simulate staff turnover")
        await expect(visitor.inspector).to_contain_text("Ines Duarte joined as 90001")
        while (
            place.demo_env.bot.directory_status().read_at == read
        ):  # the browser is what waits here
            await visitor.page.wait_for_timeout(100)
        changes = await visitor.asks("/ext changes")
        await expect(changes).to_contain_text("Ines Duarte")
        await expect(changes).to_contain_text("3 changes")


async def test_a_bot_without_a_copy_says_so_and_follows(chromium, place) -> None:
    """A number works, a name waits, and is answered when Vonage is there again."""
    async with visiting(chromium, place) as visitor:
        await visitor.turns("Vonage is slow")
        await visitor.has_done("Restart the bot")
        await expect(visitor.inspector.locator("#directory")).to_contain_text("No copy yet")
        await visitor.say("/ext john smith")
        reading = visitor.messages.filter(has_text="still reading the directory")
        await expect(reading).to_have_count(1)
        await visitor.turns("Vonage is slow")
        await expect(visitor.last).to_contain_text("Extension 789")
        await expect(visitor.inspector.locator("#directory")).to_contain_text(
            "250 extensions, read at"
        )
        await visitor.goes_to("Ext")
        await visitor.say("jhon smith")
        await expect(visitor.last).to_contain_text("Extension 789")
    place.demo_env.workspace.check()


async def test_a_bot_without_a_copy_and_without_vonage(chromium, place) -> None:
    """Nothing is known, which is said, with what to do; on a phone."""
    async with visiting(chromium, place, size=PHONE) as visitor:
        await visitor.turns("Vonage is down")
        await visitor.has_done("Restart the bot")
        await expect(visitor.inspector.locator("#directory")).to_contain_text("No copy yet")
        await visitor.closes_the_inspector()
        notice = await visitor.asks("/ext 789")
        await expect(notice).to_contain_text(source_errors.UNAVAILABLE)
        await expect(notice).to_contain_text("Please try again")
        status = await visitor.asks("/ext status")
        await expect(status).to_contain_text("not read yet")
