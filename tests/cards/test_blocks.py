"""Text made safe, and the pieces that messages are built of."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import limits
from bot.cards import blocks
from tests import strategies
from tests.cards.checked import assert_harmless, checked


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
    """Characters that steer, turn or hide text are removed; letters of every alphabet stay."""
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
def test_clean_keeps_joiners_inside_words_that_need_them(text, expected) -> None:
    """Persian, Hindi and joined emoji need them; elsewhere they are invisible characters."""
    assert blocks.clean(text) == expected
    assert blocks.clean(expected) == expected


def test_clip_leaves_no_joiner_at_the_end() -> None:
    """A joiner whose next character is cut off would join the ellipsis."""
    assert blocks.clip("ab👩\u200d💻cd", 5) == "ab👩…"
    assert blocks.literal_text("ab👩\u200d💻cd", 5) == "ab👩…"


def test_escape_does_not_escape_twice() -> None:
    """The ampersand is replaced first, so that its entities stay."""
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
def test_clip_cuts_no_entity_and_no_link(text, limit, expected) -> None:
    """Half an entity would show as letters, half a link would open one."""
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
def test_label_has_no_formatting(text, expected) -> None:
    """Characters that would format are replaced, and only where they would."""
    assert blocks.label(text, 100) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("j_smith_", "`j_smith_`"), ("a`b", "`aˋb`"), ("a<b", "`a&lt;b`"), (" \x00", "")],
)
def test_code_is_exact_except_for_backticks(text, expected) -> None:
    """People copy the text, and no character of it can end the code span."""
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
def test_literal_text_is_exact_and_short(text, expected) -> None:
    """A place without markup needs no escapes, but clean and short text."""
    assert blocks.literal_text(text, 10) == expected


@pytest.mark.parametrize("user_id", ["", "john", "C012AB3CD", "U012|x", "U012>", "u012ab3cd", "U"])
def test_mention_of_no_user_id_is_empty(user_id) -> None:
    """A text that is no user id could be a channel, a broadcast or a link."""
    assert blocks.mention(user_id) == ""


def test_link_text_cannot_end_the_link() -> None:
    """Bars, brackets and line breaks in the text of a link are replaced."""
    assert blocks.link("tel:+1", "a|b>c\nd") == "<tel:+1|a¦b&gt;c d>"


@pytest.mark.parametrize(
    ("limit", "expected"),
    [(100, "aaaa, bbbb, cccc"), (16, "aaaa, bbbb, cccc"), (2, "and 3 more")],
)
def test_join_within_counts_the_parts_left_out(limit, expected) -> None:
    """A part is shown in full or counted."""
    assert blocks.join_within(["aaaa", "bbbb", "cccc"], limit=limit) == expected


@settings(max_examples=100)
@given(st.lists(st.text(max_size=30), max_size=60), st.integers(40, 400))
def test_join_within_stays_within_its_limit(parts, limit) -> None:
    """No part is cut in two, and every part is accounted for."""
    fitted = blocks.join_within(parts, limit=limit, separator="\n")
    assert len(fitted) <= limit
    if fitted != "\n".join(parts):
        left_out = int(re.fullmatch(r"(?s).*and (\d+) more", fitted)[1])  # type: ignore[index]
        fitting = parts[: len(parts) - left_out]
        assert fitted == "\n".join([*fitting, f"and {left_out} more"])


@settings(max_examples=200)
@given(strategies.text, st.integers(10, 300))
def test_untrusted_text_keeps_limit_and_has_no_markup(text, limit) -> None:
    """Each way into a message keeps its limit and opens nothing."""
    for safe in (blocks.plain_text, blocks.label, blocks.code):
        made = safe(text, limit)
        assert len(made) <= limit + 2
        assert "<" not in made
        assert ">" not in made
        assert not re.search(r"&(?!(amp|lt|gt);)", made)
        assert_harmless(made)
    assert "`" not in blocks.label(text, limit)
    assert "`" not in blocks.code(text, limit)[1:-1]


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        (
            ["Did you mean…?", "3 extensions", "", "Just now."],
            "Did you mean…? 3 extensions. Just now.",
        ),
        (["There may be others.", "John Smith"], "There may be others. John Smith"),
        ([], ""),
        (["", "a"], "a"),
    ],
)
def test_join_sentences_adds_only_missing_periods(sentences, expected) -> None:
    """A screen reader would pause twice at a doubled period."""
    assert blocks.join_sentences(sentences) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("14155550100", "+1 415-555-0100"),
        ("+1 (415) 555-0100", "+1 415-555-0100"),
        ("442079460000", "+44 20 7946 0000"),
        ("390612345678", "+39 06 1234 5678"),
        ("919876543210", "+91 98765 43210"),
        ("789", "789"),
        ("00000000000", "00000000000"),
        ("1415555010012345678", "1415555010012345678"),
        ("Sales", "Sales"),
        ("１４１５５５５０１００", "１４１５５５５０１００"),
        ("", ""),
    ],
)
def test_international_formats_phone_numbers(number, expected) -> None:
    """A number that no phone can have stays as it is."""
    assert blocks.international(number) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("14155550100", "<tel:+14155550100|+1 415-555-0100>"),
        ("390612345678", "<tel:+390612345678|+39 06 1234 5678>"),
        ("789", "789"),
        ("*67 <x>", "∗67 &lt;x&gt;"),
    ],
)
def test_telephone_links_only_numbers_that_can_be_dialed(number, expected) -> None:
    """A number that can't be dialed is shown as text."""
    assert blocks.phone_link(number) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "john.smith@example.com",
            "<mailto:john.smith@example.com|john.smith@example.com>",
        ),
        ("o'brien+x@ex-ample.co.uk", "<mailto:o'brien+x@ex-ample.co.uk|o'brien+x@ex-ample.co.uk>"),
        ("a&b@example.com", "<mailto:a%26b@example.com|a&amp;b@example.com>"),
        ("a?cc=eve@example.com", "<mailto:a%3Fcc=eve@example.com|a?cc=eve@example.com>"),
        ("j_smith@example.com", "<mailto:j_smith@example.com|j_smith@example.com>"),
        ("_j_@example.com", "`_j_@example.com`"),
        ("john at example.com", "`john at example.com`"),
        ("john@example", "`john@example`"),
        ("a@b.com|https://evil.example", "`a@b.com|https://evil.example`"),
        ("", ""),
    ],
)
def test_email_links_only_addresses(address, expected) -> None:
    """Other texts, and addresses that Slack would format, are code; no link adds a header."""
    assert blocks.email_link(address) == expected


