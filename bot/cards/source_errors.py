"""What to say about each way in which Vonage can fail: what happened, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable

from bot.cards import time_text
from bot.errors import (
    BadParameters,
    Forbidden,
    LoginRefused,
    NotAuthorized,
    NotFound,
    OverQuota,
    SourceError,
    Unavailable,
    UnexpectedReply,
)

UNKNOWN_CONTACT = "the person who set up Ext"
ASK_FOR_DOCTOR = "Please ask {contact} to run `python -m bot doctor`: it shows what to fix."
NO_CALLS_FOR_LONG = "Vonage allows me no more calls for now."
TELL_IF_AGAIN = "Please try again. If it keeps happening, tell {contact}."


def ask_for_doctor(contact: str = "") -> str:
    """Return the request to have the operator run `doctor`; `contact` is mrkdwn or empty."""
    return ASK_FOR_DOCTOR.format(contact=contact or UNKNOWN_CONTACT)


def tell_if_again(contact: str = "") -> str:
    """Return the request to try again, and whom to tell if that doesn't help."""
    return TELL_IF_AGAIN.format(contact=contact or UNKNOWN_CONTACT)


def _try_again(error: SourceError, _: str) -> str:
    wait = time_text.after(error.retry_after) if error.retry_after else "in a minute"
    return f"Please try again {wait}."


def _ask_for_doctor(_: SourceError, contact: str) -> str:
    return ask_for_doctor(contact)


def _tell_if_again(_: SourceError, contact: str) -> str:
    return tell_if_again(contact)


def _check_number(_: SourceError, __: str) -> str:
    return "Please check the number: somebody may have moved or left."


_WORDS: dict[type[SourceError], tuple[str, Callable[[SourceError, str], str]]] = {
    LoginRefused: ("Vonage refused my login.", _ask_for_doctor),
    NotAuthorized: ("Vonage no longer accepts my access.", _ask_for_doctor),
    Forbidden: ("Vonage does not let Ext read this directory.", _ask_for_doctor),
    OverQuota: ("Vonage allows me no more calls this minute.", _try_again),
    Unavailable: ("Vonage is not answering.", _try_again),
    BadParameters: ("Vonage did not accept what I asked.", _tell_if_again),
    UnexpectedReply: ("Vonage answered with something I cannot read.", _tell_if_again),
    NotFound: ("Vonage has no such extension.", _check_number),
    SourceError: ("Vonage could not answer.", _try_again),
}


def what_happened(error: SourceError) -> str:
    """Return one sentence: what Vonage did."""
    if isinstance(error, OverQuota) and (error.retry_after or 0) > time_text.ABOUT_A_MINUTE:
        return NO_CALLS_FOR_LONG
    return _entry(error)[0]


def what_to_do(error: SourceError, contact: str = "") -> str:
    """Return one or two sentences: what the person can do now.

    `contact` is mrkdwn for whom to tell; without it the words stay neutral.
    """
    return _entry(error)[1](error, contact)


def _entry(error: SourceError) -> tuple[str, Callable[[SourceError, str], str]]:
    return next(_WORDS[kind] for kind in type(error).__mro__ if kind in _WORDS)
