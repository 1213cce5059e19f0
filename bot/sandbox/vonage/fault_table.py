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
from bot.sandbox.vonage.service_errors import ServiceError

_API_PATHS = ("/api/",)
_TOKEN_PATHS = ("/token",)


def respond_with(error: ErrorResponse) -> ReplaceResponse:
    """A fault that answers every request with this error."""

    async def instead(request: Request, _value: float) -> Response:
        """Answer so, in the form that the caller is given."""
        refusal: Response = request.app.state.vonage.error_response(request, error)
        return refusal

    return instead


async def _throttled(request: Request, seconds: float) -> Response:
    refusal: Response = request.app.state.vonage.throttled_response(request, seconds)
    return refusal


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


def _external_id(query: ListQuery, _value: float) -> ListQuery:
    return replace(query, lookup_field="external_id")


_TABLE = (
    # Time
    Fault(
        "latency",
        "Answers only after so many seconds.",
        1.0,
        replace_response=response_faults.latency,
    ),
    Fault(
        "jitter",
        "Answers after up to so many seconds more.",
        0.5,
        replace_response=response_faults.jitter,
    ),
    Fault("hang", "Never answers.", replace_response=response_faults.hang),
    # Answers of others
    Fault(
        "down",
        "503: the service behind the gateway is down.",
        replace_response=respond_with(gateway.BACKEND_DOWN),
    ),
    Fault(
        "html_502", "502, and a proxy's page in HTML.", replace_response=response_faults.html_502
    ),
    Fault(
        "server_error",
        "500, from the gateway.",
        replace_response=respond_with(gateway.GATEWAY_ERROR),
    ),
    Fault("redirect", "302 to a host that is nobody's.", replace_response=response_faults.redirect),
    Fault(
        "throttled",
        "429: come back in so many seconds.",
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
        "unauthorised",
        "401: the token is not valid.",
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
        "403: the application has not subscribed to Provisioning.",
        paths=_API_PATHS,
        replace_response=respond_with(gateway.NOT_SUBSCRIBED),
    ),
    Fault(
        "no_resource",
        "403: the gateway does not know the path.",
        paths=_API_PATHS,
        replace_response=respond_with(gateway.RESOURCE_FORBIDDEN),
    ),
    Fault(
        "gone",
        "404 in the gateway's own form, though the path is right.",
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
        "401: the consumer key is not known.",
        paths=_TOKEN_PATHS,
        replace_response=_token_error(
            401, "invalid_client", "A valid OAuth client could not be found"
        ),
    ),
    Fault(
        "no_expires_in",
        "A token does not say how long it lasts.",
        paths=_TOKEN_PATHS,
        change_document=document_faults.without("expires_in"),
    ),
    Fault(
        "no_refresh_token",
        "A login gives no refresh token.",
        paths=_TOKEN_PATHS,
        change_document=document_faults.without("refresh_token"),
    ),
    Fault(
        "no_access_token",
        "A login is answered with 200 and no token.",
        paths=_TOKEN_PATHS,
        change_document=document_faults.without("access_token"),
    ),
    # What it understands
    Fault(
        "ignores_page_size",
        "Gives so many on a page, whatever is asked.",
        5,
        change_query=_page_size,
    ),
    Fault("ignores_filters", "Gives every extension, whatever is asked.", change_query=_no_filters),
    Fault(
        "repeats_last_page",
        "Pages beyond the last have the last page's rows.",
        change_query=_repeat_last_page,
    ),
    Fault(
        "moving_rows", "Between two pages the rows move on by so many.", change_query=_moving_rows
    ),
    Fault(
        "by_external_id",
        "Finds a single extension by its external id only.",
        change_query=_external_id,
    ),
    # What it tells
    Fault(
        "missing_embedded",
        "There is no `_embedded`.",
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
        "What is in `_embedded` is null.",
        paths=_API_PATHS,
        change_document=document_faults.null_embedded,
    ),
    Fault(
        "none_as_404",
        "A list that finds nothing is a 404.",
        paths=_API_PATHS,
        change_document=document_faults.none_as_404,
    ),
    Fault(
        "none_without_embedded",
        "A list that finds nothing has no `_embedded`.",
        paths=_API_PATHS,
        change_document=document_faults.none_without_embedded,
    ),
    Fault(
        "wrong_total_pages",
        "`total_pages` is so many too high, or too low.",
        paths=_API_PATHS,
        change_document=document_faults.wrong_total_pages,
    ),
    Fault(
        "total_page",
        "`total_pages` is called `total_page`.",
        paths=_API_PATHS,
        change_document=document_faults.total_page,
    ),
    Fault(
        "no_totals",
        "A list does not say its page, its totals or its links.",
        paths=_API_PATHS,
        change_document=document_faults.no_totals,
    ),
    Fault(
        "foreign_links",
        "Links lead to a host that is nobody's.",
        paths=_API_PATHS,
        change_document=document_faults.foreign_links,
    ),
    Fault(
        "nulls",
        "Whatever may be left out is null.",
        paths=_API_PATHS,
        change_document=document_faults.nulls,
    ),
    Fault(
        "dids_as_strings",
        "`dids` holds plain texts.",
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
        "Every number is a text.",
        change_document=document_faults.numbers_as_strings,
    ),
    Fault(
        "bad_records",
        "Every so many records, one cannot be read.",
        5,
        paths=_API_PATHS,
        change_document=document_faults.bad_records,
    ),
    Fault(
        "lone_as_object",
        "A list of one is an object instead of an array.",
        paths=_API_PATHS,
        change_document=document_faults.lone_as_object,
    ),
    # What goes over the wire
    Fault("malformed", "The body is not JSON.", change_bytes=connection_faults.malformed),
    Fault(
        "not_an_object",
        "The body is JSON, but a list.",
        change_bytes=connection_faults.not_an_object,
    ),
    Fault("not_utf8", "The body is not UTF-8.", change_bytes=connection_faults.not_utf8),
    Fault("empty", "The body is empty.", change_bytes=connection_faults.empty),
    Fault("truncated", "The body ends in the middle.", change_bytes=connection_faults.truncated),
    Fault("huge", "The body is so many megabytes longer.", 9, change_bytes=connection_faults.huge),
    Fault(
        "drip",
        "The body comes a byte at a time, with so many seconds before each.",
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
