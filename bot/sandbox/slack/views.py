"""The open views of each person: a stack of modals, and the Home tab.

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

MAX_STACKED_MODALS = 3  # per person

Content = Mapping[str, Any]


@dataclass(slots=True, eq=False)
class View:
    """A modal or a Home tab. `edition` counts its contents; Slack's `hash` changes with it."""

    id: str
    user: str
    content: JsonObject
    edition: int = 1

    @property
    def hash(self) -> str:
        """Slack's hash, which changes with the content."""
        return f"{self.id}.{self.edition}"


class Views:
    """Every open view. The last modal of a stack is the visible one."""

    def __init__(self) -> None:
        self.stacks: defaultdict[str, list[View]] = defaultdict(list)
        self.homes: dict[str, View] = {}
        self._count = count(1)

    def open(self, user: str, content: Content) -> View:
        """Open a modal in place of the user's whole stack."""
        self.stacks[user].clear()
        return self.push(user, content)

    def push(self, user: str, content: Content) -> View:
        """Open a modal on top of the others."""
        view = self._new(user, content)
        self.stacks[user].append(view)
        return view

    def publish(self, user: str, content: Content) -> View:
        """Set the content of a user's Home tab."""
        home = self.homes.get(user)
        if home is None:
            home = self.homes[user] = self._new(user, content)
        else:
            self.update(home, content)
        return home

    def update(self, view: View, content: Content) -> None:
        """Replace the content of a view."""
        view.content = _with_block_ids(content)
        view.edition += 1

    def pop(self, user: str) -> View | None:
        """Close the top modal."""
        stack = self.stacks[user]
        return stack.pop() if stack else None

    def find(self, view_id: str = "", external_id: str = "") -> View | None:
        """The view with this id, Slack's or the app's."""
        for view in [
            *self.homes.values(),
            *(view for stack in self.stacks.values() for view in stack),
        ]:
            if view.id == view_id or (
                external_id and view.content.get("external_id") == external_id
            ):
                return view
        return None

    def _new(self, user: str, content: Content) -> View:
        return View(f"V0{next(self._count):06d}", user, _with_block_ids(content))


def _with_block_ids(content: Content) -> JsonObject:
    """A copy of the content in which every block has an id, as Slack adds it."""
    named = deepcopy(dict(content))
    for number, block in enumerate(named.get("blocks") or []):
        block.setdefault("block_id", f"v{number}")
    return named
