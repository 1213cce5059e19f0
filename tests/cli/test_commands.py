"""The commands `ask`, `manifest`, `demo --once` and `--help`, as processes."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import sys

import pytest
import yaml

from bot import __version__
from bot.__main__ import USE_VENV
from bot.__main__ import _run as start_bot
from bot.cards import source_errors
from bot.cli import DISK_FULL, EXIT_CLOSED_PIPE
from bot.cli.ask import NO_SLACK
from tests.cli.running import ROOT, fake_services, run

NO_SLACK_START = NO_SLACK.partition("\n")[0]


@pytest.mark.parametrize(
    ("line", "code", "expected"),
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
        ("me", 2, NO_SLACK_START),
        ("share me", 2, NO_SLACK_START),
        ("who is <@U0JOHN>?", 2, NO_SLACK_START),
        ("list page zero", 2, "^^^^"),
    ],
)
async def test_ask_prints_answer_and_reports_outcome_by_exit_code(line, code, expected):
    """Exit code 0 is found, 1 nothing found, 2 failed; standard output holds the answer alone.

    The notice that the directory must be read first goes to standard error.
    """
    async with fake_services(SLACK_BOT_TOKEN="", SLACK_SIGNING_SECRET="") as services:
        exit_code, out, err = await run("ask", line, environment=services.environment)
        assert exit_code == code
        assert not err or "still reading" in err
        assert expected in out
        assert "\x1b" not in out


async def test_ask_with_vonage_down_exits_with_2_and_a_notice():
    """A failure of Vonage is exit code 2, and the notice says what happened."""
    async with fake_services() as services:
        services.vonage.faults.on("down")
        code, out, _ = await run("ask", "789", environment=services.environment)
        assert code == 2
        assert source_errors.UNAVAILABLE in out


async def test_ask_share_prints_the_answer_without_sharing():
    """A terminal has no channel, so `share 789` prints what `789` prints."""
    async with fake_services() as services:
        await run("ask", "list", environment=services.environment)  # makes the snapshot
        for line in ("789", "list location:London", "who jsmith"):
            code, out, err = await run("ask", f"share {line}", environment=services.environment)
            _, unshared, _ = await run("ask", line, environment=services.environment)
            assert (code, err) == (0, "")
            assert _without_times(out) == _without_times(unshared)


async def test_ask_with_slow_vonage_gives_up_at_the_deadline():
    """If login and lookup are both slow, `ask` exits when an answer in Slack would be late too."""
    async with fake_services() as services:
        services.vonage.faults.on("latency", 9.0)
        code, out, _ = await run("ask", "789", environment=services.environment)
        assert code == 2
        assert source_errors.UNAVAILABLE in out


@pytest.mark.parametrize("command", [("serve",), ("ask", "789")])
async def test_missing_settings_are_listed_with_their_remedies(command):
    """Without settings nothing starts, and standard error names each setting to fix."""
    code, out, err = await run(*command, environment={"PORT": "eighty"})
    assert (code, out) == (2, "")
    assert "VONAGE_CLIENT_ID" in err
    assert "PORT" in err
    assert "Traceback" not in err


async def test_help_names_every_command():
    """`--help` lists all commands."""
    code, out, _ = await run("--help", environment={})
    assert code == 0
    for name in ("serve", "socket", "ask", "demo", "doctor", "manifest"):
        assert name in out


async def test_manifest_has_the_given_address():
    """The printed manifest is YAML with the bot's address in it, and no trace of the example's."""
    code, out, _ = await run("manifest", "--url", "https://bot.acme.com/", environment={})
    assert code == 0
    (command,) = yaml.safe_load(out)["features"]["slash_commands"]
    assert command["url"] == "https://bot.acme.com/slack/events"
    assert "example.com" not in out
    assert out.startswith("# Ext's Slack app manifest, for https://bot.acme.com.\n")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://bot.acme.com:8443", "bot.acme.com:8443"),
        ("https://bot.acme.com/slack/events", "bot.acme.com"),
        ("HTTPS://Bot.Acme.com", "bot.acme.com"),
        ("https://203.0.113.7/", "203.0.113.7"),
    ],
)
async def test_manifest_accepts_a_port_and_the_path_of_events(url, host):
    """The address may have a port, and the events path, which the manifest then has once."""
    code, out, _ = await run("manifest", "--url", url, environment={})
    assert code == 0
    settings = yaml.safe_load(out)["settings"]
    for feature in ("event_subscriptions", "interactivity"):
        assert settings[feature]["request_url"] == f"https://{host}/slack/events"


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
async def test_manifest_refuses_what_is_no_plain_https_address(url):
    """Slack accepts only https, and anything but a host could break the manifest's YAML."""
    code, out, err = await run("manifest", "--url", url, environment={})
    assert (code, out) == (2, "")
    assert "https://" in err


