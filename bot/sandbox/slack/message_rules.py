"""Checks every message against Slack's rules, whichever way it comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack.block_kit import problems
from bot.sandbox.slack.violations import Violations

MAX_TEXT_CHARS = 40_000  # Slack accepts texts above 4,000 characters, but splits them

_REFUSAL_NAMES = ("invalid_blocks", "msg_blocks_too_long", "no_text", "msg_too_long")


def check_message(
    violations: Violations,
    origin: str,
    message: Mapping[str, Any],
    *,
    max_text_chars: int = MAX_TEXT_CHARS,
) -> list[str]:
    """Record every problem of a message; return those for which Slack would refuse it.

    Each begins with Slack's name for the error. Problems that Slack would accept but people would
    suffer from are recorded only. `origin` says how the message came.
    """
    message_problems = problems(message)
    for problem in message_problems:
        name = error_name(problem)
        violations.record(name, f"{origin}: {problem.removeprefix(f'{name}: ')}")
    return [
        problem
        for problem in message_problems
        if _is_refused(error_name(problem), message, max_text_chars)
    ]


def error_name(problem: str) -> str:
    """Slack's name for the error that a problem leads to; `content` where it leads to none."""
    name = problem.partition(":")[0]
    return name if name in _REFUSAL_NAMES else "content"


def _is_refused(name: str, message: Mapping[str, Any], longest: int) -> bool:
    if name == "no_text":
        return not message.get("blocks")
    if name == "msg_too_long":
        return len(message["text"]) > longest
    return name != "content"
