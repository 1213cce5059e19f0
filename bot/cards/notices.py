"""What is said beside the answers themselves: one function for each notice.

Where nothing is found, `missing` says so.

`command` is what the person types before the examples: `/ext`, or nothing in a direct message.
`contact` is mrkdwn for whom to turn to (see `notice_builder.contact_text`), or empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.cards import action_ids
from bot.cards.blocks import (
    SAFE_BACKTICK,
    clip,
    code,
    context,
    escape,
    label,
    literal_text,
    mention,
    plain_text,
    section,
)
from bot.cards.buttons import actions_block, button
from bot.cards.message import TEXT_LIMIT, Message, within_limits
from bot.cards.notice_builder import (
    WORDS_LIMIT,
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
from bot.cards.time_text import after
from bot.errors import BadParameters, QueryError, SourceError

COMMAND = "/ext"

WHAT_EXT_DOES = "Ext tells who is behind an extension or a phone number, and how to reach them."
LOOKING_UP = "Looking up {words}…"
UNREADABLE = "Sorry, I cannot read that. {problem}"
THE_WORDS = "You wrote “{text}”."
THE_SPOT = "Not clear is “{spot}”."
TRY_THIS = "Try {example}"
UNEXPECTED = "Something went wrong on my side. It is not your fault."
SLACK_SILENT = "Slack did not say who that is."
SLACK_REFUSES = "Slack does not let me see who you are, so I cannot answer."
ASKER_UNKNOWN = "Slack did not say who you are, so I cannot answer yet. Please try again soon."
ASK_OTHERWISE = "Please try again in a minute, or ask by number or email: {number}."
NO_EMAIL = "Slack does not tell me your email, so I cannot find your own extension."
NO_EMAIL_OF = "Slack does not tell me the email of {person}, so I cannot find their extension."
ASK_BY_EMAIL = "Ask with {whose} work email or {whose} login name instead: {email}."
ASK_ME = "Ask me who is behind an extension or a phone number:"
MORE_HELP = "{help} shows everything that I understand."
TOO_OFTEN = "You have asked more than I may answer in a minute."
TRY_AGAIN = "Please try again {wait}."
STOPPING = "I am being restarted, so {words} is not answered yet."
ASK_IN_A_MINUTE = "Please ask again in a minute."
OLD_BUTTON = "That button is from an older version of Ext."
ASK_AGAIN = "Please ask again, as in {example}."
OUTSIDERS_SEE = (
    "People from outside your organisation are in this channel: they would see the answer to "
    "{words} too."
)
OUTSIDERS_MAY_SEE = (
    "I cannot tell whether people from outside your organisation are in this channel. If so, "
    "they would see the answer to {words} too."
)
SHARE_IT_ANYWAY = "Share it anyway?"
SHARE_ANYWAY, CANCEL = "Share anyway", "Cancel"
SHARED = "Shared."
ALREADY_SHARED = "That is shared already."
NOT_SHARED = "Not shared."
SHARED_BY = "Shared by {person}"
REASON = "{name}: {reason}."
REFERENCE = "Reference: {reference}"
TRACKING = "Vonage’s tracking id: {track_id}"

NOT_ALLOWED = {
    "guest": (
        "Sorry, I answer full members of this workspace only.",
        "If you need it for your work, please ask whoever invited you here.",
    ),
    "outsider": (
        "Sorry, I answer only people of the organisation that I belong to.",
        "Please ask somebody there whom you work with.",
    ),
    "deleted": (
        "Sorry, your account in this workspace is not active.",
        "Please ask an admin of the workspace.",
    ),
    "bot": ("Sorry, I answer people, not apps.", "Please ask {contact}."),
    "admins": (
        "Sorry, only Ext’s admins may ask that.",
        "Please ask {contact}.",
    ),
}
NOT_YOU = ("Sorry, I may not answer you here.", "Please ask an admin of the workspace.")

SPOT_WIDTH = 36  # columns of a code block that a phone shows without breaking the line
SHORT_HELP = 4  # examples in answer to a mention that asks nothing
HELP_LINES = 8  # examples in one section, so that no client folds it


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
    lines = [f"{command_code(command, each.text)} – {escape(each.meaning)}" for each in examples]
    groups = [lines[i : i + HELP_LINES] for i in range(0, len(lines), HELP_LINES)]
    blocks = [section(f"*{WHAT_EXT_DOES}*"), *(section("\n".join(group)) for group in groups)]
    text = screen_reader_text([WHAT_EXT_DOES, *lines], separator="\n")
    return Message(clip(text, TEXT_LIMIT), within_limits(blocks))


def mention_help_message(examples: Sequence[HelpExample], mention: str) -> Message:
    """Say how to ask in a mention, with the first few examples.

    `mention` is Ext's own user id or mention, or what people call it, as in `@Ext`.
    """
    lines = [
        f"{mention_command(mention, each.text)} – {escape(each.meaning)}"
        for each in examples[:SHORT_HELP]
    ]
    more = MORE_HELP.format(help=mention_command(mention, "help"))
    blocks = [section("\n".join([f"*{ASK_ME}*", *lines])), context(more)]
    return Message(screen_reader_text([ASK_ME, *lines, more], separator="\n"), blocks)


def looking_up(words: str) -> Message:
    """Say that the answer takes a moment. It cannot be replaced later, so it stands alone."""
    return notice(LOOKING_UP.format(words=quoted(words)))


def unreadable(error: QueryError, command: str = COMMAND) -> Message:
    """Repeat the person's words with the spot marked, say what is wrong, and show what works."""
    problem = UNREADABLE.format(problem=label(error.problem, 300))
    example = TRY_THIS.format(example=command_code(command, error.example))
    before, spot, following = _around_spot(error)
    line, carets = underline(
        before + spot + following, len(before), len(before + spot), room=SPOT_WIDTH
    )
    block = f"```{escape(line.replace('`', SAFE_BACKTICK))}\n{carets}```" if line else ""
    words, said = plain_text(before + spot + following, WORDS_LIMIT), plain_text(spot, WORDS_LIMIT)
    repeated = [
        THE_WORDS.format(text=words) if words else "",
        THE_SPOT.format(spot=said) if said else "",
    ]
    text = screen_reader_text([problem, *repeated, example])
    return Message(text, [section("\n".join(filter(None, [problem, block, example])))])


