"""When one answer is enough to believe that something is gone, and when a second one is needed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.directory.contradictions import Contradictions
from bot.errors import Contradiction
from bot.limits import CONTRADICTION_PAUSE_S, CONTRADICTION_VALID_S, MAX_CONTRADICTIONS
from bot.models import Did, Extension, Match, User
from tests.simulated_time import run

JOHN = Extension("789", User("John", "Smith", "john@example.com", "jsmith"), (Did("14155550100"),))
NOBODY = replace(JOHN, user=None)


class Cards:
    """The last cards, by number."""

    def __init__(self, *cards: Extension) -> None:
        self.by_number = {card.number: Match(card, 1.0) for card in cards}
        self.contradictions = Contradictions(self.by_number.get)

    def is_believed(self, answer: Extension | None, number: str = "789") -> bool:
        """Whether an answer about a number is believed."""
        try:
            self.contradictions.check(number, answer)
        except Contradiction:
            return False
        return True


def in_simulated_time(scenario: Callable[[], object]) -> None:
    """Run a scenario in a loop whose waits take no time."""
    run(scenario())  # type: ignore[arg-type]


@pytest.mark.parametrize("answer", [None, NOBODY, replace(JOHN, dids=())])
def test_loss_is_believed_after_the_pause(answer):
    """The second answer counts once the pause is over, however often it came before."""

    async def scenario() -> None:
        cards = Cards(JOHN)
        for _ in range(5):
            assert not cards.is_believed(answer)
            await asyncio.sleep(CONTRADICTION_PAUSE_S / 5 - 0.1)
        assert not cards.is_believed(answer)
        await asyncio.sleep(1)
        assert cards.is_believed(answer)

    in_simulated_time(scenario)


@pytest.mark.parametrize("card", [Extension("789"), NOBODY])
def test_answer_that_takes_nothing_away_is_believed(card):
    """There is nothing to contradict in an empty card, nor where there is no card."""

    async def scenario() -> None:
        cards = Cards(card)
        assert cards.is_believed(JOHN)
        assert cards.is_believed(card)
        assert cards.is_believed(None, "790")
        assert cards.is_believed(Extension("790"), "790")

    in_simulated_time(scenario)


def test_good_answer_ends_a_contradiction():
    """After a good answer the next loss needs two answers again."""

    async def scenario() -> None:
        cards = Cards(JOHN)
        assert not cards.is_believed(None)
        assert cards.is_believed(JOHN)
        await asyncio.sleep(CONTRADICTION_PAUSE_S)
        assert not cards.is_believed(None)

    in_simulated_time(scenario)


def test_different_losses_do_not_confirm_each_other():
    """Nobody assigned, then no such extension: two faults, but no agreement."""

    async def scenario() -> None:
        cards = Cards(JOHN)
        assert not cards.is_believed(NOBODY)
        await asyncio.sleep(CONTRADICTION_PAUSE_S)
        assert not cards.is_believed(None)
        await asyncio.sleep(CONTRADICTION_PAUSE_S)
        assert cards.is_believed(None)

    in_simulated_time(scenario)


def test_card_read_again_in_between_ends_a_contradiction():
    """If a reading of the whole list saw the person since, the first answer was wrong."""

    async def scenario() -> None:
        cards = Cards(JOHN)
        assert not cards.is_believed(None)
        await asyncio.sleep(CONTRADICTION_PAUSE_S)
        cards.by_number["789"] = Match(JOHN, 2.0)
        assert not cards.is_believed(None)

    in_simulated_time(scenario)


def test_old_contradiction_confirms_nothing():
    """Two faults of one day are two events."""

    async def scenario() -> None:
        cards = Cards(JOHN)
        assert not cards.is_believed(None)
        await asyncio.sleep(CONTRADICTION_VALID_S + 1)
        assert not cards.is_believed(None)

    in_simulated_time(scenario)


def test_number_of_remembered_contradictions_is_bounded():
    """A source that contradicts everything doesn't fill the memory."""

    async def scenario() -> None:
        numbers = [str(number) for number in range(MAX_CONTRADICTIONS + 10)]
        cards = Cards(*(replace(JOHN, number=number) for number in numbers))
        assert not any(cards.is_believed(None, number) for number in numbers)
        assert len(cards.contradictions) == MAX_CONTRADICTIONS

    in_simulated_time(scenario)
