"""The locations where they cannot be had: nobody asks in vain twice, or waits for long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.directory.locations import LocationCache
from bot.errors import Forbidden, SourceError, Unavailable
from bot.models import Location
from tests.clock import Clock

HOLMDEL = Location("145214", "Holmdel HQ")


class Client:
    """An API that knows one location, fails, or (with `gate`) does not answer until it opens."""

    def __init__(self, failure: SourceError | None = None) -> None:
        self.failure = failure
        self.gate = asyncio.Event()
        self.gate.set()
        self.calls = 0

    async def locations(self, *, deadline: float) -> tuple[Location, ...]:
        """Answer, or not."""
        self.calls += 1
        await self.gate.wait()
        if self.failure:
            raise self.failure
        return (HOLMDEL,)


def offices(client: Client, clock: Callable[[], float]) -> LocationCache:
    """The locations behind an API."""
    return LocationCache(client, clock=clock)  # type: ignore[arg-type]


async def within(known: LocationCache, patience: float = 1.0):
    """What a card is told."""
    return await known.get_within(patience, deadline=_soon())


def _soon() -> float:
    return asyncio.get_running_loop().time() + 5


async def test_what_is_known_is_told_at_once():
    """One call serves every card after it."""
    client = Client()
    known = offices(client, Clock())
    assert known.get_now(patience_s=1) is None
    assert await within(known) == {"145214": HOLMDEL}
    assert known.get_now(patience_s=1) == {"145214": HOLMDEL}
    assert client.calls == 1


@pytest.mark.parametrize(
    ("failure", "pause"), [(Unavailable(), 60), (Forbidden(), 600)], ids=["passing", "lasting"]
)
async def test_a_failure_is_remembered(failure, pause):
    """Cards do without the names at no call and no waiting, until it is worth another try."""
    clock, client = Clock(), Client(failure)
    known = offices(client, clock)
    assert await within(known) == {}
    clock.advance(pause - 1)
    assert known.get_now(patience_s=1) == {}
    assert await within(known) == {}
    assert client.calls == 1
    clock.advance(1)
    client.failure = None
    assert known.get_now(patience_s=1) is None
    assert await within(known) == {"145214": HOLMDEL}


async def test_who_asks_for_the_locations_asks_again_but_not_at_once():
    """For a few seconds the same failure is told again; then Vonage is asked."""
    clock, client = Clock(), Client(Forbidden())
    known = offices(client, clock)
    for _ in range(3):
        with pytest.raises(Forbidden):
            await known.get(deadline=_soon())
    assert client.calls == 1
    clock.advance(5)
    client.failure = None
    assert (await known.get(deadline=_soon())).value == {"145214": HOLMDEL}
    assert known.get_now(patience_s=1) == {"145214": HOLMDEL}, "cards have them from then on"


async def test_only_the_first_waits_for_what_hangs():
    """Whoever comes when the patience is over does without; the answer is for those after it."""
    clock, client = Clock(), Client()
    client.gate.clear()
    known = offices(client, clock)
    assert await within(known, 0.01) == {}
    assert known.get_now(patience_s=1) is None, "it may still come in time"
    clock.advance(1)
    assert known.get_now(patience_s=1) == {}
    assert await within(known) == {}
    assert client.calls == 1
    client.gate.set()
    assert (await known.get(deadline=_soon())).value == {"145214": HOLMDEL}
    assert known.get_now(patience_s=1) == {"145214": HOLMDEL}
    await known.close()


async def test_who_asks_for_the_locations_is_told_that_they_do_not_come():
    """By the deadline, as a failure like any other."""
    client = Client()
    client.gate.clear()
    known = offices(client, Clock())
    with pytest.raises(Unavailable):
        await known.get(deadline=asyncio.get_running_loop().time() + 0.01)
    await known.close()
