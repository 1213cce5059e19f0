"""The log: one line an event, as text or JSON, with nothing personal in it.

Every line that a request of Slack leads to carries that request's id, and so does each call
of Vonage: the id goes with the request into the tasks that it starts.

Other people's exceptions quote the values they tripped over, so a traceback is printed with
the places and the type of the error, never its message; ours (`ExtError`) are written to be
read. Loggers of libraries stay at WARNING whatever the level: httpx logs whole addresses
and Bolt whole bodies at INFO.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType

import stamina.instrumentation

from bot.errors import ExtError

REQUEST_ID = "X-Request-Id"  # the header, from routers that set one and on calls of Vonage

_GIVEN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_id: ContextVar[str] = ContextVar("request_id", default="")

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def setup(level: str = "INFO", form: str = "text") -> None:
    """Send the log to standard error, `form` being `text` or `json`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("bot").setLevel(level)
    # Nobody reads where a line was logged from, and looking it up is half of its cost.
    # https://docs.python.org/3/howto/logging.html#optimization
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None
    # A retry is told by the client, which knows what may be said about it.
    stamina.instrumentation.set_on_retry_hooks([])


@contextmanager
def request(given: str = "") -> Iterator[str]:
    """Give what happens inside, and the tasks that it starts, one request id.

    That is the `given` one where it is short and plain, else a fresh one.
    """
    token = _id.set(given if _GIVEN_ID.fullmatch(given) else secrets.token_hex(4))
    try:
        yield _id.get()
    finally:
        _id.reset(token)


def request_id() -> str:
    """Return the id of the request that this is a part of, or nothing."""
    return _id.get()


class TextLines(logging.Formatter):
    """`2026-11-23T06:12:00Z INFO bot.lookup [3f2a9c01]: Lookup (number): found in 12 ms`."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        line = "%(asctime)s %(levelname)s %(name)s%(request)s: %(message)s"
        super().__init__(line, "%Y-%m-%dT%H:%M:%SZ")

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text."""
        record.request = f" [{request_id()}]" if request_id() else ""
        return super().format(record)

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - logging's own name
        """Return the places and the type of an error, without its words."""
        return redacted_traceback(ei[1]) if ei[1] else ""


class JsonLines(TextLines):
    """The same, one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON."""
        line = {
            "at": self.formatTime(record, self.datefmt),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id():
            line["request_id"] = request_id()
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def redacted_traceback(error: BaseException) -> str:
    """Return a traceback without the messages of errors that are not ours."""
    places = "".join(traceback.format_tb(error.__traceback__))
    words = f": {error}" if isinstance(error, ExtError) else ""
    told = f"{places}{type(error).__module__}.{type(error).__qualname__}{words}"
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return f"{redacted_traceback(cause)}\nled to\n{told}" if cause else told
