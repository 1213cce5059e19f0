"""Secrets in the wrong setting: recognized by their form, and never repeated."""

from __future__ import annotations

import pytest

from bot.setting_rules.secret_kinds import what_is_wrong

SECRET = "8f742231b10e8888abcdef12345685a5"
TOKENS = {
    "SLACK_BOT_TOKEN": "xoxb-1-2-abc",
    "SLACK_APP_TOKEN": "xapp-1-A-2-abc",
    "SLACK_SIGNING_SECRET": SECRET,
}


@pytest.mark.parametrize("name", TOKENS)
@pytest.mark.parametrize("place", TOKENS)
def test_swapped_secret_names_where_it_belongs(name, place):
    """Each of Slack's three secrets is recognized in the place of each other one."""
    wrong = what_is_wrong(place, TOKENS[name])
    if name == place:
        assert wrong == ""
    else:
        assert wrong.startswith(place)
        assert wrong.endswith(f"belongs in {name}")
        assert TOKENS[name] not in wrong


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-1", "a user token"),
        ("SLACK_BOT_TOKEN", "xoxe.xoxb-1", "a rotating token"),
        ("SLACK_BOT_TOKEN", "xoxc-1", "of another kind"),
        ("SLACK_BOT_TOKEN", "123456789.987654321", "client ID"),
        ("SLACK_BOT_TOKEN", "https://hooks.slack.com/services/T/B/x", "an address"),
        ("SLACK_BOT_TOKEN", "xoxb-1 xoxb-2", "has spaces"),
        ("SLACK_APP_TOKEN", "abc", "doesn't start with xapp-"),
        ("SLACK_SIGNING_SECRET", "ab\u00e9", "characters"),
        ("VONAGE_CLIENT_SECRET", "xoxb-1", "a bot token, which belongs in SLACK_BOT_TOKEN"),
        ("VONAGE_PASSWORD", "xapp-1", "an app-level token"),
        ("VONAGE_ACCESS_TOKEN", "Bearer abc", "has spaces"),
        ("VONAGE_PASSWORD", "gr\u00fcn und blau", ""),
        ("VONAGE_PASSWORD", SECRET, ""),
        ("VONAGE_CLIENT_ID", "k3y_abc", ""),
    ],
)
def test_value_is_wrong_only_if_it_cannot_be_right(name, value, part):
    """A password may be anything that isn't a Slack token; a token has no spaces."""
    wrong = what_is_wrong(name, value)
    assert part in wrong
    assert bool(part) == bool(wrong)
    assert value not in wrong
