"""The log: one line an event, as text or JSON, with nothing personal in it.

Other people's exceptions quote the values they tripped over, so a traceback is printed with
the places and the type of the error, never its message; ours (`ExtError`) are written to be
read. Loggers of libraries stay at WARNING whatever the level: httpx logs whole addresses
and Bolt whole bodies at INFO.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from types import TracebackType

import stamina.instrumentation

from bot.errors import ExtError

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def setup(level: str = "INFO", form: str = "text") -> None:
    """Send the log to standard error, `form` being `text` or `json`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("bot").setLevel(level)
    # A retry is told by the client, which knows what may be said about it.
    stamina.instrumentation.set_on_retry_hooks([])


class TextLines(logging.Formatter):
    """`2026-11-23T06:12:00Z INFO bot.lookup: found a number in 12 ms`."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%SZ")

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - logging's own name
        """Return the places and the type of an error, without its words."""
        return reticent(ei[1]) if ei[1] else ""


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
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def reticent(error: BaseException) -> str:
    """Return a traceback without the messages of errors that are not ours."""
    places = "".join(traceback.format_tb(error.__traceback__))
    words = f": {error}" if isinstance(error, ExtError) else ""
    told = f"{places}{type(error).__module__}.{type(error).__qualname__}{words}"
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return f"{reticent(cause)}\nled to\n{told}" if cause else told
