"""Messages as plain text for the terminal."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import Message, action_ids, extension_card
from bot.cards.blocks import context, divider, fields, mrkdwn, section
from bot.cards.buttons import Button, actions_block, button, button_value
from bot.cards.terminal import render_text
from bot.cards.text_width import line_width
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
    """The markup is gone, its text stays, and nothing steers the terminal."""
    assert render_text(Message("", [section(mrkdwn)])) == expected


def test_color_makes_bold_and_dim() -> None:
    """Small print stays dim after a bold part."""
    message = Message("", [section("*a b* c"), context("x *y* z")])
    assert render_text(message, color=True) == (
        "\x1b[1ma\x1b[22m \x1b[1mb\x1b[22m c\n\n\x1b[2mx \x1b[1my\x1b[22m\x1b[2m z\x1b[22m"
    )
    assert render_text(message) == "a b c\n\nx y z"


def test_fields_are_in_two_columns() -> None:
    """Columns align, also beside wide characters; the last field may be alone."""
    message = Message("", [fields(["*A*\n電話", "*B*\nb", "*C*\nlonger", "*D*", "*E*\ne"])])
    assert render_text(message).split("\n") == [
        *("A         B", "電話      b", "", "C         D", "longer", "", "E", "e")
    ]


def test_fields_in_a_narrow_terminal_are_below_each_other() -> None:
    """Two columns would be too narrow to read."""
    message = Message("", [fields(["*A*\na", "*B*\nb"])])
    assert render_text(message, width=40) == "A\na\n\nB\nb"


def test_long_lines_break_between_words() -> None:
    """Text stays within the width; a longer word is split."""
    message = Message("", [section("one two three " + "x" * 25)])
    assert render_text(message, width=10) == "one two\nthree\nxxxxxxxxxx\nxxxxxxxxxx\nxxxxx"


def test_small_print_has_no_blank_lines_in_between() -> None:
    """Other blocks have a blank line between them."""
    message = Message("", [section("a"), divider(), context("b"), context("c")])
    assert render_text(message, width=10) == "a\n\n──────────\n\nb\nc"


def test_payload_without_blocks_shows_its_text() -> None:
    """The text is rendered as mrkdwn."""
    assert (
        render_text({"text": "Looking up `789`…", "response_type": "ephemeral"})
        == "Looking up 789…"
    )
    assert render_text({}) == ""


def test_message_and_its_payload_read_the_same() -> None:
    """The payload has everything that the terminal needs."""
    card = extension_card.card_message(Match(JOHN, NOW), locations=LOCATIONS, now=NOW)
    assert render_text(card.payload()) == render_text(card)


def test_unknown_blocks_and_elements_are_named() -> None:
    """A block that this version does not know is named instead of left out."""
    payload = {
        "blocks": [
            {"type": "vid\x1beo"},
            section("x", {"type": "select"}),
            {"type": "context", "elements": [{"type": "plain_text", "text": "*as is*\x07"}]},
        ]
    }
    assert (
        render_text(payload) == "[unknown block: video]\n\nx  [unknown element: select]\n\n*as is*"
    )


def make_button(name: str, action_id: str = action_ids.SHOW, line: str = "789") -> Button:
    """Return a button that asks a query."""
    return button(action_id, name, line=line, accessibility_label=name)


def test_buttons_are_in_one_line_or_beside_their_row() -> None:
    """They are below each other only in a narrow terminal."""
    message = Message(
        "",
        [
            section("*John*  `789`\nHolmdel", make_button("Show")),
            actions_block(make_button("Share"), make_button("Refresh")),
            fields(["a", "b"]) | {"accessory": make_button("Show")},
        ],
    )
    assert (
        render_text(message) == "John  789  [Show]\nHolmdel\n\n[Share] [Refresh]\n\na    b  [Show]"
    )
    assert render_text(message, width=12) == (
        "John  789\nHolmdel\n[Show]\n\n[Share]\n[Refresh]\n\na  [Show]\n\nb"
    )


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("/ext", "[Next page: /ext list page 2]"),
        ("@Ext", "[Next page: @Ext list page 2]"),
        ("", "[Next page: list page 2]"),
    ],
)
def test_pager_says_what_to_type(command, expected) -> None:
    """The hint has a page number, as buttons can't be pressed in a terminal."""
    next_page = make_button("Next page", action_ids.NEXT, "list page 2 after:173")
    assert render_text(Message("", [actions_block(next_page)]), command=command) == expected


def test_pager_of_another_version_shows_its_name_only() -> None:
    """This version can't read the query of another version's button."""
    turn = make_button("Next page", action_ids.NEXT) | {"value": "list page 2"}
    assert render_text(Message("", [actions_block(turn)])) == "[Next page]"


def test_header_with_color_is_bold() -> None:
    """Text blocks that Ext doesn't send are shown too."""
    payload = {"blocks": [{"type": "header", "text": {"type": "plain_text", "text": "A *b*"}}]}
    assert render_text(payload) == "A *b*"
    assert render_text(payload, color=True) == "\x1b[1mA\x1b[22m \x1b[1m*b*\x1b[22m"


def test_buttons_are_dim_with_color() -> None:
    """Buttons can't be pressed in a terminal, so they are less prominent than text."""
    message = Message("", [section("x", make_button("Show")), actions_block(make_button("Share"))])
    assert render_text(message, color=True) == (
        "x  \x1b[2m[Show]\x1b[22m\n\n\x1b[2m[Share]\x1b[22m"
    )


def raw_button(name: str, value: str) -> dict[str, object]:
    """Return a button with text that nobody cleaned."""
    text = {"type": "plain_text", "text": name}
    return {"type": "button", "action_id": action_ids.NEXT, "text": text, "value": value}


buttons = st.builds(
    raw_button, strategies.text, strategies.text | strategies.text.map(button_value)
)


@settings(max_examples=150)
@given(
    st.lists(
        st.one_of(
            st.builds(section, strategies.text, buttons),
            st.lists(buttons, max_size=3).map(lambda some: actions_block(*some)),
            strategies.text.map(lambda text: {"type": "header", "text": mrkdwn(text)}),
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
def test_any_payload_prints_no_control_characters(blocks, columns) -> None:
    """Even unescaped text is safe, and no line is wider than asked."""
    shown = render_text({"blocks": blocks}, width=columns)
    assert_harmless(shown)
    assert all(line_width(line) <= columns for line in shown.split("\n"))
    assert set(render_text({"blocks": blocks}, width=columns, color=True)) - set(shown) <= set(
        "\x1b[12m"
    )
