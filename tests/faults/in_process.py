"""The whole bot between both fakes, in simulated time and without sockets."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bot.sandbox.slack.app import create_slack
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.transports import HttpTransport
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.vonage.app import create_vonage
from bot.sandbox.vonage.options import Options
from bot.web.app import PATH, create_web
from tests.faults.network import Network, only_network
from tests.faults.simulated_clocks import simulated_clocks
from tests.running_bot import RunningBot, invented_company, manifest_scopes, settings_for

VONAGE, SLACK, EXT = "vonage.invalid", "slack.invalid", "ext.invalid"
ADMIN = "U0ADMIN"
READ_EVERY_S = 60.0
PAGE_SIZE = 25  # ten pages, so that a fault can begin in the middle of a reading


@dataclass
class BotUnderFaults(RunningBot):
    """A bot whose network can fail, and what it logs."""

    network: Network = field(default_factory=Network)
    log: list[logging.LogRecord] = field(default_factory=list)

    def end_faults(self) -> None:
        """Let both services and the network work again."""
        self.network.failures.clear()
        for name, value in asdict(Options(quota=0)).items():
            self.vonage.options.change(name, value)
        self.vonage.faults.off()
        self.slack.faults.off()

    async def reasons(self) -> list[str]:
        """Return what /readyz says is wrong."""
        reasons: list[str] = (await self.http.get(f"{self.url}/readyz")).json()["reasons"]
        return reasons

    async def metrics(self) -> bytes:
        """Return the text of /metrics."""
        return (await self.http.get(f"{self.url}/metrics")).content


class _Collector(logging.Handler):
    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__(logging.DEBUG)
        self._records = records

    def emit(self, record: logging.LogRecord) -> None:
        self._records.append(record)


@asynccontextmanager
async def bot_under_faults(
    data_dir: Path, before_start: Callable[[BotUnderFaults], None], **changes: Any
) -> AsyncIterator[BotUnderFaults]:
    """Run a bot without a copy; its first reading begins at once.

    `before_start` can switch faults on, and `changes` are settings.
    """
    with simulated_clocks():
        network = Network()
        vonage_app = create_vonage(Options(quota=0), entries=invented_company())
        workspace = Workspace(scopes=manifest_scopes())
        vonage_url = network.add(VONAGE, vonage_app)
        slack_url = network.add(SLACK, create_slack(workspace))
        settings = settings_for(
            vonage_url,
            slack_url,
            **{
                "data_dir": data_dir,
                "directory_ttl": READ_EVERY_S,
                "vonage_page_size": PAGE_SIZE,
                "admins": frozenset({ADMIN}),
                **changes,
            },
        )
        web = create_web(settings)
        url = network.add(EXT, web)
        with only_network(network) as http:
            deliver = Delivery(workspace, HttpTransport(http, url + PATH), slack_url)
            vonage = vonage_app.state.vonage
            bot = BotUnderFaults(http, url, slack_url, workspace, vonage, deliver, network=network)
            collector = _Collector(bot.log)
            logging.getLogger().addHandler(collector)
            try:
                before_start(bot)
                async with http, web.router.lifespan_context(web):
                    yield bot
            finally:
                logging.getLogger().removeHandler(collector)
