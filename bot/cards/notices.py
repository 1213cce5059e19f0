"""Notices: everything that Ext says besides the answers themselves, one function each.

`not_found` has the notices for a lookup without a result, `export_notices` those of an export.

`command` is what the person types before the examples: `/ext`, or nothing in a direct message.
`contact` names whom to ask for help, as mrkdwn (see `notice_builder.contact_text`), or is empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot import limits
from bot.cards import action_ids
from bot.cards.blocks import (
    SAFE_BACKTICK,
    Message,
    clip,
    code,
    context,
    escape,
    label,
    literal_text,
    mention,
    plain_text,
    section,
    within_limits,
)
from bot.cards.buttons import actions_block, button
from bot.cards.durations import after, counted
from bot.cards.notice_builder import (
    command_code,
    mention_command,
    notice,
    quoted,
    screen_reader_text,
    without_mentions,
)
from bot.cards.source_errors import (
    UNKNOWN_CONTACT,
    ask_for_doctor,
    tell_if_again,
    what_happened,
    what_to_do,
)
from bot.cards.text_width import underline
from bot.errors import BadParameters, QueryError, SourceError

COMMAND = "/ext"

WHAT_EXT_DOES = "Ext tells you who is behind an extension or phone number, and how to reach them."
ASK_ME = "Ask me who is behind an extension or phone number:"
MORE_HELP = "{help} shows everything I understand."
LOOKING_UP = "Looking up {query}…"
UNREADABLE = "Sorry, I didn't understand that. {problem}"
YOU_WROTE = "You wrote “{text}”."
UNCLEAR_PART = "The unclear part is “{spot}”."
TRY_EXAMPLE = "Try {example}"
UNEXPECTED = "Something went wrong on my end."
SLACK_UNAVAILABLE = "I couldn't check with Slack who that is."
USE_NUMBER = "Try again in a minute, or look up a number or email instead: {number}."
SLACK_REFUSES = "Slack doesn't let me see who you are, so I can't answer."
ASKER_UNKNOWN = "I couldn't check with Slack who you are. Please try again in a moment."
NO_EMAIL = "Slack doesn't share your email address with me, so I can't find your extension."
NO_EMAIL_OF = (
    "Slack doesn't share {person}'s email address with me, so I can't find their extension."
)
USE_EMAIL = "Look up {whose} work email or login name instead: {email}."
RATE_LIMITED = "You've reached the limit of {lookups} a minute."
TRY_AGAIN = "Please try again {wait}."
SHUTTING_DOWN = "I'm restarting and couldn't answer {query}."
ASK_IN_A_MINUTE = "Please ask again in a minute."
OLD_BUTTON = "That button is from an older version of Ext."
ASK_AGAIN = "Please ask again, for example {example}."
OUTSIDERS_SEE = (
    "People from outside your organization are in this channel. They'll see the answer to "
    "{query} too."
)
OUTSIDERS_MAY_SEE = (
    "I can't tell whether people from outside your organization are in this channel. If they "
    "are, they'll see the answer to {query} too."
)
SHARE_IT_ANYWAY = "Share it anyway?"
SHARE_ANYWAY, CANCEL = "Share anyway", "Cancel"
SHARE_ANYWAY_LABEL, CANCEL_LABEL = "Share {query} anyway", "Don't share {query}"
SHARED = "Shared."
ALREADY_SHARED = "You've already shared that."
NOT_SHARED = "OK, I didn't share it."
SHARED_BY = "Shared by {person}"
REASON = "{name}: {reason}."
REFERENCE = "Reference: {reference}"
TRACKING = "Vonage's tracking ID: {track_id}"

# What happened and what to do, by the reason of `NotAllowed`.
NOT_ALLOWED = {
    "guest": (
        "Sorry, I only answer full members of this workspace.",
        "If you need a number, ask the person who invited you.",
    ),
    "outsider": (
        "Sorry, I only answer people in the organization that installed me.",
        "Please ask someone you work with there.",
    ),
    "deleted": (
        "Sorry, your account in this workspace isn't active.",
        "Please ask a workspace admin.",
    ),
    "bot": ("Sorry, I only answer people, not apps.", "Please ask {contact}."),
    "admins": ("Sorry, only Ext's admins can ask that.", "Please ask {contact}."),
}
NOT_ALLOWED_HERE = ("Sorry, I can't answer you here.", "Please ask a workspace admin.")

SPOT_COLUMNS = 36  # of a code block: phones break a longer line, and the carets miss their spot
SHORT_HELP_EXAMPLES = 4  # in answer to a mention that asks nothing
HELP_LINES = 8  # examples in one section; Slack folds a longer one behind "Show more"


class HelpExample(Protocol):
    """A query that works, and what it does."""

    @property
    def text(self) -> str:
        """What to type after the command."""

    @property
    def meaning(self) -> str:
        """What it does, in a few words."""


def help_message(examples: Sequence[HelpExample], command: str = COMMAND) -> Message:
    """Say what Ext does, with examples that work."""
    lines = [
        f"{command_code(command, example.text)} – {escape(example.meaning)}" for example in examples
    ]
    groups = [lines[i : i + HELP_LINES] for i in range(0, len(lines), HELP_LINES)]
    blocks = [section(f"*{WHAT_EXT_DOES}*"), *(section("\n".join(group)) for group in groups)]
    text = screen_reader_text([WHAT_EXT_DOES, *lines], separator="\n")
    return Message(clip(text, limits.MAX_MESSAGE_TEXT_CHARS), within_limits(blocks))


def mention_help_message(examples: Sequence[HelpExample], mention: str) -> Message:
    """Say how to ask in a mention, with the first few examples.

    `mention` is Ext's own user id or mention, or a name such as `@Ext`.
    """
    lines = [
        f"{mention_command(mention, example.text)} – {escape(example.meaning)}"
        for example in examples[:SHORT_HELP_EXAMPLES]
    ]
    more = MORE_HELP.format(help=mention_command(mention, "help"))
    blocks = [section("\n".join([f"*{ASK_ME}*", *lines])), context(more)]
    return Message(screen_reader_text([ASK_ME, *lines, more], separator="\n"), blocks)


def looking_up(query_text: str) -> Message:
    """Say that the answer takes a moment.

    An answer by `response_url` can't replace this message, so it makes sense by itself.
    """
    return notice(LOOKING_UP.format(query=quoted(query_text)))


def unreadable(error: QueryError, command: str = COMMAND) -> Message:
    """Repeat the query with the unclear part underlined, say what is wrong, and what works."""
    problem = UNREADABLE.format(problem=label(error.problem, 300))
    example = TRY_EXAMPLE.format(example=command_code(command, error.example))
    before, spot, after_spot = _around_spot(error)
    text = before + spot + after_spot
    line, carets = underline(text, len(before), len(before + spot), columns=SPOT_COLUMNS)
    block = f"```{escape(line.replace('`', SAFE_BACKTICK))}\n{carets}```" if line else ""
    text_for_ears = screen_reader_text(
        [
            problem,
            _if_any(YOU_WROTE, text=plain_text(text, limits.MAX_QUOTED_CHARS)),
            _if_any(UNCLEAR_PART, spot=plain_text(spot, limits.MAX_QUOTED_CHARS)),
            example,
        ]
    )
    return Message(text_for_ears, [section("\n".join(filter(None, [problem, block, example])))])


def _if_any(sentence: str, **values: str) -> str:
    """Return the sentence with its values, or an empty text if all values are empty."""
    return sentence.format(**values) if any(values.values()) else ""


def _around_spot(error: QueryError) -> tuple[str, str, str]:
    """Return the text before the unclear spot, the spot, and the text after it.

    Mentions become `@person`, because a code block would show their user ids.
    """
    start = min(max(error.start, 0), len(error.text))
    end = min(max(error.end, start), len(error.text))
    before, spot, after_spot = error.text[:start], error.text[start:end], error.text[end:]
    return without_mentions(before), without_mentions(spot), without_mentions(after_spot)


def source_failure(error: SourceError, reference: str = "", *, contact: str = "") -> Message:
    """Say what Vonage did, and what to do about it; `reference` finds the error in the log."""
    small = [_if_any(REFERENCE, reference=code(reference, 80))]
    refused: list[str] = []
    if isinstance(error, BadParameters):
        refused = [
            REASON.format(
                name=label(refusal.name, 60), reason=label(refusal.reason, 200).rstrip(".")
            )
            for refusal in error.reasons[: limits.MAX_REFUSED_PARAMETERS]
        ]
        small.append(_if_any(TRACKING, track_id=code(error.track_id, 80)))
    return notice(what_happened(error), *refused, what_to_do(error, contact), small=small)


def unexpected(reference: str, *, contact: str = "") -> Message:
    """Say that Ext itself failed; `reference` finds the error in the log."""
    small = [REFERENCE.format(reference=code(reference, 80))]
    return notice(UNEXPECTED, tell_if_again(contact), small=small)


def slack_unavailable(command: str = COMMAND) -> Message:
    """Say that Slack didn't answer who a mentioned person is."""
    return notice(SLACK_UNAVAILABLE, USE_NUMBER.format(number=command_code(command, "789")))


