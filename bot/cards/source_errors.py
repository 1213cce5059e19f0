"""What to say about each way in which a directory's source can fail, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable

from bot.cards import time_text
from bot.errors import (
    BadParameters,
    Forbidden,
    InvalidFile,
    LoginRefused,
    NotAuthorized,
    NotFound,
    OverQuota,
    SourceError,
    Unavailable,
    UnexpectedReply,
)

TELL_OPERATOR = "Please tell whoever runs Ext: `python -m bot doctor` says what to change."
NO_CALLS_FOR_LONG = "Vonage allows me no more calls for now."
TELL_IF_AGAIN = "Please try again; if it stays like this, tell whoever runs Ext."


def _try_again(error: SourceError) -> str:
    wait = time_text.after(error.retry_after) if error.retry_after else "in a minute"
    return f"Please try again {wait}."


def _tell_operator(_: SourceError) -> str:
    return TELL_OPERATOR


def _tell_if_again(_: SourceError) -> str:
    return TELL_IF_AGAIN


def _check_number(_: SourceError) -> str:
    return "Please check the number: somebody may have moved or left."


_WORDS: dict[type[SourceError], tuple[str, Callable[[SourceError], str]]] = {
    LoginRefused: ("Vonage refused my login.", _tell_operator),
    NotAuthorized: ("Vonage no longer accepts my access.", _tell_operator),
    Forbidden: ("Vonage does not let Ext read this directory.", _tell_operator),
    OverQuota: ("Vonage allows me no more calls this minute.", _try_again),
    Unavailable: ("Vonage is not answering.", _try_again),
    BadParameters: ("Vonage did not accept what I asked.", _tell_if_again),
    UnexpectedReply: ("Vonage answered with something I cannot read.", _tell_if_again),
    InvalidFile: ("I can’t read the directory’s CSV file.", _tell_operator),
    NotFound: ("Vonage has no such extension.", _check_number),
    SourceError: ("Vonage could not answer.", _try_again),
}


def what_happened(error: SourceError) -> str:
    """Return one sentence: what Vonage did."""
    if isinstance(error, OverQuota) and (error.retry_after or 0) > time_text.ABOUT_A_MINUTE:
        return NO_CALLS_FOR_LONG
    return _entry(error)[0]


def what_to_do(error: SourceError) -> str:
    """Return one or two sentences: what the person can do now."""
    return _entry(error)[1](error)


def _entry(error: SourceError) -> tuple[str, Callable[[SourceError], str]]:
    return next(_WORDS[kind] for kind in type(error).__mro__ if kind in _WORDS)
