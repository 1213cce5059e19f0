"""What every method of Slack's Web API has in common: arguments, answers and refusals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.json_types import JsonObject
from bot.sandbox.slack.workspace import Workspace

Args = dict[str, str]


class SlackError(Exception):
    """A method's refusal, by Slack's name for it, with what else Slack tells.

    `broke` is a sentence where the app should have known better: a rule was broken.
    """

    def __init__(self, error: str, violation: str = "", **details: Any) -> None:
        super().__init__(error)
        self.error = error
        self.violation = violation
        self.body: JsonObject = {"ok": False, "error": error, **details}


@dataclass(frozen=True, slots=True)
class Method:
    """A Web API method: what it answers, and the scopes of which it needs one.

    `tokens` are the kinds that it takes: `bot`, or `app` for an app-level one.
    """

    handler: Callable[[Workspace, Args], JsonObject]
    scopes: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ("bot",)


def missing_scope(workspace: Workspace, needed: tuple[str, ...], violation: str = "") -> SlackError:
    """The refusal of a call for which the app has no scope."""
    provided = ",".join(workspace.scopes)
    return SlackError("missing_scope", violation, needed=",".join(needed), provided=provided)
