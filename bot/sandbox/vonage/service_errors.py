"""The errors of the services behind the gateway: JSON, whatever the caller accepts."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.sandbox.json_types import JsonObject
from bot.sandbox.request_errors import RequestRefused

_INSTANCE_IDS = count(1)


@dataclass(frozen=True, slots=True)
class ServiceError:
    """A service's error response: JSON where `body` is a dict, plain text where it is a string."""

    status: int
    body: JsonObject | str

    def to_response(self, *, accept: str, style: str) -> Response:
        """The response, which is the same for every caller."""
        if isinstance(self.body, str):
            return PlainTextResponse(self.body, self.status)
        return JSONResponse(self.body, self.status)


def not_found(what: str) -> RequestRefused:
    """The resource doesn't exist."""
    return RequestRefused(ServiceError(404, {"msg": f"{what} not found", "status": 404}))


def wrong_user() -> RequestRefused:
    """The token is valid, but its user isn't an administrator of this account."""
    return RequestRefused(ServiceError(401, "missing user data"))


def bad_parameters(reasons: dict[str, str]) -> RequestRefused:
    """Invalid parameters: the name of each and the reason."""
    body: JsonObject = {
        "status": 400,
        "title": "Bad Request",
        "instance": f"sandbox-{next(_INSTANCE_IDS):08d}",
        "invalid_parameters": [
            {"name": name, "reason": reason} for name, reason in reasons.items()
        ],
    }
    return RequestRefused(ServiceError(400, body))


def oauth_error(error: str, description: str, *, status: int = 400) -> RequestRefused:
    """A refused token request, in OAuth's form."""
    return RequestRefused(ServiceError(status, {"error_description": description, "error": error}))