@pytest.mark.parametrize(
    ("count", "length"),
    [(49, 10), (50, 10), (400, 10), (20, 3_000)],
    ids=["fits", "one", "many", "large"],
)
def test_within_limits_cuts_blocks_and_says_so(count, length) -> None:
    """The blocks that fit come first, and the last one says that there is more."""
    content = [blocks.section("x" * length)] * count
    shown = checked(blocks.Message("text", blocks.within_limits(content))).blocks
    if count * length < 500:
        assert shown == content
    else:
        assert len(shown) <= limits.MAX_MESSAGE_BLOCKS
        assert shown[-1]["elements"][0]["text"] == blocks.TOO_MUCH
        assert shown[:-1] == content[: len(shown) - 1]


def test_within_limits_keeps_the_foot() -> None:
    """The pager and the age end a message that was cut."""
    content = [blocks.section("x" * 300)] * 60
    foot = [blocks.section("Next page"), blocks.section("Just now")]
    shown = checked(blocks.Message("text", blocks.within_limits(content, foot=foot))).blocks
    assert shown[-2:] == foot
    assert shown[-3]["elements"][0]["text"] == blocks.TOO_MUCH
    assert blocks.within_limits(content[:5], foot=foot) == [*content[:5], *foot]
    many = blocks.within_limits([blocks.section("x")] * 60, foot=foot)
    assert len(many) == limits.MAX_MESSAGE_BLOCKS
    assert many[-2:] == foot


def test_join_texts_shortens_each_text_of_a_long_message() -> None:
    """No text is lost because another one is long."""
    assert blocks.join_texts(["a", "b"]) == "a\nb"
    long = blocks.join_texts(["a" * 3_000, "b" * 3_000, "&amp;" * 900])
    assert len(long) <= limits.MAX_MESSAGE_TEXT_CHARS
    assert [line[0] + line[-2:] for line in long.split("\n")] == ["aa…", "bb…", "&;…"]
