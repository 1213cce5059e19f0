"""The parts of an extension of the invented company.

`None` means that the API leaves the key out.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Owner:
    """The user of an extension: a person, or a branch entered as if it were a person."""

    id: int
    first_name: str
    last_name: str
    login_name: str
    email: str | None


@dataclass(frozen=True, slots=True)
class Did:
    """A phone number that rings an extension: E.164 digits without the plus."""

    phone_number: str
    custom_tag: str | None = None


@dataclass(frozen=True, slots=True)
class Handset:
    """A phone or an app that is registered for an extension."""

    handset_name: str
    sip_id: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One extension of the company. Rooms and ring groups have no `user`."""

    number: str
    external_id: str
    location_id: int
    user: Owner | None = None
    dids: tuple[Did, ...] = ()
    handsets: tuple[Handset, ...] = ()
    caller_id: str | None = None
    block_caller_id: bool = False
    dnd: bool = False
    vtt: bool = True


def external_id(ordinal: int) -> str:
    """The newer API's id of an extension: `ext` and eleven digits."""
    return f"ext{ordinal * 37_003 % 10**11:011d}"


def handsets(serial: int, count: int) -> tuple[Handset, ...]:
    """Make `count` handsets, named as Vonage names them."""
    return tuple(
        Handset(f"line{line}-VH{serial + line - 1}", f"VH1{serial + line - 1}")
        for line in range(1, count + 1)
    )
