"""The checker of Slack's rules: valid messages pass, and each rule is seen to fail."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bot.sandbox.slack.block_kit import problems


def mrkdwn(text: str = "x") -> dict[str, Any]:
    """A valid mrkdwn object."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain(text: str = "x") -> dict[str, Any]:
    """A plain text object."""
    return {"type": "plain_text", "text": text}


def option(text: str = "x", **more: Any) -> dict[str, Any]:
    """An option of a menu."""
    return {"text": plain(text), "value": text, **more}


def button(**more: Any) -> dict[str, Any]:
    """A button."""
    return {"type": "button", "text": plain("Share"), "action_id": "share", **more}


def select(kind: str = "static_select", **more: Any) -> dict[str, Any]:
    """A menu."""
    choices = {"options": [option()]} if kind == "static_select" else {}
    return {"type": kind, "action_id": "pick", **choices, **more}


def section(**more: Any) -> dict[str, Any]:
    """A section with text."""
    return {"type": "section", "text": mrkdwn(), **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    """A row of interactive elements."""
    return {"type": "actions", "elements": list(elements)}


def context(*elements: dict[str, Any]) -> dict[str, Any]:
    """A context block."""
    return {"type": "context", "elements": list(elements)}


def input_block(**more: Any) -> dict[str, Any]:
    """An input block."""
    element = {"type": "plain_text_input", "action_id": "words"}
    return {"type": "input", "label": plain(), "element": element, **more}


def message(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A message of blocks."""
    return {"text": "x", "blocks": list(blocks), **more}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A modal of blocks."""
    return {"type": "modal", "title": plain(), "blocks": list(blocks), **more}


IMAGE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}
CONFIRM = {"title": plain(), "text": plain(), "confirm": plain("Yes"), "deny": plain("No")}
RICH = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}],
}
ALL_WELL = [
    section(fields=[mrkdwn(), plain()], accessory=button(value="1", style="primary"), block_id="a"),
    section(accessory=select(initial_option=option(), placeholder=plain()), expand=True),
    {"type": "header", "text": plain(), "level": 2},
    {"type": "divider"},
    context(
        mrkdwn("<@U012AB3CD> <!date^1^{time}|now> <tel:+1|+1> <mailto:a@b.com|a@b.com>"), IMAGE
    ),
    actions(
        button(confirm=CONFIRM | {"style": "danger"}, accessibility_label="Share it", value="1"),
        button(action_id="profile", url="https://example.com/team/U012AB3CD"),
        button(action_id="slack", url="slack://user?team=T1&id=U1", style="primary"),
        {"type": "overflow", "action_id": "more", "options": [option(url="https://example.com")]},
        select("external_select", min_query_length=0),
        select("users_select") | {"action_id": "who"},
    ),
    IMAGE | {"title": plain()},
    RICH,
    input_block(hint=plain(), optional=True),
]


def test_valid_surface_has_no_problems() -> None:
    """Every kind of block passes on every surface."""
    blocks = copy.deepcopy(ALL_WELL)
    assert problems(message(*blocks, response_type="in_channel")) == []
    assert problems(modal(*blocks, submit=plain(), private_metadata=""), "modal") == []
    assert problems({"type": "home", "blocks": blocks}, "home") == []
    assert problems({"text": "only *text* &amp; <https://example.com|a link>"}) == []
    assert problems({"delete_original": True}) == []


