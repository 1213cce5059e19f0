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
    Switch("down", "Vonage is down", "Every call is answered with 503.", "down"),
    Switch("slow", "Vonage is slow", "Every call takes four seconds.", "latency", 4.0),
    Switch("quota", "Over quota", "Told to come back in 20 seconds.",
           "throttled", 20),
)  # fmt: skip

_BY_NAME = {switch.name: switch for switch in SWITCHES}


def set_switch(sandbox: FakeVonage, name: str, *, on: bool) -> None:
    """Turn a switch on or off. Raises KeyError for an unknown name."""
    switch = _BY_NAME[name]
    if on:
        sandbox.faults.on(switch.fault, switch.value)
    else:
        sandbox.faults.off(switch.fault)


def list_switches(sandbox: FakeVonage) -> list[JsonObject]:
    """Every switch, and whether it is on."""
    on = {str(each["name"]) for each in sandbox.faults.describe() if each["on"]}
    return [
        {"name": each.name, "label": each.label, "says": each.description, "on": each.fault in on}
        for each in SWITCHES
    ]
