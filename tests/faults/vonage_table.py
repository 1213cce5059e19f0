"""The faults of Vonage: how each is switched on and off, and how soon all is well after it.

What people see meanwhile is not written here: the run observes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.faults import network
from tests.faults.in_process import READ_EVERY_S, VONAGE, BotUnderFaults
from tests.faults.network import Failure

Switch = Callable[[BotUnderFaults], None]
RECOVERY_S = 30.0
AFTER_READING_S = 90.0  # a reading that was given up is repeated after a minute
AFTER_LOGIN_S = 31 * 60.0  # Vonage locks a user for half an hour after a refused login


@dataclass(frozen=True, slots=True)
class VonageFault:
    """One row of the matrix.

    `lookup_within_s` and `reading_within_s` are how long after the end of the fault a lookup is
    right and the whole directory is read; `why` says in the document why that is more than 30 s.
    `is_plausible` marks answers that can't be told from true ones, if they last. `max_logins` are
    the logins and renewals that may be tried until the fault ends.
    """

    name: str
    on: Switch
    lookup_within_s: float = RECOVERY_S
    reading_within_s: float = RECOVERY_S
    why: str = ""
    is_plausible: bool = False
    max_logins: int = 3
    read_every_s: float = READ_EVERY_S
    off: Switch = lambda bot: bot.end_faults()


def _api(fault: str, value: float | None = None, *, path: str = "", **options: object) -> Switch:
    """Switch a fault of the fake API on, with options of the API."""

    def on(bot: BotUnderFaults) -> None:
        for name, option in options.items():
            bot.vonage.options.change(name, option)
        bot.vonage.faults.on(fault, value, path=path)

    return on


def _once(fault: str) -> Switch:
    return lambda bot: bot.vonage.faults.on(fault, calls=1)


def _connection(failure: Failure) -> Switch:
    return lambda bot: bot.network.failures.update({VONAGE: failure})


def _no_refresh_token(bot: BotUnderFaults) -> None:
    bot.vonage.tokens.spend_refresh_tokens()


def _login(fault: str) -> Switch:
    """Switch a fault of the token endpoint on, when the next call needs a login."""

    def on(bot: BotUnderFaults) -> None:
        bot.vonage.tokens.spend_refresh_tokens()
        bot.vonage.faults.on(fault)

    return on


# One refused login is all that Ext risks in half an hour. (A reading a minute for so long would
# only take time.)
_REFUSED_LOGIN: dict[str, Any] = {
    "lookup_within_s": AFTER_LOGIN_S,
    "reading_within_s": AFTER_LOGIN_S,
    "why": "30 min after the refused login",
    "read_every_s": 900.0,
}
_REFUSED_TOKEN: dict[str, Any] = {"max_logins": 8}  # one every 25 s
_FAILED_LOGIN: dict[str, Any] = {"max_logins": 20}  # one every few seconds
_BAD_LIST: dict[str, Any] = {"reading_within_s": AFTER_READING_S, "why": "the whole list in 90 s"}
_PLAUSIBLE: dict[str, Any] = {"is_plausible": True, **_BAD_LIST}

VONAGE_FAULTS = (
    VonageFault("connection refused", _connection(network.refused)),
    VonageFault("host name unknown", _connection(network.no_such_host)),
    VonageFault("certificate not trusted", _connection(network.untrusted_certificate)),
    VonageFault("connection reset in a response", _api("reset"), **_FAILED_LOGIN),
    VonageFault("500", _api("server_error"), **_FAILED_LOGIN),
    VonageFault("502 with an HTML page", _api("html_502"), **_FAILED_LOGIN),
    VonageFault("503, nothing else", _api("down"), **_FAILED_LOGIN),
    VonageFault("503 with Retry-After", _api("maintenance"), **_BAD_LIST, **_FAILED_LOGIN),
    VonageFault("429, time as a date", _api("throttled", 20)),
    VonageFault("429, time in seconds", _api("throttled", 20, retry_after="seconds")),
    VonageFault("429 without a time", _api("throttled", 20, retry_after="none")),
    VonageFault("429 in the gateway's newer form", _api("throttled", 20, fault_style="flat")),
    VonageFault("throttle with 503", _api("throttled", 20, throttle_status=503)),
    VonageFault(
        "throttle with 200", _api("throttled", 20, throttle_status=200, retry_after="none")
    ),
    VonageFault("401 once", _once("unauthorized")),
    VonageFault("401 always", _api("unauthorized"), **_REFUSED_TOKEN),
    VonageFault("401, wrong kind of user", _api("wrong_user"), **_REFUSED_TOKEN),
    VonageFault("401 in an unknown form", _api("token_problem"), **_REFUSED_TOKEN),
    VonageFault("403, not subscribed", _api("not_subscribed")),
    VonageFault("403, path unknown", _api("no_resource"), **_BAD_LIST),
    VonageFault("404 from the gateway", _api("gone"), **_BAD_LIST),
    VonageFault("404 from a web framework", _api("framework_404"), **_BAD_LIST),
    VonageFault("404, “Extension not found”", _api("not_found")),
    VonageFault("refresh token spent", _no_refresh_token),
    VonageFault("login refused: password", _login("login_refused"), **_REFUSED_LOGIN),
    VonageFault("login refused: user locked", _login("login_locked"), **_REFUSED_LOGIN),
    VonageFault("login refused: client", _login("client_refused"), **_REFUSED_LOGIN),
    VonageFault("login without a token", _login("no_access_token"), **_BAD_LIST, **_FAILED_LOGIN),
    VonageFault("no answer (hang)", _api("hang"), **_FAILED_LOGIN),
    VonageFault("answer byte by byte (drip)", _api("drip"), **_FAILED_LOGIN),
    VonageFault("body cut off", _api("truncated"), **_BAD_LIST, **_FAILED_LOGIN),
    VonageFault("body empty", _api("empty"), **_BAD_LIST, **_FAILED_LOGIN),
    VonageFault("not JSON", _api("malformed"), **_BAD_LIST, **_FAILED_LOGIN),
    VonageFault("not UTF-8", _api("not_utf8"), **_BAD_LIST, **_FAILED_LOGIN),
    VonageFault("an array", _api("not_an_object"), **_BAD_LIST, **_FAILED_LOGIN),
    VonageFault("every field of a wrong type", _api("wrong_types"), **_BAD_LIST),
    VonageFault("user is a text", _api("user_as_text"), **_BAD_LIST),
    VonageFault("every record is an error", _api("error_records"), **_BAD_LIST),
    VonageFault("nulls for all values", _api("nulls"), **_PLAUSIBLE),
    VonageFault("users missing", _api("no_users"), **_PLAUSIBLE),
    VonageFault("no envelope", _api("missing_embedded"), **_BAD_LIST),
    VonageFault("envelope empty", _api("empty_embedded"), **_BAD_LIST),
    VonageFault("envelope null", _api("null_embedded"), **_BAD_LIST),
    VonageFault("0 items for a number", _api("zero_items")),
    VonageFault("another extension", _api("other_extension")),
    VonageFault("numbers as texts", _api("numbers_as_strings")),
    VonageFault("body of 9 MB", _api("huge"), **_BAD_LIST, **_FAILED_LOGIN),
    VonageFault("gzip bomb", _api("gzip_bomb"), **_BAD_LIST, **_FAILED_LOGIN),
    VonageFault("JSON bomb: empty rows", _api("rows_of_nothing", 1), **_BAD_LIST),
    VonageFault("JSON bomb: nested", _api("deeply_nested", 1), **_BAD_LIST),
    # As many as are read in the event loop: a thread would end before or after the first page.
    VonageFault("2,000 direct numbers", _api("many_dids", 2_000, path="/extensions/789")),
    VonageFault("40 kB of cookies", _api("cookies")),
    VonageFault("redirect to another host", _api("redirect"), **_BAD_LIST, **_FAILED_LOGIN),
    VonageFault("endless pages", _api("endless_pages"), **_BAD_LIST),
    VonageFault("same page again and again", _api("document_mock"), **_BAD_LIST),
    VonageFault("total is negative", _api("wrong_total_items"), **_BAD_LIST),
    VonageFault("rows move between pages", _api("moving_rows", 3)),
)
