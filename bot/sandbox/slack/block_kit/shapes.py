"""The shapes of Slack's blocks, elements and views: keys, kinds of text, and limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack.block_kit.rules import (
    Problems,
    Rule,
    Shape,
    anything,
    duplicates,
    exactly_one,
    list_of,
    nested_objects,
    object_of,
    one_of,
    string,
    text_object,
    typed,
    whole_number,
    with_colon,
)
from bot.sandbox.slack.block_kit.text_rules import EITHER, PLAIN


def _link_url(max_chars: int) -> Rule:
    """The url of a link button: a page, or something in Slack. `tel:` is unproven there."""
    string_rule = string(max_chars)

    def rule(value: Any) -> Problems:
        yield from string_rule(value)
        if not str(value).startswith(("https://", "http://", "slack://")):
            yield ": not an address that a button is known to open"

    return rule


def _text_or_image(max_chars: int) -> Rule:
    """A text or an image: the elements of a context block."""
    text_rule = text_object(max_chars)

    def rule(value: Any) -> Problems:
        image = isinstance(value, Mapping) and value.get("type") == "image"
        yield from typed(ELEMENTS, frozenset({"image"}))(value) if image else text_rule(value)

    return rule


def _options(max_options: int, kinds: frozenset[str] = PLAIN, *, url: bool = False) -> Rule:
    return list_of(_option(kinds, url=url), 1, max_options)


def _option(kinds: frozenset[str] = PLAIN, *, url: bool = False) -> Rule:
    optional = {"description": text_object(75, kinds)} | ({"url": _link_url(3_000)} if url else {})
    return object_of(Shape({"text": text_object(75, kinds), "value": string(75)}, optional))


def _initial_is_an_option(element: Any) -> Problems:
    """`initial_option` must equal one of the options exactly."""
    groups = element.get("option_groups") or [element]
    options = [option for group in groups for option in group.get("options") or []]
    chosen = [*element.get("initial_options", []), element.get("initial_option")]
    if any(option is not None and option not in options for option in chosen):
        yield ": the initial option is not one of the options"


def _static_select(element: Any) -> Problems:
    yield from exactly_one("options", "option_groups")(element)
    yield from _initial_is_an_option(element)


_ACTION = {"action_id": string(255)}
_IMAGE = {"image_url": string(3_000), "slack_file": anything}
_CONFIRM = object_of(
    Shape(
        {
            "title": text_object(100, PLAIN),
            "text": text_object(300),
            "confirm": text_object(30, PLAIN),
            "deny": text_object(30, PLAIN),
        },
        {"style": one_of("primary", "danger")},
    )
)
_SELECT = {
    "placeholder": text_object(150, PLAIN),
    "confirm": _CONFIRM,
    "focus_on_load": one_of(True, False),
}
_GROUP = object_of(Shape({"label": text_object(75, PLAIN), "options": _options(100)}))
_CHOICES = {"options": _options(100), "option_groups": list_of(_GROUP, 1, 100)}
_MULTI_SELECT = {"max_selected_items": whole_number(1, 100)}
_EXTERNAL_SELECT = {"min_query_length": whole_number(0, 3_000)}
_CHECKBOXES = _SELECT | {"initial_option": _option(EITHER), "initial_options": _options(10, EITHER)}

ELEMENTS = {
    "button": Shape(
        {"text": text_object(75, PLAIN), **_ACTION},
        {
            "url": _link_url(3_000),
            "value": string(2_000),
            "style": one_of("primary", "danger"),
            "confirm": _CONFIRM,
            "accessibility_label": string(75),
        },
    ),
    "static_select": Shape(
        _ACTION, _SELECT | _CHOICES | {"initial_option": _option()}, _static_select
    ),
    "multi_static_select": Shape(
        _ACTION,
        _SELECT | _CHOICES | _MULTI_SELECT | {"initial_options": _options(100)},
        _static_select,
    ),
    "external_select": Shape(_ACTION, _SELECT | _EXTERNAL_SELECT | {"initial_option": _option()}),
    "multi_external_select": Shape(
        _ACTION, _SELECT | _EXTERNAL_SELECT | _MULTI_SELECT | {"initial_options": _options(100)}
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
    "checkboxes": Shape(
        {**_ACTION, "options": _options(10, EITHER)}, _CHECKBOXES, _initial_is_an_option
    ),
    "radio_buttons": Shape(
        {**_ACTION, "options": _options(10, EITHER)}, _CHECKBOXES, _initial_is_an_option
    ),
    "plain_text_input": Shape(
        _ACTION,
        {
            "placeholder": text_object(150, PLAIN),
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


def _rich_text(value: Any) -> Problems:
    """A shallow check: known parts, none of them empty, and no empty text in them."""
    for i, part in enumerate(value if isinstance(value, list) else [None]):
        if not isinstance(part, Mapping) or part.get("type") not in _RICH_PARTS:
            yield f"[{i}]: not a part of rich text"
        elif not part.get("elements"):
            yield f"[{i}]: no elements"
    for nested in nested_objects(value):
        if nested.get("type") == "text":
            yield from string(3_000)(nested.get("text"))


def _text_or_fields(block: Any) -> Problems:
    if "text" not in block and "fields" not in block:
        yield ": text or fields is needed"


def _block(
    required: Mapping[str, Rule] | None = None,
    optional: Mapping[str, Rule] | None = None,
    whole: Rule = anything,
) -> Shape:
    def check_block(block: Any) -> Problems:
        yield from whole(block)
        yield from with_colon(duplicates("action_id", list(nested_objects(block))))

    return Shape(required or {}, {"block_id": string(255), **(optional or {})}, check_block)


BLOCKS = {
    "section": _block(
        optional={
            "text": text_object(3_000),
            "fields": list_of(text_object(2_000), 1, 10),
            "accessory": typed(ELEMENTS, _SELECTS | _BUTTONS | {"image"}),
            "expand": one_of(True, False),
        },
        whole=_text_or_fields,
    ),
    "header": _block({"text": text_object(150, PLAIN)}, {"level": one_of(1, 2, 3, 4)}),
    "divider": _block(),
    "context": _block({"elements": list_of(_text_or_image(3_000), 1, 10)}),
    "actions": _block({"elements": list_of(typed(ELEMENTS, _SELECTS_OF_ONE | _BUTTONS), 1, 25)}),
    "image": _block(
        {"alt_text": string(2_000)},
        {**_IMAGE, "title": text_object(2_000, PLAIN)},
        exactly_one(*_IMAGE),
    ),
    "rich_text": _block({"elements": _rich_text}),
    "input": _block(
        {
            "label": text_object(2_000, PLAIN),
            "element": typed(
                ELEMENTS, _SELECTS | {"checkboxes", "radio_buttons", "plain_text_input"}
            ),
        },
        {
            "hint": text_object(2_000, PLAIN),
            "optional": one_of(True, False),
            "dispatch_action": one_of(True, False),
        },
    ),
}

_VIEW = {
    "private_metadata": string(3_000, min_chars=0),
    "callback_id": string(255),
    "external_id": string(255),
}

VIEWS = {
    "modal": Shape(
        {"type": one_of("modal"), "title": text_object(24, PLAIN), "blocks": anything},
        {
            **_VIEW,
            "submit": text_object(24, PLAIN),
            "close": text_object(24, PLAIN),
            "clear_on_close": one_of(True, False),
            "notify_on_close": one_of(True, False),
        },
    ),
    "home": Shape({"type": one_of("home"), "blocks": anything}, _VIEW),
}
