"""Notices: they say what happened and what to do next, and Slack accepts them."""

from __future__ import annotations

import inspect
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import errors
from bot.cards import action_ids, export_notices, extension_card, notices
from bot.cards.source_errors import UNKNOWN_CONTACT
from bot.cards.terminal import render_text
from bot.models import Match
from tests import strategies
from tests.cards.checked import buttons_of, checked, mrkdwn_of
from tests.cards.examples import JOHN, LOCATIONS, NOW


@dataclass(frozen=True)
class Example:
    """A query and what it does, as the grammar lists them."""

    text: str
    meaning: str


def plain_line(message) -> str:
    """Return a notice as a person reads it, on one line."""
    return " ".join(render_text(checked(message)).split())


def test_help_shows_each_example_with_its_command() -> None:
    """Each example has the command before it, ready to copy."""
    examples = [Example("789", "one extension"), Example("who john smith", "a person")]
    message = checked(notices.help_message(examples))
    assert render_text(message) == (
        "Ext tells you who is behind an extension or phone number, and how to reach them.\n"
        "\n"
        "/ext 789 – one extension\n"
        "/ext who john smith – a person"
    )
    assert "`/ext 789` – one extension" in mrkdwn_of(message.payload())
    assert message.text.endswith("/ext 789 – one extension\n/ext who john smith – a person")


def test_help_without_command_shows_bare_examples() -> None:
    """In a direct message people type the example alone."""
    message = checked(notices.help_message([Example("789", "one extension")], command=""))
    assert render_text(message).endswith("\n789 – one extension")


def test_help_with_many_examples_fits_into_a_message() -> None:
    """A growing grammar doesn't break help."""
    message = checked(
        notices.help_message([Example(f"list page {n}", "a page " * 20) for n in range(200)])
    )
    assert "/ext list page 0" in render_text(message)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (notices.looking_up("789"), "Looking up 789…"),
        (notices.looking_up("\x00"), "Looking up that…"),
        (notices.looking_up("<@U012AB3CD>"), "Looking up @U012AB3CD…"),
        (notices.looking_up("789 <@U012AB3CD> 790"), "Looking up 789 @U012AB3CD 790…"),
        (
            notices.unexpected("a1b2c3"),
            "Something went wrong on my end. "
            "Please try again. If it keeps happening, tell the person who set up Ext. "
            "Reference: a1b2c3",
        ),
        (
            notices.slack_unavailable(),
            "I couldn't check with Slack who that is. "
            "Try again in a minute, or look up a number or email instead: /ext 789.",
        ),
        (
            notices.no_email(),
            "Slack doesn't share your email address with me, so I can't find your extension. "
            "Look up your work email or login name instead: /ext john.smith@example.com.",
        ),
        (
            notices.no_email("U012AB3CD"),
            "Slack doesn't share @U012AB3CD's email address with me, so I can't find their "
            "extension. Look up their work email or login name instead: "
            "/ext john.smith@example.com.",
        ),
        (
            notices.old_button(),
            "That button is from an older version of Ext. Please ask again, for example /ext 789.",
        ),
        (
            notices.rate_limited(12.2),
            "You've reached the limit of lookups a minute. Please try again in 13 seconds.",
        ),
        (
            notices.rate_limited(12.2, per_minute=30),
            "You've reached the limit of 30 lookups a minute. Please try again in 13 seconds.",
        ),
        (
            notices.asker_unknown(is_refused=False),
            "I couldn't check with Slack who you are. Please try again in a moment.",
        ),
        (
            notices.asker_unknown(is_refused=True),
            "Slack doesn't let me see who you are, so I can't answer. Please ask the person who "
            "set up Ext to run python -m bot doctor: it shows what to fix.",
        ),
        (
            notices.shutting_down("789"),
            "I'm restarting and couldn't answer 789. Please ask again in a minute.",
        ),
        (notices.shared(), "Shared."),
        (notices.already_shared(), "You've already shared that."),
        (notices.not_shared(), "OK, I didn't share it."),
        (
            notices.not_allowed("guest"),
            "Sorry, I only answer full members of this workspace. "
            "If you need a number, ask the person who invited you.",
        ),
        (
            notices.not_allowed("outsider"),
            "Sorry, I only answer people in the organization that installed me. "
            "Please ask someone you work with there.",
        ),
        (
            notices.not_allowed("deleted"),
            "Sorry, your account in this workspace isn't active. Please ask a workspace admin.",
        ),
        (
            notices.not_allowed("bot"),
            "Sorry, I only answer people, not apps. Please ask the person who set up Ext.",
        ),
        (
            notices.not_allowed("admins"),
            "Sorry, only Ext's admins can ask that. Please ask the person who set up Ext.",
        ),
        (
            notices.not_allowed("some new reason"),
            "Sorry, I can't answer you here. Please ask a workspace admin.",
        ),
    ],
)
def test_notice_has_the_same_words_in_blocks_and_text(message, expected) -> None:
    """Each notice says what happened and what to do."""
    assert plain_line(message) == expected
    assert message.text == expected.replace("@U012AB3CD", "<@U012AB3CD>")


