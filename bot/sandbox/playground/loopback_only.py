"""ASGI middleware that answers only pages of this machine, wherever a browser was led.

Every page that a browser has open can reach a server on loopback. A host name that was made to
resolve to 127.0.0.1 shows in `Host`; a foreign page shows in `Origin` and `Sec-Fetch-Site`.

https://owasp.org/www-community/attacks/DNS_Rebinding
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST_NAMES = ("127.0.0.1", "localhost")
SAFE_METHODS = ("GET", "HEAD")
OWN_FETCH_SITES = ("same-origin", "none")  # "none": the address was typed in

# Loads nothing from other hosts and runs only the page's own files.
SECURITY_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}


class LoopbackOnly:
    """Refuses everyone else. With `is_page`, requests that change something must carry an
    origin.
    """

    def __init__(self, app: ASGIApp, *, is_page: bool = False) -> None:
        self._app = app
        self._is_page = is_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = _refusal(scope, is_page=self._is_page)
        app = PlainTextResponse(refusal, 403) if refusal else self._app
        await app(scope, receive, _with_security_headers(send) if self._is_page else send)


def _refusal(scope: Scope, *, is_page: bool) -> str:
    headers, (_, port) = Headers(scope=scope), scope["server"]
    hosts = [f"{name}:{port}" for name in HOST_NAMES]
    host = headers.get("host", "")
    if host not in hosts:
        return f"This server only answers to {hosts[0]}."
    if headers.get("sec-fetch-site", "none") not in OWN_FETCH_SITES:
        return "This server only answers its own page."
    is_change = scope["method"] not in SAFE_METHODS
    if is_page and is_change and headers.get("origin") != f"http://{host}":
        return "Only its own page may change this."
    return ""


def _with_security_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers[name] = value
        await send(message)

    return send_with_headers
