"""Violations of Slack's rules by the app: each is recorded, and tests can fail on them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule, by Slack's name for the error where it has one, and a sentence on it."""

    rule: str
    description: str

    def __str__(self) -> str:
        """The violation as one line."""
        return f"{self.rule}: {self.description}"


class SlackRulesViolated(AssertionError):
    """The app broke rules of Slack's; the message lists them."""


class Violations(list[Violation]):
    """The recorded violations, oldest first."""

    def record(self, rule: str, description: str) -> None:
        """Record a broken rule; `description` is a plain sentence."""
        self.append(Violation(rule, description))

    @property
    def rules(self) -> list[str]:
        """Only the names of the rules."""
        return [violation.rule for violation in self]

    def check(self) -> None:
        """Raise SlackRulesViolated if any rule was broken."""
        if self:
            lines = "\n".join(f"- {violation}" for violation in self)
            raise SlackRulesViolated(f"The app broke {len(self)} of Slack's rules:\n{lines}")
