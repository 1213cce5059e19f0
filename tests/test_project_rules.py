"""Rules of the house that no linter knows: what is written down agrees with what is."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

from bot import listeners
from bot.cards import action_ids
from bot.lookup.request import COMMAND
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
    assert text.count("\n") <= 400
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


def registered() -> tuple[set[str], set[str], set[str]]:
    """What the bot registers with Bolt: commands, events and actions."""
    kinds: tuple[set[str], set[str], set[str]] = (set(), set(), set())

    class Registrar:
        """Takes the names that listeners are registered under."""

        def command(self, name):
            """Take a command."""
            return lambda listener: kinds[0].add(name)

        def event(self, name):
            """Take an event."""
            return lambda listener: kinds[1].add(name) if isinstance(name, str) else None

        def action(self, name):
            """Take an action."""
            return lambda listener: kinds[2].add(name) if isinstance(name, str) else None

    listeners.register(Registrar(), None)  # type: ignore[arg-type]
    return kinds


def test_every_button_has_a_listener_and_the_reverse():
    """What a card can carry is answered, and nothing else is listened for."""
    _, _, actions = registered()
    assert actions == set(action_ids.ALL)
    built = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot/cards").glob("*.py"))
    names = {name for name, value in vars(action_ids).items() if value in action_ids.ALL}
    assert all(f"action_ids.{name}" in built for name in names)


def test_the_manifest_asks_for_what_is_listened_to():
    """Commands and events of the manifest are those that have a listener."""
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    commands, events, _ = registered()
    assert {each["command"] for each in manifest["features"]["slash_commands"]} == commands
    subscribed = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert {each.partition(".")[0] for each in subscribed} == events


def test_the_scopes_are_those_of_what_is_called():
    """Each scope is needed by a method that is called or an event that comes, and none lacks."""
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
    wanted = set().union(*(needed[each] for each in called | others))
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == wanted
