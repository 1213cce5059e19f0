"""What is said beside the answers: it reads well, helps, and is taken by Slack."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import errors
from bot.cards import extension, notices
from bot.cards.status import status
from bot.cards.text import plain
from bot.models import Match, Missing, Quota, Status
from tests import strategies
from tests.cards.checked import checked, mrkdwn_of
from tests.cards.examples import JOHN, LOCATIONS, NOW


@dataclass(frozen=True)
class Example:
    """A query and what it does, as the grammar lists them."""

    text: str
    meaning: str


def shown(message) -> str:
    """A notice as a person reads it, on one line."""
    return " ".join(plain(checked(message)).split())


def test_help_lists_examples_as_one_types_them() -> None:
    """Each example stands with the command before it, ready to copy."""
    examples = [Example("789", "one extension"), Example("who john smith", "a person")]
    message = checked(notices.help(examples))
    assert plain(message) == (
        "Ext tells who is behind an extension or a phone number, and how to reach them.\n"
        "\n"
        "/ext 789 – one extension\n"
        "/ext who john smith – a person"
    )
    assert "`/ext 789` – one extension" in mrkdwn_of(message.payload())
    assert message.text.endswith("/ext 789 – one extension\n/ext who john smith – a person")


def test_help_without_a_command() -> None:
    """In a direct message one types the example alone."""
    message = checked(notices.help([Example("789", "one extension")], command=""))
    assert plain(message).endswith("\n789 – one extension")


def test_help_of_any_length_fits() -> None:
    """A grammar that grows does not break help."""
    message = checked(notices.help([Example(f"list page {n}", "a page " * 20) for n in range(200)]))
    assert "/ext list page 0" in plain(message)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (notices.looking_up("789"), "Looking up 789…"),
        (notices.looking_up("\x00"), "Looking up that…"),
        (
            notices.nothing_found("1001", Missing()),
            "Nothing found for 1001. "
            "Please check it, or try a number, an email or a name: /ext help shows how.",
        ),
        (
            notices.nothing_found("1001", Missing(300, 1_204), command=""),
            "Nothing found for 1001. "
            "So far 300 of 1,204 extensions could be looked through; it may be among the others. "
            "Please check it, or try a number, an email or a name: help shows how.",
        ),
        (
            notices.nothing_found("1001", Missing(1)),
            "Nothing found for 1001. "
            "Only 1 extension could be looked through; it may be among the others. "
            "Please check it, or try a number, an email or a name: /ext help shows how.",
        ),
        (
            notices.nothing_found("1001", Missing(300, 300)),
            "Nothing found for 1001. "
            "Please check it, or try a number, an email or a name: /ext help shows how.",
        ),
        (
            notices.not_ready("john smith"),
            "I cannot look for john smith by name yet: that is on its way. "
            "Until then a number, an email or a login name works: /ext 789 or /ext who jsmith.",
        ),
        (
            notices.unexpected("a1b2c3"),
            "Something went wrong on my side. It is not your fault. "
            "Please try again; if it stays like this, tell whoever runs Ext. Reference: a1b2c3",
        ),
        (
            notices.slack_unavailable(),
            "Slack did not say who that is. "
            "Please try again in a minute, or ask by number or email: /ext 789.",
        ),
        (
            notices.no_email(),
            "Slack does not tell me your email, so I cannot find your own extension. "
            "Ask with your work email or your login name instead: /ext john.smith@example.com.",
        ),
        (
            notices.no_email("U012AB3CD"),
            "Slack does not tell me the email of @U012AB3CD, so I cannot find their extension. "
            "Ask with their work email or their login name instead: /ext john.smith@example.com.",
        ),
        (
            notices.not_in_directory("U012AB3CD"),
            "No extension has the email address of @U012AB3CD. "
            "The phone account may know them by another one: try the number or login name.",
        ),
        (
            notices.not_in_directory("@*jane* <x>"),
            "No extension has the email address of @∗jane∗ <x>. "
            "The phone account may know them by another one: try the number or login name.",
        ),
        (
            notices.not_yet("export"),
            "/ext export does not work yet. /ext help shows what does.",
        ),
    ],
)
def test_what_is_said(message, expected) -> None:
    """Each notice says what happened and what to do, the same to eyes and ears."""
    assert shown(message) == expected
    assert message.text == expected.replace("@U012AB3CD", "<@U012AB3CD>").replace(
        "@∗jane∗ <x>", "@∗jane∗ &lt;x&gt;"
    )


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            errors.LoginRefused(retry_after=1_800),
            "Vonage refused my login. "
            "Please tell whoever runs Ext: python -m bot doctor says what to change.",
        ),
        (
            errors.NotAuthorised(),
            "Vonage no longer accepts my access. "
            "Please tell whoever runs Ext: python -m bot doctor says what to change.",
        ),
        (
            errors.Forbidden(),
            "Vonage does not let Ext read this directory. "
            "Please tell whoever runs Ext: python -m bot doctor says what to change.",
        ),
        (
            errors.OverQuota(retry_after=21.3),
            "Vonage allows me no more calls this minute. Please try again in 22 seconds.",
        ),
        (
            errors.OverQuota(),
            "Vonage allows me no more calls this minute. Please try again in a minute.",
        ),
        (
            errors.Unavailable(retry_after=120),
            "Vonage is not answering. Please try again in 2 minutes.",
        ),
        (
            errors.BadParameters(
                reasons=(errors.InvalidParameter("phone_number", "must be digits."),),
                track_id="bf0ca0bf",
            ),
            "Vonage did not accept what I asked. phone_number: must be digits. "
            "Please try again; if it stays like this, tell whoever runs Ext. "
            "Reference: a1b2c3 Vonage’s tracking id: bf0ca0bf",
        ),
        (
            errors.UnexpectedReply(),
            "Vonage answered with something I cannot read. "
            "Please try again; if it stays like this, tell whoever runs Ext.",
        ),
        (
            errors.NotFound(),
            "Vonage has no such extension. "
            "Please check the number: somebody may have moved or left.",
        ),
        (errors.VonageError(), "Vonage could not answer. Please try again in a minute."),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_each_failure_has_words_of_its_own(error, expected) -> None:
    """What Vonage did, what to do about it, and how to find it in the log."""
    reference = "" if "Reference" in expected else " Reference: a1b2c3"
    assert shown(notices.failure(error, "a1b2c3")) == expected + reference


def test_every_kind_of_failure_has_words() -> None:
    """A new kind of error is never left without any."""

    def kinds(kind: type[errors.VonageError]) -> list[type[errors.VonageError]]:
        return [kind, *(below for each in kind.__subclasses__() for below in kinds(each))]

    ours = [kind for kind in kinds(errors.VonageError) if kind.__module__ == errors.__name__]
    said = [notices.failure(kind()).text for kind in ours]
    assert len(set(said)) == len(said), "each in its own words"


def test_what_cannot_be_read_is_repeated_with_the_spot_marked() -> None:
    """The person's own words, carets under the spot, the problem, and what works."""
    error = errors.QueryError(
        "A page is a number.", text="list page zwei", start=10, end=14, example="list page 2"
    )
    message = checked(notices.unreadable(error))
    assert plain(message) == (
        "Sorry, I cannot read that. A page is a number.\n"
        "    list page zwei\n"
        "              ^^^^\n"
        "Try /ext list page 2"
    )
    assert "```list page zwei\n          ^^^^```" in mrkdwn_of(message.payload())
    assert message.text == (
        "Sorry, I cannot read that. A page is a number. You wrote “list page zwei”. "
        "Not clear is “zwei”. Try /ext list page 2"
    )


