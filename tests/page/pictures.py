"""The README's pictures: `make pictures` takes them again from the current page.

They use the same visitor as the tests, so they can't show what doesn't exist.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from playwright.async_api import Browser, Locator

from tests.page.visiting import Playground, Visitor, launch_chromium, run_playground, visit

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
MAX_PICTURE_BYTES = 200_000
SIZE = (1200, 720)
NARROW = (760, 900)


async def take(chromium: Browser, playground: Playground, folder: Path) -> list[Path]:
    """Take all pictures: a card, a list, a notice, and the playground itself."""
    async with visit(chromium, playground, size=NARROW, scale=1.5) as visitor:
        card = await visitor.ask("/ext 789")
        taken = [await _of(card, folder / "card.png")]
        listing = await visitor.ask("/ext list location:London")
        taken.append(await _of(listing, folder / "list.png"))
        notice = await visitor.ask("/ext list dnd:maybe location:London")
        taken.append(await _of(notice, folder / "notice.png"))
    async with visit(chromium, playground, size=SIZE) as visitor:
        taken.append(await _playground(visitor, folder))
    return taken


async def _of(message: Locator, path: Path) -> Path:
    await message.screenshot(path=path)
    return path


async def _playground(visitor: Visitor, folder: Path) -> Path:
    await visitor.sign_in_as("Anna Nowak, member")
    await visitor.ask("Who just called me from 790?")
    await visitor.ask("/ext 790")
    return await visitor.screenshot("playground", folder)


async def main() -> int:
    """Take the pictures into `docs/pictures`."""
    async with launch_chromium() as chromium, run_playground() as playground:
        taken = await take(chromium, playground, FOLDER)
    sizes = {path.name: path.stat().st_size for path in taken}
    for name, size in sizes.items():
        print(f"{name}: {size / 1000:.0f} kB")
    return int(max(sizes.values()) > MAX_PICTURE_BYTES)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
