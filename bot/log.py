"""The log: one line for each event, as text or JSON, with nothing personal in it.

Every line that a request from Slack causes carries that request's id, and so does each call to
Vonage, because tasks inherit the context variable that holds the id.

Libraries quote the values that they failed on. So a traceback is printed with file names, line
numbers and exception types only; an exception's message is added only for an `ExtError`, whose
message is written for the log. A library's own log message is withheld too, because Bolt logs
`Failed to run listener function (error: 'john@…')`. Libraries log at WARNING and above only,
whatever `LOG_LEVEL` is, because at INFO httpx logs whole addresses and Bolt whole bodies.
"""

from __future__ import annotations

import copy
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

REQUEST_ID = "X-Request-Id"  # the header's name, from routers that set one and on calls to Vonage

# Loggers whose messages are printed: ours, and uvicorn's, which says why a port can't be used
# and never quotes a request. Bolt names its loggers after the file that created the app, so its
# names can't be listed here.
_TRUSTED = ("bot", "uvicorn")
_WITHHELD = "the library's message is withheld"
# What Slack's libraries say before they quote an exception: `Failed to connect (error: …`.
_CONSTANT_START = re.compile(r"Failed to [A-Za-z ]{1,60}(?= \(|:)")

_VALID_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_request_id: ContextVar[str] = ContextVar("request_id", default="")

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def setup(level: str = "INFO", form: str = "text") -> None:
    """Send the log to standard error; `form` is `text` or `json`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("bot").setLevel(level)
    # The format shows neither thread nor process nor the caller's file and line, and finding the
    # caller takes half of the time that a line costs.
    # https://docs.python.org/3/howto/logging.html#optimization
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None
    # stamina would log each retry with its arguments; the API client logs retries itself.
    stamina.instrumentation.set_on_retry_hooks([])


@contextmanager
def request(given_id: str = "") -> Iterator[str]:
    """Set the request id for the code in the block and for the tasks that it starts.

    The id is `given_id` if that is short and plain, so that nobody can forge a log line with it;
    otherwise it is a new random one.
    """
    token = _request_id.set(given_id if _VALID_ID.fullmatch(given_id) else secrets.token_hex(4))
    try:
        yield _request_id.get()
    finally:
        _request_id.reset(token)


def request_id() -> str:
    """Return the id of the current request, or an empty text outside of one."""
    return _request_id.get()


class TextFormatter(logging.Formatter):
    """`2026-11-23T06:12:00Z INFO bot.lookup [3f2a9c01]: Lookup (number): found in 12 ms`."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        line = "%(asctime)s %(levelname)s %(name)s%(request)s: %(message)s"
        super().__init__(line, "%Y-%m-%dT%H:%M:%SZ")

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text."""
        record = _redacted(record)
        record.request = f" [{request_id()}]" if request_id() else ""
        return super().format(record)

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - logging's own name
        """Return the traceback of an error and its causes, without the messages of libraries."""
        return redacted_traceback(ei[1]) if ei[1] else ""


class JsonFormatter(TextFormatter):
    """The same, as one JSON object for each line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON."""
        record = _redacted(record)
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
    """Return a traceback without the texts of errors that are not `ExtError`."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    text = f": {error}" if isinstance(error, ExtError) else ""
    last = f"{frames}{_type_name(error)}{text}"
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return f"{redacted_traceback(cause)}\nled to\n{last}" if cause else last


def _redacted(record: logging.LogRecord) -> logging.LogRecord:
    """Return the record to print, for a library only with what failed and the exception's type.

    Most libraries log inside the `except` block without `exc_info`, so the exception is taken
    from `sys.exc_info()`.
    """
    if record.name.partition(".")[0] in _TRUSTED:
        return record
    error = record.exc_info[1] if record.exc_info else sys.exc_info()[1]
    redacted = copy.copy(record)
    start = _CONSTANT_START.match(record.getMessage())
    parts = [start[0] if start else "", _type_name(error) if error else ""]
    redacted.msg = ": ".join(filter(None, parts)) or _WITHHELD
    redacted.args = ()
    redacted.exc_text = redacted.stack_info = None
    return redacted


def _type_name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"
