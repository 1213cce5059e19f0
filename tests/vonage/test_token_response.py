"""Responses of the token endpoint: a token, a refused login, or a failure, by status and body."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import OverQuota, Unavailable, UnexpectedReply
from bot.limits import DEFAULT_TOKEN_LIFE_S, MAX_TOKEN_CHARS, MAX_TOKEN_LIFE_S
from bot.vonage import token_response
from bot.vonage.token_response import Grant, TokenRefused
from bot.vonage.transport import HttpResponse
from tests.vonage.samples import reply

NOW = 1_000_000.0


def read(status: int, body: Any = b"", **headers: str) -> Grant:
    """Read a token response."""
    sample = reply(status, body, **headers)
    return token_response.read(HttpResponse(status, sample.headers, sample.content), now=NOW)


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize("body", [b"", b"<html>", {}, {"message": "no"}])
def test_status_of_a_refusal_without_a_code_is_a_refused_login(status, body):
    """Were it taken for an outage, the login would be repeated until Vonage locks the user."""
    with pytest.raises(TokenRefused, match="no reason given"):
        read(status, body)


@pytest.mark.parametrize("status", [200, 302, 400, 404, 429, 500])
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"error": "invalid_grant"}, "invalid_grant"),
        (b'{"error": "invalid_grant", "x": NaN}', "invalid_grant"),
        ({"error_description": "17002 - failed for john"}, "17002"),
        ({"error": "invalid_grant", "error_description": "17003"}, "invalid_grant 17003"),
    ],
)
def test_code_of_a_refusal_counts_with_any_status(status, body, reason):
    """The gateway may change the status; the reason has the codes and nothing else."""
    with pytest.raises(TokenRefused) as raised:
        read(status, body)
    assert str(raised.value) == reason


@pytest.mark.parametrize("body", [{"hint": "invalid_grant"}, {"id": "117002"}, {"id": "170020"}])
def test_text_that_only_looks_like_a_code_is_no_refusal(body):
    """In JSON a code stands in `error`, and the identity server's codes stand alone."""
    with pytest.raises(UnexpectedReply):
        read(200, body)


@pytest.mark.parametrize(
    ("status", "error", "text"),
    [
        (429, OverQuota, None),
        (500, Unavailable, "failed"),
        (503, Unavailable, "failed"),
        (300, UnexpectedReply, "redirects"),
        (399, UnexpectedReply, "redirects"),
        (299, UnexpectedReply, "no token"),
        (404, UnexpectedReply, "no token"),
        (418, UnexpectedReply, "no token"),
        (499, UnexpectedReply, "no token"),
    ],
)
def test_status_without_a_token_is_one_failure(status, error, text):
    """A throttle, an outage, a redirect and a wrong address are told apart."""
    with pytest.raises(error, match=text) as raised:
        read(status)
    assert type(raised.value) is error


def test_failure_keeps_the_time_that_the_endpoint_names():
    """The next login waits as long as the endpoint asks for."""
    for status, error in ((429, OverQuota), (503, Unavailable)):
        with pytest.raises(error) as raised:
            read(status, retry_after="7")
        assert raised.value.retry_after == 7.0


@pytest.mark.parametrize(
    "token", ["a b", "a\n", "é", "x" * (MAX_TOKEN_CHARS + 1), 7, ["a"], {"a": "b"}]
)
def test_token_that_no_header_can_carry_is_named(token):
    """The log tells it from a response without a token."""
    with pytest.raises(UnexpectedReply, match="a token that can't be sent"):
        read(200, {"access_token": token})
    good = {"access_token": "a", "refresh_token": token}
    assert read(200, good).refresh_token == ""


@pytest.mark.parametrize("token", ["", None, 0])
def test_empty_token_is_no_token(token):
    """An empty text in a header would be refused as a wrong token."""
    with pytest.raises(UnexpectedReply, match="no token"):
        read(200, {"access_token": token})


def test_longest_token_is_taken():
    """A token of as many characters as are allowed is whole in the grant."""
    token = "x" * MAX_TOKEN_CHARS
    assert read(200, {"access_token": token, "refresh_token": token}) == Grant(
        token, token, DEFAULT_TOKEN_LIFE_S
    )


@pytest.mark.parametrize(
    ("life", "seconds"),
    [
        (0, 0.0),
        (100, 100.0),
        ("100", 100.0),
        (24 * 3600 + 1, MAX_TOKEN_LIFE_S),
        (10**17, MAX_TOKEN_LIFE_S),
        (-1, DEFAULT_TOKEN_LIFE_S),
        ("soon", DEFAULT_TOKEN_LIFE_S),
        (None, DEFAULT_TOKEN_LIFE_S),
        ([], DEFAULT_TOKEN_LIFE_S),
    ],
)
def test_life_of_a_token_is_what_is_said_up_to_a_day(life, seconds):
    """A longer life is not believed, and what is no life counts as an hour."""
    assert read(200, {"access_token": "a", "expires_in": life}).life_s == seconds


def test_token_with_another_status_than_200_is_not_taken():
    """Whatever brings a token along with a failure is not the endpoint's answer."""
    with pytest.raises(Unavailable):
        read(500, {"access_token": "a"})
