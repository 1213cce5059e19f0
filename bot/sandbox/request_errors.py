"""How any room of the sandbox refuses a call: by raising an answer that says why."""

from __future__ import annotations

from typing import Protocol

from starlette.responses import Response


class ErrorResponse(Protocol):
    """An answer that can be written down once the caller is known."""

    def to_response(self, *, accept: str, style: str) -> Response:
        """The answer for this Accept header, in this style of the gateway's refusals."""
        ...


class RequestRefused(Exception):
    """The call ends here, with this answer."""

    def __init__(self, error: ErrorResponse) -> None:
        super().__init__(type(error).__name__)
        self.error = error
