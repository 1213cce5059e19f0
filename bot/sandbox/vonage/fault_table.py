"""The table of every fault of the fake Vonage API."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from bot.sandbox import connection_faults, response_faults
from bot.sandbox.faults import Fault, ReplaceResponse
from bot.sandbox.request_errors import ErrorResponse
from bot.sandbox.vonage import document_faults, gateway
from bot.sandbox.vonage.list_query import ListQuery
from bot.sandbox.vonage.record_faults import RECORD_FAULTS
from bot.sandbox.vonage.service_errors import ServiceError

_API_PATHS = ("/api/",)
_TOKEN_PATHS = ("/token",)


def respond_with(error: ErrorResponse) -> ReplaceResponse:
    """A fault that answers every request with this error."""

    async def replace_response(request: Request, _value: float) -> Response:
        """Answer with the error, in the form for this caller."""
        response: Response = request.app.state.vonage.error_response(request, error)
        return response

    return replace_response


async def _throttled(request: Request, seconds: float) -> Response:
    response: Response = request.app.state.vonage.throttled_response(request, seconds)
    return response


def _token_error(status: int, error: str, description: str) -> ReplaceResponse:
    return respond_with(ServiceError(status, {"error_description": description, "error": error}))


_TOKEN_PROBLEM = ServiceError(401, {"title": "Problem with provided token"})


def _page_size(query: ListQuery, rows: float) -> ListQuery:
    return replace(query, page_size=int(rows))


def _no_filters(query: ListQuery, _value: float) -> ListQuery:
    return replace(query, filters={})


def _repeat_last_page(query: ListQuery, _value: float) -> ListQuery:
    return replace(query, repeat_last_page=True)


def _moving_rows(query: ListQuery, rows: float) -> ListQuery:
    return replace(query, row_offset=query.earlier_list_calls * int(rows))


def _first_page(query: ListQuery, _value: float) -> ListQuery:
    return replace(query, page=1)


def _first_row(query: ListQuery, _value: float) -> ListQuery:
    return replace(query, page=1, page_size=1)


def _external_id(query: ListQuery, _value: float) -> ListQuery:
    return replace(query, lookup_field="external_id")


_TABLE = (
    # Timing
    Fault(
        "latency",
        "Every response is delayed by this many seconds.",
        1.0,
        replace_response=response_faults.latency,
    ),
    Fault(
        "jitter",
        "Every response is delayed by up to this many seconds.",
        0.5,
        replace_response=response_faults.jitter,
    ),
    Fault("hang", "No response ever comes.", replace_response=response_faults.hang),
    # Responses of the gateway or a proxy
    Fault(
        "down",
        "503: the service behind the gateway is down.",
        replace_response=respond_with(gateway.BACKEND_DOWN),
    ),
    Fault("html_502", "502 with a proxy's HTML page.", replace_response=response_faults.html_502),
    Fault(
        "server_error",
        "500 from the gateway.",
        replace_response=respond_with(gateway.GATEWAY_ERROR),
    ),
    Fault(
        "maintenance",
        "503 with a proxy's HTML page: come back after this many seconds.",
        20,
        replace_response=response_faults.maintenance,
    ),
    Fault("redirect", "302 to a foreign host.", replace_response=response_faults.redirect),
    Fault(
        "gzip_bomb",
        "A small body that unpacks to this many megabytes.",
        64,
        replace_response=response_faults.gzip_bomb,
    ),
    Fault(
        "cookies",
        "This many kilobytes of cookies; who sends them back is refused with 431.",
        40,
        replace_response=response_faults.refuse_large_cookies,
        add_headers=response_faults.set_large_cookies,
    ),
    Fault(
        "throttled",
        "429: wait this many seconds.",
        60,
        paths=_API_PATHS,
        replace_response=_throttled,
    ),
    Fault(
        "blocked",
        "503: the API is blocked by its owners.",
        paths=_API_PATHS,
        replace_response=respond_with(gateway.API_BLOCKED),
    ),
    Fault(
        "unauthorized",
        "401: the token isn't valid.",
        paths=_API_PATHS,
        replace_response=respond_with(gateway.INVALID_TOKEN),
    ),
    Fault(
        "wrong_user",
        "401 and `missing user data`: the user is of the wrong kind.",
        paths=_API_PATHS,
        replace_response=respond_with(ServiceError(401, "missing user data")),
    ),
    Fault(
        "token_problem",
        "401 in a form that is neither the gateway's nor plain text.",
        paths=_API_PATHS,
        replace_response=respond_with(_TOKEN_PROBLEM),
    ),
    Fault(
        "not_subscribed",
        "403: the application isn't subscribed to Provisioning.",
        paths=_API_PATHS,
        replace_response=respond_with(gateway.NOT_SUBSCRIBED),
    ),
    Fault(
        "no_resource",
        "403: the gateway doesn't know the path.",
        paths=_API_PATHS,
        replace_response=respond_with(gateway.RESOURCE_FORBIDDEN),
    ),
    Fault(
        "gone",
        "404 in the gateway's own form, although the path is right.",
        paths=_API_PATHS,
        replace_response=respond_with(gateway.NO_RESOURCE),
    ),
    # The token endpoint
    Fault(
        "login_refused",
        "400: the password is wrong.",
        paths=_TOKEN_PATHS,
        replace_response=_token_error(400, "invalid_grant", "17002 Authentication failed"),
    ),
    Fault(
        "login_locked",
        "400: the user is locked.",
        paths=_TOKEN_PATHS,
        replace_response=_token_error(400, "invalid_grant", "17003 Account is locked"),
    ),
    Fault(
        "client_refused",
        "401: the consumer key is unknown.",
        paths=_TOKEN_PATHS,
        replace_response=_token_error(
            401, "invalid_client", "A valid OAuth client could not be found"
        ),
    ),
    Fault(
        "no_expires_in",
        "A token response lacks `expires_in`.",
        paths=_TOKEN_PATHS,
        change_document=document_faults.without("expires_in"),
    ),
    Fault(
        "no_refresh_token",
        "A token response lacks the refresh token.",
        paths=_TOKEN_PATHS,
        change_document=document_faults.without("refresh_token"),
    ),
    Fault(
        "no_access_token",
        "A login gets a 200 without a token.",
        paths=_TOKEN_PATHS,
        change_document=document_faults.without("access_token"),
    ),
    # The query
    Fault(
        "ignores_page_size",
        "Every page has this many rows, whatever the query says.",
        5,
        change_query=_page_size,
    ),
    Fault(
        "ignores_filters", "Filters are ignored: every extension matches.", change_query=_no_filters
    ),
    Fault(
        "repeats_last_page",
        "Pages beyond the last repeat the rows of the last page.",
        change_query=_repeat_last_page,
    ),
    Fault(
        "moving_rows", "The rows shift by this many between two pages.", change_query=_moving_rows
    ),
    Fault(
        "endless_pages",
        "A list has no end: every page has rows that no other page had.",
        change_query=_first_page,
        change_document=document_faults.new_numbers,
    ),
    Fault(
        "by_external_id",
        "A single extension is only found by its external id.",
        change_query=_external_id,
    ),
    # The document
    Fault(
        "missing_embedded",
        "`_embedded` is missing.",
        paths=_API_PATHS,
        change_document=document_faults.missing_embedded,
    ),
    Fault(
        "empty_embedded",
        "`_embedded` is empty.",
        paths=_API_PATHS,
        change_document=document_faults.empty_embedded,
    ),
    Fault(
        "null_embedded",
        "The value in `_embedded` is null.",
        paths=_API_PATHS,
        change_document=document_faults.null_embedded,
    ),
    Fault(
        "none_as_404",
        "An empty list is a 404.",
        paths=_API_PATHS,
        change_document=document_faults.none_as_404,
    ),
    Fault(
        "none_without_embedded",
        "An empty list has no `_embedded`.",
        paths=_API_PATHS,
        change_document=document_faults.none_without_embedded,
    ),
    Fault(
        "wrong_total_pages",
        "`total_pages` is too high by this many, or too low.",
        paths=_API_PATHS,
        change_document=document_faults.wrong_total_pages,
    ),
    Fault(
        "wrong_total_items",
        "`total_items` is this number.",
        -80_026_884,
        paths=_API_PATHS,
        change_document=document_faults.wrong_total_items,
    ),
    Fault(
        "document_mock",
        "A list is the document's example: the same row on each of 10 pages, and a total of 100.",
        paths=_API_PATHS,
        change_query=_first_row,
        change_document=document_faults.document_mock,
    ),
    Fault(
        "total_page",
        "`total_pages` is called `total_page`.",
        paths=_API_PATHS,
        change_document=document_faults.total_page,
    ),
    Fault(
        "no_totals",
        "A list lacks its page number, totals and links.",
        paths=_API_PATHS,
        change_document=document_faults.no_totals,
    ),
    Fault(
        "foreign_links",
        "Links lead to a foreign host.",
        paths=_API_PATHS,
        change_document=document_faults.foreign_links,
    ),
    Fault(
        "nulls",
        "Every optional value is null.",
        paths=_API_PATHS,
        change_document=document_faults.nulls,
    ),
    Fault(
        "no_users",
        "Extensions lack their users.",
        paths=_API_PATHS,
        change_document=document_faults.records_without("user"),
    ),
    Fault(
        "no_emails",
        "Users lack their email addresses.",
        paths=_API_PATHS,
        change_document=document_faults.no_emails,
    ),
    Fault(
        "no_dids",
        "Extensions lack their direct numbers.",
        paths=_API_PATHS,
        change_document=document_faults.records_without("dids"),
    ),
    Fault(
        "dids_as_strings",
        "`dids` is an array of strings.",
        paths=_API_PATHS,
        change_document=document_faults.dids_as_strings,
    ),
    Fault(
        "dids_as_object",
        "`dids` is one object instead of an array.",
        paths=_API_PATHS,
        change_document=document_faults.dids_as_object,
    ),
    Fault(
        "extension_as_number",
        "Extension numbers are JSON numbers.",
        paths=_API_PATHS,
        change_document=document_faults.extension_as_number,
    ),
    Fault(
        "numbers_as_floats",
        "Every number has a fraction: 789.0.",
        change_document=document_faults.numbers_as_floats,
    ),
    Fault(
        "numbers_as_strings",
        "Every number is a string.",
        change_document=document_faults.numbers_as_strings,
    ),
    Fault(
        "bad_records",
        "One record in this many is unreadable.",
        5,
        paths=_API_PATHS,
        change_document=document_faults.bad_records,
    ),
    Fault(
        "lone_as_object",
        "A list of one item is an object instead of an array.",
        paths=_API_PATHS,
        change_document=document_faults.lone_as_object,
    ),
    *RECORD_FAULTS,
    # The bytes of the body
    Fault("malformed", "The body isn't JSON.", change_bytes=connection_faults.malformed),
    Fault(
        "not_an_object",
        "The body is JSON, but a list instead of an object.",
        change_bytes=connection_faults.not_an_object,
    ),
    Fault("not_utf8", "The body isn't UTF-8.", change_bytes=connection_faults.not_utf8),
    Fault("empty", "The body is empty.", change_bytes=connection_faults.empty),
    Fault("truncated", "The body ends in the middle.", change_bytes=connection_faults.truncated),
    Fault(
        "huge", "The body is this many megabytes longer.", 9, change_bytes=connection_faults.huge
    ),
    Fault(
        "drip",
        "The body comes one byte at a time, this many seconds apart.",
        0.05,
        change_bytes=connection_faults.drip,
    ),
    Fault(
        "reset",
        "The connection closes in the middle of the body.",
        change_bytes=connection_faults.reset,
    ),
)

FAULTS: dict[str, Fault] = {fault.name: fault for fault in _TABLE}
if len(FAULTS) < len(_TABLE):
    raise ValueError("Two faults have the same name.")