def test_backticks_cannot_end_the_marked_words() -> None:
    """Somebody's backticks stay inside the block."""
    error = errors.QueryError("No.", text="a ```b``` <!here>", start=2, end=5, example="789")
    mrkdwn = mrkdwn_of(checked(notices.unreadable(error, command="")).payload())
    assert (
        mrkdwn == "Sorry, I cannot read that. No.\n```a ˋˋˋbˋˋˋ &lt;!here&gt;\n  ^^^```\nTry `789`"
    )


def test_a_shared_answer_says_who_shared_it() -> None:
    """Above the card, and first for a screen reader."""
    card = extension.card(Match(JOHN, NOW), locations=LOCATIONS, now=NOW)
    message = checked(notices.shared_by(card, "U012AB3CD"))
    assert plain(message).startswith("Shared by @U012AB3CD\n\nJohn Smith\n")
    assert message.text == f"Shared by <@U012AB3CD>. {card.text}"
    assert message.blocks[1:] == card.blocks


@pytest.mark.parametrize(
    ("now_is", "headline", "row"),
    [
        (
            Status(Quota(10, 10)),
            "I am ready, and have not asked Vonage anything yet.",
            "Last answer: never.",
        ),
        (
            Status(Quota(10, 7), 1_204, NOW - 250, errors.Unavailable(), NOW - 9_000),
            "All is well: Vonage answers.",
            "Last failure: 2 hours ago: Vonage is not answering.",
        ),
        (
            Status(Quota(10, 0, 12), 3, NOW - 250, errors.OverQuota(), NOW - 9),
            "Vonage allows me no more calls this minute.",
            "Calls to Vonage: 0 of 10 left this minute, the next in 12 seconds.",
        ),
        (
            Status(Quota(10, 9), 1, None, errors.Forbidden(), NOW - 9),
            "Vonage does not let Ext read this directory.",
            "Remembered: 1 extension.",
        ),
    ],
    ids=["new", "well", "over-quota", "never-well"],
)
def test_status_says_how_it_is(now_is, headline, row) -> None:
    """The newest of answer and failure decides the headline."""
    message = checked(status(now_is, NOW))
    assert plain(message).startswith(headline + "\n\nCalls to Vonage  ")
    assert message.text.startswith(headline)
    assert row in message.text


@settings(max_examples=150, deadline=None)
@given(
    words=strategies.text,
    unclear=strategies.query_error,
    missing=strategies.missing,
    command=st.sampled_from(["/ext", "@Ext", ""]),
)
def test_whatever_people_type(words, unclear, missing, command):
    """No notice lets anything out that somebody typed, or breaks a limit."""
    checked(notices.looking_up(words))
    checked(notices.nothing_found(words, missing, command))
    checked(notices.not_ready(words, command))
    checked(notices.unreadable(unclear, command))
    checked(notices.unexpected(words))
    checked(notices.no_email(words, command))
    checked(notices.not_in_directory(words))
    checked(notices.not_yet(words, command))
    checked(notices.shared_by(notices.looking_up(words), words))


@settings(max_examples=100, deadline=None)
@given(strategies.vonage_error, strategies.status, strategies.text)
def test_whatever_vonage_says(error, now_is, reference):
    """No notice lets anything out that the API said, or breaks a limit."""
    checked(notices.failure(error, reference))
    checked(status(now_is, NOW))
