"""What people see: models made into Block Kit, as plain dicts.

Pure: nothing here asks anybody anything. Start with `extension` (the card), then `results`
(several extensions) and `notices` (everything else that is said). `text` turns a message back
into plain text, for the terminal.
"""

from __future__ import annotations

from bot.cards.message import Message

__all__ = ["Message"]
