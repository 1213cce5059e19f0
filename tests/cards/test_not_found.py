"""What is said where nothing is found: it repeats what was asked, and says what to try."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import not_found
from bot.cards.terminal import render_text
from bot.errors import Unavailable
from bot.models import SyncProgress
from tests import strategies
from tests.cards.checked import checked, mrkdwn_of
from tests.cards.examples import NOW

TRY = "Please check it, or try a name, a number or an email: /ext help shows how."
UNTIL = "Until then a number, an email or a login name works: /ext 789 or /ext who jsmith."


def shown(message) -> str:
    """A notice as a person reads it, on one line."""
    return " ".join(render_text(checked(message)).split())


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (not_found.nothing_found("1001"), f"Nothing found for 1001. {TRY}"),
        (
            not_found.nothing_found(
                "1001", old_copy=not_found.searched_old_copy(Unavailable(), NOW - 7_200, NOW)
            ),
            "Nothing found for 1001. Vonage is not answering. I looked in what I read 2 hours "
            f"ago: who is newer is not in it. {TRY}",
        ),
        (
            not_found.still_reading(
                "list", SyncProgress(3, 30), will_follow_up=True, needs_whole_directory=True
            ),
            "I am still reading the directory (page 3 of 30). I will answer as soon as I have "
            f"read it all. {UNTIL}",
        ),
        (
            not_found.empty_list("list voicemail:off"),
            "Nothing found for list voicemail:off. "
            "/ext list shows everybody, /ext locations all locations.",
        ),
        (
            not_found.no_location("99"),
            "There is no location 99. /ext locations shows them all, with their ids.",
        ),
        (
            not_found.no_extension_of("U012AB3CD"),
            "No extension has the email address of @U012AB3CD. "
            "The phone account may know them by another one: try the number or login name.",
        ),
        (
            not_found.no_extension_of("@*jane* <x>"),
            "No extension has the email address of @∗jane∗ <x>. "
            "The phone account may know them by another one: try the number or login name.",
        ),
    ],
)
def test_what_is_said(message, expected) -> None:
    """What was asked, why nothing came of it, and what works; the same to eyes and ears."""
    assert shown(message) == expected
    assert message.text == expected.replace("@U012AB3CD", "<@U012AB3CD>").replace(
        "@∗jane∗ <x>", "@∗jane∗ &lt;x&gt;"
    )


def test_a_person_is_mentioned_and_not_written_out() -> None:
    """A user id in code would be a riddle."""
    message = not_found.nothing_found("<@U012AB3CD>")
    assert message.text.startswith("Nothing found for <@U012AB3CD>.")
    assert "for <@U012AB3CD>." in mrkdwn_of(message.payload())


def test_notices_without_a_command() -> None:
    """Where one types the question alone, the examples stand alone too."""
    functions = inspect.getmembers(not_found, inspect.isfunction)
    taking = [
        each
        for _, each in functions
        if each.__module__ == not_found.__name__ and "command" in inspect.signature(each).parameters
    ]
    told = [
        each("789", "")
        for each in taking
        if not each.__name__.startswith("_") and each is not not_found.still_reading
    ]
    told.append(not_found.still_reading("john", SyncProgress(), "", will_follow_up=True))
    assert len(told) == 4
    for message in told:
        assert "/ext" not in str(message)
        assert "` " not in message.text


@pytest.mark.parametrize(
    ("reading", "follows", "expected"),
    [
        (
            SyncProgress(3, 30, 160),
            True,
            "I am still reading the directory (page 3 of 30). I will answer as soon as I have "
            "found john smith, at the latest when I have read it all.",
        ),
        (
            SyncProgress(3),
            False,
            "I am still reading the directory (page 3). Please ask for john smith again in a few "
            "minutes.",
        ),
        (
            SyncProgress(0, 30, 160),
            False,
            "I am still reading the directory (page 0 of 30). I expect to be through in 3 minutes: "
            "please ask for john smith again then.",
        ),
        (
            SyncProgress(3, 1_000, 5_980),
            False,
            "I am still reading the directory (page 3 of 1,000). It is large: I expect to be "
            "through in 2 hours, and Slack takes no answer so late. Please ask for john smith "
            "again then.",
        ),
        (SyncProgress(), True, "I am still reading the directory. I will answer as soon as I have "
         "found john smith, at the latest when I have read it all."),
    ],
)  # fmt: skip
def test_what_is_said_while_the_directory_is_read(reading, follows, expected) -> None:
    """How far it is, whether the answer comes by itself or when to ask again, and what works."""
    message = not_found.still_reading("john smith", reading, will_follow_up=follows)
    assert shown(message) == message.text == f"{expected} {UNTIL}"


@settings(max_examples=100)
@given(strategies.text, st.sampled_from(["/ext", "@Ext", ""]))
def test_whatever_people_type(words, command) -> None:
    """No notice lets anything out that somebody typed, or breaks a limit."""
    checked(not_found.nothing_found(words, command))
    checked(not_found.empty_list(words, command))
    checked(not_found.no_location(words, command))
    checked(not_found.still_reading(words, SyncProgress(3, 30, 160), command, will_follow_up=True))
    checked(
        not_found.still_reading(words, SyncProgress(3, 30, 9_999), command, will_follow_up=False)
    )
    checked(not_found.no_extension_of(words))