async def test_demo_once_answers_one_line_and_exits():
    """`demo --once` needs no settings and ignores those that are set."""
    code, out, err = await run(
        "demo", "--once", "/ext who +1 (415) 555-0100", environment={"VONAGE_BASE_URL": "nonsense"}
    )
    assert (code, err) == (0, "")
    assert "John Smith\nExtension 789" in out


@pytest.mark.parametrize("port", ["65536", "-1", "http"])
async def test_demo_with_an_impossible_port_is_refused(port):
    """A port that can't exist is an error that says which ones can, not a traceback."""
    code, out, err = await run("demo", f"--port={port}", environment={})
    assert (code, out) == (2, "")
    assert "a port is a number from 0 to 65535" in err
    assert "Traceback" not in err


async def test_version_is_printed():
    """`--version` tells the version of this checkout, installed or not."""
    assert await run("--version", environment={}) == (0, f"Ext {__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("serv",), "there's no command 'serv'. Did you mean serve?"),
        (("xyz",), "The commands are serve, socket, ask,"),
        (("serve", "--port", "99999"), "there's no option '--port' here. The address is set by"),
        (("doctor", "--token=Sesame"), "there's no option '--token' here."),
        (("\x1b[31m",), "there's no command '\\x1b[31m'."),
    ],
)
async def test_mistyped_command_is_refused_with_the_nearest_one(arguments, expected):
    """The error says what there is; it repeats no value and no control character."""
    code, out, err = await run(*arguments, environment={})
    assert (code, out) == (2, "")
    assert expected in err
    assert "Sesame" not in err


@pytest.mark.parametrize(
    "arguments", [("doctor",), ("--help",), ("manifest", "--url", "https://a.example")]
)
async def test_output_that_nobody_reads_ends_the_command_quietly(arguments):
    """`doctor | head -1` closes the pipe early; a full disk is said in a sentence."""
    command = shlex.join([sys.executable, "-m", "bot", *arguments])
    shell = f"set -o pipefail; {command} | true; echo $?; {command} >/dev/full; echo $?"
    process = await asyncio.create_subprocess_exec(
        *("bash", "-c", shell),
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert out.decode().split() == [str(EXIT_CLOSED_PIPE), "2"]
    assert err.decode() == f"{DISK_FULL}\n"


@pytest.mark.parametrize("arguments", [("serve",), ("ask", "789"), ("doctor",)])
async def test_python_without_the_packages_says_how_to_install_them(arguments, tmp_path):
    """`-S` stands for a Python outside of .venv; with a .venv beside it, that one is named."""

    async def run_without_packages() -> tuple[int | None, str]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-S", "-m", "bot", *arguments),
            env={"PYTHONPATH": str(ROOT)},
            stderr=asyncio.subprocess.PIPE,
        )
        _, err = await process.communicate()
        return process.returncode, err.decode()

    code, err = await run_without_packages()
    assert code == 2
    assert "packages aren't installed" in err
    assert "make setup" in err
    assert "Traceback" not in err
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").touch()
    remedy = USE_VENV.format(".venv/bin/python", arguments[0])
    assert remedy in (await run_without_packages())[1]


def test_old_python_is_refused_in_a_sentence(monkeypatch, capsys):
    """The first lines run on every Python 3, before anything newer is imported."""
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert start_bot() == 2
    assert "Ext needs Python 3.11 or newer, and this is Python 3.9" in capsys.readouterr().err


async def test_near_misses_are_said_with_missing_settings():
    """A misspelled name explains why its setting is missing."""
    code, _, err = await run("serve", environment={"VONAGE_CLIENTID": "Sesame"})
    assert code == 2
    assert "VONAGE_CLIENTID is not a setting: Did you mean VONAGE_CLIENT_ID?" in err
    assert "Sesame" not in err


async def test_ask_warns_of_a_near_miss():
    """`HIDDEN_EXTENSION` hides nobody, and whoever asks learns it before the answer."""
    async with fake_services(HIDDEN_EXTENSION="789") as services:
        code, out, err = await run("ask", "789", environment=services.environment)
    assert (code, "John Smith" in out) == (0, True)
    assert err.startswith("HIDDEN_EXTENSION is not a setting. Did you mean HIDDEN_EXTENSIONS?")


def _without_times(card: str) -> str:
    """Remove the times from a card, which differ between two answers."""
    return re.sub(r"\w+ \d+:\d\d [AP]M local time|(From|Read from) Vonage.*", "", card)
