"""Links to the previous and the next page: buttons in Slack, queries to type in a terminal."""

from __future__ import annotations

import re

from bot.cards import action_ids
from bot.cards.blocks import Block, code, context
from bot.cards.buttons import actions_block, button

NEXT_PAGE = "Next page"
PREVIOUS_PAGE = "Previous page"

# A button's query ends with where its page begins or ends, so that pages don't shift when somebody
# joins. `query.unparse` adds that; nobody would type it.
_PAGE_EDGE = re.compile(r" (?:after|before):[0-9]+\Z")


def pager_blocks(
    page: int, pages: int, *, previous_query: str, next_query: str, buttons: bool
) -> list[Block]:
    """Return the blocks that lead to the previous and the next page; none if there is neither.

    The query of a page that doesn't exist is empty. With `buttons`, the queries are asked by
    buttons. Without, they are shown as what to type.
    """
    if not buttons:
        return _hints(previous_query, next_query)
    targets = (
        (action_ids.PREVIOUS, PREVIOUS_PAGE, previous_query, page - 1),
        (action_ids.NEXT, NEXT_PAGE, next_query, page + 1),
    )
    page_buttons = [
        button(action_id, name, line=query, accessibility_label=f"{name}, {target:,} of {pages:,}")
        for action_id, name, query, target in targets
        if query
    ]
    return [actions_block(*page_buttons)] if page_buttons else []


def typed_query(query: str) -> str:
    """Return a page's query as people type it: `list page 3` for `list page 3 after:173`."""
    return _PAGE_EDGE.sub("", query)


def _hints(previous_query: str, next_query: str) -> list[Block]:
    hints = [
        f"{name}: {code(typed_query(query), 250)}"
        for name, query in ((NEXT_PAGE, next_query), (PREVIOUS_PAGE, previous_query))
        if query
    ]
    return [context("\n".join(hints))] if hints else []