def asker_unknown(*, is_refused: bool, contact: str = "") -> Message:
    """Say that Slack didn't answer who the asker is; only the operator can change a refusal."""
    if is_refused:
        return notice(SLACK_REFUSES, ask_for_doctor(contact))
    return notice(ASKER_UNKNOWN)


def no_email(user_id: str = "", command: str = COMMAND) -> Message:
    """Say that Slack doesn't share the email of a user or, without a user id, of the asker."""
    person, email = mention(user_id), command_code(command, "john.smith@example.com")
    problem = NO_EMAIL_OF.format(person=person) if person else NO_EMAIL
    whose = "their" if person else "your"
    return notice(problem, USE_EMAIL.format(whose=whose, email=email))


def not_allowed(reason: str, *, contact: str = "") -> Message:
    """Say why the asker may not ask, and whom they can ask instead.

    `reason` is the reason of `NotAllowed`.
    """
    problem, remedy = NOT_ALLOWED.get(reason, NOT_ALLOWED_HERE)
    return notice(problem, remedy.format(contact=contact or UNKNOWN_CONTACT))


def rate_limited(retry_after: float, per_minute: int = 0) -> Message:
    """Say that the asker has reached the limit, and that they can ask again in `retry_after` s.

    `per_minute` is how many lookups they may make a minute, or 0 to leave it out.
    """
    lookups = counted(per_minute, "lookup") if per_minute else "lookups"
    return notice(RATE_LIMITED.format(lookups=lookups), TRY_AGAIN.format(wait=after(retry_after)))


