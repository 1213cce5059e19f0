"""The doctor as a process: its report and its exit code."""

from __future__ import annotations

from bot.cli.doctor import NOT_YET
from bot.cli.manifest import bot_scopes
from tests.cli.doctor.cases import SIGNING_SECRET
from tests.cli.running import fake_services, run

ALL_WELL = """\
Settings
ok    complete

Slack
ok    token       accepted in Blue Lantern (bluelantern.slack.com), as @ext
ok    scopes      all those in manifest.yml
ok    clock       agrees with Slack's

Vonage
ok    login       accepted
ok    extensions  250, read 100 at a time
ok    envelope    the one live accounts send (_embedded.extensions)
ok    quota       Ext makes at most 10 calls a minute (VONAGE_REQUESTS_PER_MINUTE)

Ext
ok    DATA_DIR    can be written, and has enough space

All well.
"""


async def test_good_setup_is_reported_with_few_calls():
    """A good setup is reported line by line, at one login, two calls to Vonage and one to Slack."""
    async with fake_services(SLACK_SIGNING_SECRET=SIGNING_SECRET) as services:
        services.slack.scopes = bot_scopes()
        assert await run("doctor", environment=services.environment) == (0, ALL_WELL, "")
        assert (services.vonage.tokens.logins, services.vonage.calls.api_calls) == (1, 2)
        assert [call.method for call in services.slack.calls] == ["auth.test"]


async def test_setup_with_hints_only_exits_with_0():
    """Hints are counted in the summary, and the exit code stays 0."""
    async with fake_services(HIDDEN_EXTENSIONS="99999", SLACK_CLIENT_ID="123.456") as services:
        code, out, err = await run("doctor", environment=services.environment)
        assert (code, err) == (0, "")
        assert out.endswith("All well, with 4 hints.\n")


async def test_setup_with_problems_exits_with_1_and_shows_no_secret():
    """Problems are counted in the summary, lines fit the width, and no secret is printed."""
    async with fake_services(VONAGE_PASSWORD="Wr0ng", SLACK_BOT_TOKEN="xoxb-0ther") as services:
        code, out, err = await run("doctor", environment=services.environment)
        assert (code, err) == (1, "")
        assert out.endswith("2 things to fix, and 1 hint.\n")
        assert services.vonage.tokens.refused_logins == 1
        assert all(len(line) <= 90 for line in out.splitlines())
        for secret in ("0ther", "Wr0ng", "Sesame", "sandbox-consumer", "ext.integration"):
            assert secret not in out


async def test_no_settings_names_those_to_set_and_calls_nobody():
    """Without settings the doctor names the required ones and skips Slack and Vonage."""
    code, out, err = await run("doctor", environment={})
    assert (code, err) == (1, "")
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "VONAGE_CLIENT_ID", "VONAGE_PASSWORD"):
        assert name in out
    assert out.count(NOT_YET.seen) == 2