GUEST_REMEDY = "If you need a number, ask the person who invited you."


@pytest.mark.parametrize("reason", [*notices.NOT_ALLOWED, ""])
def test_refusal_does_not_reveal_what_ext_knows(reason) -> None:
    """People who may not ask learn nothing, except whom to ask instead."""
    text = notices.not_allowed(reason).text
    assert text.startswith("Sorry, ")
    assert " ask " in text
    text = text.removesuffix(GUEST_REMEDY)  # a guest knows the people they work with
    for word in ("extension", "number", "director", "phone", "Vonage", "/ext"):
        assert word not in text


EXAMPLES = [
    *(Example("789", "one extension"), Example("789 790 1001", "several, up to ten")),
    *(Example("me", "your own"), Example("locations", "all <of> them"), Example("status", "how")),
]


@pytest.mark.parametrize(
    ("mention", "shown_as", "said_as"),
    [
        ("@Ext", "@Ext", "@Ext"),
        ("U0EXT", "@U0EXT", "<@U0EXT>"),
        ("<@U0EXT>", "@U0EXT", "<@U0EXT>"),
    ],
)
def test_mention_help_shows_a_few_examples_and_the_way_to_more(mention, shown_as, said_as) -> None:
    """The examples are what people type in a mention."""
    message = checked(notices.mention_help_message(EXAMPLES, mention))
    expected = (
        "Ask me who is behind an extension or phone number:\n"
        "{0} 789 – one extension\n"
        "{0} 789 790 1001 – several, up to ten\n"
        "{0} me – your own\n"
        "{0} locations – all <of> them\n"
        "{1}"
        "{0} help shows everything I understand."
    )
    assert render_text(message) == expected.format(shown_as, "\n")
    assert message.text == expected.replace("<of>", "&lt;of&gt;").format(said_as, "")


@pytest.mark.parametrize(
    ("has_outsiders", "problem"),
    [
        (
            True,
            "People from outside your organization are in this channel. "
            "They'll see the answer to 789 790 too.",
        ),
        (
            False,
            "I can't tell whether people from outside your organization are in this channel. "
            "If they are, they'll see the answer to 789 790 too.",
        ),
    ],
    ids=["known", "not-known"],
)
def test_share_question_says_who_would_see_the_answer(has_outsiders, problem) -> None:
    """The question has a button for yes and one for no."""
    message = notices.share_question("789 790", "789 790", has_outsiders=has_outsiders)
    assert plain_line(message) == f"{problem} Share it anyway? [Share anyway] [Cancel]"
    assert message.text == f"{problem} Share it anyway?"
    anyway, cancel = buttons_of(message)
    assert anyway == {
        "type": "button",
        "action_id": "ext_share_anyway",
        "text": {"type": "plain_text", "text": "Share anyway"},
        "accessibility_label": "Share 789 790 anyway",
        "value": '{"v":1,"q":"789 790"}',
        "style": "danger",
    }
    assert cancel == {
        "type": "button",
        "action_id": "ext_cancel",
        "text": {"type": "plain_text", "text": "Cancel"},
        "accessibility_label": "Don't share 789 790",
        "value": '{"v":1,"q":"789 790"}',
    }


UNREADABLE = errors.QueryError("No.", text="list pge", start=5, end=8, example="list page 2")
WITHOUT_COMMAND = {
    "help_message": notices.help_message(EXAMPLES, ""),
    "unreadable": notices.unreadable(UNREADABLE, ""),
    "slack_unavailable": notices.slack_unavailable(""),
    "no_email": notices.no_email("", ""),
    "old_button": notices.old_button(""),
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("help_message", "789 – one extension 789 790 1001 – several"),
        ("unreadable", "Try list page 2"),
        ("slack_unavailable", "or look up a number or email instead: 789."),
        ("no_email", "login name instead: john.smith@example.com."),
        ("old_button", "Please ask again, for example 789."),
    ],
)
def test_notice_without_command_shows_bare_examples(name, expected) -> None:
    """In a direct message people type the query alone."""
    message = WITHOUT_COMMAND[name]
    assert expected in plain_line(message)
    assert "/ext" not in str(message)
    assert "``" not in mrkdwn_of(message.payload()).replace("```", "")


def test_every_notice_with_a_command_is_tested_without_one() -> None:
    """A new notice with a command needs a row in the table above."""
    functions = inspect.getmembers(notices, inspect.isfunction)
    ours = {name: each for name, each in functions if each.__module__ == notices.__name__}
    taking = {
        name for name, each in ours.items() if "command" in inspect.signature(each).parameters
    }
    assert taking == WITHOUT_COMMAND.keys()


