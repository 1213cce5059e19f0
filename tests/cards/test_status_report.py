"""The answer to `status`: the headline, the copy of the directory, and the quota."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from bot import __version__, errors
from bot.cards.status_report import status_message
from bot.cards.terminal import render_text
from bot.models import Problem, Quota, Status, SyncProgress
from tests import strategies
from tests.cards.checked import checked
from tests.cards.examples import NOW

QUOTA = Quota(10, 7)


@pytest.mark.parametrize(
    ("status", "headline", "rows"),
    [
        (
            Status(
                QUOTA, NOW - 5, extensions=1_204, read_at=NOW - 250, next_at=NOW + 230,
            ),
            "All good: answers come from my copy of the directory.",
            ("Directory: 1,204 extensions, read 4 min ago.", "Next update: in 4 minutes.",
             "Answers come from: my copy of the directory."),
        ),
        (
            Status(QUOTA, NOW - 5, sync_progress=SyncProgress(3, 30, 160.0)),
            "I'm reading the directory for the first time.",
            ("Directory: not read yet.", "Next update: now (page 3 of 30, done in 3 minutes).",
             "Answers come from: single calls to Vonage, until I've read the directory."),
        ),
        (
            Status(QUOTA, sync_progress=SyncProgress()),
            "I'm reading the directory for the first time.",
            ("Next update: now.",),
        ),
        (
            Status(
                Quota(10, 0, 4),
                NOW - 5,
                extensions=9,
                read_at=NOW,
                sync_progress=SyncProgress(3),
            ),
            "All good: answers come from my copy of the directory.",
            ("Next update: now (page 3).", "Calls to Vonage: 0 of 10 left this minute"),
        ),
        (
            Status(QUOTA, NOW - 5, extensions=9, read_at=NOW, problems=(Problem.DISK_FULL,)),
            "My disk is full, so I can't save my copy of the directory. "
            "Answers come from a copy made just now.",
            ("Disk: My disk is full, so I can't save my copy of the directory.",),
        ),
        (
            Status(
                QUOTA, NOW - 5, errors.Unavailable(), NOW - 2, extensions=9, read_at=NOW,
                problems=(Problem.DISK_UNWRITABLE,),
            ),
            "Vonage isn't answering. Answers come from a copy made just now.",
            ("Disk: I can't save my copy of the directory: my disk can't be written to.",),
        ),
        (
            Status(
                QUOTA, NOW - 9_000, errors.Unavailable(), NOW - 9, extensions=1,
                read_at=NOW - 8_000, next_at=NOW - 3,
            ),
            "Vonage isn't answering. Answers come from a copy made 2 hours ago.",
            ("Directory: 1 extension, read 2 hours ago.", "Next update: any moment now.",
             "Last failure: just now: Vonage isn't answering."),
        ),
        (
            Status(QUOTA, NOW - 5, extensions=5, read_at=NOW - 5),
            "All good: answers come from my copy of the directory.",
            ("Next update: not planned.",),
        ),
        (
            Status(
                QUOTA, NOW - 5, errors.InconsistentList(), NOW - 90, next_at=NOW + 230,
                problems=(Problem.INCONSISTENT_LIST,), partial_extensions=1,
            ),
            "Vonage's list of extensions contradicts itself, so I couldn't read all of it.",
            ("Directory: 1 extension so far.", "Next update: in 4 minutes.",
             "Answers come from: the part of the directory that I could read",
             "Last failure: 1 min ago: Vonage's list of extensions contradicts itself"),
        ),
        (
            Status(
                QUOTA, NOW - 5, extensions=9, read_at=NOW - 1_000, next_at=NOW + 50,
                problems=(Problem.SUSPECT_UPDATE,), lost=("names", "email addresses"),
            ),
            "The last update lost most names and email addresses, so I'm checking again. "
            "Answers come from a copy made 16 min ago.",
            ("Directory: 9 extensions, read 16 min ago.",),
        ),
        (
            Status(
                QUOTA, NOW - 5, next_at=NOW + 50, problems=(Problem.SUSPECT_UPDATE,),
                lost=("extensions",),
            ),
            "The list of extensions is empty, so I'm checking again.",
            ("Directory: not read yet.",),
        ),
        (
            Status(
                QUOTA, NOW - 5, errors.UnreadableRows(), NOW - 90, extensions=9, read_at=NOW - 130,
                next_at=NOW + 50, problems=(Problem.UNREADABLE_LIST,),
            ),
            "I couldn't read the list of extensions. Answers come from a copy made 2 min ago.",
            ("Last failure: 1 min ago",),
        ),
    ],
    ids=[
        "well", "first", "begun", "syncing-again", "disk-full", "disk-and-vonage", "down",
        "unplanned", "contradictory", "suspect", "empty", "unreadable",
    ],
)  # fmt: skip
def test_status_with_a_copy_has_rows_about_it(status, headline, rows):
    """Size, age, next update, and whether answers come from the copy."""
    message = checked(status_message(status, NOW))
    assert message.text.startswith(f"{headline} Directory: ")
    for row in rows:
        assert row in message.text


def test_status_without_a_copy_has_no_rows_about_one():
    """A directory that is never synced has no such rows."""
    text = status_message(Status(QUOTA, NOW - 5), NOW).text
    assert "Directory" not in text
    assert "Next update" not in text


def test_status_of_another_source_names_it_and_has_no_quota():
    """A CSV file answers any number of calls."""
    status = Status(None, NOW - 5, source_name="the CSV file")
    text = checked(status_message(status, NOW)).text
    assert text.startswith("All good: the CSV file is answering. The CSV file last answered: ")
    assert "Calls to" not in text


@pytest.mark.parametrize(
    ("status", "headline", "row"),
    [
        (
            Status(Quota(10, 10)),
            "I'm ready, but I haven't called Vonage yet.",
            "Vonage last answered: never.",
        ),
        (
            Status(Quota(10, 7), NOW - 250, errors.Unavailable(), NOW - 9_000),
            "All good: Vonage is answering.",
            "Last failure: 2 hours ago: Vonage isn't answering.",
        ),
        (
            Status(Quota(10, 7), NOW - 5, errors.Forbidden(), NOW - 70),
            "Vonage is answering, but a call failed 1 min ago.",
            "Last failure: 1 min ago: Vonage doesn't let me read this directory.",
        ),
        (
            Status(Quota(10, 0, 12), NOW - 5, errors.OverQuota(), NOW - 9),
            "I've used this minute's calls to Vonage.",
            "Calls to Vonage: 0 of 10 left this minute, the next in 12 seconds.",
        ),
        (
            Status(Quota(10, 0, 3_600), NOW - 5),
            "I've used up my calls to Vonage for now.",
            "Calls to Vonage: 0 of 10 left, the next in 60 minutes.",
        ),
        (
            Status(Quota(10, 0, 12), NOW - 250, errors.OverQuota(), NOW - 9),
            "I've used this minute's calls to Vonage.",
            "Calls to Vonage: 0 of 10 left this minute, the next in 12 seconds.",
        ),
        (
            Status(Quota(10, 9), None, errors.Forbidden(), NOW - 9),
            "Vonage doesn't let me read this directory.",
            "Vonage last answered: never.",
        ),
    ],
    ids=["new", "well", "failed-lately", "spent", "spent-for-long", "over-quota", "never-well"],
)
def test_status_headline_depends_on_the_newest_of_answer_and_failure(status, headline, row) -> None:
    """An answer after a failure means that Vonage works again."""
    message = checked(status_message(status, NOW))
    assert render_text(message).startswith(headline + "\n\nCalls to Vonage  ")
    assert message.text.startswith(headline)
    assert row in message.text


@settings(max_examples=100)
@given(strategies.status)
def test_any_status_is_safe_and_within_limits(status):
    """No status breaks one of Slack's limits."""
    checked(status_message(status, NOW))


def test_status_tells_the_version():
    """Whoever reports a mistake can say which release has it."""
    assert f"Version: {__version__}." in status_message(Status(QUOTA, NOW - 5), NOW).text


def test_refused_login_is_reported_with_the_time_of_the_next_one():
    """Whoever asks for the status reads when Ext tries the login again."""
    status = Status(
        QUOTA,
        last_failure=errors.LoginRefused(retry_after=1_800),
        last_failure_at=NOW - 300,
        problems=(Problem.LOGIN_REFUSED,),
    )
    text = status_message(status, NOW).text
    assert (
        "Last failure: 5 min ago: Vonage refused my login; I'll log in again in 25 minutes." in text
    )
