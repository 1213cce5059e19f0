"""Turns the text that people type into a query.

`parse` is the entry point; the kinds of query that it returns are in `model`, and `commands` has
the table of commands. Text that can't be parsed raises QueryError, which points at the unclear
spot. The package is pure: it uses no network, no directory and no Slack client.
"""

from __future__ import annotations

from bot.query.commands import EXAMPLES, Example, command_of
from bot.query.parser import parse

__all__ = ["EXAMPLES", "Example", "command_of", "parse"]
