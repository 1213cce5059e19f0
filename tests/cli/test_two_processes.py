"""Processes on one DATA_DIR: one quota and one login, also if they are killed."""

from __future__ import annotations

import asyncio
import random

from bot.sandbox.vonage.state import FakeVonage
from tests.cli.running import fake_services, run, start

LIMIT = 5


def most_calls_in_a_minute(vonage: FakeVonage) -> int:
    """The calls to the API in the busiest minute; logins are not among them."""
    times = [call.at for call in vonage.calls.latest if "/accounts/" in call.path]
    return max(sum(begin <= time < begin + 60 for time in times) for begin in times)


async def test_killed_and_concurrent_processes_share_one_quota_and_one_login():
    """Six processes at the same time, of which half are killed, make no call too many."""
    async with fake_services(VONAGE_REQUESTS_PER_MINUTE=str(LIMIT)) as services:
        services.vonage.faults.on("latency", 0.3)
        await run("ask", "refresh 100", environment=services.environment)

        async def ask(number: int) -> None:
            line = f"refresh {number}"
            process = await start("ask", line, environment=services.environment)
            if number % 2:
                await asyncio.sleep(random.Random(number).uniform(0.5, 3.0))
                if process.returncode is None:
                    process.kill()
            await process.communicate()

        await asyncio.gather(*(ask(number) for number in range(101, 107)))
        assert most_calls_in_a_minute(services.vonage) == LIMIT
        assert services.vonage.tokens.logins == 1


async def test_refused_login_is_tried_once_however_often_processes_start():
    """Each try would make Vonage's lock begin again; a corrected password is tried at once."""
    async with fake_services() as services:
        wrong = services.environment | {"VONAGE_PASSWORD": "mistyped"}
        for command in (["ask", "789"], ["doctor"], ["ask", "789"], ["doctor"]):
            code, _, _ = await run(*command, environment=wrong)
            assert code != 0
        assert services.vonage.tokens.refused_logins == 1
        code, out, _ = await run("ask", "789", environment=services.environment)
        assert code == 0
        assert "John Smith" in out
        assert services.vonage.tokens.logins == 1
