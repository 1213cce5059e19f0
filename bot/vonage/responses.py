"""Returns a response's JSON, or raises the `SourceError` that the response stands for. Pure.

The gateway (WSO2) and the services behind it send refusals of different shapes. So the HTTP
status decides first, then the gateway's code if the body has one. The gateway's codes:
https://apim.docs.wso2.com/en/latest/troubleshooting/error-handling/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from bot.errors import (
    BadParameters,
    Forbidden,
    InvalidParameter,
    NotAuthorized,
    NotFound,
    OverQuota,
    SourceError,
    Unavailable,
    UnexpectedReply,
    WrongPath,
)
from bot.limits import MAX_REASON_CHARS, MAX_RETRY_AFTER_S, MAX_XML_ERROR_BYTES
from bot.vonage import strict_json
from bot.vonage.envelope import to_int
from bot.vonage.transport import HttpResponse

_WRONG_PATH = "900906"
# The whole body of the service's own 404: {"msg": "Extension not found", "status": 404}.
_NOT_FOUND_KEYS = frozenset({"msg", "status"})
# These codes begin like the codes of a refused token, but are about the app's permissions.
_PERMISSIONS = (_WRONG_PATH, "900907", "900908", "900909", "900910")
_XML_CODE = re.compile(rb"\s*<.*?<(?:\w+:)?code>\s*(\d{6})\s*<", re.DOTALL)
_NEXT_ACCESS = re.compile(r"(\d{4})-(\w{3})-(\d{2}) (\d{2}):(\d{2}):(\d{2})\+0000", re.ASCII)
_SECONDS = re.compile(r"\d+(\.\d*)?", re.ASCII)
REDIRECTS = "Vonage redirects (status {status}), and Ext follows no redirects."
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def read(response: HttpResponse, *, now: float) -> dict[str, Any]:
    """Return a response's JSON object, or raise the error that the response stands for.

    `now` is in epoch seconds, for a `Retry-After` that is a date.
    """
    body = strict_json.read_object(response.body)
    content = body or {}
    code = fault_code(content) or _xml_code(response.body)
    if error := _refusal(response, content, code, now):
        raise error
    if body is not None:
        return body
    if strict_json.is_too_complex(response.body):
        raise UnexpectedReply("The response has more values than any page of a directory.")
    raise UnexpectedReply("The response is not a JSON object.")


def _refusal(
    response: HttpResponse, content: Mapping[str, Any], code: str, now: float
) -> SourceError | None:
    """Return the error of a response. A refusal can also have status 200 and a code in its body."""
    status = response.status
    # 9008xx is the throttle; 900801 (hard limit) comes with a 503. 700700: the API is off.
    if status == 429 or code.startswith("9008"):
        return OverQuota(retry_after=retry_after(response.headers, content, now=now))
    if status == 401 or (status < 400 and code.startswith("90090") and code not in _PERMISSIONS):
        return NotAuthorized()
    if code == _WRONG_PATH:
        return WrongPath()
    if status == 403 or code in _PERMISSIONS:
        return Forbidden()
    if status >= 500 or code == "700700":
        return Unavailable(retry_after=retry_after(response.headers, content, now=now))
    if 300 <= status < 400:
        return UnexpectedReply(REDIRECTS.format(status=status))
    return _client_error(status, content, code)


def _client_error(status: int, content: Mapping[str, Any], code: str) -> SourceError | None:
    if status == 404:
        return NotFound() if _says_not_found(content) else WrongPath()
    if status == 400:
        return BadParameters(
            _text(content.get("title")),
            reasons=_reasons(content.get("invalid_parameters")),
            track_id=_text(content.get("instance")),
        )
    if not 200 <= status < 300 or code:
        # The gateway's codes have six digits; another number could be a person's.
        fault = f" and the fault {code}" if len(code) == 6 else ""
        return UnexpectedReply(f"Vonage answered with status {status}{fault}.")
    return None


def _says_not_found(content: Mapping[str, Any]) -> bool:
    """Whether the body of a 404 is the document's "Extension not found".

    A gateway, a proxy or a framework that doesn't know the path answers 404 too, often with a
    `status` in its body. Were that taken for the service's own answer, a wrong path would make
    everybody "not found". The text of `msg` is not used: it may repeat what somebody looked up.
    """
    msg = content.get("msg")
    if not isinstance(msg, str) or not msg.strip() or not content.keys() <= _NOT_FOUND_KEYS:
        return False
    return "status" not in content or to_int(content["status"]) == 404


def fault_code(content: Mapping[str, Any]) -> str:
    """Return the gateway's code, from `fault.code` or `code`, or an empty text."""
    fault = content.get("fault")
    code = to_int((fault if isinstance(fault, dict) else content).get("code"))
    return str(code) if code is not None and code >= 0 else ""


def _xml_code(body: bytes) -> str:
    """Return the gateway's code if it answered in XML, although JSON was requested."""
    match = _XML_CODE.match(body[:MAX_XML_ERROR_BYTES])
    return match[1].decode() if match else ""


def retry_after(
    headers: Mapping[str, str], content: Mapping[str, Any], *, now: float
) -> float | None:
    """Return the seconds to wait that a response asks for, at most an hour.

    `Retry-After` is a number or a date. The gateway also names a time in its body. `None` means
    that the response names no time, or none that can be read.
    """
    header = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(header):
        return min(float(header), MAX_RETRY_AFTER_S)
    fault = content.get("fault")
    details = fault if isinstance(fault, dict) else content
    moment = _http_date(header) or _next_access(
        f"{_text(details.get('nextAccessTime'))} {_text(details.get('description'))}"
    )
    return min(max(moment.timestamp() - now, 0.0), MAX_RETRY_AFTER_S) if moment else None


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):  # a date outside the years 1 to 9999 is an OverflowError
        return None


def _next_access(text: str) -> datetime | None:
    """Read `2026-Sep-05 16:00:00+0000 UTC`, the gateway's own format, in any locale."""
    match = _NEXT_ACCESS.search(text)
    if not match:
        return None
    year, day, hour, minute, second = (int(match[group]) for group in (1, 3, 4, 5, 6))
    try:
        return datetime(year, _MONTHS.index(match[2]) + 1, day, hour, minute, second, tzinfo=UTC)
    except ValueError:  # no such month, or no such day in it
        return None


def _reasons(value: Any) -> tuple[InvalidParameter, ...]:
    rows = value if isinstance(value, list) else [value]
    return tuple(
        InvalidParameter(_text(row.get("name")), _text(row.get("reason")))
        for row in rows
        if isinstance(row, dict)
    )


def _text(value: Any) -> str:
    return str(value)[:MAX_REASON_CHARS] if isinstance(value, str | int | float) else ""
