"""Rules that no linter checks: names, sizes, and that documents agree with the code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

from bot import limits, listeners
from bot.cards import action_ids
from bot.lookup.request import COMMAND
from bot.settings import Settings
from tests.retired_names import python_files, retired_names

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "bot").rglob("*.py"))
SETTINGS = {name.upper() for name in Settings.__dataclass_fields__}
THREATS = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
NAMES_OF_TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"def (test_\w+)\(", path.read_text(encoding="utf-8"))
}
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 45


@pytest.mark.parametrize("document", [".env.example", "README.md"])
def test_document_names_every_setting(document):
    """README and .env.example name every setting, and .env.example names nothing else."""
    text = (ROOT / document).read_text(encoding="utf-8")
    mentioned = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b|\b(?:HOST|PORT|ADMINS)\b", text))
    assert mentioned >= SETTINGS
    if document == ".env.example":
        assert set(re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE)) == SETTINGS


def test_manifest_has_the_command_and_a_reason_for_each_scope():
    """The manifest declares the bot's command, and no scope without a comment that says why."""
    text = (ROOT / "manifest.yml").read_text(encoding="utf-8")
    manifest = yaml.safe_load(text)
    assert [command["command"] for command in manifest["features"]["slash_commands"]] == [COMMAND]
    assert manifest["_metadata"]["major_version"] == 2
    for scope in manifest["oauth_config"]["scopes"]["bot"]:
        assert re.search(rf"- {re.escape(scope)} +# \S+", text), scope


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_and_its_functions_are_small(path):
    """A module has one purpose, and a function fits on a screen; the limits are one table."""
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MAX_FILE_LINES or path == ROOT / "bot/limits.py"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < MAX_FUNCTION_LINES, node.name


def test_every_limit_is_used():
    """A limit that nothing uses would tell an operator a number that is not true."""
    names = {name for name in vars(limits) if name.isupper()}
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCES if path.stem != "limits")
    assert not {name for name in names if not re.search(rf"\b{name}\b", code)}


def test_no_module_has_an_empty_name():
    """Names like utils say nothing about what is in a module."""
    empty = {"utils", "helpers", "common", "manager", "misc"}
    assert not empty & {part for path in SOURCES for part in (*path.parts, path.stem)}


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_module_defines_no_retired_name(path):
    """A name uses the standard terms of CONTRIBUTING, not this project's earlier vocabulary."""
    findings = retired_names(path)
    assert not findings, "\n".join(map(str, findings))


def test_retired_name_is_found_wherever_it_is_defined(tmp_path):
    """Classes, functions, parameters, attributes, locals, imports and captures are all checked."""
    module = tmp_path / "folding.py"
    module.write_text(
        "import json as shelf_json\n"
        "class Folder: ...\n"
        "class OpenDesk: ...\n"
        "def test_caller_is_told(near, *beside, **how): ...\n"
        "self.stage = [held for held in [1]]\n"
        "match 1:\n"
        "    case [mark, *rig_rest]: ...\n"
        "folder = nearest = TellingHTTPBell = 1\n",
        encoding="utf-8",
    )
    assert [(finding.line, finding.name) for finding in retired_names(module)] == [
        (1, "folding"),
        (1, "shelf_json"),
        (2, "Folder"),
        (3, "OpenDesk"),
        (4, "beside"),
        (4, "how"),
        (4, "near"),
        (4, "test_caller_is_told"),
        (5, "held"),
        (5, "stage"),
        (7, "mark"),
        (7, "rig_rest"),
        (8, "TellingHTTPBell"),
    ]


def test_lock_files_have_hashes_and_no_index():
    """A lock holds versions and hashes; the package index is the installer's choice."""
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--hash=sha256:" in text


def registered() -> tuple[set[str], set[str], set[str]]:
    """Return the commands, events and actions that the bot registers with Bolt."""
    kinds: tuple[set[str], set[str], set[str]] = (set(), set(), set())

    class Registrar:
        """Records the names that listeners are registered under."""

        def command(self, name):
            """Record a command."""
            return lambda listener: kinds[0].add(name)

        def event(self, name):
            """Record an event."""
            return lambda listener: kinds[1].add(name) if isinstance(name, str) else None

        def action(self, name):
            """Record an action."""
            return lambda listener: kinds[2].add(name) if isinstance(name, str) else None

        def error(self, handler):
            """Accept the handler of unexpected errors, which has no name."""

    listeners.register(Registrar(), None)  # type: ignore[arg-type]
    return kinds


def test_buttons_and_action_listeners_match():
    """Every button of a card has a listener, and every listener has a button."""
    _, _, actions = registered()
    assert actions == set(action_ids.ALL)
    built = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot/cards").glob("*.py"))
    names = {name for name, value in vars(action_ids).items() if value in action_ids.ALL}
    assert all(f"action_ids.{name}" in built for name in names)


def test_manifest_subscribes_to_what_has_a_listener():
    """The manifest's commands and events are those that have a listener."""
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    commands, events, _ = registered()
    assert {command["command"] for command in manifest["features"]["slash_commands"]} == commands
    subscribed = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert {event.partition(".")[0] for event in subscribed} == events


def test_manifest_scopes_are_those_that_the_code_needs():
    """Each scope is needed by a method or event in use, and no needed scope is missing."""
    needed = {
        '"users.info"': {"users:read"},
        '"users.lookupByEmail"': {"users:read.email"},
        '"conversations.info"': {"channels:read", "groups:read"},
        '"conversations.open"': {"im:write"},
        '"files.getUploadURLExternal"': {"files:write"},
        '"files.completeUploadExternal"': {"files:write"},
        '"chat.postMessage"': {"chat:write"},
        '"chat.postEphemeral"': {"chat:write"},
        '"app_mention"': {"app_mentions:read"},
        '"message"': {"im:history"},
        "app.command": {"commands"},
    }
    text = "".join(
        path.read_text(encoding="utf-8") for path in SOURCES if "sandbox" not in path.parts
    )
    called = {method for method in re.findall(r'"[a-z]+\.[a-zA-Z]+"', text) if method in needed}
    others = {call for call in needed if not call.startswith('"') or "." not in call}
    assert others <= {call for call in needed if call in text}
    expected = set().union(*(needed[use] for use in called | others))
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == expected


def test_threats_name_tests_that_exist():
    """Whoever reads docs/threats.md can look at the proof of each line."""
    named = set(re.findall(r"`(test_\w+)`", THREATS))
    assert len(named) > 30
    assert named <= NAMES_OF_TESTS
