"""What is said beside the answers: it reads well, helps, and is taken by Slack."""

from __future__ import annotations

import inspect
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import errors
from bot.cards import action_ids, export_notices, extension_card, notices
from bot.cards.source_errors import UNKNOWN_CONTACT
from bot.cards.status_report import status_message
from bot.cards.terminal import render_text
from bot.models import Match, Quota, Status
from tests import strategies
from tests.cards.checked import buttons_of, checked, mrkdwn_of
from tests.cards.examples import JOHN, LOCATIONS, NOW


@dataclass(frozen=True)
class Example:
    """A query and what it does, as the grammar lists them."""

    text: str
    meaning: str


def shown(message) -> str:
    """A notice as a person reads it, on one line."""
    return " ".join(render_text(checked(message)).split())


def test_help_lists_examples_as_one_types_them() -> None:
    """Each example stands with the command before it, ready to copy."""
    examples = [Example("789", "one extension"), Example("who john smith", "a person")]
    message = checked(notices.help_message(examples))
    assert render_text(message) == (
        "Ext tells who is behind an extension or a phone number, and how to reach them.\n"
        "\n"
        "/ext 789 – one extension\n"
        "/ext who john smith – a person"
    )
    assert "`/ext 789` – one extension" in mrkdwn_of(message.payload())
    assert message.text.endswith("/ext 789 – one extension\n/ext who john smith – a person")


def test_help_without_a_command() -> None:
    """In a direct message one types the example alone."""
    message = checked(notices.help_message([Example("789", "one extension")], command=""))
    assert render_text(message).endswith("\n789 – one extension")


def test_help_of_any_length_fits() -> None:
    """A grammar that grows does not break help."""
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
            "Something went wrong on my side. It is not your fault. "
            "Please try again. If it keeps happening, tell the person who set up Ext. "
            "Reference: a1b2c3",
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
            notices.old_button(),
            "That button is from an older version of Ext. Please ask again, as in /ext 789.",
        ),
        (
            notices.rate_limited(12.2),
            "You have asked more than I may answer in a minute. Please try again in 13 seconds.",
        ),
        (notices.shared(), "Shared."),
        (notices.already_shared(), "That is shared already."),
        (notices.not_shared(), "Not shared."),
        (
            notices.not_allowed("guest"),
            "Sorry, I answer full members of this workspace only. "
            "If you need it for your work, please ask whoever invited you here.",
        ),
        (
            notices.not_allowed("outsider"),
            "Sorry, I answer only people of the organisation that I belong to. "
            "Please ask somebody there whom you work with.",
        ),
        (
            notices.not_allowed("deleted"),
            "Sorry, your account in this workspace is not active. "
            "Please ask an admin of the workspace.",
        ),
        (
            notices.not_allowed("bot"),
            "Sorry, I answer people, not apps. Please ask the person who set up Ext.",
        ),
        (
            notices.not_allowed("admins"),
            "Sorry, only Ext’s admins may ask that. Please ask the person who set up Ext.",
        ),
        (
            notices.not_allowed("some new reason"),
            "Sorry, I may not answer you here. Please ask an admin of the workspace.",
        ),
    ],
)
def test_what_is_said(message, expected) -> None:
    """Each notice says what happened and what to do, the same to eyes and ears."""
    assert shown(message) == expected
    assert message.text == expected.replace("@U012AB3CD", "<@U012AB3CD>")


@pytest.mark.parametrize("reason", [*notices.NOT_ALLOWED, ""])
def test_a_refusal_tells_nothing_of_what_is_behind_it(reason) -> None:
    """Whoever may not ask learns nothing, and is told politely whom to ask."""
    text = notices.not_allowed(reason).text
    assert text.startswith("Sorry, ")
    assert " ask " in text
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
def test_a_mention_that_asks_nothing_gets_a_short_help(mention, shown_as, said_as) -> None:
    """A few examples as one types them there, and the way to the others."""
    message = checked(notices.mention_help_message(EXAMPLES, mention))
    expected = (
        "Ask me who is behind an extension or a phone number:\n"
        "{0} 789 – one extension\n"
        "{0} 789 790 1001 – several, up to ten\n"
        "{0} me – your own\n"
        "{0} locations – all <of> them\n"
        "{1}"
        "{0} help shows everything that I understand."
    )
    assert render_text(message) == expected.format(shown_as, "\n")
    assert message.text == expected.replace("<of>", "&lt;of&gt;").format(said_as, "")


