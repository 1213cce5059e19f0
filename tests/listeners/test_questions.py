"""What is asked in a message that mentions us."""

from __future__ import annotations

import pytest

from bot.listeners.events import is_a_persons, questions

US = "U0EXT"


@pytest.mark.parametrize(
    ("text", "asked"),
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
def test_each_question_of_a_mention(text, asked):
    """Our own mention is not part of a question; lines and sentences are asked one by one."""
    assert questions(text, US) == asked


def test_who_we_are_may_not_be_known_yet():
    """A message that begins with a mention is taken to begin with ours."""
    assert questions("<@U0EXT> 789", "") == ["789"]


@pytest.mark.parametrize(
    ("event", "theirs"),
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
def test_only_a_persons_own_words_are_questions(event, theirs):
    """Bots, edits and Slack's notices are not answered."""
    assert is_a_persons(event) is theirs
