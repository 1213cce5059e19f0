"""Which questions a message asks, and who is answered."""

from __future__ import annotations

import pytest

from bot.listeners.events import is_written_by_person, questions

BOT_ID = "U0EXT"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<@U0EXT> 789", ["789"]),
        ("<@U0EXT|ext> 789", ["789"]),
        ("<@U0EXT>: 789", ["789"]),
        ("hey <@U0EXT> who is 789?", ["who is 789?"]),
        ("789 <@U0EXT>", ["789"]),
        ("who is <@U0ANN>, <@U0EXT>?", ["who is <@U0ANN>"]),
        ("<@U0EXT> who is <@U0ANN>?", ["who is <@U0ANN>?"]),
        ("<@U0EXT> who is 789? who is 790?", ["who is 789?", "who is 790?"]),
        ("<@U0EXT> 789\n790\n\n1001", ["789", "790", "1001"]),
        ("<@U0EXT> 789 <@U0EXT> 790", ["789", "790"]),
        ("<@U0EXT>", [""]),
        ("<@U0EXT> !", [""]),
        ("", [""]),
        ("<@U0EXT> José García", ["José García"]),
    ],
)
def test_mention_is_split_into_its_questions(text, expected):
    """The mention of the bot is left out; lines and sentences are separate questions."""
    assert questions(text, BOT_ID) == expected


def test_first_mention_counts_as_the_bots_while_its_id_is_unknown():
    """Before auth.test has answered, a leading mention is taken for the bot's."""
    assert questions("<@U0EXT> 789", "") == ["789"]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"user": "U1", "text": "789"}, True),
        ({"text": "789"}, False),
        ({"user": "U1", "bot_id": "B1"}, False),
        ({"user": "U1", "subtype": "message_changed"}, False),
        ({"user": "U1", "subtype": "channel_join"}, False),
        ({"user": "U1", "edited": {"ts": "1"}}, False),
        ({"user": "U1", "hidden": True}, False),
    ],
)
def test_only_new_messages_by_people_are_questions(event, expected):
    """Bots, edits and Slack's own notices are not answered."""
    assert is_written_by_person(event) is expected
