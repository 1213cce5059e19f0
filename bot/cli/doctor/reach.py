"""Finds out why an address doesn't answer: the host name, the connection, or the server."""

from __future__ import annotations

import asyncio
import socket
import ssl
from urllib.parse import urlsplit

from bot import limits

NO_SUCH_HOST = "there's no host named {host}: a typo, or no DNS here"
NOT_SECURE = "{host} doesn't speak TLS, or its certificate isn't trusted here"
REFUSED = "{host} refuses connections on port {port}"
SILENT = "{host} doesn't answer"
FAULTY = "{host} accepts connections, but doesn't answer as it should"


async def explain_unreachable(url: str) -> str:
    """Connect to an address that didn't answer, and return the reason in words."""
    parts = urlsplit(url)
    is_secure = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if is_secure else 80)
    try:
        async with asyncio.timeout(limits.DOCTOR_REACH_S):
            _, writer = await asyncio.open_connection(host, port, ssl=is_secure or None)
    except (socket.gaierror, UnicodeError):  # UnicodeError: the text can't be a host name
        return NO_SUCH_HOST.format(host=host)
    except ssl.SSLError:
        return NOT_SECURE.format(host=host)
    except TimeoutError:
        return SILENT.format(host=host)
    except OSError:
        return REFUSED.format(host=host, port=port)
    writer.close()
    return FAULTY.format(host=host)
