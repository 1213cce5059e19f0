"""The doctor as a process: what a person reads, and the exit code."""

from __future__ import annotations

from bot.cli.manifest import bot_scopes
from tests.cli.doctor.cases import SIGNING_SECRET
from tests.cli.running import run, world

ALL_WELL = """\
Settings
ok    complete

Slack
ok    token       accepted in Blue Lantern (bluelantern.slack.com), as @ext
ok    scopes      all of manifest.yml
ok    clock       agrees with Slack's

Vonage
ok    login       accepted
ok    extensions  250, read 100 at a time
ok    envelope    as live accounts answer (_embedded.extensions)
ok    quota       Ext makes 10 calls a minute at most (VONAGE_REQUESTS_PER_MINUTE)

All well.
"""


async def test_all_well():
    """A good set-up is told line by line, for one login, one call of Vonage and one of Slack."""
    async with world(SLACK_SIGNING_SECRET=SIGNING_SECRET) as it:
        it.slack.scopes = bot_scopes()
        assert await run("doctor", environment=it.environment) == (0, ALL_WELL, "")
        assert (it.vonage.tokens.logins, it.vonage.calls.api_calls) == (1, 1)
        assert [call.method for call in it.slack.calls] == ["auth.test"]


async def test_hints_do_no_harm():
    """What is only worth a look is said, and the exit code stays 0."""
    async with world(HIDDEN_EXTENSIONS="99999", SLACK_CLIENT_ID="123.456") as it:
        code, out, err = await run("doctor", environment=it.environment)
        assert (code, err) == (0, "")
        assert out.endswith("All well, with 4 hints.\n")


async def test_what_to_put_right_is_counted():
    """Remedies stand below what was seen, no secret is shown, and the exit code is 1."""
    async with world(VONAGE_PASSWORD="Wr0ng", SLACK_BOT_TOKEN="xoxb-0ther") as it:
        code, out, err = await run("doctor", environment=it.environment)
        assert (code, err) == (1, "")
        assert out.endswith("2 things to put right, and 1 hint.\n")
        assert it.vonage.tokens.refused_logins == 1
        assert all(len(line) <= 90 for line in out.splitlines())
        for secret in ("0ther", "Wr0ng", "Sesame", "sandbox-consumer", "ext.integration"):
            assert secret not in out


async def test_without_any_settings_it_says_what_to_set():
    """Nothing is asked of anybody then."""
    code, out, err = await run("doctor", environment={})
    assert (code, err) == (1, "")
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "VONAGE_CLIENT_ID", "VONAGE_PASSWORD"):
        assert name in out
    assert out.count("not asked until") == 2
