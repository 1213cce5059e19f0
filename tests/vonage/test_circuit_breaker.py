"""When Vonage does not answer, and when it does again."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from bot.errors import Forbidden, Unavailable, UnexpectedReply
from bot.tasks import Tasks
from bot.vonage.circuit_breaker import (
    FAILURES,
    MINOR_FAILURES,
    PAUSES,
    REST,
    CircuitBreaker,
    FailFast,
)
from bot.vonage.transport import TimedOut
from tests.clock import Clock


class Service:
    """A service whose probe fails until it is `up`, noting pauses between probes."""

    def __init__(self) -> None:
        self.up = False
        self.refusing = False
        self.pauses: list[float] = []
        self.tasks = Tasks()
        self.steps: asyncio.Queue[None] = asyncio.Queue()
        self.probed = 0
        self.clock = Clock()
        self.outage = CircuitBreaker(self.probe, self.tasks, clock=self.clock, sleep=self.sleep)

    async def sleep(self, seconds: float) -> None:
        """Wait until the test lets time pass."""
        self.pauses.append(seconds)
        await self.steps.get()

    async def probe(self) -> None:
        """Ask once, as the client does, noting the outcome."""
        self.probed += 1
        if self.refusing:
            self.outage.record_success()
            raise Forbidden
        if not self.up:
            self.outage.record_failure(TimedOut())
            raise TimedOut
        self.outage.record_success()

    async def pass_time(self) -> None:
        """Let the current pause end and the probe run."""
        self.steps.put_nowait(None)
        for _ in range(5):
            await asyncio.sleep(0)

    @property
    def open(self) -> bool:
        """Whether calls fail at once."""
        with suppress(Unavailable):
            self.outage.check()
            return False
        return True


@pytest.fixture
async def service():
    """A service that is down, and nobody has noticed yet."""
    service = Service()
    yield service
    await service.tasks.drain(0)


async def test_one_time_out_is_enough(service):
    """After a call that came too late, the next ones fail at once."""
    assert not service.open
    service.outage.record_failure(TimedOut())
    assert service.open


async def test_quick_failures_open_only_in_a_row(service):
    """A few quick failures are borne, because nobody waits for them."""
    for _ in range(FAILURES - 1):
        service.outage.record_failure(Unavailable())
    assert not service.open
    service.outage.record_success()
    service.outage.record_failure(Unavailable())
    assert not service.open
    for _ in range(FAILURES - 1):
        service.outage.record_failure(Unavailable())
    assert service.open


async def test_probes_come_soon_and_then_rarely(service):
    """The pauses grow, and stay below the half minute in which recovery must be noticed."""
    service.outage.record_failure(TimedOut())
    for _ in range(6):
        await asyncio.sleep(0)
        await service.pass_time()
    assert service.pauses[:6] == [2.0, 5.0, 10.0, 15.0, 15.0, 15.0]
    assert service.open
    assert max(PAUSES) + 10 < 30


@pytest.mark.parametrize("answer", ["up", "refusing"])
async def test_any_answer_ends_the_outage(service, answer):
    """Also a refusal shows that Vonage answers."""
    service.outage.record_failure(TimedOut())
    await asyncio.sleep(0)
    setattr(service, answer, True)
    await service.pass_time()
    assert not service.open
    await asyncio.sleep(0)
    assert len(service.pauses) == 1


async def test_an_answer_to_somebody_ends_it_too_and_there_is_one_watch(service):
    """A call under way that succeeds closes the outage; a new one does not start a second watch."""
    service.outage.record_failure(TimedOut())
    await asyncio.sleep(0)
    service.outage.record_success()
    assert not service.open
    service.outage.record_failure(TimedOut())
    await asyncio.sleep(0)
    assert service.open
    assert service.pauses == [2.0]


async def test_nothing_is_asked_before_the_time_that_vonage_named(service):
    """After a `Retry-After` all are told how long it is, whatever answers meanwhile."""
    service.outage.record_failure(Unavailable(retry_after=30))
    service.outage.record_failure(Unavailable(retry_after=2))
    service.outage.record_success()
    with pytest.raises(Unavailable) as raised:
        service.outage.check()
    assert raised.value.retry_after == pytest.approx(30)
    service.clock.advance(30)
    assert not service.open


async def test_probes_keep_to_the_time_that_vonage_named(service):
    """An outage is not probed before it, and soon after it."""
    for _ in range(FAILURES):
        service.outage.record_failure(Unavailable(retry_after=30))
    await asyncio.sleep(0)
    service.up = True
    await service.pass_time()
    assert service.probed == 0
    service.clock.advance(30)
    assert service.open
    await service.pass_time()
    assert not service.open


async def test_one_failure_makes_an_outage_suspected(service):
    """Until the next answer, of whatever kind, Vonage is held to be down."""
    assert not service.outage.suspected
    service.outage.record_failure(Unavailable())
    assert service.outage.suspected
    service.outage.record_failure(Forbidden())
    assert not service.outage.suspected


@pytest.mark.parametrize(
    ("failures", "rest"),
    [
        ([Unavailable()], 0),
        ([Unavailable()] * MINOR_FAILURES, REST),
        ([Unavailable(retry_after=7)], 7),
        ([TimedOut()], REST),
        ([Forbidden()], REST),
        ([UnexpectedReply("No rows.")], REST),
    ],
    ids=["once", "twice", "named", "too late", "forbidden", "unreadable"],
)
def test_something_minor_that_fails_is_let_alone(failures, rest):
    """The failure is told again during the rest, and afterwards the next asker finds out."""
    clock = Clock()
    minor = FailFast(clock)
    for each in failures:
        minor.record_failure(each)
    if rest:
        clock.advance(rest - 1)
        with pytest.raises(type(failures[-1])) as raised:
            minor.check()
        assert str(raised.value) == str(failures[-1])
        assert raised.value.retry_after == pytest.approx(1)
        clock.advance(1)
    minor.check()


def test_an_answer_ends_the_count_of_minor_failures():
    """Two failures with an answer between them are no rest."""
    minor = FailFast(Clock())
    minor.record_failure(Unavailable())
    minor.record_success()
    minor.record_failure(Unavailable())
    minor.check()
