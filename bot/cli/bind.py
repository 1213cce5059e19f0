"""Opens the port of `serve`, before anything is asked of Slack or Vonage.

If the port can't be used, each attempt to start would otherwise log in at Vonage, which locks a
user after several logins.
"""

from __future__ import annotations

import errno
import socket

from bot.errors import SettingsError
from bot.limits import SERVE_BACKLOG

IN_USE = "PORT {port} is already in use: stop the other program, or set PORT to a free port."
NOT_ALLOWED = "PORT {port} is not for this user: use a port from 1024 up."
NO_ADDRESS = (
    "HOST is not an address of this machine: use 0.0.0.0 for all of its addresses, or 127.0.0.1 "
    "for this machine alone."
)
OTHER = "HOST and PORT can't be used ({reason}): use another HOST or PORT."

_ABSENT = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


def open_port(host: str, port: int) -> list[socket.socket]:
    """Listen on all addresses of a host. Raises `SettingsError`.

    Connections wait until the server accepts them.
    """
    sockets: list[socket.socket] = []
    try:
        for family, address in _addresses(host):
            try:
                opened = socket.create_server((address, port), family=family, backlog=SERVE_BACKLOG)
            except OSError as error:
                # `localhost` also means ::1, which a machine without IPv6 doesn't have.
                if not sockets or error.errno not in _ABSENT:
                    raise
            else:
                # Accepted connections inherit this. asyncio sets it only on sockets that it opened
                # itself; without it, the second part of each response waits 40 ms for the client.
                opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sockets.append(opened)
                port = opened.getsockname()[1]  # with port 0, the same one for all addresses
    except (OSError, UnicodeError) as error:
        for each in sockets:
            each.close()
        raise SettingsError([_explain(error, port)]) from None
    return sockets


def _addresses(host: str) -> list[tuple[socket.AddressFamily, str]]:
    """Return a host's addresses, each once. Raises an `OSError`, or a `UnicodeError`."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    pairs = ((family, str(address[0])) for family, _, _, _, address in found)
    return sorted(dict.fromkeys(pairs))  # IPv4 comes first


def _explain(error: OSError | UnicodeError, port: int) -> str:
    """Return what is wrong with the two settings, and the remedy."""
    if isinstance(error, UnicodeError | socket.gaierror) or error.errno in _ABSENT:
        return NO_ADDRESS
    if error.errno == errno.EADDRINUSE:
        return IN_USE.format(port=port)
    if error.errno in (errno.EACCES, errno.EPERM):
        return NOT_ALLOWED.format(port=port)
    return OTHER.format(reason=errno.errorcode.get(error.errno or 0, "unknown error"))
