"""The README's pictures: they exist, are small and described, and can be taken again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.page import pictures

ROOT = Path(__file__).parents[2]


def test_readme_shows_every_picture_with_alt_text():
    """The README has each picture of docs/pictures with an alt text, and no picture is large."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    alt_texts = {path: alt_text for alt_text, path in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text)}
    paths = {f"docs/pictures/{path.name}" for path in pictures.FOLDER.iterdir()}
    assert set(alt_texts) == paths
    assert all(len(alt_text) > 40 for alt_text in alt_texts.values())
    assert all((ROOT / path).stat().st_size <= pictures.MAX_PICTURE_BYTES for path in paths)


@pytest.mark.asyncio(loop_scope="session")
async def test_pictures_can_be_taken_again(chromium, playground, tmp_path):
    """`make pictures` still finds on the page what the pictures show."""
    taken = await pictures.take(chromium, playground, tmp_path)
    assert {path.name for path in taken} == {path.name for path in pictures.FOLDER.iterdir()}
    assert all(1_000 < path.stat().st_size <= pictures.MAX_PICTURE_BYTES for path in taken)
