"""Why an address does not answer: its name, the connection, or what is behind it."""

from __future__ import annotations

import asyncio
import socket
import ssl
from urllib.parse import urlsplit

LIMIT = 5.0  # seconds

NO_SUCH_HOST = "no host {host} is known: a typing error, or no DNS here"
NOT_SECURE = "{host} speaks no TLS, or shows a certificate that is not trusted here"
NO_CONNECTION = "{host} takes no connection on port {port}"
SILENT = "{host} does not answer"
FAULTY = "{host} is there, but does not answer as it should"


async def why_silent(url: str) -> str:
    """Return in words how far one gets with an address that did not answer."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    try:
        async with asyncio.timeout(LIMIT):
            _, writer = await asyncio.open_connection(host, port, ssl=secure or None)
    except (socket.gaierror, UnicodeError):  # the latter for names that cannot be one
        return NO_SUCH_HOST.format(host=host)
    except ssl.SSLError:
        return NOT_SECURE.format(host=host)
    except TimeoutError:
        return SILENT.format(host=host)
    except OSError:
        return NO_CONNECTION.format(host=host, port=port)
    writer.close()
    return FAULTY.format(host=host)
