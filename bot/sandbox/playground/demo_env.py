"""The parts of a running demo: both stand-ins, the delivery between them, and the bot."""

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
    """The bot's copy of the directory: its size, when it was read, and the progress of a new read.

    `extensions` and `read_at` are `None` while there is no copy. `page` is 0 while no read is
    running, `pages` is 0 where their number isn't known. Times are epoch seconds.
    """

    extensions: int | None = None
    read_at: float | None = None
    next_at: float | None = None
    page: int = 0
    pages: int = 0


class BotControl(Protocol):
    """Restarts the bot. The sandbox doesn't know the bot, so the command line provides this."""

    async def restart(self, size: CompanySize) -> None:
        """Restart the bot with nothing remembered, for a company of this size."""

    def directory_status(self) -> DirectoryStatus:
        """The state of the bot's copy of the directory."""


@dataclass(slots=True)
class DemoEnv:
    """A running demo. `app_features` are the commands and shortcuts of the app's manifest.

    `resizing_to` is the size of the company that is being built, or 0.
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
