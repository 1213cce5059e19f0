"""The errors of the API gateway in front of the services, in its three forms.

They look different from the errors of the services behind it, so a client has to go by the status
first. Without `json` in the Accept header they are XML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import formatdate
from math import ceil
from xml.sax.saxutils import escape

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from bot.sandbox.vonage.options import Options

_XML_NAMESPACE = "http://wso2.org/apimanager/{}"


@dataclass(frozen=True, slots=True)
class GatewayError:
    """The gateway's response to a request that it doesn't pass on."""

    status: int
    code: int
    message: str
    description: str
    headers: Mapping[str, str] | None = None
    next_access: str = ""

    def to_response(self, *, accept: str, style: str) -> Response:
        """The response in the form for this caller and this version of the gateway."""
        headers = dict(self.headers or {})
        if self.status == 401:
            headers["WWW-Authenticate"] = 'OAuth2 realm="WSO2 API Manager"'
        if "json" not in accept:
            return Response(self._xml(), self.status, headers, "application/xml; charset=UTF-8")
        fields = {"message": self.message, "description": self.description}
        if self.next_access:
            fields["nextAccessTime"] = self.next_access
        if style == "flat":
            return JSONResponse({"code": str(self.code), **fields}, self.status, headers)
        return JSONResponse({"fault": {"code": self.code, **fields}}, self.status, headers)

    def _xml(self) -> str:
        topic, tag = ("throttling", "amt") if 900800 <= self.code < 900900 else ("security", "ams")
        return (
            f'<{tag}:fault xmlns:{tag}="{_XML_NAMESPACE.format(topic)}">'
            f"<{tag}:code>{self.code}</{tag}:code>"
            f"<{tag}:message>{escape(self.message)}</{tag}:message>"
            f"<{tag}:description>{escape(self.description)}</{tag}:description></{tag}:fault>"
        )


INVALID_TOKEN = GatewayError(
    401,
    900901,
    "Invalid Credentials",
    "Invalid Credentials. Make sure you have provided the correct security credentials",
)
MISSING_TOKEN = GatewayError(
    401,
    900902,
    "Missing Credentials",
    "Invalid Credentials. Make sure your API invocation call has a header: "
    "'Authorization : Bearer ACCESS_TOKEN'",
)
NO_RESOURCE = GatewayError(
    404,
    900906,
    "No matching resource found for given API Request",
    "No matching resource found for given API Request",
)
RESOURCE_FORBIDDEN = GatewayError(
    403,
    900906,
    "No matching resource found in the API for the given request",
    "Check the API documentation and add a proper REST resource path to the invocation URL",
)
WRONG_METHOD = GatewayError(
    405, 900906, "Method Not Allowed", "Method not allowed for given API resource"
)
NOT_SUBSCRIBED = GatewayError(
    403,
    900908,
    "Resource forbidden",
    "User is NOT authorized to access the Resource. API Subscription validation failed.",
)
API_BLOCKED = GatewayError(
    503,
    700700,
    "API blocked",
    "This API has been blocked temporarily. Please try again later or contact the administrators.",
)
BACKEND_DOWN = GatewayError(503, 101503, "Runtime Error", "Error connecting to the back end")
GATEWAY_ERROR = GatewayError(
    500, 900900, "Unclassified Authentication Failure", "Unclassified Authentication Failure"
)


def over_quota(options: Options, *, now: float, until: float) -> GatewayError:
    """The response to a request above the quota; `now` and `until` are epoch seconds."""
    until = ceil(until)
    next_access = datetime.fromtimestamp(until, UTC).strftime("%Y-%b-%d %H:%M:%S+0000 UTC")
    retry_after_headers = {
        "date": {"Retry-After": formatdate(until, usegmt=True)},
        "seconds": {"Retry-After": str(max(1, ceil(until - now)))},
    }
    return GatewayError(
        options.throttle_status,
        900803,
        "Message throttled out",
        f"You have exceeded your quota .You can access API after {next_access}",
        headers=retry_after_headers.get(options.retry_after),
        next_access=next_access,
    )


def no_route(error: HTTPException) -> GatewayError:
    """The gateway's response to a path or a method that no route has."""
    if error.status_code == 405:
        return replace(WRONG_METHOD, headers=error.headers)
    return NO_RESOURCE
