"""The parts that every Web API method shares: arguments, methods and errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.json_types import JsonObject
from bot.sandbox.slack.workspace import Workspace

Args = dict[str, str]


class SlackError(Exception):
    """An error response of a method: Slack's name for it and further fields in `body`.

    `violation` is a sentence where the call broke a rule that the app should know.
    """

    def __init__(self, error: str, violation: str = "", **details: Any) -> None:
        super().__init__(error)
        self.error = error
        self.violation = violation
        self.body: JsonObject = {"ok": False, "error": error, **details}


@dataclass(frozen=True, slots=True)
class Method:
    """A Web API method: its handler, and the scopes of which the app needs one.

    `tokens` are the accepted kinds: `bot`, or `app` for an app-level token.
    """

    handler: Callable[[Workspace, Args], JsonObject]
    scopes: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ("bot",)


def missing_scope(workspace: Workspace, needed: tuple[str, ...], violation: str = "") -> SlackError:
    """The error of a call for which the app lacks the scope."""
    provided = ",".join(workspace.scopes)
    return SlackError("missing_scope", violation, needed=",".join(needed), provided=provided)