def test_unreadable_query_is_repeated_with_the_unclear_part_underlined() -> None:
    """The notice has the problem, the person's own words, and an example that works."""
    error = errors.QueryError(
        "A page is a number.", text="list page zwei", start=10, end=14, example="list page 2"
    )
    message = checked(notices.unreadable(error))
    assert render_text(message) == (
        "Sorry, I didn't understand that. A page is a number.\n"
        "    list page zwei\n"
        "              ^^^^\n"
        "Try /ext list page 2"
    )
    assert "```list page zwei\n          ^^^^```" in mrkdwn_of(message.payload())
    assert message.text == (
        "Sorry, I didn't understand that. A page is a number. You wrote “list page zwei”. "
        "The unclear part is “zwei”. Try /ext list page 2"
    )


def test_unreadable_query_shows_mentions_as_person() -> None:
    """A code block would show the user id, and the carets would miss their spot."""
    error = errors.QueryError("No.", text="<@U012AB3CD> zwei", start=13, end=17, example="list")
    message = checked(notices.unreadable(error))
    assert "    @person zwei\n            ^^^^" in render_text(message)
    assert "U012AB3CD" not in message.text


def test_share_question_mentions_a_person_in_its_text_but_not_in_labels() -> None:
    """An accessibility label is plain text, which would show the user id."""
    message = checked(notices.share_question("<@U012AB3CD>", "<@U012AB3CD>", has_outsiders=True))
    assert "the answer to <@U012AB3CD> too" in message.text
    assert "`" not in mrkdwn_of({"blocks": message.blocks[:1]})
    labels = [each["accessibility_label"] for each in buttons_of(message)]
    assert labels == ["Share @person anyway", "Don't share @person"]


def test_backticks_in_an_unreadable_query_do_not_end_the_code_block() -> None:
    """Text behind the code block could mention a whole channel."""
    error = errors.QueryError("No.", text="a ```b``` <!here>", start=2, end=5, example="789")
    mrkdwn = mrkdwn_of(checked(notices.unreadable(error, command="")).payload())
    assert (
        mrkdwn
        == "Sorry, I didn't understand that. No.\n```a ˋˋˋbˋˋˋ &lt;!here&gt;\n  ^^^```\nTry `789`"
    )


def test_shared_answer_begins_with_who_shared_it() -> None:
    """The name is the first block, and the first words for a screen reader."""
    card = extension_card.card_message(
        Match(JOHN, NOW), locations=LOCATIONS, now=NOW, line="789", shareable=True, public=True
    )
    message = checked(notices.shared_by(card, "U012AB3CD"))
    assert render_text(message).startswith("Shared by @U012AB3CD\n\nJohn Smith\n")
    assert message.text == f"Shared by <@U012AB3CD>. {card.text}"
    assert message.blocks[0]["block_id"] == action_ids.SHARED_BY, (
        "a button that updates the message keeps this block"
    )
    assert message.blocks[1:] == card.blocks
    assert [each["text"]["text"] for each in buttons_of(message)] == ["Refresh"]


@settings(max_examples=150)
@given(
    words=strategies.text,
    unclear=strategies.query_error,
    command=st.sampled_from(["/ext", "@Ext", ""]),
)
def test_notices_of_any_text_are_safe_and_within_limits(words, unclear, command):
    """No text that somebody types breaks out of its place or breaks one of Slack's limits."""
    checked(notices.looking_up(words))
    checked(notices.unreadable(unclear, command))
    checked(notices.unexpected(words))
    checked(notices.no_email(words, command))
    checked(notices.old_button(command))
    checked(notices.mention_help_message(EXAMPLES, words))
    checked(notices.not_allowed(words))
    checked(notices.share_question(words, words, has_outsiders=True))
    checked(notices.share_question(words, words, has_outsiders=False))
    checked(notices.shared_by(notices.looking_up(words), words))


@settings(max_examples=100)
@given(strategies.vonage_error, strategies.text)
def test_notices_of_any_source_error_are_safe_and_within_limits(error, reference):
    """No text from Vonage breaks out of its place or breaks one of Slack's limits."""
    checked(notices.source_failure(error, reference))


CONTACT = "<@U0ADM1N>"


@pytest.mark.parametrize(
    "message",
    [
        notices.source_failure(errors.LoginRefused(), contact=CONTACT),
        notices.source_failure(errors.UnexpectedReply(), contact=CONTACT),
        notices.unexpected("a1b2c3", contact=CONTACT),
        notices.asker_unknown(is_refused=True, contact=CONTACT),
        notices.not_allowed("bot", contact=CONTACT),
        notices.not_allowed("admins", contact=CONTACT),
        export_notices.failed(is_refused=True, contact=CONTACT),
    ],
)
def test_notice_with_contact_names_the_contact_in_blocks_and_text(message) -> None:
    """Nobody is sent to an unnamed operator when the operator is known."""
    assert CONTACT in message.text
    assert CONTACT in mrkdwn_of(checked(message).payload())
    assert UNKNOWN_CONTACT not in message.text