def shutting_down(query_text: str) -> Message:
    """Say that a promised answer won't come, because Ext is restarting."""
    return notice(SHUTTING_DOWN.format(query=quoted(query_text)), ASK_IN_A_MINUTE)


def old_button(command: str = COMMAND) -> Message:
    """Say that this version can't read a button's value."""
    return notice(OLD_BUTTON, ASK_AGAIN.format(example=command_code(command, "789")))


def share_question(line: str, query_text: str, *, has_outsiders: bool) -> Message:
    """Ask before an answer is shared where people from outside can read it, or might.

    `line` is the query that Share anyway asks, `query_text` the person's own words for it.
    `has_outsiders` is false if Slack couldn't say who can read the channel.
    """
    problem = (OUTSIDERS_SEE if has_outsiders else OUTSIDERS_MAY_SEE).format(
        query=quoted(query_text)
    )
    short = literal_text(without_mentions(query_text), 50)
    buttons = actions_block(
        button(
            action_ids.SHARE_ANYWAY,
            SHARE_ANYWAY,
            line=line,
            accessibility_label=SHARE_ANYWAY_LABEL.format(query=short),
            style="danger",
        ),
        button(
            action_ids.CANCEL,
            CANCEL,
            line=line,
            accessibility_label=CANCEL_LABEL.format(query=short),
        ),
    )
    question = notice(problem, SHARE_IT_ANYWAY)
    return Message(question.text, [*question.blocks, buttons])


def shared() -> Message:
    """Say that the answer is now shared."""
    return notice(SHARED)


def already_shared() -> Message:
    """Say that the answer was shared before."""
    return notice(ALREADY_SHARED)


def not_shared() -> Message:
    """Say that the answer stays with the asker, as they wanted."""
    return notice(NOT_SHARED)


def shared_by(message: Message, user_id: str) -> Message:
    """Return a message with a first line that says who shared it.

    Its cards must be `public` ones: everybody in the channel sees it.
    """
    line = SHARED_BY.format(person=mention(user_id) or label(user_id, 80))
    first = context(line) | {"block_id": action_ids.SHARED_BY}
    text = clip(f"{line}. {message.text}", limits.MAX_MESSAGE_TEXT_CHARS)
    return Message(text, within_limits([first, *message.blocks]))
