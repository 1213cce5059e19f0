"""One soak: warm-up, a pause, three times as long of the same, another pause, and the end."""

from __future__ import annotations

import asyncio
import math
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx

from bot.sandbox.server import serving
from bot.sandbox.slack.app import create_slack
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.transports import HttpTransport
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.vonage.app import create_vonage
from bot.sandbox.vonage.options import Options
from bot.web.app import PATH
from tests.soak import rule
from tests.soak.bot_process import DIRECTORY_TTL_S, LOOKUP_TTL_S, BotProcess, running_bot_process
from tests.soak.company import Company
from tests.soak.faults import SENDING_S, FaultSchedule
from tests.soak.inbox import Inbox
from tests.soak.measures import Probe, Sample, lowest
from tests.soak.traffic import Traffic, colleagues

PEOPLE = 3_000
TOKEN_S, REFRESH_TOKEN_S = 20, 60
START_LIMIT_S = 60.0  # from the start of the process to its first copy of the directory
WARM_UP_RATE = 3.0  # times the usual one, so that caches fill up in the short form too
SAMPLE_EVERY_S = 2.0
READ_EVERY_S = 0.2
CHANGE_EVERY_S = 8.0  # of the company
STALE_RESERVE_S = 20.0  # a question, its answer, and the live answers that are cached
AGE_SAMPLES = 15  # the copy's largest age in these counts
SETTLE_LIMIT_S = 75.0  # after the traffic: the longest outage's recovery, and every open answer
CLIENT_KEEPS_IDLE_S = 2.0  # the bot closes an idle connection after 5 s
REST_SAMPLES, REST_EVERY_S = 10, 1.0  # two readings of the directory


@dataclass(slots=True)
class Result:
    """What a soak measured. `after_warm_up` and `at_the_end` are levels at rest, by name."""

    samples: list[Sample] = field(default_factory=list)
    after_warm_up: dict[str, float] = field(default_factory=dict)
    at_the_end: dict[str, float] = field(default_factory=dict)
    unexplained_losses: int = 0
    exit_code: int | None = None
    log_lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Soak:
    """The parts of a soak while it runs."""

    bot: BotProcess
    probe: Probe
    traffic: Traffic
    inbox: Inbox
    faults: FaultSchedule
    company: Company
    slack: Workspace
    result: Result = field(default_factory=Result)
    _last: Sample | None = None

    async def run(self, seconds: float, say: Callable[[str], None]) -> None:
        """Run all phases; the bot has ended after the last one."""
        await self._wait_for_copy()
        say("warm-up")
        await self._under_load(seconds * rule.WARM_UP_SHARE, WARM_UP_RATE)
        say("pause")
        self.result.after_warm_up = await self._at_rest()
        say("main part")
        await self._under_load(seconds * (1 - rule.WARM_UP_SHARE))
        say("pause")
        self.result.at_the_end = await self._at_rest()
        self.inbox.read()
        with suppress(TimeoutError):
            self.result.exit_code = await self.bot.stop()
        self.result.log_lines = list(self.bot.unexpected_log_lines(self._is_explained))

    def _is_explained(self, at: float) -> bool:
        """Whether a fault of Slack's explains a loss in this second, which is in epoch seconds."""
        at += time.monotonic() - time.time()
        return self.faults.explains(at - SENDING_S, at + 1)

    async def _wait_for_copy(self) -> None:
        async with asyncio.timeout(START_LIMIT_S), _client() as http:
            while True:
                with suppress(httpx.TransportError):
                    if not math.isnan((await self.probe.measure(http, 0)).age_s):
                        return
                await asyncio.sleep(0.2)

    async def _under_load(self, seconds: float, rate: float = 1) -> None:
        """Send traffic with faults, at a multiple of the usual rate, and measure meanwhile."""
        async with asyncio.TaskGroup() as group:
            helpers = [
                group.create_task(work)
                for work in (self._measure(), self._read(), self._change(), self.faults.run())
            ]
            await self.traffic.run(seconds, rate)
            for helper in helpers:
                helper.cancel()

    async def _at_rest(self) -> dict[str, float]:
        """Wait until the bot has finished its work; return the levels that it then has."""
        async with _client() as http:
            end = time.monotonic() + SETTLE_LIMIT_S
            while time.monotonic() < end:
                await asyncio.sleep(REST_EVERY_S)
                self.inbox.read()
                sample = await self._sample(http)
                is_current = sample.age_s < 2 * DIRECTORY_TTL_S
                is_idle = not (sample.values["foreground tasks"] or self.inbox.open_questions)
                if is_current and is_idle:
                    break
            samples = []
            for _ in range(REST_SAMPLES):
                await asyncio.sleep(REST_EVERY_S)
                samples.append(await self._sample(http))
        return lowest(samples) | {"age of the copy in s": samples[-1].age_s}

    async def _measure(self) -> None:
        async with _client() as http:
            while True:
                self.result.samples.append(await self._sample(http))
                ages = [sample.age_s for sample in self.result.samples[-AGE_SAMPLES:]]
                self.inbox.stale_s = max(ages) + LOOKUP_TTL_S + STALE_RESERVE_S
                await asyncio.sleep(SAMPLE_EVERY_S)

    async def _sample(self, http: httpx.AsyncClient) -> Sample:
        """Measure once, and note losses since the last time that no fault of Slack's explains."""
        last = self._last
        sample = self._last = await self.probe.measure(http, time.monotonic())
        is_loss = last is not None and sample.lost > last.lost
        if last and is_loss and not self.faults.explains(last.at - SENDING_S, sample.at):
            self.result.unexplained_losses += round(sample.lost - last.lost)
        return sample

    async def _read(self) -> None:
        while True:
            self.inbox.read()
            await asyncio.sleep(READ_EVERY_S)

    async def _change(self) -> None:
        while True:
            await asyncio.sleep(CHANGE_EVERY_S)
            self.company.change()


@asynccontextmanager
async def open_soak(seconds: float, per_second: float, seed: int) -> AsyncIterator[Soak]:
    """Start both fakes and the bot between them."""
    random = Random(seed)
    options = Options(
        people=PEOPLE, quota=0, expires_in=TOKEN_S, refresh_expires_in=REFRESH_TOKEN_S
    )
    vonage_app = create_vonage(options)
    vonage = vonage_app.state.vonage
    slack = Workspace(members=colleagues(vonage.entries))
    company = Company(vonage, random)
    faults = FaultSchedule(vonage, slack, random, seconds)
    inbox = Inbox(slack, company, faults.explains)
    with tempfile.TemporaryDirectory(prefix="ext-soak-") as folder:
        async with (
            serving(vonage_app) as vonage_url,
            serving(create_slack(slack)) as slack_url,
            running_bot_process(vonage_url, slack_url, Path(folder)) as bot,
            _client() as http,
        ):
            deliver = Delivery(slack, HttpTransport(http, bot.url + PATH), slack_url)
            traffic = Traffic(deliver, http, bot.url, company, inbox, random, per_second)
            probe = Probe(bot.process.pid, bot.url, bot.data_dir, bot.temp_dir)
            yield Soak(bot, probe, traffic, inbox, faults, company, slack)


def _client() -> httpx.AsyncClient:
    """Return a client that never uses a connection that the bot is about to close as idle."""
    limits = httpx.Limits(keepalive_expiry=CLIENT_KEEPS_IDLE_S)
    # No https here, and to load the certificates takes time.
    return httpx.AsyncClient(timeout=20, limits=limits, trust_env=False, verify=False)
