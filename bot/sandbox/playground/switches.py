"""The few switches of the sandbox that the page offers, in words for people."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.json_types import JsonObject
from bot.sandbox.vonage.state import FakeVonage


@dataclass(frozen=True, slots=True)
class Switch:
    """A switch: its label and description, and the fault that it turns on, with a value."""

    name: str
    label: str
    description: str
    fault: str
    value: float | None = None


SWITCHES = (
    Switch("down", "Vonage is down", "Every call gets a 503.", "down"),
    Switch("slow", "Vonage is slow", "Every call takes four seconds.", "latency", 4.0),
    Switch("quota", "Over quota", "Vonage asks to wait 20 seconds.", "throttled", 20),
)

_BY_NAME = {switch.name: switch for switch in SWITCHES}


def set_switch(vonage: FakeVonage, name: str, *, on: bool) -> None:
    """Turn a switch on or off. Raises KeyError for an unknown name."""
    switch = _BY_NAME[name]
    if on:
        vonage.faults.on(switch.fault, switch.value)
    else:
        vonage.faults.off(switch.fault)


def list_switches(vonage: FakeVonage) -> list[JsonObject]:
    """Every switch, and whether it is on."""
    active_faults = {str(fault["name"]) for fault in vonage.faults.describe() if fault["on"]}
    return [
        {
            "name": switch.name,
            "label": switch.label,
            "description": switch.description,
            "on": switch.fault in active_faults,
        }
        for switch in SWITCHES
    ]
