"""Messages put together within Slack's limits."""

from __future__ import annotations

import pytest

from bot.cards.blocks import section
from bot.cards.message import BLOCK_LIMIT, TEXT_LIMIT, TOO_MUCH, Message, join_texts, within_limits
from tests.cards.checked import checked


@pytest.mark.parametrize(
    ("count", "length"),
    [(49, 10), (50, 10), (400, 10), (20, 3_000)],
    ids=["fits", "one", "many", "large"],
)
def test_what_one_message_cannot_hold_is_left_out_and_said(count, length) -> None:
    """The blocks that fit come first, and the last says that there is more."""
    blocks = [section("x" * length)] * count
    kept = checked(Message("text", within_limits(blocks))).blocks
    if count * length < 500:
        assert kept == blocks
    else:
        assert len(kept) <= BLOCK_LIMIT
        assert kept[-1]["elements"][0]["text"] == TOO_MUCH
        assert kept[:-1] == blocks[: len(kept) - 1]


def test_the_foot_stays_whatever_is_left_out() -> None:
    """What leads on, and how old the answer is, ends a message that was cut too."""
    blocks, foot = [section("x" * 300)] * 60, [section("Next page"), section("Just now")]
    kept = checked(Message("text", within_limits(blocks, foot=foot))).blocks
    assert kept[-2:] == foot
    assert kept[-3]["elements"][0]["text"] == TOO_MUCH
    assert within_limits(blocks[:5], foot=foot) == [*blocks[:5], *foot]
    many = within_limits([section("x")] * 60, foot=foot)
    assert len(many) == BLOCK_LIMIT
    assert many[-2:] == foot


def test_texts_are_one_or_all_shortened() -> None:
    """None is lost for another that is long."""
    assert join_texts(["a", "b"]) == "a\nb"
    long = join_texts(["a" * 3_000, "b" * 3_000, "&amp;" * 900])
    assert len(long) <= TEXT_LIMIT
    assert [line[0] + line[-2:] for line in long.split("\n")] == ["aa…", "bb…", "&;…"]