BAD_MESSAGES = {
    "no text": ({"blocks": [section()]}, "no_text"),
    "blank text": (message(section(), text=" \n"), "no_text"),
    "long text": ({"text": "x" * 4_001}, "msg_too_long"),
    "broadcast in text": ({"text": "<!here>"}, "broadcast"),
    "unescaped in text": ({"text": "a < b"}, "unescaped <"),
    "control in text": ({"text": "a\x1b[0m"}, "U+001B"),
    "unknown key": ({"text": "x", "respons_type": "ephemeral"}, "respons_type"),
    "response_type": ({"text": "x", "response_type": "public"}, "response_type"),
    "link_names": ({"text": "x", "link_names": True}, "link_names"),
    "no blocks": (message(), "invalid_blocks: blocks: 1 to 50"),
    "blocks are no list": ({"text": "x", "blocks": {}}, "1 to 50"),
    "too many blocks": (message(*[{"type": "divider"}] * 51), "1 to 50"),
    "too large": (message(*[section(text=mrkdwn("x" * 2_900))] * 5), "msg_blocks_too_long"),
    "block is no object": ({"text": "x", "blocks": ["x"]}, "unknown"),
    "unknown block": (message({"type": "sektion"}), "'sektion' is unknown"),
    "modal-only block": (message({"type": "alert", "text": plain()}), "'alert' is unknown"),
    "unknown key of a block": (message(section(txt="x")), "unknown key 'txt'"),
    "same block_id": (message(*[{"type": "divider", "block_id": "a"}] * 2), "'a' is used 2"),
    "long block_id": (message(section(block_id="a" * 256)), "256 characters"),
    "same action_id": (message(actions(button(), button())), "'share' is used 2"),
}

BAD_BLOCKS = {
    "section without text": ({"type": "section"}, "text or fields"),
    "bare string": ({"type": "section", "text": "x"}, "must provide an object"),
    "empty text": (section(text=mrkdwn("")), "empty text"),
    "blank text": (section(text=mrkdwn(" \n")), "empty text"),
    "text is null": (section(text=mrkdwn() | {"text": None}), "NoneType"),
    "long text": (section(text=mrkdwn("x" * 3_001)), "3,001 characters where 3,000"),
    "no fields": (section(fields=[]), "1 to 10"),
    "eleven fields": (section(fields=[mrkdwn()] * 11), "1 to 10"),
    "long field": (section(fields=[mrkdwn("x" * 2_001)]), "fields[0]: 2,001"),
    "not verbatim": (section(text={"type": "mrkdwn", "text": "x"}), "without verbatim"),
    "verbatim plain": (section(text=plain() | {"verbatim": True}), "'verbatim' in plain_text"),
    "unknown text": (section(text={"type": "markdown", "text": "x"}), "type 'markdown'"),
    "broadcast": (section(text=mrkdwn("<!channel>")), "broadcast <!channel>"),
    "labelled broadcast": (section(text=mrkdwn("<!here|here>")), "broadcast"),
    "group": (section(text=mrkdwn("<!subteam^S1|@all>")), "broadcast"),
    "odd link": (section(text=mrkdwn("<javascript:x|y>")), "unknown form"),
    "two bars": (section(text=mrkdwn("<tel:+1|a|b>")), "unknown form"),
    "line in a link": (section(text=mrkdwn("<tel:+1|a\nb>")), "unknown form"),
    "blank in a link": (section(text=mrkdwn("<https://a b|c>")), "unknown form"),
    "date without fallback": (section(text=mrkdwn("<!date^1^{time}>")), "unknown form"),
    "open bracket": (section(text=mrkdwn("a < b")), "unescaped <"),
    "close bracket": (section(text=mrkdwn("> a")), "unescaped <"),
    "ampersand": (section(text=mrkdwn("a & b")), "unescaped &"),
    "other entity": (section(text=mrkdwn("&quot;")), "unescaped &"),
    "open code": (section(text=mrkdwn("`a")), "code span"),
    "open code block": (section(text=mrkdwn("```a``")), "code span"),
    "control": (section(text=plain("\x00a")), "U+0000"),
    "direction": (section(text=mrkdwn("a\u202eb")), "U+202E"),
    "zero width": (section(text=mrkdwn("a\u200bb")), "U+200B"),
    "surrogate": (section(text=mrkdwn("a\ud800")), "U+D800"),
    "input as accessory": (section(accessory=input_block()["element"]), "not allowed here"),
    "header mrkdwn": ({"type": "header", "text": mrkdwn()}, "where plain_text is expected"),
    "long header": ({"type": "header", "text": plain("x" * 151)}, "151"),
    "header level": ({"type": "header", "text": plain(), "level": 5}, "not one of (1, 2, 3, 4)"),
    "true is no level": ({"type": "header", "text": plain(), "level": True}, "not one of"),
    "header without text": ({"type": "header"}, "'text' is missing"),
    "divider with text": ({"type": "divider", "text": plain()}, "unknown key 'text'"),
    "empty context": (context(), "1 to 10"),
    "full context": (context(*[mrkdwn()] * 11), "1 to 10"),
    "button in context": (context(button()), "type 'button'"),
    "empty actions": (actions(), "1 to 25"),
    "full actions": (actions(*[button(action_id=str(n)) for n in range(26)]), "1 to 25"),
    "text in actions": (actions(mrkdwn()), "'mrkdwn' is unknown"),
    "multi select in actions": (
        actions(select("multi_static_select", options=[option()])),
        "not allowed here",
    ),
    "image without alt": ({"type": "image", "image_url": "https://x"}, "'alt_text' is missing"),
    "empty alt": (IMAGE | {"alt_text": ""}, "empty text"),
    "long alt": (IMAGE | {"alt_text": "x" * 2_001}, "2,001"),
    "image without url": ({"type": "image", "alt_text": "x"}, "exactly one"),
    "image mrkdwn title": (IMAGE | {"title": mrkdwn()}, "where plain_text"),
    "image without alt in context": (context({"type": "image", "image_url": "x"}), "alt_text"),
    "empty rich text": (RICH | {"elements": [{"type": "rich_text_section"}]}, "no elements"),
    "odd rich text": (RICH | {"elements": [{"type": "text", "text": "x"}]}, "not a part"),
    "input without label": ({"type": "input", "element": select()}, "'label' is missing"),
    "input mrkdwn label": (input_block(label=mrkdwn()), "where plain_text"),
    "button in input": (input_block(element=button()), "not allowed here"),
}

