"""Text made safe, and the pieces that messages are built of."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import blocks
from tests import strategies
from tests.cards.checked import assert_harmless


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  John   Smith ", "John Smith"),
        ("John\nSmith\t\r\n", "John Smith"),
        ("John\u00a0Smith\u2028", "John Smith"),
        ("\x1b[31mJohn\x07", "[31mJohn"),
        ("John\u202e Smith\u200b\ufeff", "John Smith"),
        ("\x00\x01\u200b", ""),
        ("\u3164 \u2800", ""),
        ("\ud800John", "John"),
        ("Zoë 電話 é", "Zoë 電話 é"),
        ("x" * 1_001, "x" * 1_000 + "…"),
    ],
    ids=[
        *("blanks", "lines", "odd-blanks", "escape", "direction", "nothing", "fillers"),
        *("surrogate", "letters", "long"),
    ],
)
def test_clean_text_is_one_visible_line(text, expected) -> None:
    """Characters that steer, turn or hide text go; letters of every alphabet stay."""
    assert blocks.clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("क्\u200dष", "क्\u200dष"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("👩🏽\u200d🚀", "👩🏽\u200d🚀"),
        ("jo\u200dhn", "john"),
        ("é\u200cx", "éx"),
        ("\u200dعلی\u200c", "علی"),
        ("علی\u200c رضا", "علی رضا"),
        ("ع\u200c\u200dر", "عر"),
        ("1\u200d2", "12"),
        ("٧\u200d٨", "٧٨"),
        ("電\u200b話", "電話"),
    ],
)
def test_joiners_stay_where_they_belong_to_a_word(text, expected) -> None:
    """Persian, Hindi and joined emoji need them; anywhere else they are hidden marks."""
    assert blocks.clean(text) == expected
    assert blocks.clean(expected) == expected


def test_a_cut_leaves_no_joiner_behind() -> None:
    """What it joined is gone."""
    assert blocks.clip("ab👩\u200d💻cd", 5) == "ab👩…"
    assert blocks.literal_text("ab👩\u200d💻cd", 5) == "ab👩…"


def test_escaping_does_not_escape_twice() -> None:
    """The ampersand goes first, so that what it makes is left alone."""
    assert blocks.escape("<!here> & &lt;") == "&lt;!here&gt; &amp; &amp;lt;"


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abcde…"),
        ("ab&amp;cd", 6, "ab…"),
        ("ab &amp;cd", 8, "ab…"),
        ("ab&amp;cde", 9, "ab&amp;c…"),
        ("see <tel:+1|+1> now", 12, "see…"),
        ("&lt;&lt;&lt;", 3, "…"),
    ],
)
def test_a_clip_cuts_no_entity_and_no_link(text, limit, expected) -> None:
    """Half an entity would be shown as letters, half a link would open one."""
    assert blocks.clip(text, limit) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*VIP* Sales", "∗VIP∗ Sales"),
        ("_x_ and ~y~", "ˍxˍ and ∼y∼"),
        ("line_1 of j_r_smith", "line_1 of j_r_smith"),
        ("a `b` 0`0", "a ˋbˋ 0ˋ0"),
        (">quote", "›quote"),
        ("A > B & C", "A &gt; B &amp; C"),
        ("\x00", ""),
    ],
)
def test_a_label_formats_nothing(text, expected) -> None:
    """Signs that would format get a look-alike, and only where they would."""
    assert blocks.label(text, 100) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("j_smith_", "`j_smith_`"), ("a`b", "`aˋb`"), ("a<b", "`a&lt;b`"), (" \x00", "")],
)
def test_code_is_exact_but_for_backticks(text, expected) -> None:
    """What people copy is not changed, and cannot end the code span."""
    assert blocks.code(text, 100) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*B* & <C>", "*B* & <C>"),
        ("a\nb\u202e", "a b"),
        ("x" * 11, "x" * 9 + "…"),
        ("12345678 01", "12345678…"),
    ],
)
def test_bare_text_is_exact_and_short(text, expected) -> None:
    """Where nothing is markup nothing is escaped, but still cleaned and cut."""
    assert blocks.literal_text(text, 10) == expected


@pytest.mark.parametrize("user_id", ["", "john", "C012AB3CD", "U012|x", "U012>", "u012ab3cd", "U"])
def test_only_user_ids_are_mentioned(user_id) -> None:
    """Anything else could be a channel, a broadcast or a link."""
    assert blocks.mention(user_id) == ""


def test_a_link_label_cannot_end_the_link() -> None:
    """Bars, brackets and lines in a label are replaced."""
    assert blocks.link("tel:+1", "a|b>c\nd") == "<tel:+1|a¦b&gt;c d>"


@pytest.mark.parametrize(
    ("limit", "expected"),
    [(100, "aaaa, bbbb, cccc"), (16, "aaaa, bbbb, cccc"), (2, "and 3 more")],
)
def test_parts_fit_whole_or_are_counted(limit, expected) -> None:
    """A part is there as a whole or in the number at the end."""
    assert blocks.join_within(["aaaa", "bbbb", "cccc"], limit=limit) == expected


@settings(max_examples=100)
@given(st.lists(st.text(max_size=30), max_size=60), st.integers(40, 400))
def test_what_is_fitted_stays_within_its_limit(parts, limit) -> None:
    """Nothing is cut in two, and every part is accounted for."""
    fitted = blocks.join_within(parts, limit=limit, separator="\n")
    assert len(fitted) <= limit
    if fitted != "\n".join(parts):
        left_out = int(re.fullmatch(r"(?s).*and (\d+) more", fitted)[1])  # type: ignore[index]
        kept = parts[: len(parts) - left_out]
        assert fitted == "\n".join([*kept, f"and {left_out} more"])


@settings(max_examples=200)
@given(strategies.text, st.integers(10, 300))
def test_untrusted_text_never_gets_out(text, limit) -> None:
    """However text is put into a message, it stays in its limit and opens nothing."""
    for safe in (blocks.plain_text, blocks.label, blocks.code):
        made = safe(text, limit)
        assert len(made) <= limit + 2
        assert "<" not in made
        assert ">" not in made
        assert not re.search(r"&(?!(amp|lt|gt);)", made)
        assert_harmless(made)
    assert "`" not in blocks.label(text, limit)
    assert "`" not in blocks.code(text, limit)[1:-1]
