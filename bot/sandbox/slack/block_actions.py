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
    blocks: Sequence[Block], action_id: str, index: int = 0, chosen: Any = ""
) -> JsonObject:
    """The action of the element with this id; `index` selects one of several such elements.

    `choice` is the value of an option or a list of values, the id of a user or channel, an option
    that came from the app, or a text. Raises LookupError where there is no such element or option.
    """
    there = list(interactive_elements(blocks))
    found = [each for each in there if each["action_id"] == action_id]
    if index >= len(found):
        ids = ", ".join(each["action_id"] for each in there) or "none"
        raise LookupError(f"There is no button {action_id} [{index}]; there are: {ids}.")
    told = {name: found[index][name] for name in _PAYLOAD_KEYS if name in found[index]}
    return told | _choice(found[index], chosen)


def interactive_elements(blocks: Sequence[Block]) -> Iterator[JsonObject]:
    """Yield every element with an `action_id`, together with the id of its block."""
    for block in blocks:
        for element in [*block.get("elements", []), block.get("accessory"), block.get("element")]:
            if element and "action_id" in element:
                yield {"block_id": block["block_id"], **element}


def element_state(element: Block, chosen: Any) -> JsonObject:
    """The state of one element in the state of a view."""
    return {"type": element["type"], **_choice(element, chosen)}


def _choice(element: Block, chosen: Any) -> JsonObject:
    kind = element["type"]
    if kind in _SINGLE_CHOICE:
        return {"selected_option": _option(element, chosen) if chosen else None}
    if kind in _MULTIPLE_CHOICE:
        return {"selected_options": [_option(element, each) for each in chosen or []]}
    if kind in _SELECTED_ID_KEYS:
        return {_SELECTED_ID_KEYS[kind]: chosen or None}
    if kind == "external_select":
        return {"selected_option": chosen or None}
    return {"value": chosen or None} if kind == "plain_text_input" else {}


def _option(element: Block, value: str) -> Any:
    groups = element.get("option_groups") or [element]
    options = [option for group in groups for option in group.get("options") or []]
    for option in options:
        if option.get("value") == value:
            return option
    there = ", ".join(str(each.get("value")) for each in options)
    raise LookupError(f"There is no option {value!r}; there are: {there}.")
