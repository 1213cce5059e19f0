"""A wall clock that is set changes what people see, never how long anything lasts."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import httpx
import pytest

from bot.cache import Cache, TtlPolicy
from bot.clocks import Clocks
from bot.metrics import Metrics
from bot.models import Match, Missing, Problem, Status
from tests import simulated_time
from tests.clock import Clock
from tests.directory.fake_vonage import FakeVonage, api_row, run_directory

BOT = Path(__file__).parents[1] / "bot"
DAY = 86_400.0
EVERY = 900.0
STEPS = [-DAY, DAY, -400 * DAY, 400 * DAY]

# Who reads the wall clock other than as `wall_clock`, and why durations are safe there.
READERS_OF_THE_WALL_CLOCK = {
    "clocks.py": "converts",
    "lookup/render.py": "ages and local times that people see",
    "lookup/service.py": "ages that people see",
    "web/guard.py": "compares with the time that Slack signs",
    "vonage/shared_clock.py": "is kept over a restart, and shared by processes",
    "metrics.py": "an age of what Status says by the same clock",
    "cli/doctor/vonage.py": "times of day that people see",
    "cli/doctor/slack.py": "compares with Slack's clock",
}


class SetClock:
    """A simulated wall clock that can be set."""

    def __init__(self) -> None:
        self.offset = 0.0

    def __call__(self) -> float:
        """Return epoch seconds."""
        return simulated_time.wall_clock() + self.offset


def test_wall_clock_is_read_only_where_people_or_files_need_it():
    """Everything else measures durations, which the wall clock would make longer or shorter."""
    readers = set()
    for path in BOT.rglob("*.py"):
        code = re.sub(r"wall_clock: \S+(\[.*\])? = time\.time\b", "", path.read_text())
        if re.search(r"\btime\.time\b|datetime\.now|utcnow", code):
            readers.add(str(path.relative_to(BOT)))
    assert {name for name in readers if not name.startswith("sandbox/")} == set(
        READERS_OF_THE_WALL_CLOCK
    )


def test_moment_is_shown_by_the_wall_clock_of_now():
    """After the clock was corrected, a moment of before has the corrected time."""
    monotonic, wall = Clock(500.0), Clock(1_000_000.0)
    clocks = Clocks(monotonic, wall)
    assert clocks.epoch(440.0) == 999_940.0
    wall.advance(DAY)
    assert clocks.epoch(440.0) == 999_940.0 + DAY


@pytest.mark.parametrize(("age_s", "expected"), [(60.0, 440.0), (0.0, 500.0), (-DAY, 500.0)])
def test_time_that_was_kept_is_never_in_the_future(age_s, expected):
    """A copy from the future was made before the clock was set back: it counts as new."""
    assert Clocks(Clock(500.0), Clock()).moment(Clock().now - age_s) == expected


@pytest.mark.parametrize("step", STEPS)
async def test_set_clock_changes_no_span_of_the_cache(step):
    """A person's rights last as long as they should, and no longer."""
    clock, wall, loads = Clock(), Clock(), 0

    async def load() -> str:
        nonlocal loads
        loads += 1
        return "member"

    cache: Cache[str, str] = Cache(TtlPolicy(found=600, stale=0), clock=clock, wall_clock=wall)
    await cache.get("person", load)
    wall.advance(step)
    clock.advance(599)
    await cache.get("person", load)
    assert cache.fresh("person")
    assert loads == 1
    clock.advance(2)
    assert cache.fresh("person") is None
    await cache.get("person", load)
    assert loads == 2
    await cache.close()


@pytest.mark.parametrize("step", STEPS)
async def test_set_clock_changes_no_pause_of_the_cache(step):
    """A failing source is asked again after its pause."""
    clock, wall, loads = Clock(), Clock(), 0

    async def load() -> str:
        nonlocal loads
        loads += 1
        if loads > 1:
            raise OSError
        return "member"

    ttl = TtlPolicy(found=10, stale=0, stale_if_error=1000, retry_pause=5)
    cache: Cache[str, str] = Cache(ttl, clock=clock, wall_clock=wall)
    await cache.get("person", load)
    clock.advance(11)
    await cache.get("person", load)
    wall.advance(step)
    clock.advance(4)
    await cache.get("person", load)
    assert loads == 2
    clock.advance(2)
    await cache.get("person", load)
    assert loads == 3
    clock.advance(1000)
    with pytest.raises(OSError):  # noqa: PT011 - of the test
        await cache.get("person", load)
    await cache.close()


