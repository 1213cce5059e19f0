"""The doctor: all well, or what to put right."""

from __future__ import annotations

import pytest

from tests.cli.running import run, world


async def test_all_well():
    """A good set-up is told line by line, with exit code 0 and one call of Vonage."""
    async with world() as it:
        code, out, err = await run("doctor", environment=it.environment)
        assert (code, err) == (0, "")
        assert out.endswith("All well.\n")
        assert "250 of them" in out
        assert it.vonage.calls.api_calls == 1
        for secret in ("xoxb", "Sesame", "sandbox-consumer"):
            assert secret not in out


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xoxb-other"}, "invalid_auth"),
        ({"SLACK_API_URL": "http://127.0.0.1:1/api/"}, "SLACK_API_URL"),
        ({"VONAGE_PASSWORD": "wrong"}, "VONAGE_PASSWORD"),
        ({"VONAGE_CLIENT_SECRET": "wrong"}, "VONAGE_CLIENT_SECRET"),
        ({"VONAGE_USERNAME": "ext.api"}, "Account Administrator"),
        ({"VONAGE_ACCESS_TOKEN": "expired"}, "VONAGE_ACCESS_TOKEN"),
        ({"VONAGE_BASE_URL": "http://127.0.0.1:1/t"}, "VONAGE_BASE_URL"),
        ({"VONAGE_TOKEN_URL": "http://127.0.0.1:1/t"}, "VONAGE_TOKEN_URL"),
        ({"VONAGE_ACCOUNT_ID": "12345"}, "VONAGE_ACCOUNT_ID"),
    ],
)
async def test_what_is_wrong_is_named_with_its_remedy(changes, said):
    """Each misconfiguration leads to the setting that mends it, and exit code 1."""
    async with world(**changes) as it:
        code, out, err = await run("doctor", environment=it.environment)
        assert (code, err) == (1, "")
        assert said in out
        assert "to put right" in out


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("not_subscribed", "Provisioning"),
        ("throttled", "VONAGE_REQUESTS_PER_MINUTE"),
        ("gone", "VONAGE_BASE_URL"),
        ("down", "Vonage is down"),
    ],
)
async def test_what_vonage_says_is_explained(fault, said):
    """A refusal of the API is put into what an operator can do."""
    async with world() as it:
        it.vonage.faults.on(fault)
        code, out, _ = await run("doctor", environment=it.environment)
        assert code == 1
        assert said in out


async def test_missing_scopes_are_named():
    """Scopes that the manifest asks for and the token lacks are listed."""
    async with world() as it:
        it.slack.scopes = ("commands",)
        code, out, _ = await run("doctor", environment=it.environment)
        assert code == 1
        assert "users:read, users:read.email" in out
