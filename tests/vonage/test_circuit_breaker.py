"""Outages of Vonage: when calls fail at once, and when they are made again."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from bot.errors import CertificateRefused, Forbidden, Unavailable, UnexpectedReply
from bot.limits import FAIL_FAST_S, MAX_BEST_EFFORT_FAILURES, MAX_FAILURES, PROBE_PAUSES_S
from bot.tasks import Tasks
from bot.vonage import circuit_breaker
from bot.vonage.circuit_breaker import CircuitBreaker, FailFast
from bot.vonage.transport import TimedOut
from tests.clock import Clock


class Service:
    """A service whose probe fails until it is `up`; records the pauses between probes."""

    def __init__(self) -> None:
        self.up = False
        self.refusing = False
        self.pauses: list[float] = []
        self.tasks = Tasks()
        self.steps: asyncio.Queue[None] = asyncio.Queue()
        self.probed = 0
        self.clock = Clock()
        self.breaker = CircuitBreaker(self.probe, self.tasks, clock=self.clock, sleep=self.sleep)

    async def sleep(self, seconds: float) -> None:
        """Wait until the test lets time pass."""
        self.pauses.append(seconds)
        await self.steps.get()

    async def probe(self) -> None:
        """Call once, as the client does, and record the outcome."""
        self.probed += 1
        if self.refusing:
            self.breaker.record_success()
            raise Forbidden
        if not self.up:
            self.breaker.record_failure(TimedOut())
            raise TimedOut
        self.breaker.record_success()

    async def pass_time(self) -> None:
        """Let the current pause end and the probe run."""
        self.steps.put_nowait(None)
        for _ in range(5):
            await asyncio.sleep(0)

    @property
    def open(self) -> bool:
        """Whether calls fail at once."""
        with suppress(Unavailable):
            self.breaker.check()
            return False
        return True


@pytest.fixture
async def service():
    """A service that is down before the first call."""
    service = Service()
    yield service
    await service.tasks.drain(0)


async def test_one_timeout_opens_the_circuit(service):
    """After a call that timed out, the next ones fail at once."""
    assert not service.open
    service.breaker.record_failure(TimedOut())
    assert service.open


async def test_quick_failures_open_the_circuit_only_in_a_row(service):
    """A few quick failures are tolerated, because nobody waits long for them."""
    for _ in range(MAX_FAILURES - 1):
        service.breaker.record_failure(Unavailable())
    assert not service.open
    service.breaker.record_success()
    service.breaker.record_failure(Unavailable())
    assert not service.open
    for _ in range(MAX_FAILURES - 1):
        service.breaker.record_failure(Unavailable())
    assert service.open


async def test_fourth_quick_failure_in_a_row_opens_the_circuit(service):
    """More failures would make people wait while Vonage is down; fewer can be a coincidence."""
    for _ in range(3):
        service.breaker.record_failure(Unavailable())
    assert not service.open
    service.breaker.record_failure(Unavailable())
    assert service.open


async def test_open_circuit_after_another_failure_fails_calls_with_its_reason(service):
    """Once the certificate is in order, callers no longer hear that it is refused."""
    service.breaker.record_failure(CertificateRefused("Refused.", reason="it has expired"))
    with pytest.raises(CertificateRefused) as raised:
        service.breaker.check()
    assert raised.value.reason == "it has expired"
    service.breaker.record_failure(Unavailable())
    with pytest.raises(Unavailable) as raised_later:
        service.breaker.check()
    assert type(raised_later.value) is Unavailable


async def test_second_outage_is_probed_like_the_first(service):
    """An outage after one that a probe ended is noticed to be over, too."""
    for _ in range(2):
        service.up = False
        service.breaker.record_failure(TimedOut())
        await asyncio.sleep(0)
        service.up = True
        await service.pass_time()
        assert not service.open
    assert service.probed == 2


async def test_outage_with_many_failures_is_logged_once(service, caplog):
    """Calls in flight that fail after the circuit has opened add no lines to the log."""
    for _ in range(10):
        service.breaker.record_failure(TimedOut())
    lines = [each for each in caplog.records if each.name == circuit_breaker.__name__]
    assert len(lines) == 1


async def test_probe_pauses_grow(service):
    """The pauses stay below the half minute in which recovery must be noticed."""
    service.breaker.record_failure(TimedOut())
    for _ in range(6):
        await asyncio.sleep(0)
        await service.pass_time()
    assert service.pauses[:6] == [2.0, 5.0, 10.0, 15.0, 15.0, 15.0]
    assert service.open
    assert max(PROBE_PAUSES_S) + 10 < 30


@pytest.mark.parametrize("answer", ["up", "refusing"])
async def test_any_answer_to_a_probe_closes_the_circuit(service, answer):
    """A refusal shows too that Vonage answers."""
    service.breaker.record_failure(TimedOut())
    await asyncio.sleep(0)
    setattr(service, answer, True)
    await service.pass_time()
    assert not service.open
    await asyncio.sleep(0)
    assert len(service.pauses) == 1


async def test_answered_call_closes_the_circuit_without_a_second_prober(service):
    """A call in flight that succeeds closes the circuit; reopening starts no second task."""
    service.breaker.record_failure(TimedOut())
    await asyncio.sleep(0)
    service.breaker.record_success()
    assert not service.open
    service.breaker.record_failure(TimedOut())
    await asyncio.sleep(0)
    assert service.open
    assert service.pauses == [2.0]


async def test_retry_after_fails_calls_until_it_is_over(service):
    """All callers get the seconds that are left, whatever answers meanwhile."""
    service.breaker.record_failure(Unavailable(retry_after=30))
    service.breaker.record_failure(Unavailable(retry_after=2))
    service.breaker.record_success()
    with pytest.raises(Unavailable) as raised:
        service.breaker.check()
    assert raised.value.retry_after == pytest.approx(30)
    service.clock.advance(30)
    assert not service.open


async def test_probe_waits_for_retry_after(service):
    """An outage is not probed before that time, and soon after it."""
    for _ in range(MAX_FAILURES):
        service.breaker.record_failure(Unavailable(retry_after=30))
    await asyncio.sleep(0)
    service.up = True
    await service.pass_time()
    assert service.probed == 0
    service.clock.advance(30)
    assert service.open
    await service.pass_time()
    assert not service.open


async def test_one_failure_makes_vonage_suspect(service):
    """Until the next answer of any kind, Vonage is suspected to be down."""
    assert not service.breaker.is_suspect
    service.breaker.record_failure(Unavailable())
    assert service.breaker.is_suspect
    service.breaker.record_failure(Forbidden())
    assert not service.breaker.is_suspect


@pytest.mark.parametrize(
    ("failures", "pause"),
    [
        ([Unavailable()], 0),
        ([Unavailable()] * MAX_BEST_EFFORT_FAILURES, FAIL_FAST_S),
        ([Unavailable(retry_after=7)], 7),
        ([TimedOut()], FAIL_FAST_S),
        ([Forbidden()], FAIL_FAST_S),
        ([UnexpectedReply("No rows.")], FAIL_FAST_S),
    ],
    ids=["once", "twice", "retry after", "timeout", "forbidden", "unreadable"],
)
def test_fail_fast_repeats_the_failure_for_a_while(failures, pause):
    """The failure is raised again during the pause, and afterwards the next call finds out."""
    clock = Clock()
    fail_fast = FailFast(clock)
    for failure in failures:
        fail_fast.record_failure(failure)
    if pause:
        clock.advance(pause - 1)
        with pytest.raises(type(failures[-1])) as raised:
            fail_fast.check()
        assert str(raised.value) == str(failures[-1])
        assert raised.value.retry_after == pytest.approx(1)
        clock.advance(1)
    fail_fast.check()


def test_answer_resets_the_failures_of_fail_fast():
    """Two failures with an answer between them begin no pause."""
    fail_fast = FailFast(Clock())
    fail_fast.record_failure(Unavailable())
    fail_fast.record_success()
    fail_fast.record_failure(Unavailable())
    fail_fast.check()
