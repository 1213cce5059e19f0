"""Rules of Slack's that the app broke: each is noted, and a test can ask for all of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: by Slack's name for the error where it has one, and what was done."""

    rule: str
    description: str

    def __str__(self) -> str:
        """As one line."""
        return f"{self.rule}: {self.description}"


class SlackRulesViolated(AssertionError):
    """The app broke rules of Slack's; the message has all sentences."""


class Violations(list[Violation]):
    """What was broken, oldest first."""

    def record(self, rule: str, description: str) -> None:
        """Remember a broken rule; `what` is a plain sentence."""
        self.append(Violation(rule, description))

    @property
    def rules(self) -> list[str]:
        """Only the names."""
        return [each.rule for each in self]

    def check(self) -> None:
        """Raise RulesBroken with every sentence, if there is one."""
        if self:
            lines = "\n".join(f"- {each}" for each in self)
            raise SlackRulesViolated(f"The app broke {len(self)} of Slack's rules:\n{lines}")
