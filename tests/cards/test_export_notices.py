"""Notices of an export."""

from __future__ import annotations

import pytest

from bot.cards import export_notices
from bot.cards.terminal import render_text
from tests.cards.checked import checked
from tests.cards.examples import NOW


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            export_notices.started(),
            "Your export is on its way: I'll send it to you as a direct message.",
        ),
        (export_notices.progress(12_000, 100_000), "12,000 of 100,000 extensions written…"),
        (
            export_notices.file_comment(1_204, read_at=NOW - 250, now=NOW),
            "Here's your export: 1,204 extensions, as of 4 min ago. It contains personal data: "
            "please handle it accordingly.",
        ),
        (
            export_notices.file_comment(1, read_at=None, now=NOW),
            "Here's your export: 1 extension. It contains personal data: please handle it "
            "accordingly.",
        ),
        (
            export_notices.sent(1_204),
            "I've sent you your export as a direct message: 1,204 extensions.",
        ),
        (export_notices.already_started(), "That export is already on its way."),
        (
            export_notices.nothing_to_export(),
            "There's nothing to export: nothing matches those filters.",
        ),
        (
            export_notices.failed(is_refused=False),
            "I wrote your export, but Slack didn't accept the file. "
            "Please export it again in a minute.",
        ),
        (
            export_notices.failed(is_refused=True),
            "Slack doesn't let me send you files. Please ask the person who set up Ext "
            "to run python -m bot doctor: it shows what to fix.",
        ),
    ],
)
def test_export_notice_has_the_same_words_in_blocks_and_text(message, expected):
    """Where the file comes, how far it is, and what it contains."""
    assert message.text == expected
    assert " ".join(render_text(checked(message)).split()) == expected
