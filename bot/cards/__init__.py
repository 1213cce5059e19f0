"""What people see: models made into Block Kit, as plain dicts.

Pure: nothing here asks anybody anything. Start with `extension` (the card) and `rows` (what
stands in it), then `results` (several extensions) and `notices` (everything else that is said).
`actions` and `ids` are what can be pressed. `text` turns a message back into plain text, for the
terminal.
"""

from __future__ import annotations

from bot.cards.message import Message

__all__ = ["Message"]
