"""Typed text becomes what Slack makes of it."""

from __future__ import annotations

import pytest

from bot.sandbox.slack.members import MEMBERS
from bot.sandbox.slack.message_text import command_text, mentions_bot, message_text, split_command


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("@Ext who is @anna.nowak?", "<@U0EXTBOT> who is <@U0ANNA>?"),
        ("@nobody", "@nobody"),
        ("write to a.b@example.com.", "write to <mailto:a.b@example.com|a.b@example.com>."),
        ("see https://x.example/a?b=1&c=2.", "see <https://x.example/a?b=1&amp;c=2>."),
        ("<@U0JOHN>", "&lt;@U0JOHN&gt;"),
    ],
)
def test_message_is_escaped_and_linked(typed, expected):
    """Names and addresses become links, and nobody can type a link of their own."""
    assert message_text(typed, MEMBERS) == expected


def test_command_text_converts_only_people():
    """Mentions are converted as with `should_escape`; other characters stay."""
    assert split_command("/ext  who @john.smith ") == ("/ext", "who @john.smith")
    assert command_text("who @john.smith & <x>", MEMBERS) == "who <@U0JOHN|john.smith> & <x>"


def test_mention_of_ext_is_recognized():
    """A mention of somebody else isn't."""
    assert mentions_bot(message_text("hello @ext", MEMBERS))
    assert not mentions_bot(message_text("hello @anna.nowak", MEMBERS))
