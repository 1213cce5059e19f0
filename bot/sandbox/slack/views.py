"""What people have open besides messages: a stack of modals each, and their Home tab.

https://docs.slack.dev/surfaces/modals  https://docs.slack.dev/surfaces/app-home
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from itertools import count
from typing import Any

from bot.sandbox.json_types import JsonObject

MAX_STACKED_MODALS = 3  # modals that one person can have over one another

Content = Mapping[str, Any]


@dataclass(slots=True, eq=False)
class View:
    """A modal or a Home tab. `edition` counts its contents: Slack's `hash` tells them apart."""

    id: str
    user: str
    content: JsonObject
    edition: int = 1

    @property
    def hash(self) -> str:
        """What changes with the content."""
        return f"{self.id}.{self.edition}"


class Views:
    """Everything that is open. The last modal of a stack is the one that is seen."""

    def __init__(self) -> None:
        self.stacks: defaultdict[str, list[View]] = defaultdict(list)
        self.homes: dict[str, View] = {}
        self._count = count(1)

    def open(self, user: str, content: Content) -> View:
        """Open a modal, in place of whatever stack there was."""
        self.stacks[user].clear()
        return self.push(user, content)

    def push(self, user: str, content: Content) -> View:
        """Lay a modal over the others."""
        view = self._new(user, content)
        self.stacks[user].append(view)
        return view

    def publish(self, user: str, content: Content) -> View:
        """Put a content on somebody's Home tab."""
        home = self.homes.get(user)
        if home is None:
            home = self.homes[user] = self._new(user, content)
        else:
            self.update(home, content)
        return home

    def update(self, view: View, content: Content) -> None:
        """Put another content into a view."""
        view.content = _with_block_ids(content)
        view.edition += 1

    def pop(self, user: str) -> View | None:
        """Close the modal on top."""
        stack = self.stacks[user]
        return stack.pop() if stack else None

    def find(self, view_id: str = "", external_id: str = "") -> View | None:
        """The view of an id, Slack's or the app's."""
        for view in [
            *self.homes.values(),
            *(each for stack in self.stacks.values() for each in stack),
        ]:
            if view.id == view_id or (
                external_id and view.content.get("external_id") == external_id
            ):
                return view
        return None

    def _new(self, user: str, content: Content) -> View:
        return View(f"V0{next(self._count):06d}", user, _with_block_ids(content))


def _with_block_ids(content: Content) -> JsonObject:
    """A content with a name for every block that came without one, as Slack gives it."""
    named = deepcopy(dict(content))
    for number, block in enumerate(named.get("blocks") or []):
        block.setdefault("block_id", f"v{number}")
    return named
