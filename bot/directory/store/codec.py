"""Models as the text that the database keeps, and back. Pure.

A record is short (a list, no names of fields), because a large directory has many; what was
written by another version is never read, so its form can change with `snapshot.VERSION`.
"""

from __future__ import annotations

import json
from typing import Any

from bot.models import Did, Extension, Handset, Location, User

_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def extension_text(extension: Extension) -> str:
    """Return an extension as text; equal extensions give equal texts."""
    user = extension.user
    return _written(
        [
            extension.number,
            [user.first_name, user.last_name, user.email, user.login_name] if user else None,
            [[did.phone_number, did.custom_tag] for did in extension.dids],
            [[each.handset_name, each.sip_id] for each in extension.handsets],
            extension.location_id,
            extension.caller_id,
            extension.block_caller_id,
            extension.dnd_enabled,
            extension.vtt_enabled,
        ]
    )


def extension(text: str) -> Extension:
    """Return the extension that a text is."""
    number, user, dids, handsets, *rest = json.loads(text)
    return Extension(
        number,
        User(*user) if user else None,
        tuple(Did(*each) for each in dids),
        tuple(Handset(*each) for each in handsets),
        *rest,
    )


def location_text(location: Location) -> str:
    """Return a location as text."""
    return _written(
        [location.id, location.name, location.time_zone, location.city, location.country]
    )


def location(text: str) -> Location:
    """Return the location that a text is."""
    fields: Any = json.loads(text)
    return Location(*fields)
