"""The shapes of Slack's blocks, elements and views: which keys, which kinds of text, how many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack.block_kit.rules import (
    Found,
    Rule,
    Shape,
    an_object,
    anything,
    colon,
    exactly_one,
    inside,
    items,
    one_of,
    string,
    text,
    twice,
    typed,
    whole_number,
)
from bot.sandbox.slack.block_kit.words import EITHER, PLAIN


def _address(limit: int) -> Rule:
    """What a link button opens: a page, or something in Slack. Of `tel:` nothing is known."""
    worded = string(limit)

    def rule(value: Any) -> Found:
        yield from worded(value)
        if not str(value).startswith(("https://", "http://", "slack://")):
            yield ": no address that a button is known to open"

    return rule


def _text_or_image(limit: int) -> Rule:
    """A text, or an image: what may stand in a context."""
    worded = text(limit)

    def rule(value: Any) -> Found:
        image = isinstance(value, Mapping) and value.get("type") == "image"
        yield from typed(ELEMENTS, frozenset({"image"}))(value) if image else worded(value)

    return rule


def _options(most: int, kinds: frozenset[str] = PLAIN, *, url: bool = False) -> Rule:
    return items(_option(kinds, url=url), 1, most)


def _option(kinds: frozenset[str] = PLAIN, *, url: bool = False) -> Rule:
    optional = {"description": text(75, kinds)} | ({"url": _address(3_000)} if url else {})
    return an_object(Shape({"text": text(75, kinds), "value": string(75)}, optional))


def _among_options(element: Any) -> Found:
    """`initial_option` must be one of the options, word for word."""
    groups = element.get("option_groups") or [element]
    options = [option for group in groups for option in group.get("options") or []]
    chosen = [*element.get("initial_options", []), element.get("initial_option")]
    if any(option is not None and option not in options for option in chosen):
        yield ": the initial option is none of the options"


def _static(element: Any) -> Found:
    yield from exactly_one("options", "option_groups")(element)
    yield from _among_options(element)


_ACTION = {"action_id": string(255)}
_IMAGE = {"image_url": string(3_000), "slack_file": anything}
_CONFIRM = an_object(
    Shape(
        {
            "title": text(100, PLAIN),
            "text": text(300),
            "confirm": text(30, PLAIN),
            "deny": text(30, PLAIN),
        },
        {"style": one_of("primary", "danger")},
    )
)
_SELECT = {
    "placeholder": text(150, PLAIN),
    "confirm": _CONFIRM,
    "focus_on_load": one_of(True, False),
}
_GROUP = an_object(Shape({"label": text(75, PLAIN), "options": _options(100)}))
_CHOICES = {"options": _options(100), "option_groups": items(_GROUP, 1, 100)}
_SEVERAL = {"max_selected_items": whole_number(1, 100)}
_TYPED = {"min_query_length": whole_number(0, 3_000)}
_TICKS = _SELECT | {"initial_option": _option(EITHER), "initial_options": _options(10, EITHER)}

ELEMENTS = {
    "button": Shape(
        {"text": text(75, PLAIN), **_ACTION},
        {
            "url": _address(3_000),
            "value": string(2_000),
            "style": one_of("primary", "danger"),
            "confirm": _CONFIRM,
            "accessibility_label": string(75),
        },
    ),
    "static_select": Shape(_ACTION, _SELECT | _CHOICES | {"initial_option": _option()}, _static),
    "multi_static_select": Shape(
        _ACTION, _SELECT | _CHOICES | _SEVERAL | {"initial_options": _options(100)}, _static
    ),
    "external_select": Shape(_ACTION, _SELECT | _TYPED | {"initial_option": _option()}),
    "multi_external_select": Shape(
        _ACTION, _SELECT | _TYPED | _SEVERAL | {"initial_options": _options(100)}
    ),
    "users_select": Shape(_ACTION, _SELECT | {"initial_user": string(255)}),
    "conversations_select": Shape(
        _ACTION,
        _SELECT
        | {
            "initial_conversation": string(255),
            "default_to_current_conversation": one_of(True, False),
            "response_url_enabled": one_of(True, False),
            "filter": anything,
        },
    ),
    "overflow": Shape({**_ACTION, "options": _options(5, url=True)}, {"confirm": _CONFIRM}),
    "checkboxes": Shape({**_ACTION, "options": _options(10, EITHER)}, _TICKS, _among_options),
    "radio_buttons": Shape({**_ACTION, "options": _options(10, EITHER)}, _TICKS, _among_options),
    "plain_text_input": Shape(
        _ACTION,
        {
            "placeholder": text(150, PLAIN),
            "focus_on_load": one_of(True, False),
            "initial_value": string(3_000),
            "multiline": one_of(True, False),
            "min_length": whole_number(0, 3_000),
            "max_length": whole_number(1, 3_000),
            "dispatch_action_config": anything,
        },
    ),
    "image": Shape({"alt_text": string(2_000)}, _IMAGE, exactly_one(*_IMAGE)),
}

_SELECTS = frozenset(kind for kind in ELEMENTS if kind.endswith("_select"))
_SELECTS_OF_ONE = frozenset(kind for kind in _SELECTS if not kind.startswith("multi_"))
_BUTTONS = frozenset({"button", "overflow", "checkboxes", "radio_buttons"})

_RICH_PARTS = frozenset(
    {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}
)


def _rich_text(value: Any) -> Found:
    """Shallow: known parts, none empty, and no empty text in them."""
    for i, part in enumerate(value if isinstance(value, list) else [None]):
        if not isinstance(part, Mapping) or part.get("type") not in _RICH_PARTS:
            yield f"[{i}]: no part of rich text"
        elif not part.get("elements"):
            yield f"[{i}]: no elements"
    for each in inside(value):
        if each.get("type") == "text":
            yield from string(3_000)(each.get("text"))


def _text_or_fields(block: Any) -> Found:
    if "text" not in block and "fields" not in block:
        yield ": text or fields is needed"


def _block(
    required: Mapping[str, Rule] | None = None,
    optional: Mapping[str, Rule] | None = None,
    whole: Rule = anything,
) -> Shape:
    def both(block: Any) -> Found:
        yield from whole(block)
        yield from colon(twice("action_id", list(inside(block))))

    return Shape(required or {}, {"block_id": string(255), **(optional or {})}, both)


BLOCKS = {
    "section": _block(
        optional={
            "text": text(3_000),
            "fields": items(text(2_000), 1, 10),
            "accessory": typed(ELEMENTS, _SELECTS | _BUTTONS | {"image"}),
            "expand": one_of(True, False),
        },
        whole=_text_or_fields,
    ),
    "header": _block({"text": text(150, PLAIN)}, {"level": one_of(1, 2, 3, 4)}),
    "divider": _block(),
    "context": _block({"elements": items(_text_or_image(3_000), 1, 10)}),
    "actions": _block({"elements": items(typed(ELEMENTS, _SELECTS_OF_ONE | _BUTTONS), 1, 25)}),
    "image": _block(
        {"alt_text": string(2_000)},
        {**_IMAGE, "title": text(2_000, PLAIN)},
        exactly_one(*_IMAGE),
    ),
    "rich_text": _block({"elements": _rich_text}),
    "input": _block(
        {
            "label": text(2_000, PLAIN),
            "element": typed(
                ELEMENTS, _SELECTS | {"checkboxes", "radio_buttons", "plain_text_input"}
            ),
        },
        {
            "hint": text(2_000, PLAIN),
            "optional": one_of(True, False),
            "dispatch_action": one_of(True, False),
        },
    ),
}

_VIEW = {
    "private_metadata": string(3_000, least=0),
    "callback_id": string(255),
    "external_id": string(255),
}

VIEWS = {
    "modal": Shape(
        {"type": one_of("modal"), "title": text(24, PLAIN), "blocks": anything},
        {
            **_VIEW,
            "submit": text(24, PLAIN),
            "close": text(24, PLAIN),
            "clear_on_close": one_of(True, False),
            "notify_on_close": one_of(True, False),
        },
    ),
    "home": Shape({"type": one_of("home"), "blocks": anything}, _VIEW),
}
