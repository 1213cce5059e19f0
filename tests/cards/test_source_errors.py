"""What people read about each way in which Vonage can fail."""

from __future__ import annotations

import pytest

from bot import errors
from bot.cards import notices
from bot.cards.source_errors import UNKNOWN_CONTACT, what_to_do
from bot.cards.terminal import render_text
from tests.cards.checked import checked


def plain_line(message) -> str:
    """Return a notice as a person reads it, on one line."""
    return " ".join(render_text(checked(message)).split())


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            errors.LoginRefused(retry_after=1_800),
            "Vonage refused my login. "
            "Please ask the person who set up Ext to run python -m bot doctor: "
            "it shows what to fix.",
        ),
        (
            errors.NotAuthorized(),
            "Vonage no longer accepts my access token. "
            "Please ask the person who set up Ext to run python -m bot doctor: "
            "it shows what to fix.",
        ),
        (
            errors.Forbidden(),
            "Vonage doesn't let me read this directory. "
            "Please ask the person who set up Ext to run python -m bot doctor: "
            "it shows what to fix.",
        ),
        (
            errors.OverQuota(retry_after=21.3),
            "I've used this minute's calls to Vonage. Please try again in 22 seconds.",
        ),
        (
            errors.OverQuota(),
            "I've used this minute's calls to Vonage. Please try again in a minute.",
        ),
        (
            errors.Unavailable(retry_after=120),
            "Vonage isn't answering. Please try again in 2 minutes.",
        ),
        (
            errors.BadParameters(
                reasons=(errors.InvalidParameter("phone_number", "must be digits."),),
                track_id="bf0ca0bf",
            ),
            "Vonage didn't accept my request. phone_number: must be digits. "
            "Please try again. If it keeps happening, tell the person who set up Ext. "
            "Reference: a1b2c3 Vonage's tracking ID: bf0ca0bf",
        ),
        (
            errors.UnexpectedReply(),
            "I couldn't read Vonage's answer. "
            "Please try again. If it keeps happening, tell the person who set up Ext.",
        ),
        (
            errors.WrongPath(),
            "Vonage doesn't know the address I'm calling. "
            "Please ask the person who set up Ext to run python -m bot doctor: "
            "it shows what to fix.",
        ),
        (
            errors.Contradiction(frozenset({"user", "dids"})),
            "Vonage now says nobody is assigned. I'll check again to be sure. "
            "Please try again in a minute.",
        ),
        (
            errors.Contradiction(frozenset({"extension"})),
            "Vonage now says this extension doesn't exist. I'll check again to be sure. "
            "Please try again in a minute.",
        ),
        (
            errors.Contradiction(frozenset({"email"})),
            "Vonage's new answer has details missing. I'll check again to be sure. "
            "Please try again in a minute.",
        ),
        (
            errors.NotFound(),
            "Vonage has no such extension. Check the number: that person may have moved or left.",
        ),
        (
            errors.OverQuota(retry_after=3_600),
            "I've used up my calls to Vonage for now. Please try again in 60 minutes.",
        ),
        (errors.SourceError(), "Vonage couldn't answer. Please try again in a minute."),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_source_error_notice_says_what_happened_and_what_to_do(error, expected) -> None:
    """The reference leads to the error in the log."""
    reference = "" if "Reference" in expected else " Reference: a1b2c3"
    assert plain_line(notices.source_failure(error, "a1b2c3")) == expected + reference


def test_each_source_error_has_its_own_words() -> None:
    """A new kind of error needs its own words."""

    def kinds(kind: type[errors.SourceError]) -> list[type[errors.SourceError]]:
        return [kind, *(below for each in kind.__subclasses__() for below in kinds(each))]

    ours = [kind for kind in kinds(errors.SourceError) if kind.__module__ == errors.__name__]
    said = [notices.source_failure(kind()).text for kind in ours]
    assert len(set(said)) == len(said), "each in its own words"


def test_what_to_do_names_the_contact_instead_of_an_unknown_operator() -> None:
    """Without a contact the words stay neutral."""
    assert UNKNOWN_CONTACT in what_to_do(errors.Forbidden())
    assert "<@U0ADM1N> to run" in what_to_do(errors.Forbidden(), "<@U0ADM1N>")
