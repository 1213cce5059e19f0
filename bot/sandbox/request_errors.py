"""Lets any module of the sandbox refuse a request by raising the error response."""

from __future__ import annotations

from typing import Protocol

from starlette.responses import Response


class ErrorResponse(Protocol):
    """An error that becomes a response once the caller's headers are known."""

    def to_response(self, *, accept: str, style: str) -> Response:
        """The response for this Accept header, in this style of the gateway's errors."""
        ...


class RequestRefused(Exception):
    """The request ends here, with this error response."""

    def __init__(self, error: ErrorResponse) -> None:
        super().__init__(type(error).__name__)
        self.error = error
