"""The few things of the sandbox that a person turns while trying Ext out, in their words."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.json_types import JsonObject
from bot.sandbox.vonage.state import FakeVonage


@dataclass(frozen=True, slots=True)
class Switch:
    """One that is on or off: the fault behind it, with which value, and what it does."""

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
    """Turn a switch. Raises KeyError for one that is not there."""
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