@pytest.mark.parametrize(
    ("known", "problem"),
    [
        (
            True,
            "People from outside your organisation are in this channel: "
            "they would see the answer to 789 790 too.",
        ),
        (
            False,
            "I cannot tell whether people from outside your organisation are in this channel. "
            "If so, they would see the answer to 789 790 too.",
        ),
    ],
    ids=["known", "not-known"],
)
def test_sharing_where_outsiders_may_be_asks_first(known, problem) -> None:
    """What is about to happen is said, and both ways out can be pressed."""
    message = notices.share_question("789 790", "789 790", has_outsiders=known)
    assert shown(message) == f"{problem} Share it anyway? [Share anyway] [Cancel]"
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
        "accessibility_label": "Do not share 789 790",
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
        ("slack_unavailable", "or ask by number or email: 789."),
        ("no_email", "your login name instead: john.smith@example.com."),
        ("old_button", "Please ask again, as in 789."),
    ],
)
def test_notices_without_a_command(name, expected) -> None:
    """Where one types the question alone, the examples stand alone too."""
    message = WITHOUT_COMMAND[name]
    assert expected in shown(message)
    assert "/ext" not in str(message)
    assert "``" not in mrkdwn_of(message.payload()).replace("```", "")


def test_every_notice_that_names_a_command_is_read_without_one() -> None:
    """A new notice needs its place in the table above."""
    functions = inspect.getmembers(notices, inspect.isfunction)
    ours = {name: each for name, each in functions if each.__module__ == notices.__name__}
    taking = {
        name for name, each in ours.items() if "command" in inspect.signature(each).parameters
    }
    assert taking == WITHOUT_COMMAND.keys()


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
            "Vonage no longer accepts my access. "
            "Please ask the person who set up Ext to run python -m bot doctor: "
            "it shows what to fix.",
        ),
        (
            errors.Forbidden(),
            "Vonage does not let Ext read this directory. "
            "Please ask the person who set up Ext to run python -m bot doctor: "
            "it shows what to fix.",
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
            "Please try again. If it keeps happening, tell the person who set up Ext. "
            "Reference: a1b2c3 Vonage’s tracking id: bf0ca0bf",
        ),
        (
            errors.UnexpectedReply(),
            "Vonage answered with something I cannot read. "
            "Please try again. If it keeps happening, tell the person who set up Ext.",
        ),
        (
            errors.NotFound(),
            "Vonage has no such extension. "
            "Please check the number: somebody may have moved or left.",
        ),
        (
            errors.OverQuota(retry_after=3_600),
            "Vonage allows me no more calls for now. Please try again in 60 minutes.",
        ),
        (errors.SourceError(), "Vonage could not answer. Please try again in a minute."),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_each_failure_has_words_of_its_own(error, expected) -> None:
    """What Vonage did, what to do about it, and how to find it in the log."""
    reference = "" if "Reference" in expected else " Reference: a1b2c3"
    assert shown(notices.source_failure(error, "a1b2c3")) == expected + reference


def test_every_kind_of_failure_has_words() -> None:
    """A new kind of error is never left without any."""

    def kinds(kind: type[errors.SourceError]) -> list[type[errors.SourceError]]:
        return [kind, *(below for each in kind.__subclasses__() for below in kinds(each))]

    ours = [kind for kind in kinds(errors.SourceError) if kind.__module__ == errors.__name__]
    said = [notices.source_failure(kind()).text for kind in ours]
    assert len(set(said)) == len(said), "each in its own words"


