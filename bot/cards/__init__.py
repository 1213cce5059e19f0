"""What people see: models made into Block Kit messages, as plain dicts.

Pure: no module here calls the network or reads a clock. Read `extension_card` first (the card)
and `card_rows` (its rows), then `lists` (several extensions) and `notices` (everything else that
Ext says). `buttons` and `action_ids` are what people can press. `terminal` turns a message back
into plain text.
"""

from __future__ import annotations

from bot.cards.blocks import Message

__all__ = ["Message"]
