"""The README's pictures: they are there, small and described, and can be taken anew at any time."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.page import pictures

ROOT = Path(__file__).parents[2]


def test_the_readme_shows_what_is_there():
    """Every picture is shown with words for those who do not see it, and none is large."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = {path: words for words, path in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text)}
    there = {f"docs/pictures/{path.name}" for path in pictures.FOLDER.iterdir()}
    assert set(shown) == there
    assert all(len(words) > 40 for words in shown.values())
    assert all((ROOT / path).stat().st_size <= pictures.LARGEST for path in there)


@pytest.mark.asyncio(loop_scope="session")
async def test_the_pictures_can_be_taken_anew(chromium, place, tmp_path):
    """By the same script, so that they show the page as it is."""
    taken = await pictures.take(chromium, place, tmp_path)
    assert {path.name for path in taken} == {path.name for path in pictures.FOLDER.iterdir()}
    assert all(1_000 < path.stat().st_size <= pictures.LARGEST for path in taken)