def test_what_cannot_be_read_is_repeated_with_the_spot_marked() -> None:
    """The person's own words, carets under the spot, the problem, and what works."""
    error = errors.QueryError(
        "A page is a number.", text="list page zwei", start=10, end=14, example="list page 2"
    )
    message = checked(notices.unreadable(error))
    assert render_text(message) == (
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


def test_people_are_no_riddle_in_what_cannot_be_read() -> None:
    """Code cannot mention anybody, so the person stands there as one, and the spot stays right."""
    error = errors.QueryError("No.", text="<@U012AB3CD> zwei", start=13, end=17, example="list")
    message = checked(notices.unreadable(error))
    assert "    @person zwei\n            ^^^^" in render_text(message)
    assert "U012AB3CD" not in message.text


def test_a_question_about_a_person_mentions_them_where_that_can_be() -> None:
    """In the words of the question; the label of a button is no place for it."""
    message = checked(notices.share_question("<@U012AB3CD>", "<@U012AB3CD>", has_outsiders=True))
    assert "the answer to <@U012AB3CD> too" in message.text
    assert "`" not in mrkdwn_of({"blocks": message.blocks[:1]})
    labels = [each["accessibility_label"] for each in buttons_of(message)]
    assert labels == ["Share @person anyway", "Do not share @person"]


def test_backticks_cannot_end_the_marked_words() -> None:
    """Somebody's backticks stay inside the block."""
    error = errors.QueryError("No.", text="a ```b``` <!here>", start=2, end=5, example="789")
    mrkdwn = mrkdwn_of(checked(notices.unreadable(error, command="")).payload())
    assert (
        mrkdwn == "Sorry, I cannot read that. No.\n```a ˋˋˋbˋˋˋ &lt;!here&gt;\n  ^^^```\nTry `789`"
    )


def test_a_shared_answer_says_who_shared_it() -> None:
    """Above the card, and first for a screen reader."""
    card = extension_card.card_message(
        Match(JOHN, NOW), locations=LOCATIONS, now=NOW, line="789", shareable=True, public=True
    )
    message = checked(notices.shared_by(card, "U012AB3CD"))
    assert render_text(message).startswith("Shared by @U012AB3CD\n\nJohn Smith\n")
    assert message.text == f"Shared by <@U012AB3CD>. {card.text}"
    assert message.blocks[0]["block_id"] == action_ids.SHARED_BY, "for whoever updates the message"
    assert message.blocks[1:] == card.blocks
    assert [each["text"]["text"] for each in buttons_of(message)] == ["Refresh"]


@pytest.mark.parametrize(
    ("now_is", "headline", "row"),
    [
        (
            Status(Quota(10, 10)),
            "I am ready, and have not asked Vonage anything yet.",
            "Last answer: never.",
        ),
        (
            Status(Quota(10, 7), NOW - 250, errors.Unavailable(), NOW - 9_000),
            "All is well: Vonage answers.",
            "Last failure: 2 hours ago: Vonage is not answering.",
        ),
        (
            Status(Quota(10, 7), NOW - 5, errors.Forbidden(), NOW - 70),
            "Vonage answers, but not always: a call failed 1 min ago.",
            "Last failure: 1 min ago: Vonage does not let Ext read this directory.",
        ),
        (
            Status(Quota(10, 0, 12), NOW - 5, errors.OverQuota(), NOW - 9),
            "Vonage allows me no more calls this minute.",
            "Calls to Vonage: 0 of 10 left this minute, the next in 12 seconds.",
        ),
        (
            Status(Quota(10, 0, 3_600), NOW - 5),
            "Vonage allows me no more calls for now.",
            "Calls to Vonage: 0 of 10 left, the next in 60 minutes.",
        ),
        (
            Status(Quota(10, 0, 12), NOW - 250, errors.OverQuota(), NOW - 9),
            "Vonage allows me no more calls this minute.",
            "Calls to Vonage: 0 of 10 left this minute, the next in 12 seconds.",
        ),
        (
            Status(Quota(10, 9), None, errors.Forbidden(), NOW - 9),
            "Vonage does not let Ext read this directory.",
            "Last answer: never.",
        ),
    ],
    ids=["new", "well", "not-quite", "spent", "spent-for-long", "over-quota", "never-well"],
)
def test_status_says_how_it_is(now_is, headline, row) -> None:
    """The newest of answer and failure decides the headline."""
    message = checked(status_message(now_is, NOW))
    assert render_text(message).startswith(headline + "\n\nCalls to Vonage  ")
    assert message.text.startswith(headline)
    assert row in message.text


@settings(max_examples=150)
@given(
    words=strategies.text,
    unclear=strategies.query_error,
    command=st.sampled_from(["/ext", "@Ext", ""]),
)
def test_whatever_people_type(words, unclear, command):
    """No notice lets anything out that somebody typed, or breaks a limit."""
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
@given(strategies.vonage_error, strategies.status, strategies.text)
def test_whatever_vonage_says(error, now_is, reference):
    """No notice lets anything out that the API said, or breaks a limit."""
    checked(notices.source_failure(error, reference))
    checked(status_message(now_is, NOW))


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
