"""Messages as plain text for the terminal."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import Message, extension
from bot.cards.blocks import context, divider, fields, section
from bot.cards.cells import width
from bot.cards.text import plain
from bot.models import Match
from tests import strategies
from tests.cards.checked import assert_harmless
from tests.cards.examples import JOHN, LOCATIONS, NOW


@pytest.mark.parametrize(
    ("mrkdwn", "expected"),
    [
        ("*John Smith* is `789`", "John Smith is 789"),
        ("_yes_ ~no~ a_b_c 2*3*4", "yes no a_b_c 2*3*4"),
        ("*_both_*", "both"),
        ("*bold `789` too*", "bold 789 too"),
        ("`*code*` &amp; &lt;b&gt; &amp;lt;", "*code* & <b> &lt;"),
        ("<tel:+1415|+1 415> <https://example.com>", "+1 415 https://example.com"),
        ("<@U012> <@U012|john> <#C1|general> <!here>", "@U012 @john #general @here"),
        ("<!date^1^{time}|21 Sep>", "21 Sep"),
        ("see\n```list pge\n     ^^^```\nnow", "see\n    list pge\n         ^^^\nnow"),
        ("a\x1b[2Jb\u202ec\r", "a[2Jbc"),
        ("a\U000f0000 `x` \x01y\x02", "a x y"),
    ],
)
def test_mrkdwn_reads_as_in_slack(mrkdwn, expected) -> None:
    """Markup goes, what it shows stays, and nothing steers the terminal."""
    assert plain(Message("", [section(mrkdwn)])) == expected


def test_styles_where_they_are_asked_for() -> None:
    """With colour, bold is bold and small print is dim, also after something bold."""
    message = Message("", [section("*a b* c"), context("x *y* z")])
    assert plain(message, colour=True) == (
        "\x1b[1ma\x1b[22m \x1b[1mb\x1b[22m c\n\n\x1b[2mx \x1b[1my\x1b[22m\x1b[2m z\x1b[22m"
    )
    assert plain(message) == "a b c\n\nx y z"


def test_fields_stand_in_two_columns() -> None:
    """Columns line up, also beside wide letters, and the last may stand alone."""
    message = Message("", [fields(["*A*\n電話", "*B*\nb", "*C*\nlonger", "*D*", "*E*\ne"])])
    assert plain(message).split("\n") == [
        *("A         B", "電話      b", "", "C         D", "longer", "", "E", "e")
    ]


def test_fields_stand_under_one_another_where_there_is_little_room() -> None:
    """A narrow terminal gets one column."""
    message = Message("", [fields(["*A*\na", "*B*\nb"])])
    assert plain(message, width=40) == "A\na\n\nB\nb"


def test_long_lines_are_broken_between_words() -> None:
    """Text stays within the width, a word that is longer is split."""
    message = Message("", [section("one two three " + "x" * 25)])
    assert plain(message, width=10) == "one two\nthree\nxxxxxxxxxx\nxxxxxxxxxx\nxxxxx"


def test_small_print_stands_together() -> None:
    """Blocks stand apart, but one line of small print after another."""
    message = Message("", [section("a"), divider(), context("b"), context("c")])
    assert plain(message, width=10) == "a\n\n──────────\n\nb\nc"


def test_a_payload_without_blocks_is_its_text() -> None:
    """What is only text is read as mrkdwn too."""
    assert plain({"text": "Looking up `789`…", "response_type": "ephemeral"}) == "Looking up 789…"
    assert plain({}) == ""


def test_a_payload_is_read_as_it_came_over_the_wire() -> None:
    """A message and its payload read the same."""
    card = extension.card(Match(JOHN, NOW), locations=LOCATIONS, now=NOW)
    assert plain(card.payload()) == plain(card)


def test_what_is_not_known_is_seen() -> None:
    """Nothing is left out in silence."""
    payload = {
        "blocks": [
            {"type": "vid\x1beo"},
            section("x") | {"accessory": {"type": "button"}},
            {"type": "context", "elements": [{"type": "plain_text", "text": "*as is*\x07"}]},
        ]
    }
    assert plain(payload) == "[unknown block: video]\n\nx\n[unknown element: button]\n\n*as is*"


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            strategies.text.map(section),
            strategies.text.map(context),
            st.lists(strategies.text, min_size=1, max_size=5).map(fields),
            strategies.text.map(lambda kind: {"type": kind}),
        ),
        min_size=1,
        max_size=4,
    ),
    st.integers(20, 120),
)
def test_nothing_that_came_over_the_wire_steers_a_terminal(blocks, columns) -> None:
    """Also in text that nobody escaped, and no line is wider than asked for."""
    shown = plain({"blocks": blocks}, width=columns)
    assert_harmless(shown)
    assert all(width(line) <= columns for line in shown.split("\n"))
    assert set(plain({"blocks": blocks}, width=columns, colour=True)) - set(shown) <= set(
        "\x1b[12m"
    )
