"""The way to the pages beside the one that is shown: buttons in Slack, lines to type elsewhere."""

from __future__ import annotations

from bot.cards import action_ids
from bot.cards.blocks import code, context
from bot.cards.buttons import actions_block, button
from bot.cards.message import Block

NEXT_PAGE = "Next page"
PREVIOUS_PAGE = "Previous page"


def pager_blocks(
    page: int, pages: int, *, previous_query: str, next_query: str, buttons: bool
) -> list[Block]:
    """Return the blocks that turn pages: none where there is no page beside this one.

    The queries are empty where there is none. With `buttons` they are the lines that are asked
    for; without, what one types.
    """
    if not buttons:
        return _hints(previous_query, next_query)
    near = (
        (action_ids.PREVIOUS, PREVIOUS_PAGE, previous_query, page - 1),
        (action_ids.NEXT, NEXT_PAGE, next_query, page + 1),
    )
    turns = [
        button(action_id, name, line=line, accessibility_label=f"{name}, {number:,} of {pages:,}")
        for action_id, name, line, number in near
        if line
    ]
    return [actions_block(*turns)] if turns else []


def _hints(previous_query: str, next_query: str) -> list[Block]:
    onward = f"{NEXT_PAGE}: {code(next_query, 250)}" if next_query else ""
    back = f"{PREVIOUS_PAGE}: {code(previous_query, 250)}" if previous_query else ""
    hints = "\n".join(filter(None, [onward, back]))
    return [context(hints)] if hints else []