BAD_ELEMENTS = {
    "button mrkdwn": (button(text=mrkdwn()), "where plain_text"),
    "long button": (button(text=plain("x" * 76)), "76"),
    "empty button": (button(text=plain("")), "empty text"),
    "long value": (button(value="x" * 2_001), "2,001"),
    "long url": (button(url="x" * 3_001), "3,001"),
    "link that dials": (button(url="tel:+14155550100"), "not an address"),
    "link to nothing": (button(url=""), "empty text"),
    "long label": (button(accessibility_label="x" * 76), "76"),
    "long action_id": (button(action_id="x" * 256), "256"),
    "no action_id": ({"type": "button", "text": plain()}, "'action_id' is missing"),
    "style": (button(style="default"), "not one of"),
    "unknown key": (button(disabled=True), "unknown key 'disabled'"),
    "confirm": (button(confirm=CONFIRM | {"title": plain("x" * 101)}), "101"),
    "long confirm": (button(confirm=CONFIRM | {"text": plain("x" * 301)}), "301"),
    "confirm style": (button(confirm=CONFIRM | {"style": "blue"}), "not one of"),
    "confirm button": (button(confirm=CONFIRM | {"deny": plain("x" * 31)}), "31"),
    "confirm without": (button(confirm={"title": plain()}), "'deny' is missing"),
    "confirm string": (button(confirm="Sure?"), "must provide an object"),
    "no options": (select(options=[]), "1 to 100"),
    "many options": (select(options=[option()] * 101), "1 to 100"),
    "options and groups": (
        select(option_groups=[{"label": plain(), "options": [option()]}]),
        "exactly one of options",
    ),
    "long group": (
        {
            "type": "static_select",
            "action_id": "a",
            "option_groups": [{"label": plain("x" * 76), "options": [option()]}],
        },
        "76",
    ),
    "long option": (select(options=[option("x" * 76)]), "76"),
    "option description": (select(options=[option(description=plain("x" * 76))]), "76"),
    "option url": (select(options=[option(url="https://x")]), "unknown key 'url'"),
    "option mrkdwn": (select(options=[option() | {"text": mrkdwn()}]), "where plain_text"),
    "foreign initial": (select(initial_option=option("y")), "not one of the options"),
    "placeholder": (select(placeholder=plain("x" * 151)), "151"),
    "negative query": (select("external_select", min_query_length=-1), "a whole number"),
    "query as text": (select("external_select", min_query_length="3"), "a whole number"),
    "option link": (
        {"type": "overflow", "action_id": "a", "options": [option(url="javascript:x")]},
        "not an address",
    ),
    "overflow": ({"type": "overflow", "action_id": "a", "options": [option()] * 6}, "1 to 5"),
    "radio": ({"type": "radio_buttons", "action_id": "a", "options": [option()] * 11}, "1 to 10"),
}

