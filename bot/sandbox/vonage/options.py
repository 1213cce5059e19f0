"""The configuration of the fake Vonage API. Every option can be changed while it runs.

Things that go wrong on purpose are faults, in `fault_table.py`.
"""

from __future__ import annotations

from dataclasses import Field, dataclass, field, fields
from typing import Any, TypeVar

from bot.sandbox.json_types import JsonObject

T = TypeVar("T")


def _option(default: T, description: str, *choices: T) -> T:
    """A field with a description and the only values that it may have."""
    made: Any = field(default=default, metadata={"says": description, "choices": choices})
    return made  # type: ignore[no-any-return]


@dataclass(slots=True)
class Options:
    """The configuration of this API. The defaults are what a new real application gets."""

    people: int = _option(250, "How many extensions the company has; read at the start only.")
    envelope: str = _option(
        "live",
        "Answers in the real API's form, or in the published document's.",
        "live",
        "document",
    )
    quota: int = _option(10, "Calls allowed to one token in a minute; 0 is no limit.")
    window: str = _option(
        "sliding",
        "How that minute is counted: any 60 s, or from the first call.",
        "sliding",
        "fixed",
    )
    retry_after: str = _option(
        "date", "How a throttled call is told when to come back.", "date", "seconds", "none"
    )
    throttle_status: int = _option(429, "The status of a throttled call.", 429, 503, 200)
    fault_style: str = _option(
        "wrapped", "The gateway's refusals, as its older or its newer versions.", "wrapped", "flat"
    )
    expires_in: int = _option(86_400, "Seconds that an access token lasts.")
    refresh_expires_in: int = _option(604_800, "Seconds that a refresh token lasts.")
    reuse_token: bool = _option(
        False, "A login gets the token that is already live, with what is left of its life."
    )
    lock_after: int = _option(5, "Refused logins in a row that lock the user; 0 is never.")
    lock_for: int = _option(1_800, "Seconds that a lock lasts, counted from the last login.")
    default_page_size: int = _option(5, "Extensions on a page when the caller does not say.")
    max_page_size: int = _option(200, "Extensions on a page at most; larger requests get this.")

    def change(self, name: str, value: object) -> None:
        """Set one option, after `check`."""
        self.check(name, value)
        setattr(self, name, value)

    def check(self, name: str, value: object) -> None:
        """Raise ValueError, with a message for people, if the option cannot have this value."""
        option = _BY_NAME[name]
        choices = option.metadata["choices"]
        if choices and value not in choices:
            raise ValueError(f"{name} is one of {', '.join(map(str, choices))}.")
        kind = type(option.default)
        negative = isinstance(value, int) and value < 0
        if type(value) is not kind or negative:
            raise ValueError(f"{name} is {_KINDS[kind]}, such as {option.default!r}.")

    def describe(self) -> list[JsonObject]:
        """Every option: its name, its value, its description and its choices."""
        return [
            {
                "name": option.name,
                "value": getattr(self, option.name),
                "says": option.metadata["says"],
                **(
                    {"choices": list(option.metadata["choices"])}
                    if option.metadata["choices"]
                    else {}
                ),
            }
            for option in _BY_NAME.values()
        ]


_KINDS = {int: "a whole number from 0", bool: "true or false", str: "a text"}
_BY_NAME: dict[str, Field[Any]] = {option.name: option for option in fields(Options)}
OPTION_NAMES = tuple(_BY_NAME)
