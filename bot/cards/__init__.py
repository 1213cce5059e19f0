"""What people see: turns models into Block Kit messages, as plain dicts.

The package is pure: no module calls the network or reads a clock. Read `extension_card` first
(the card of one extension), then `extension_row` and `lists` (several extensions), and `notices`
(everything else that Ext says). `blocks` has the safe text that all messages consist of, and
`buttons` and `action_ids` what people can press. `terminal` turns a message into plain text.
"""

from __future__ import annotations

from bot.cards.blocks import Message

__all__ = ["Message"]
