"""The rows of a card, and the fields that are hidden from the asker."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from bot.cards import extension_card, extension_row
from bot.cards.terminal import render_text
from bot.fields import HIDEABLE, Attribute, Field
from bot.models import Extension, Match, User
from tests import strategies
from tests.cards.checked import checked
from tests.cards.examples import JOHN, LOCATIONS, NOW

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
def test_hidden_field_leaves_no_trace_on_card_and_row(field) -> None:
    """Neither the blocks, the text for screen readers nor a button's value holds a hidden field."""
    match = Match(JOHN, NOW)
    card = checked(extension_card.card_message(match, **KNOWN, **PERSON, hide={field}))
    written = json.dumps([card.payload(), render_text(card)])
    assert not [trace for trace in TRACES[field] if trace in written]
    others = [trace for key, some in TRACES.items() if key != field for trace in some]
    assert not [trace for trace in others if trace not in written]
    row = checked(extension_row.row_message(match, **KNOWN, hide={field}))
    written = json.dumps([row.payload(), render_text(row)])
    assert not [trace for trace in TRACES[field] if trace in written]


def test_card_with_all_fields_hidden_shows_name_and_number() -> None:
    """Name and number cannot be hidden, so that every card is an answer."""
    match = Match(JOHN, NOW)
    card = checked(extension_card.card_message(match, **KNOWN, **PERSON, hide=HIDEABLE))
    assert render_text(card) == (
        "John Smith\nExtension 789\n\n[Refresh]\n\n"
        "Read from Vonage just now · Sep 21, 2026, 14:13 UTC"
    )
    row = checked(extension_row.row_message(match, **KNOWN, hide=HIDEABLE))
    assert card.text == row.text == "John Smith, extension 789. Read from Vonage just now."


def test_extension_with_hidden_login_is_not_called_unassigned() -> None:
    """A user without a name still counts as a user when the login is hidden."""
    match = Match(Extension("7", User(login_name="jsmith")), NOW)
    card = checked(extension_card.card_message(match, **KNOWN, hide={"login"}))
    assert card.text == "Extension 7. Read from Vonage just now."
    assert extension_card.NO_USER not in render_text(card)


def without_fields(extension: Extension, hide: Collection[str]) -> Extension:
    """Return the extension as if the API had not sent the fields to hide."""
    unknown: dict[str, dict[str, Any]] = {
        "dids": {"dids": ()},
        "location": {"location_id": ""},
        "dnd": {"dnd_enabled": None},
        "caller_id": {"caller_id": "", "block_caller_id": None},
        "voicemail": {"vtt_enabled": None},
        "handsets": {"handsets": ()},
    }
    changes = [unknown[key] for key in hide if key in unknown]
    return replace(
        extension, **{name: value for values in changes for name, value in values.items()}
    )


@settings(max_examples=100)
@given(strategies.match, strategies.locations, strategies.hide)
def test_card_with_hidden_field_equals_card_of_unknown_field(match, locations, hide) -> None:
    """An asker cannot tell a hidden field from one that is empty."""
    unknown = replace(match, extension=without_fields(match.extension, hide))
    locations.pop("", None)  # an office without an id would be that of an extension without one
    known: dict[str, Any] = {"locations": locations, "now": NOW}
    hide -= {"email", "login"}  # these two still tell that the extension is somebody's
    slack_id = "" if "slack" in hide else "U012AB3CD"
    seen = extension_card.card_message(match, **known, slack_id="U012AB3CD", hide=hide)
    assert seen == extension_card.card_message(unknown, **known, slack_id=slack_id)
    assert extension_row.row_message(match, **known, hide=hide) == extension_row.row_message(
        unknown, **known
    )


PLAIN = Field("nickname", "Nickname", "nickname", (Attribute("user.login_name"),))


@pytest.mark.parametrize(
    ("login", "fact"),
    [
        ("*a* <b>", extension_card.Fact("∗a∗ &lt;b&gt;", "nickname *a* &lt;b&gt;")),
        ("\u200b", None),
        ("", None),
    ],
)
def test_field_of_one_text_is_shown_without_code_of_its_own(login, fact) -> None:
    """A new text field of the table is escaped, named for screen readers, and left out if empty."""
    render = extension_card._text_renderer(PLAIN)
    assert render(extension_card.Subject(Extension("7", User(login_name=login)))) == fact
    assert render(extension_card.Subject(Extension("7"))) is None
