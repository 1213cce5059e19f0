"""What stands above a list, in plain text: what it was narrowed to."""

from __future__ import annotations

from bot.cards.links import international
from bot.query.model import Filters

DIRECTORY = "Directory"
FOUND = "Found for {words}"
YOURS = "Your extensions"
THEIRS = "Their extensions"

_ON = {True: "on", False: "off"}


def directory(filters: Filters, place: str = "") -> str:
    """Return `Directory: location Holmdel HQ, Do Not Disturb on`.

    `place` is the name of the location, where it is known and may be told.
    """
    phone = international(filters.phone)
    named = {
        "location": place or filters.location,
        "email": filters.email,
        "login": filters.login,
        "phone": phone,
        "tag": filters.tag,
        "Do Not Disturb": "" if filters.dnd is None else _ON[filters.dnd],
        "voicemail transcription": "" if filters.voicemail is None else _ON[filters.voicemail],
    }
    narrowed = [f"{name} {value}" for name, value in named.items() if value]
    narrowed += ["unassigned"] if filters.unassigned else []
    return f"{DIRECTORY}: {', '.join(narrowed)}" if narrowed else DIRECTORY
