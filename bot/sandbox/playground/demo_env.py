"""Everything that the playground plays with: both stand-ins, who delivers, and the bot."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from bot.sandbox.change_signal import ChangeSignal
from bot.sandbox.company.sizes import CompanySize
from bot.sandbox.json_types import JsonObject
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.transports import HttpTransport
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.vonage.state import FakeVonage

NO_APP_FEATURES: JsonObject = {"commands": [], "shortcuts": [], "home": False}


@dataclass(frozen=True, slots=True)
class DirectoryStatus:
    """What the bot knows of the company: how many, read when, and how far a reading is.

    `extensions` and `read_at` are `None` while it has no copy; `page` is 0 where none is being
    read, `pages` is 0 where their number is not known. Moments are in epoch seconds.
    """

    extensions: int | None = None
    read_at: float | None = None
    next_at: float | None = None
    page: int = 0
    pages: int = 0


class BotControl(Protocol):
    """The bot on stage: the sandbox does not know it, so whoever sets the stage gives this."""

    async def restart(self, size: CompanySize) -> None:
        """Start anew with nothing remembered, in front of a company of this size."""

    def directory_status(self) -> DirectoryStatus:
        """What it knows of the company now."""


@dataclass(slots=True)
class DemoEnv:
    """What is on stage. `app` is what the app's manifest offers to people.

    `hiring` is the size of the company that is being made, or 0.
    """

    workspace: Workspace
    vonage: FakeVonage
    delivery: Delivery
    transport: HttpTransport
    change_signal: ChangeSignal
    bot: BotControl
    app_features: JsonObject = field(default_factory=lambda: dict(NO_APP_FEATURES))
    size: CompanySize = field(default_factory=CompanySize)
    resizing_to: int = 0
