"""Notices for a lookup without a result: they repeat the query, and say what to try."""

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

TRY = "Check the spelling, or try a name, number or email. Examples: /ext help"
MEANWHILE = "Meanwhile you can look up a number, email or login name: /ext 789 or /ext who jsmith."


def plain_line(message) -> str:
    """Return a notice as a person reads it, on one line."""
    return " ".join(render_text(checked(message)).split())


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (not_found.nothing_found("1001"), f"Nothing found for 1001. {TRY}"),
        (
            not_found.nothing_found(
                "1001", old_copy=not_found.searched_old_copy(Unavailable(), NOW - 7_200, NOW)
            ),
            "Nothing found for 1001. Vonage isn't answering. I searched the copy from 2 hours "
            f"ago, so anyone added since is missing. {TRY}",
        ),
        (
            not_found.still_reading(
                "list", SyncProgress(3, 30), will_follow_up=True, needs_whole_directory=True
            ),
            "I'm still reading the directory (page 3 of 30). I'll answer when I've read "
            f"everything. {MEANWHILE}",
        ),
        (
            not_found.empty_list("list voicemail:off"),
            "Nothing found for list voicemail:off. "
            "See everyone with /ext list, or all locations with /ext locations.",
        ),
        (
            not_found.no_location("99"),
            "There's no location 99. See all locations with /ext locations.",
        ),
        (
            not_found.no_extension_of("U012AB3CD"),
            "No extension has @U012AB3CD's email address. The directory may have a different "
            "address for them. Try their number or login name instead.",
        ),
        (
            not_found.no_extension_of_yours(),
            "No extension has your email address. The directory may have a different address "
            "for you. Try your number or login name instead.",
        ),
        (
            not_found.no_extension_of("@*jane* <x>"),
            "No extension has @∗jane∗ <x>'s email address. The directory may have a different "
            "address for them. Try their number or login name instead.",
        ),
    ],
)
def test_notice_has_the_same_words_in_blocks_and_text(message, expected) -> None:
    """Each notice repeats the query, says why there is no result, and what works."""
    assert plain_line(message) == expected
    assert message.text == expected.replace("@U012AB3CD", "<@U012AB3CD>").replace(
        "@∗jane∗ <x>", "@∗jane∗ &lt;x&gt;"
    )


def test_nothing_found_mentions_a_person() -> None:
    """In a code span people would see a user id."""
    message = not_found.nothing_found("<@U012AB3CD>")
    assert message.text.startswith("Nothing found for <@U012AB3CD>.")
    assert "for <@U012AB3CD>." in mrkdwn_of(message.payload())


def test_notice_without_command_shows_bare_examples() -> None:
    """In a direct message people type the query alone."""
    functions = inspect.getmembers(not_found, inspect.isfunction)
    builders = [
        each
        for _, each in functions
        if each.__module__ == not_found.__name__ and "command" in inspect.signature(each).parameters
    ]
    messages = [
        each("789", "")
        for each in builders
        if not each.__name__.startswith("_") and each is not not_found.still_reading
    ]
    messages.append(not_found.still_reading("john", SyncProgress(), "", will_follow_up=True))
    assert len(messages) == 4
    for message in messages:
        assert "/ext" not in str(message)
        assert "` " not in message.text


@pytest.mark.parametrize(
    ("progress", "will_follow_up", "expected"),
    [
        (
            SyncProgress(3, 30, 160),
            True,
            "I'm still reading the directory (page 3 of 30). I'll answer as soon as I "
            "find john smith, or when I've read everything.",
        ),
        (
            SyncProgress(3),
            False,
            "I'm still reading the directory (page 3). Please ask for john smith again in a few "
            "minutes.",
        ),
        (
            SyncProgress(0, 30, 160),
            False,
            "I'm still reading the directory (page 0 of 30). I expect to finish in 3 minutes. "
            "Please ask for john smith again then.",
        ),
        (
            SyncProgress(3, 1_000, 5_980),
            False,
            "I'm still reading the directory (page 3 of 1,000). I expect to finish in 2 "
            "hours, too late for Slack to deliver my answer. Please ask for john smith again then.",
        ),
        (SyncProgress(), True, "I'm still reading the directory. I'll answer as soon as I find "
         "john smith, or when I've read everything."),
    ],
)  # fmt: skip
def test_still_reading_says_when_the_answer_comes(progress, will_follow_up, expected) -> None:
    """The answer follows by itself, or the notice says when to ask again."""
    message = not_found.still_reading("john smith", progress, will_follow_up=will_follow_up)
    assert plain_line(message) == message.text == f"{expected} {MEANWHILE}"


@settings(max_examples=100)
@given(strategies.text, st.sampled_from(["/ext", "@Ext", ""]))
def test_notices_of_any_text_are_safe_and_within_limits(words, command) -> None:
    """No text that somebody types breaks out of its place or breaks one of Slack's limits."""
    checked(not_found.nothing_found(words, command))
    checked(not_found.empty_list(words, command))
    checked(not_found.no_location(words, command))
    checked(not_found.still_reading(words, SyncProgress(3, 30, 160), command, will_follow_up=True))
    checked(
        not_found.still_reading(words, SyncProgress(3, 30, 9_999), command, will_follow_up=False)
    )
    checked(not_found.no_extension_of(words))
