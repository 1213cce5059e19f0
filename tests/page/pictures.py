"""The README's pictures: `make pictures` takes them anew, of the page as it is.

They are made by the same hands as the tests of the page, so that they cannot show what is not.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from playwright.async_api import Browser, Locator

from tests.page.visitor import Place, Visitor, browser, playground, visiting

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
LARGEST = 200_000  # bytes of one picture
SIZE = (1200, 720)
NARROW = (760, 900)


async def take(chromium: Browser, place: Place, folder: Path) -> list[Path]:
    """Take all pictures: a card, a list, a notice, and the playground itself."""
    async with visiting(chromium, place, size=NARROW, scale=1.5) as visitor:
        card = await visitor.asks("/ext 789")
        taken = [await _of(card, folder / "card.png")]
        found = await visitor.asks("/ext list location:London")
        taken.append(await _of(found, folder / "list.png"))
        notice = await visitor.asks("/ext list dnd:maybe location:London")
        taken.append(await _of(notice, folder / "notice.png"))
    async with visiting(chromium, place, size=SIZE) as visitor:
        taken.append(await _playground(visitor, folder))
    return taken


async def _of(message: Locator, path: Path) -> Path:
    await message.screenshot(path=path)
    return path


async def _playground(visitor: Visitor, folder: Path) -> Path:
    await visitor.becomes("Anna Nowak, member")
    await visitor.asks("Who just called me from 790?")
    await visitor.asks("/ext 790")
    return await visitor.picture("playground", folder)


async def main() -> int:
    """Take the pictures into `docs/pictures`."""
    async with browser() as chromium, playground() as place:
        taken = await take(chromium, place, FOLDER)
    sizes = {path.name: path.stat().st_size for path in taken}
    for name, size in sizes.items():
        print(f"{name}: {size / 1000:.0f} kB")
    return int(max(sizes.values()) > LARGEST)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