@pytest.mark.parametrize("step", STEPS)
def test_set_clock_changes_no_reading_and_no_age(tmp_path, step):
    """Readings come at their interval, and the copy is as old as it is."""

    async def scenario() -> None:
        vonage, clock = FakeVonage([api_row(each) for each in range(100, 140)]), SetClock()
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY, clock=clock) as running:
            await running.wait_for_copy()
            await asyncio.sleep(100)
            clock.offset = step
            status = running.directory.status()
            assert status.next_at
            assert status.read_at
            assert 0 < status.next_at - clock() <= EVERY
            assert 99 <= clock() - status.read_at <= 110
            calls = len(vonage.calls)
            # The interval between two readings has a random part of ± 10 %.
            await asyncio.sleep(0.9 * EVERY - 110)
            assert len(vonage.calls) == calls
            await asyncio.sleep(0.2 * EVERY + 20)
            assert len(vonage.calls) > calls

    simulated_time.run(scenario())


@pytest.mark.parametrize("step", STEPS)
def test_set_clock_changes_no_limit_of_confirmations(tmp_path, step):
    """Numbers that nobody has cost two calls a minute, whatever the clock says."""

    async def scenario() -> None:
        vonage, clock = FakeVonage([api_row(101)]), SetClock()
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY, clock=clock) as running:
            await running.wait_for_copy()
            calls = len(vonage.calls)
            for number in ("901", "902", "903"):
                assert isinstance(await running.find(number), Missing)
                clock.offset += step
            assert len(vonage.calls) == calls + 2
            await asyncio.sleep(61)
            await running.find("904")
            assert len(vonage.calls) == calls + 3

    simulated_time.run(scenario())


@pytest.mark.parametrize("step", STEPS)
def test_set_clock_keeps_no_problem_and_hides_none(tmp_path, step):
    """What came last, the refusal or the answer, doesn't depend on the wall clock."""

    async def scenario() -> None:
        vonage, clock = FakeVonage([api_row(101)]), SetClock()
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY, clock=clock) as running:
            await running.wait_for_copy()
            vonage.refuse = lambda path: httpx.Response(403, content=b"{}")
            await running.find("101", refresh=True)
            clock.offset = step
            assert running.directory.status().problems == (Problem.FORBIDDEN,)
            vonage.refuse = lambda path: None
            await asyncio.sleep(1)
            assert isinstance(await running.find("101", refresh=True), Match)
            assert running.directory.status().problems == ()

    simulated_time.run(scenario())


@pytest.mark.parametrize("step", [-DAY, DAY])
def test_copy_from_before_a_restart_has_a_sane_age(tmp_path, step):
    """The clock was set while no process ran: the copy answers, and is read again in time."""

    async def scenario() -> None:
        vonage, clock = FakeVonage([api_row(101)]), SetClock()
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY, clock=clock) as running:
            await running.wait_for_copy()
        clock.offset = step
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY, clock=clock) as running:
            calls = len(vonage.calls)
            status = running.directory.status()
            assert status.read_at
            assert 0 <= clock() - status.read_at <= DAY + 60
            assert isinstance(await running.find("101"), Match)
            await asyncio.sleep(1.2 * EVERY)
            assert len(vonage.calls) > calls

    simulated_time.run(scenario())


def test_age_of_the_copy_is_never_negative():
    """A scrape between two readings of the clock must not report a copy of the future."""
    metrics = Metrics()
    metrics.watch(lambda: Status(None, read_at=10.0), clock=lambda: 9.5)
    assert b"\next_directory_age_seconds 0.0\n" in metrics.text()
