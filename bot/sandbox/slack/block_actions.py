"""The `actions` of a payload: a pressed button, or a choice from a list or a menu.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.sandbox.json_types import JsonObject

Block = Mapping[str, Any]

_PAYLOAD_KEYS = ("type", "block_id", "action_id", "text", "value", "url", "style", "placeholder")
_SINGLE_CHOICE = ("static_select", "overflow", "radio_buttons")
_MULTIPLE_CHOICE = ("checkboxes", "multi_static_select")
_SELECTED_ID_KEYS = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
}


def action_payload(
    blocks: Sequence[Block], action_id: str, index: int = 0, choice: Any = ""
) -> JsonObject:
    """The action of the element with this id; `index` selects one of several such elements.

    `choice` is the value of an option or a list of values, the id of a user or channel, an option
    that came from the app, or a text. Raises LookupError where there is no such element or option.
    """
    available = list(interactive_elements(blocks))
    matches = [element for element in available if element["action_id"] == action_id]
    if index >= len(matches):
        ids = ", ".join(element["action_id"] for element in available) or "none"
        raise LookupError(f"There's no button {action_id} [{index}]; there are: {ids}.")
    payload = {name: matches[index][name] for name in _PAYLOAD_KEYS if name in matches[index]}
    return payload | _choice(matches[index], choice)


def interactive_elements(blocks: Sequence[Block]) -> Iterator[JsonObject]:
    """Yield every element with an `action_id`, together with the id of its block."""
    for block in blocks:
        for element in [*block.get("elements", []), block.get("accessory"), block.get("element")]:
            if element and "action_id" in element:
                yield {"block_id": block["block_id"], **element}


def element_state(element: Block, choice: Any) -> JsonObject:
    """The state of one element in the state of a view."""
    return {"type": element["type"], **_choice(element, choice)}


def _choice(element: Block, choice: Any) -> JsonObject:
    kind = element["type"]
    if kind in _SINGLE_CHOICE:
        return {"selected_option": _option(element, choice) if choice else None}
    if kind in _MULTIPLE_CHOICE:
        return {"selected_options": [_option(element, value) for value in choice or []]}
    if kind in _SELECTED_ID_KEYS:
        return {_SELECTED_ID_KEYS[kind]: choice or None}
    if kind == "external_select":
        return {"selected_option": choice or None}
    return {"value": choice or None} if kind == "plain_text_input" else {}


def _option(element: Block, value: str) -> Any:
    groups = element.get("option_groups") or [element]
    options = [option for group in groups for option in group.get("options") or []]
    for option in options:
        if option.get("value") == value:
            return option
    values = ", ".join(str(option.get("value")) for option in options)
    raise LookupError(f"There's no option {value!r}; there are: {values}.")
