"""Requests that Slack would never send, which the bot must refuse without an error of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random

import httpx

from bot.sandbox.slack import signing
from bot.web.app import PATH

OVERSIZE_BYTES = 1_500_000
_JSON = {"Content-Type": "application/json"}


def _unsigned(http: httpx.AsyncClient, url: str) -> httpx.Request:
    return http.build_request("POST", url, content=b'{"type":"event_callback"}', headers=_JSON)


def _forged(http: httpx.AsyncClient, url: str) -> httpx.Request:
    body = signing.slash_command("789")
    return http.build_request("POST", url, content=body, headers=signing.form_headers(body, "no"))


def _old(http: httpx.AsyncClient, url: str) -> httpx.Request:
    body = signing.slash_command("789")
    signature = signing.sign(body, timestamp=int(time.time()) - 900)
    headers = {"Content-Type": "application/x-www-form-urlencoded", **signature}
    return http.build_request("POST", url, content=body, headers=headers)


def _malformed(http: httpx.AsyncClient, url: str) -> httpx.Request:
    body = b'{"type":"event_callback","event":[{]'
    return http.build_request("POST", url, content=body, headers=_JSON | signing.sign(body))


def _wrong_types(http: httpx.AsyncClient, url: str) -> httpx.Request:
    body = b'{"type":"event_callback","event":"789","event_id":[]}'
    return http.build_request("POST", url, content=body, headers=_JSON | signing.sign(body))


def _oversize(http: httpx.AsyncClient, url: str) -> httpx.Request:
    body = b" " * OVERSIZE_BYTES
    return http.build_request("POST", url, content=body, headers=_JSON | signing.sign(body))


def _oversize_and_unsigned(http: httpx.AsyncClient, url: str) -> httpx.Request:
    return http.build_request("POST", url, content=b" " * OVERSIZE_BYTES, headers=_JSON)


def _wrong_method(http: httpx.AsyncClient, url: str) -> httpx.Request:
    return http.build_request("GET", url)


KINDS: tuple[Callable[[httpx.AsyncClient, str], httpx.Request], ...] = (
    _unsigned, _forged, _old, _malformed, _wrong_types, _oversize,
    _oversize_and_unsigned, _wrong_method,
)  # fmt: skip


async def send_one(http: httpx.AsyncClient, url: str, random: Random) -> str:
    """Send one bad request; return what is wrong with the response, or an empty text.

    The bot may close the connection while a body is still being sent.
    """
    build = random.choice(KINDS)
    try:
        response = await http.send(build(http, url + PATH))
    except httpx.TransportError:
        return ""
    is_refused = 400 <= response.status_code < 500
    return "" if is_refused else f"{build.__name__} got status {response.status_code}"
