"""How the copy of the directory is, as `status` tells."""

from __future__ import annotations

import pytest

from bot import errors
from bot.cards.status_report import status_message
from bot.models import Quota, Status, SyncProgress
from tests.cards.checked import checked
from tests.cards.examples import NOW

QUOTA = Quota(10, 7)


@pytest.mark.parametrize(
    ("now_is", "headline", "rows"),
    [
        (
            Status(
                QUOTA, NOW - 5, extensions=1_204, read_at=NOW - 250, next_at=NOW + 230,
            ),
            "All is well: I answer from my copy of the directory.",
            ("Directory: 1,204 extensions, read 4 min ago.", "Next reading: in 4 minutes.",
             "Answers come from: my copy of the directory."),
        ),
        (
            Status(QUOTA, NOW - 5, sync_progress=SyncProgress(3, 30, 160.0)),
            "I am reading the directory for the first time.",
            ("Directory: not read yet.", "Next reading: now: page 3 of 30, done in 3 minutes.",
             "Answers come from: single calls to Vonage, until I have read the directory."),
        ),
        (
            Status(QUOTA, sync_progress=SyncProgress()),
            "I am reading the directory for the first time.",
            ("Next reading: now.",),
        ),
        (
            Status(
                Quota(10, 0, 4),
                NOW - 5,
                extensions=9,
                read_at=NOW,
                sync_progress=SyncProgress(3),
            ),
            "All is well: I answer from my copy of the directory.",
            ("Next reading: now: page 3.", "Calls to Vonage: 0 of 10 left this minute"),
        ),
        (
            Status(
                QUOTA, NOW - 9_000, errors.Unavailable(), NOW - 9, extensions=1,
                read_at=NOW - 8_000, next_at=NOW - 3,
            ),
            "Vonage is not answering. I answer from what I read 2 hours ago.",
            ("Directory: 1 extension, read 2 hours ago.", "Next reading: any moment.",
             "Last failure: just now: Vonage is not answering."),
        ),
        (
            Status(QUOTA, NOW - 5, extensions=5, read_at=NOW - 5),
            "All is well: I answer from my copy of the directory.",
            ("Next reading: not planned.",),
        ),
    ],
    ids=["well", "first", "begun", "reading-again", "down", "unplanned"],
)  # fmt: skip
def test_status_tells_of_the_copy(now_is, headline, rows):
    """How much it is, how old, when it is read next, and whether answers come from it."""
    message = checked(status_message(now_is, NOW))
    assert message.text.startswith(f"{headline} Directory: ")
    for row in rows:
        assert row in message.text


def test_without_a_copy_nothing_is_said_of_one():
    """A directory that never is read whole has no such rows."""
    text = status_message(Status(QUOTA, NOW - 5), NOW).text
    assert "Directory" not in text
    assert "Next reading" not in text
