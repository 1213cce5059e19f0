"""Text as Slack sends it, made plain."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.query.clean import clean


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        # markup
        ("<tel:+14155550100|+1 415 555 0100>", "+1 415 555 0100"),
        ("<tel:+14155550100>", "+14155550100"),
        ("<tel:%2B1%20415|call>", "+1 415"),
        ("<mailto:a@b.c|a@b.c>", "a@b.c"),
        ("<mailto:a%2Bb@c.d>", "a+b@c.d"),
        ("<mailto:a@b.c|Ann>", "a@b.c"),
        ("<https://example.com|example.com>", "example.com"),
        ("<https://example.com>", "https://example.com"),
        ("who <@U012AB3CD|ann>", "who <@U012AB3CD>"),
        ("<@W1>", "<@W1>"),
        ("<#C012|general>", "#general"),
        ("<#C012|>", "#C012"),
        ("<#C012|789>", "#789"),
        ("<!here>", "@here"),
        ("<!subteam^S012|@sales>", "@sales"),
        ("<!date^1|yesterday>", "yesterday"),
        ("<789>", "789"),
        ("a < b", "a < b"),
        ("<<<", "<<<"),
        # entities: these three and no others
        ("R&amp;D", "R&D"),
        ("&lt;789&gt;", "<789>"),
        ("&amp;lt; 5", "&lt; 5"),
        ("&copy; 789", "&copy; 789"),
        # characters
        ("７８９", "789"),
        ("٧٨٩", "789"),
        ("۷۸۹", "789"),
        ("७८९", "789"),
        ("𝟕𝟖𝟗", "789"),
        ("①", "1"),
        ("＋１（415）", "+1(415)"),
        ("7\u200b8\u200e9\ufeff", "789"),
        ("\u202a+1\u202c \u2066415\u2069", "+1 415"),
        ("7\u00ad8\u20609", "789"),
        ("789\ufe0f", "789"),
        ("7\ufe0f\u20e38\ufe0f\u20e3", "78"),
        ("a\u00a0b\u202fc\u2007d\u3000e\tf", "a b c d e f"),
        ("a  b   c ", "a b c"),
        ("415‐555‑0100–1—2−3", "415-555-0100-1-2-3"),
        ("O’Brien ‘x’ O´Hara O′Neil", "O'Brien 'x' O'Hara O'Neil"),
        ("a⁻b₋c", "a-b-c"),
        ("1︑2﹑3､4", "1,2,3,4"),
        ("a｡b︒c", "a.b.c"),
        ("O‴B ŉ", "O'''B 'n"),
        ("tag:“x” «y»", 'tag:"x" "y"'),
        ("a،b؛c", "a,b;c"),
        ("a\u0000b\u0007c\ud800", "abc"),
        ("№ 789 ℡ 1", "No 789 TEL 1"),
        ("a\nb\r\nc\u2028d\n\n e", "a\nb\nc\nd\ne"),
        # decoration
        ("*789*", "789"),
        ("_john smith_", "john smith"),
        ("~789~", "789"),
        ("`789`", "789"),
        ("```789```", "789"),
        ("*_789_*", "789"),
        ("*789*, *790*", "789, 790"),
        ("j_smith", "j_smith"),
        ("j_smith@example.com", "j_smith@example.com"),
        ('"789"', "789"),
        ("'john smith'", "john smith"),
        ('"*789*."', "789"),
        ('"a" "b"', '"a" "b"'),
        ('location:"Holmdel HQ"', 'location:"Holmdel HQ"'),
        ("789.", "789"),
        ("789 ?!", "789"),
        ("789…", "789"),
        ("789、790。", "789,790"),
        ("who is 789؟", "who is 789"),
        ("👋🏽 789 ☎", "789"),
        (":wave: 789 :phone::skin-tone-2:", "789"),
        ("12:30:15", "12:30:15"),
        ("?", "?"),
        ("", ""),
        ("\u200b ", ""),
        # names
        ("O'Brien", "O'Brien"),
        ("Anne-Marie", "Anne-Marie"),
        ("José", "José"),
        ("Wałęsa", "Wałęsa"),
        ("田中ー", "田中ー"),
        ("Ångström", "Ångström"),
        ("Nguyễn Thị", "Nguyễn Thị"),
        ("रवि", "रवि"),
    ],
)
def test_text_as_slack_sends_it_becomes_plain(text, plain):
    """Cleaning drops what Slack and keyboards add, and keeps what somebody meant to type."""
    assert clean(text) == plain


@pytest.mark.parametrize("text", ["list location:", "list location: ?", '"list location:".'])
def test_colon_at_the_end_stays(text):
    """A filter without its value is repeated with its colon, whatever punctuation follows."""
    assert clean(text) == "list location:"


@pytest.mark.parametrize(
    ("text", "plain"), [("789.:", "789"), ("789?:", "789"), ('"john":.', "john")]
)
def test_colon_after_other_punctuation_or_quotes_is_dropped(text, plain):
    """Only a colon directly after the text can belong to a filter."""
    assert clean(text) == plain


@settings(max_examples=300)
@given(char=st.characters())
@example(char="⁻")
@example(char="｡")
@example(char="‴")
def test_clean_character_stays_as_it_is(char):
    """Text that is cleaned twice, as the line for a next page is, does not change again."""
    once = clean(f"a{char}b")
    assert clean(once.replace("&", "&amp;").replace("<", "&lt;")) == once
