"""The rows of a card, and those that are kept from whoever sees it."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from bot.cards import card_rows, extension
from bot.cards.terminal import plain
from bot.fields import HIDEABLE
from bot.models import Extension, Match, User
from tests import strategies
from tests.cards.checked import checked
from tests.cards.examples import JOHN, LOCATIONS, NOW


def test_every_row_can_be_kept_for_admins() -> None:
    """What a setting can name is what a card has, in the same order."""
    assert tuple(row.key for row in card_rows.ROWS) == HIDEABLE


TRACES = {
    "dids": ("555-0100", "4155550100", "My Tag", "Direct"),
    "email": ("john.smith@", "Email"),
    "slack": ("U012AB3CD", "Slack", "Message"),
    "location": ("Holmdel", "local time", "Location"),
    "dnd": ("Disturb",),
    "login": ("jsmith", "Login"),
    "caller_id": ("aller ID", "blocked"),
    "voicemail": ("oicemail",),
    "handsets": ("VH16370927", "line1", "Handsets"),
}
PERSON: dict[str, Any] = {
    "slack_id": "U012AB3CD",
    "profile_url": "https://acme.slack.com/team/U012AB3CD",
    "line": "789",
}
KNOWN: dict[str, Any] = {"locations": LOCATIONS, "now": NOW}


@pytest.mark.parametrize("field", HIDEABLE)
def test_a_hidden_field_leaves_no_trace(field) -> None:
    """Not for the eyes, not for the ears, not in what a button carries; the others stay."""
    match = Match(JOHN, NOW)
    card = checked(extension.card(match, **KNOWN, **PERSON, hide={field}))
    written = json.dumps([card.payload(), plain(card)])
    assert not [trace for trace in TRACES[field] if trace in written]
    others = [trace for key, some in TRACES.items() if key != field for trace in some]
    assert not [trace for trace in others if trace not in written]
    row = checked(extension.row(match, **KNOWN, hide={field}))
    written = json.dumps([row.payload(), plain(row)])
    assert not [trace for trace in TRACES[field] if trace in written]


def test_name_and_number_never_hide() -> None:
    """Where everything is hidden that can be, it is still an answer."""
    match = Match(JOHN, NOW)
    card = checked(extension.card(match, **KNOWN, **PERSON, hide=HIDEABLE))
    assert plain(card) == (
        "John Smith\nExtension 789\n\n[Refresh]\n\nFrom Vonage just now · 21 Sep 2026, 14:13 UTC"
    )
    row = checked(extension.row(match, **KNOWN, hide=HIDEABLE))
    assert card.text == row.text == "John Smith, extension 789. From Vonage just now."


def test_a_user_whose_login_is_hidden_is_somebody() -> None:
    """To hide a login does not make an extension unassigned."""
    match = Match(Extension("7", User(login_name="jsmith")), NOW)
    card = checked(extension.card(match, **KNOWN, hide={"login"}))
    assert card.text == "Extension 7. From Vonage just now."
    assert extension.NOBODY not in plain(card)


def without(one: Extension, hide: Collection[str]) -> Extension:
    """The extension as if nobody knew what is to hide."""
    unknown: dict[str, dict[str, Any]] = {
        "dids": {"dids": ()},
        "location": {"location_id": ""},
        "dnd": {"dnd_enabled": None},
        "caller_id": {"caller_id": "", "block_caller_id": None},
        "voicemail": {"vtt_enabled": None},
        "handsets": {"handsets": ()},
    }
    changes = [unknown[key] for key in hide if key in unknown]
    return replace(one, **{name: value for each in changes for name, value in each.items()})


@settings(max_examples=100)
@given(strategies.match, strategies.locations, strategies.hide)
def test_hidden_is_the_same_as_not_known(match, locations, hide) -> None:
    """Whoever may not see a field cannot even tell that there is one."""
    unknown = replace(match, extension=without(match.extension, hide))
    locations.pop("", None)  # an office without an id would be that of an extension without one
    known: dict[str, Any] = {"locations": locations, "now": NOW}
    hide -= {"email", "login"}  # these two still tell that the extension is somebody's
    slack_id = "" if "slack" in hide else "U012AB3CD"
    seen = extension.card(match, **known, slack_id="U012AB3CD", hide=hide)
    assert seen == extension.card(unknown, **known, slack_id=slack_id)
    assert extension.row(match, **known, hide=hide) == extension.row(unknown, **known)
