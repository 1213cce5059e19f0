"""Signed requests as Slack sends them."""

from __future__ import annotations

import time
from urllib.parse import parse_qsl

from bot.sandbox.slack.signing import form_headers, sign, slash_command

# The worked example of Slack's page on verifying requests.
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TIMESTAMP = 1531420618
BODY = (
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
    "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
    "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
    "%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)


def test_signature_equals_published_example():
    """The example of Slack's documentation comes out as printed there."""
    assert sign(BODY, SECRET, TIMESTAMP) == {
        "X-Slack-Request-Timestamp": "1531420618",
        "X-Slack-Signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    }


def test_signature_of_bytes_equals_that_of_text():
    """A body that isn't text can be signed as well."""
    assert sign(BODY.encode(), SECRET, TIMESTAMP) == sign(BODY, SECRET, TIMESTAMP)
    assert sign(b"\xff", SECRET)["X-Slack-Signature"].startswith("v0=")


def test_signature_without_timestamp_is_current():
    """The signature is fresh unless the test gives a time."""
    headers = form_headers(b"text=789")
    assert abs(int(headers["X-Slack-Request-Timestamp"]) - time.time()) < 60
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_slash_command_has_every_field():
    """The text survives encoding whatever it contains."""
    body = slash_command("who is <@U0JOHN|john>? 100% & more", response_url="http://x/response/1")
    fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
    assert list(fields) == [
        "token", "team_id", "team_domain", "channel_id", "channel_name", "user_id", "user_name",
        "command", "text", "api_app_id", "is_enterprise_install", "response_url", "trigger_id",
    ]  # fmt: skip
    assert fields["text"] == "who is <@U0JOHN|john>? 100% & more"
    assert (fields["command"], fields["user_id"]) == ("/ext", "U0JOHN")


def test_slash_commands_have_different_triggers():
    """Two commands with the same text have different trigger ids."""
    assert slash_command("789") != slash_command("789")
    assert slash_command("789", trigger_id="1") == slash_command("789", trigger_id="1")


def test_slash_command_in_enterprise_names_the_organization():
    """Two more fields are added."""
    assert b"enterprise_id=E0LANTERN&enterprise_name=" in slash_command(enterprise_id="E0LANTERN")
