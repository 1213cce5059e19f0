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
    option: Any = field(default=default, metadata={"description": description, "choices": choices})
    return option  # type: ignore[no-any-return]


@dataclass(slots=True)
class Options:
    """The configuration of this API. The defaults are what a new real application gets."""

    people: int = _option(250, "Extensions of the company; only read at the start.")
    envelope: str = _option(
        "live",
        "Responses in the form of the real API, or of its published document.",
        "live",
        "document",
    )
    quota: int = _option(10, "Calls per minute for one token; 0 means no limit.")
    window: str = _option(
        "sliding",
        "The minute of the quota: any 60 s, or from the first call.",
        "sliding",
        "fixed",
    )
    retry_after: str = _option(
        "date", "The form of the Retry-After header of a throttled call.", "date", "seconds", "none"
    )
    throttle_status: int = _option(429, "The status of a throttled call.", 429, 503, 200)
    fault_style: str = _option(
        "wrapped",
        "The gateway's errors in the form of its older or newer versions.",
        "wrapped",
        "flat",
    )
    expires_in: int = _option(86_400, "Lifetime of an access token in seconds.")
    refresh_expires_in: int = _option(604_800, "Lifetime of a refresh token in seconds.")
    reuse_token: bool = _option(
        False, "A login gets the token that is already live, with the time it has left."
    )
    lock_after: int = _option(5, "Refused logins in a row that lock the user; 0 means never.")
    lock_for: int = _option(
        1_800, "Seconds that a lock lasts, counted from the last login attempt."
    )
    default_page_size: int = _option(
        5, "Extensions per page if the caller doesn't ask for a page size."
    )
    max_page_size: int = _option(200, "Maximum extensions per page; larger requests get this.")

    def change(self, name: str, value: object) -> None:
        """Set one option, after `check`."""
        self.check(name, value)
        setattr(self, name, value)

    def check(self, name: str, value: object) -> None:
        """Raise ValueError, with a message for people, if the option cannot have this value."""
        option = _BY_NAME[name]
        choices = option.metadata["choices"]
        if choices and value not in choices:
            raise ValueError(f"{name} must be one of {', '.join(map(str, choices))}.")
        kind = type(option.default)
        negative = isinstance(value, int) and value < 0
        if type(value) is not kind or negative:
            raise ValueError(f"{name} must be {_KINDS[kind]}, such as {option.default!r}.")

    def describe(self) -> list[JsonObject]:
        """Every option: its name, its value, its description and its choices."""
        return [self._describe(option) for option in _BY_NAME.values()]

    def _describe(self, option: Field[Any]) -> JsonObject:
        choices = option.metadata["choices"]
        return {
            "name": option.name,
            "value": getattr(self, option.name),
            "description": option.metadata["description"],
            **({"choices": list(choices)} if choices else {}),
        }


_KINDS = {int: "a whole number of 0 or more", bool: "true or false", str: "a string"}
_BY_NAME: dict[str, Field[Any]] = {option.name: option for option in fields(Options)}
OPTION_NAMES = tuple(_BY_NAME)
