"""The commands, as processes."""

from __future__ import annotations

import re

import pytest
import yaml

from bot.cards import source_errors
from tests.cli.running import run, world


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("789", 0, "John Smith"),
        ("/ext 789", 0, "John Smith"),
        ("who 14155550100", 0, "john.smith@example.com"),
        ("help", 0, "/ext 789"),
        ("99999", 1, "Nothing found for 99999."),
        ("jhon smith", 0, "Showing John Smith for “jhon smith”"),
        ("nosuchname", 1, "Nothing found for nosuchname."),
        ("export login:jsmith", 0, "\ufeffExtension,First name,Last name"),
        ("changes", 0, "Nothing has changed since"),
        ("audit", 0, "250 extensions checked"),
        ("me", 2, "no Slack identity"),
        ("share me", 2, "no Slack identity"),
        ("who is <@U0JOHN>?", 2, "no Slack identity"),
        ("list page zero", 2, "^^^^"),
    ],
)
async def test_ask_prints_the_answer_and_tells_by_its_exit_code(line, code, said):
    """0 found, 1 nothing found, 2 cannot; the answer is on standard output, alone.

    That the directory must be read first is told on standard error.
    """
    async with world(SLACK_BOT_TOKEN="", SLACK_SIGNING_SECRET="") as it:
        ended, out, err = await run("ask", line, environment=it.environment)
        assert ended == code
        assert not err or err.startswith("I'm still reading the directory.")
        assert said in out
        assert "\x1b" not in out


async def test_ask_cannot_when_vonage_is_down():
    """A failure of Vonage is exit code 2 and a notice."""
    async with world() as it:
        it.vonage.faults.on("down")
        code, out, _ = await run("ask", "789", environment=it.environment)
        assert code == 2
        assert source_errors.UNAVAILABLE in out


async def test_ask_has_nobody_to_share_with():
    """What is to be shared is answered as it would be by itself."""
    async with world() as it:
        await run("ask", "list", environment=it.environment)  # the copy that all answer from
        for line in ("789", "list location:London", "who jsmith"):
            code, out, err = await run("ask", f"share {line}", environment=it.environment)
            _, alone, _ = await run("ask", line, environment=it.environment)
            assert (code, err) == (0, "")
            assert _without_times(out) == _without_times(alone)


async def test_ask_does_not_wait_for_ever():
    """Where login and lookup are slow alike, it ends when an answer in Slack would be late too."""
    async with world() as it:
        it.vonage.faults.on("latency", 9.0)
        code, out, _ = await run("ask", "789", environment=it.environment)
        assert code == 2
        assert source_errors.UNAVAILABLE in out


@pytest.mark.parametrize("command", [("serve",), ("ask", "789")])
async def test_missing_settings_are_listed_with_their_remedies(command):
    """Without settings nothing starts, and one reads what to set."""
    code, out, err = await run(*command, environment={"PORT": "eighty"})
    assert (code, out) == (2, "")
    assert "VONAGE_CLIENT_ID" in err
    assert "PORT" in err
    assert "Traceback" not in err


async def test_help_is_there():
    """`--help` names every command."""
    code, out, _ = await run("--help", environment={})
    assert code == 0
    for name in ("serve", "ask", "demo", "doctor", "manifest"):
        assert name in out


async def test_the_manifest_is_filled_in():
    """The printed manifest has the bot's address, and is YAML."""
    code, out, _ = await run("manifest", "--url", "https://bot.acme.com/", environment={})
    assert code == 0
    (command,) = yaml.safe_load(out)["features"]["slash_commands"]
    assert command["url"] == "https://bot.acme.com/slack/events"
    assert "example.com" not in out


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://bot.acme.com:8443", "bot.acme.com:8443"),
        ("https://bot.acme.com/slack/events", "bot.acme.com"),
        ("HTTPS://Bot.Acme.com", "bot.acme.com"),
        ("https://203.0.113.7/", "203.0.113.7"),
    ],
)
async def test_what_can_stand_in_an_address(url, host):
    """A port and the path of Slack's requests may be there; the manifest has the path once."""
    code, out, _ = await run("manifest", "--url", url, environment={})
    assert code == 0
    settings = yaml.safe_load(out)["settings"]
    for each in ("event_subscriptions", "interactivity"):
        assert settings[each]["request_url"] == f"https://{host}/slack/events"


@pytest.mark.parametrize(
    "url",
    [
        *("http://bot.acme.com", "bot.acme.com", "https://", ""),
        *("https://bot.acme.com/other", "https://bot.acme.com/slack/events/more"),
        *("https://bot.acme.com?x=1", "https://bot.acme.com#x", "https://bot.acme.com:port"),
        *("https://me:secret@bot.acme.com", "https://me@bot.acme.com"),
        *(" https://bot.acme.com", "https://bot.acme.com ", "https://bot acme.com"),
        *("https://bot.acme.com\n", "https://bot.acme.com\nx: 1", "https://bot.acme.com\t"),
        *("https://bot.acme.com\x1b[31m", "https://bot.acme.com: {", 'https://"bot"'),
    ],
)
async def test_a_manifest_needs_a_plain_secure_address(url):
    """Slack takes https only, and nothing that is no host would leave the manifest whole."""
    code, out, err = await run("manifest", "--url", url, environment={})
    assert (code, out) == (2, "")
    assert "https://" in err


async def test_the_demo_answers_one_line_and_ends():
    """`demo --once` needs no settings and minds none."""
    code, out, err = await run(
        "demo", "--once", "/ext who +1 (415) 555-0100", environment={"VONAGE_BASE_URL": "nonsense"}
    )
    assert (code, err) == (0, "")
    assert "John Smith\nExtension 789" in out


def _without_times(card: str) -> str:
    """A card but for its times, which go on between two answers."""
    return re.sub(r"\w+ \d+:\d\d [AP]M local time|Read from Vonage.*", "", card)
