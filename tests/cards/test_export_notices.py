"""What is said around an export."""

from __future__ import annotations

import pytest

from bot.cards import export_notices
from bot.cards.terminal import render_text
from tests.cards.checked import checked
from tests.cards.examples import NOW


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (export_notices.started(), "Your export is on its way to our direct message."),
        (export_notices.progress(12_000, 100_000), "12,000 of 100,000 extensions written…"),
        (
            export_notices.file_comment(1_204, read_at=NOW - 250, now=NOW),
            "1,204 extensions, sent to you here. As they were 4 min ago. This file holds personal "
            "data: please keep it as you keep the phone directory.",
        ),
        (
            export_notices.file_comment(1, read_at=None, now=NOW),
            "1 extension, sent to you here. This file holds personal data: please keep it as you "
            "keep the phone directory.",
        ),
        (
            export_notices.sent(1_204),
            "Your export is in our direct message: 1,204 extensions.",
        ),
        (export_notices.already_started(), "That export was begun already: it comes once."),
        (
            export_notices.nothing_to_export(),
            "There is nothing to export: no extension is like that.",
        ),
        (
            export_notices.failed(is_refused=False),
            "I wrote your export, but Slack did not take it. Please ask for it again in a minute.",
        ),
        (
            export_notices.failed(is_refused=True),
            "Slack does not let me send you files. Please ask the person who set up Ext "
            "to run python -m bot doctor: it shows what to fix.",
        ),
    ],
)
def test_what_is_said(message, said):
    """Where it comes, how far it is, what it is; the same to eyes and ears."""
    assert message.text == said
    assert " ".join(render_text(checked(message)).split()) == said
