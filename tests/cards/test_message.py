"""Messages put together within Slack's limits."""

from __future__ import annotations

import pytest

from bot import limits
from bot.cards.blocks import TOO_MUCH, Message, join_texts, section, within_limits
from tests.cards.checked import checked


@pytest.mark.parametrize(
    ("count", "length"),
    [(49, 10), (50, 10), (400, 10), (20, 3_000)],
    ids=["fits", "one", "many", "large"],
)
def test_within_limits_cuts_blocks_and_says_so(count, length) -> None:
    """The blocks that fit come first, and the last one says that there is more."""
    blocks = [section("x" * length)] * count
    shown = checked(Message("text", within_limits(blocks))).blocks
    if count * length < 500:
        assert shown == blocks
    else:
        assert len(shown) <= limits.MAX_MESSAGE_BLOCKS
        assert shown[-1]["elements"][0]["text"] == TOO_MUCH
        assert shown[:-1] == blocks[: len(shown) - 1]


def test_within_limits_keeps_the_foot() -> None:
    """The pager and the age end a message that was cut."""
    blocks, foot = [section("x" * 300)] * 60, [section("Next page"), section("Just now")]
    shown = checked(Message("text", within_limits(blocks, foot=foot))).blocks
    assert shown[-2:] == foot
    assert shown[-3]["elements"][0]["text"] == TOO_MUCH
    assert within_limits(blocks[:5], foot=foot) == [*blocks[:5], *foot]
    many = within_limits([section("x")] * 60, foot=foot)
    assert len(many) == limits.MAX_MESSAGE_BLOCKS
    assert many[-2:] == foot


def test_join_texts_shortens_each_text_of_a_long_message() -> None:
    """No text is lost because another one is long."""
    assert join_texts(["a", "b"]) == "a\nb"
    long = join_texts(["a" * 3_000, "b" * 3_000, "&amp;" * 900])
    assert len(long) <= limits.MAX_MESSAGE_TEXT_CHARS
    assert [line[0] + line[-2:] for line in long.split("\n")] == ["aa…", "bb…", "&;…"]
