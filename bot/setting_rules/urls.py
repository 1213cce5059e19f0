"""Finds what is wrong with an address in a setting. No message repeats the address."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

NO_ADDRESS = "{name} is not an address: use one such as {example}."
UNENCRYPTED = "{name} would send secrets unencrypted: use https://."
HAS_LOGIN = "{name} has a user name or password in it: remove everything up to the @."
HAS_QUERY = "{name} has a ? or # in it: remove everything from there on."

_HOST = re.compile(r"[\w.-]+|[0-9a-fA-F:.]+")  # a name in any script, or an IPv6 address


def what_is_wrong(name: str, value: str, example: str) -> str:
    """Return the problem of the address in a setting with its remedy, or an empty text."""
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
        host.encode("idna")  # fails for what cannot be a host, such as api..vonage.com
    except ValueError:
        return NO_ADDRESS.format(name=name, example=example)
    if parts.scheme in ("http", "https") and "@" in parts.netloc:
        return HAS_LOGIN.format(name=name)
    is_web = parts.scheme in ("http", "https") and _HOST.fullmatch(host) and port != 0
    if not is_web or not re.fullmatch(r"[^\s\\\"<>]+", value):
        return NO_ADDRESS.format(name=name, example=example)
    if "?" in value or "#" in value:
        return HAS_QUERY.format(name=name)
    if parts.scheme == "http" and not _is_loopback(host):
        return UNENCRYPTED.format(name=name)
    return ""


def _is_loopback(host: str) -> bool:
    """Whether a host is this machine; `127.0.0.1.example.com` isn't."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