def _around_spot(error: QueryError) -> tuple[str, str, str]:
    """What was written before the spot, the spot, and what follows: code cannot mention people."""
    start = min(max(error.start, 0), len(error.text))
    end = min(max(error.end, start), len(error.text))
    parts = error.text[:start], error.text[start:end], error.text[end:]
    before, spot, following = map(without_mentions, parts)
    return before, spot, following


def source_failure(error: SourceError, reference: str = "", *, contact: str = "") -> Message:
    """Say what Vonage did, and what to do about it; `reference` finds it in the log."""
    reasons = error.reasons[:5] if isinstance(error, BadParameters) else ()
    refused = [
        REASON.format(name=label(each.name, 60), reason=label(each.reason, 200).rstrip("."))
        for each in reasons
    ]
    track_id = code(error.track_id, 80) if isinstance(error, BadParameters) else ""
    small = [
        REFERENCE.format(reference=code(reference, 80)) if reference else "",
        TRACKING.format(track_id=track_id) if track_id else "",
    ]
    return notice(what_happened(error), *refused, what_to_do(error, contact), small=small)


def unexpected(reference: str, *, contact: str = "") -> Message:
    """Say that Ext itself failed; `reference` finds it in the log."""
    small = [REFERENCE.format(reference=code(reference, 80))]
    return notice(UNEXPECTED, tell_if_again(contact), small=small)


def slack_unavailable(command: str = COMMAND) -> Message:
    """Say that Slack did not say who somebody is."""
    return notice(SLACK_SILENT, ASK_OTHERWISE.format(number=command_code(command, "789")))


def asker_unknown(*, is_refused: bool, contact: str = "") -> Message:
    """Say that Slack did not say who asks, and whether that will pass by itself."""
    if is_refused:
        return notice(SLACK_REFUSES, ask_for_doctor(contact))
    return notice(ASKER_UNKNOWN)


def no_email(user_id: str = "", command: str = COMMAND) -> Message:
    """Say that Slack gives no email of a user; without a user id, of the asker themselves."""
    person, email = mention(user_id), command_code(command, "john.smith@example.com")
    problem = NO_EMAIL_OF.format(person=person) if person else NO_EMAIL
    whose = "their" if person else "your"
    return notice(problem, ASK_BY_EMAIL.format(whose=whose, email=email))


def not_allowed(reason: str, *, contact: str = "") -> Message:
    """Say politely that somebody may not ask, and whom to ask; `reason` is `NotAllowed`'s."""
    problem, remedy = NOT_ALLOWED.get(reason, NOT_YOU)
    return notice(problem, remedy.format(contact=contact or UNKNOWN_CONTACT))


def rate_limited(retry_after: float) -> Message:
    """Say that somebody asks too often, and in how many seconds they may again."""
    return notice(TOO_OFTEN, TRY_AGAIN.format(wait=after(retry_after)))


def shutting_down(words: str) -> Message:
    """Say that an answer that was to follow does not, because Ext is being restarted."""
    return notice(STOPPING.format(words=quoted(words)), ASK_IN_A_MINUTE)


def old_button(command: str = COMMAND) -> Message:
    """Say that a button is no longer understood."""
    return notice(OLD_BUTTON, ASK_AGAIN.format(example=command_code(command, "789")))


def share_question(line: str, words: str, *, has_outsiders: bool) -> Message:
    """Ask before an answer is shared where people from outside are, or (not `known`) may be.

    `line` is the query whose answer it is, `words` how the person knows it.
    """
    problem = (OUTSIDERS_SEE if has_outsiders else OUTSIDERS_MAY_SEE).format(words=quoted(words))
    short = literal_text(without_mentions(words), 50)
    anyway, cancel = f"Share {short} anyway", f"Do not share {short}"
    buttons = actions_block(
        button(
            action_ids.SHARE_ANYWAY,
            SHARE_ANYWAY,
            line=line,
            accessibility_label=anyway,
            style="danger",
        ),
        button(action_ids.CANCEL, CANCEL, line=line, accessibility_label=cancel),
    )
    asked = notice(problem, SHARE_IT_ANYWAY)
    return Message(asked.text, [*asked.blocks, buttons])


def shared() -> Message:
    """Say that an answer is shared now."""
    return notice(SHARED)


def already_shared() -> Message:
    """Say that an answer was shared before."""
    return notice(ALREADY_SHARED)


def not_shared() -> Message:
    """Say that an answer stays with the asker, as they wished."""
    return notice(NOT_SHARED)


def shared_by(message: Message, user_id: str) -> Message:
    """Return a message that says who shared it. Its cards are `public` ones."""
    line = SHARED_BY.format(person=mention(user_id) or label(user_id, 80))
    by = context(line) | {"block_id": action_ids.SHARED_BY}
    text = clip(f"{line}. {message.text}", TEXT_LIMIT)
    return Message(text, within_limits([by, *message.blocks]))
