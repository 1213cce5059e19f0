"""What to say about each way in which a directory's source can fail, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable

from bot.cards.durations import ABOUT_A_MINUTE, after
from bot.errors import (
    BadParameters,
    CertificateRefused,
    Contradiction,
    FileTooSlow,
    Forbidden,
    InconsistentList,
    InvalidFile,
    LoginRefused,
    NotAuthorized,
    NotFound,
    OtherExtension,
    OverQuota,
    SourceError,
    Unavailable,
    UnexpectedReply,
    UnreadableRows,
    WrongPath,
)

UNKNOWN_CONTACT = "the person who set up Ext"
ASK_FOR_DOCTOR = "Please ask {contact} to run `python -m bot doctor`: it shows what to fix."
TELL_IF_AGAIN = "Please try again. If it keeps happening, tell {contact}."
TRY_AGAIN = "Please try again {wait}."
IN_A_MINUTE = "in a minute"
CHECK_NUMBER = "Check the number: that person may have moved or left."

LOGIN_REFUSED = "Vonage refused my login."
NOT_AUTHORIZED = "Vonage no longer accepts my access token."
FORBIDDEN = "Vonage doesn't let me read this directory."
OVER_QUOTA = "I've used this minute's calls to Vonage."
OVER_QUOTA_FOR_LONG = "I've used up my calls to Vonage for now."
UNAVAILABLE = "Vonage isn't answering."
CERTIFICATE_REFUSED = "Vonage's certificate isn't valid."
FILE_TOO_SLOW = "Reading the directory's CSV file took too long."
BAD_PARAMETERS = "Vonage didn't accept my request."
UNEXPECTED_REPLY = "I couldn't read Vonage's answer."
WRONG_PATH = "Vonage doesn't know the address I'm calling."
OTHER_EXTENSION = "Vonage answered with a different extension."
GONE_UNCONFIRMED = "Vonage now says this extension doesn't exist. I'll check again to be sure."
UNASSIGNED_UNCONFIRMED = "Vonage now says nobody is assigned. I'll check again to be sure."
LOSS_UNCONFIRMED = "Vonage's new answer has details missing. I'll check again to be sure."
INCONSISTENT_LIST = "Vonage's list of extensions contradicts itself, so I couldn't read all of it."
UNREADABLE_ROWS = "Vonage's list of extensions has too many entries that I can't read."
INVALID_FILE = "I can't read the directory's CSV file."
NO_SUCH_EXTENSION = "Vonage has no such extension."
UNKNOWN_FAILURE = "Vonage couldn't answer."


def ask_for_doctor(contact: str = "") -> str:
    """Return the advice to ask `contact` (mrkdwn, or empty) to run `doctor`."""
    return ASK_FOR_DOCTOR.format(contact=contact or UNKNOWN_CONTACT)


def tell_if_again(contact: str = "") -> str:
    """Return the advice to try again, and whom to tell if that doesn't help."""
    return TELL_IF_AGAIN.format(contact=contact or UNKNOWN_CONTACT)


def _try_again(error: SourceError, _: str) -> str:
    wait = after(error.retry_after) if error.retry_after else IN_A_MINUTE
    return TRY_AGAIN.format(wait=wait)


def _ask_for_doctor(_: SourceError, contact: str) -> str:
    return ask_for_doctor(contact)


def _tell_if_again(_: SourceError, contact: str) -> str:
    return tell_if_again(contact)


def _check_number(_: SourceError, __: str) -> str:
    return CHECK_NUMBER


# What happened, and the function that says what to do about it.
_WORDS: dict[type[SourceError], tuple[str, Callable[[SourceError, str], str]]] = {
    LoginRefused: (LOGIN_REFUSED, _ask_for_doctor),
    NotAuthorized: (NOT_AUTHORIZED, _ask_for_doctor),
    Forbidden: (FORBIDDEN, _ask_for_doctor),
    OverQuota: (OVER_QUOTA, _try_again),
    Unavailable: (UNAVAILABLE, _try_again),
    CertificateRefused: (CERTIFICATE_REFUSED, _ask_for_doctor),
    FileTooSlow: (FILE_TOO_SLOW, _try_again),
    BadParameters: (BAD_PARAMETERS, _tell_if_again),
    UnexpectedReply: (UNEXPECTED_REPLY, _tell_if_again),
    WrongPath: (WRONG_PATH, _ask_for_doctor),
    OtherExtension: (OTHER_EXTENSION, _tell_if_again),
    Contradiction: (LOSS_UNCONFIRMED, _try_again),
    InconsistentList: (INCONSISTENT_LIST, _ask_for_doctor),
    UnreadableRows: (UNREADABLE_ROWS, _ask_for_doctor),
    InvalidFile: (INVALID_FILE, _ask_for_doctor),
    NotFound: (NO_SUCH_EXTENSION, _check_number),
    SourceError: (UNKNOWN_FAILURE, _try_again),
}


def what_happened(error: SourceError) -> str:
    """Return one sentence that says what the source did."""
    if isinstance(error, OverQuota) and (error.retry_after or 0) > ABOUT_A_MINUTE:
        return OVER_QUOTA_FOR_LONG
    if isinstance(error, Contradiction):
        return _unconfirmed(error.lost)
    return _words_for(error)[0]


def _unconfirmed(lost: frozenset[str]) -> str:
    """Say what an answer takes away. It names no detail, which may be for admins only."""
    if "extension" in lost:
        return GONE_UNCONFIRMED
    return UNASSIGNED_UNCONFIRMED if "user" in lost else LOSS_UNCONFIRMED


def what_to_do(error: SourceError, contact: str = "") -> str:
    """Return one or two sentences that say what the person can do now.

    `contact` names whom to ask for help, as mrkdwn; if empty, the text names nobody.
    """
    return _words_for(error)[1](error, contact)


def _words_for(error: SourceError) -> tuple[str, Callable[[SourceError, str], str]]:
    """Return the words for the error's class, or else for its nearest base class."""
    return next(_WORDS[kind] for kind in type(error).__mro__ if kind in _WORDS)