BAD_MODALS = {
    "no title": ({"type": "modal", "blocks": [section()]}, "'title' is missing"),
    "long title": (modal(section(), title=plain("x" * 25)), "25 characters"),
    "long submit": (modal(section(), submit=plain("x" * 25)), "25 characters"),
    "no blocks": (modal(), "1 to 100"),
    "too many blocks": (modal(*[{"type": "divider"}] * 101), "1 to 100"),
    "input without submit": (modal(input_block()), "needs submit"),
    "metadata": (modal(section(), private_metadata="x" * 3_001), "3,001"),
    "callback_id": (modal(section(), callback_id="x" * 256), "256"),
    "unknown key": (modal(section(), text="x"), "unknown key 'text'"),
    "wrong type": (modal(section(), type="home"), "not one of"),
    "two in focus": (
        modal(
            *(
                input_block(
                    element={"type": "plain_text_input", "action_id": "a", "focus_on_load": True}
                )
                for _ in range(2)
            ),
            submit=plain(),
        ),
        "focus_on_load",
    ),
}


@pytest.mark.parametrize(("payload", "expected"), BAD_MESSAGES.values(), ids=BAD_MESSAGES)
def test_bad_message_is_a_problem(payload, expected) -> None:
    """Each rule for whole messages is seen to fail."""
    assert any(expected in problem for problem in problems(payload))


@pytest.mark.parametrize(("block", "expected"), BAD_BLOCKS.values(), ids=BAD_BLOCKS)
def test_bad_block_is_a_problem(block, expected) -> None:
    """Each rule for blocks and text is seen to fail under Slack's name."""
    found_problems = problems(message(block))
    assert any(expected in problem for problem in found_problems)
    assert all(problem.startswith("invalid_blocks: blocks[0]") for problem in found_problems)


@pytest.mark.parametrize(("element", "expected"), BAD_ELEMENTS.values(), ids=BAD_ELEMENTS)
def test_bad_element_is_a_problem(element, expected) -> None:
    """Each rule for buttons and menus is seen to fail in every place."""
    for block in (actions(element), section(accessory=element)):
        assert any(expected in problem for problem in problems(message(block)))


@pytest.mark.parametrize(("view", "expected"), BAD_MODALS.values(), ids=BAD_MODALS)
def test_bad_modal_is_a_problem(view, expected) -> None:
    """Each rule for modals is seen to fail."""
    found_problems = problems(view, "modal")
    assert any(expected in problem for problem in found_problems)
    assert all(problem.startswith("invalid_arguments: ") for problem in found_problems)


def test_same_action_id_in_two_blocks_is_allowed() -> None:
    """An action_id is unique only within its block, accessory included."""
    rows = [section(accessory=button()), section(accessory=button()), actions(button())]
    assert problems(message(*rows)) == []
    chosen = select("external_select", confirm=CONFIRM) | {"action_id": "share"}
    found_problems = problems(message(actions(button(), chosen)))
    assert found_problems == ["invalid_blocks: blocks[0]: action_id 'share' is used 2 times"]


def test_home_with_title_is_a_problem() -> None:
    """A modal needs a title, a Home tab must not have one."""
    found_problems = problems({"type": "home", "title": plain(), "blocks": [section()]}, "home")
    assert found_problems == ["invalid_arguments: : unknown key 'title'"]
