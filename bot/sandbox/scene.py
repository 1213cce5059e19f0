"""Everything that the playground shows and turns: both stand-ins, and the way to the bot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.bell import Bell
from bot.sandbox.carriers import Http
from bot.sandbox.delivery import Delivery
from bot.sandbox.state import Sandbox
from bot.sandbox.workspace import Workspace

NO_APP: dict[str, Any] = {"commands": [], "shortcuts": [], "home": False}


@dataclass(slots=True)
class Scene:
    """What is on stage. `app` is what the app's manifest offers to people.

    `restaff` gives the company another size, and the bot a new start: it is the caller's,
    because the sandbox does not know the bot. `hiring` is the size that is being made, or 0.
    """

    workspace: Workspace
    vonage: Sandbox
    delivery: Delivery
    carrier: Http
    bell: Bell
    restaff: Callable[[int], Awaitable[None]]
    app: dict[str, Any] = field(default_factory=lambda: dict(NO_APP))
    hiring: int = 0
