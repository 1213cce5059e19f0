"""Addresses: what would leak a secret or isn't Ext's to add to is refused."""

from __future__ import annotations

import pytest

from bot.setting_rules import urls
from bot.setting_rules.urls import what_is_wrong

EXAMPLE = "https://api.example.com"


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("https://user:Sesame@api.example.com/x", urls.HAS_LOGIN),
        ("https://user@api.example.com", urls.HAS_LOGIN),
        ("https://@api.example.com", urls.HAS_LOGIN),
        ("https://api.vonage.com@evil.example", urls.HAS_LOGIN),
        ("https://api.example.com/x?key=Sesame", urls.HAS_QUERY),
        ("https://api.example.com/x?", urls.HAS_QUERY),
        ("https://api.example.com/#Sesame", urls.HAS_QUERY),
        ("http://api.example.com", urls.UNENCRYPTED),
        ("http://localhost.example.com", urls.UNENCRYPTED),
        ("http://127.0.0.1.example.com", urls.UNENCRYPTED),
        ("https://api.example .com", urls.NO_ADDRESS),
        ("https://api.example.com/a b", urls.NO_ADDRESS),
        ("https://api.example.com\\x", urls.NO_ADDRESS),
        ("https://api.example.com,", urls.NO_ADDRESS),
        ("https://api..example.com", urls.NO_ADDRESS),
        ("https://api.example.com:0", urls.NO_ADDRESS),
        ("https://api.example.com:99999", urls.NO_ADDRESS),
        ("https://[broken", urls.NO_ADDRESS),
        ("https:///path", urls.NO_ADDRESS),
        ("api.example.com", urls.NO_ADDRESS),
        ("ftp://api.example.com", urls.NO_ADDRESS),
    ],
)
def test_bad_address_is_a_problem_that_does_not_repeat_it(value, problem):
    """The problem names the setting and never the address, which may hold a password."""
    found = what_is_wrong("VONAGE_BASE_URL", value, EXAMPLE)
    assert found == problem.format(name="VONAGE_BASE_URL", example=EXAMPLE)
    assert "Sesame" not in found


@pytest.mark.parametrize(
    "value",
    [
        *("https://api.example.com", "https://api.example.com:8443/t/x/v1/", "https://203.0.113.7"),
        *(
            "http://localhost:3000",
            "http://127.0.0.1:9/api/",
            "http://[::1]:9",
            "http://x.localhost",
        ),
        *("https://b\u00fccher.example", "https://my_host.internal", "HTTPS://Api.Example.com"),
    ],
)
def test_good_address_is_no_problem(value):
    """Ports, paths and names in any script are fine, and so is this machine without TLS."""
    assert what_is_wrong("VONAGE_BASE_URL", value, EXAMPLE) == ""
