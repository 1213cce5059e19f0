"""Rules of the house that no linter knows: what is written down agrees with what is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

from bot.lookup import COMMAND
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "bot").rglob("*.py"))
NAMES = {name.upper() for name in Settings.__dataclass_fields__}


@pytest.mark.parametrize("document", [".env.example", "README.md"])
def test_every_setting_is_written_down(document):
    """A setting that nobody can read about does not exist, and none is made up."""
    text = (ROOT / document).read_text(encoding="utf-8")
    mentioned = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b|\b(?:HOST|PORT|ADMINS)\b", text))
    assert mentioned >= NAMES
    if document == ".env.example":
        assert set(re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE)) == NAMES


def test_the_manifest_is_what_is_registered():
    """The manifest asks for our command, and for no scope without a reason beside it."""
    text = (ROOT / "manifest.yml").read_text(encoding="utf-8")
    manifest = yaml.safe_load(text)
    assert [each["command"] for each in manifest["features"]["slash_commands"]] == [COMMAND]
    assert manifest["_metadata"]["major_version"] == 2
    for scope in manifest["oauth_config"]["scopes"]["bot"]:
        assert re.search(rf"- {re.escape(scope)} +# \S+", text), scope


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_small(path):
    """A room has one purpose, and a function fits on a screen."""
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 45, node.name


def test_no_room_is_named_for_nothing():
    """Names like utils say nothing about what is inside."""
    empty = {"utils", "helpers", "common", "manager", "misc"}
    assert not empty & {part for path in SOURCES for part in (*path.parts, path.stem)}


def test_the_locks_name_no_place():
    """Locks are hashes and versions; where to fetch is the installer's business."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--hash=sha256:" in text
