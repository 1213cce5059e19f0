"""How any room of the sandbox refuses a call: by raising an answer that says why."""

from __future__ import annotations

from typing import Protocol

from starlette.responses import Response


class Answer(Protocol):
    """An answer that can be written down once the caller is known."""

    def response(self, *, accept: str, style: str) -> Response:
        """The answer for this Accept header, in this style of the gateway's refusals."""
        ...


class Refused(Exception):
    """The call ends here, with this answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(type(answer).__name__)
        self.answer = answer
