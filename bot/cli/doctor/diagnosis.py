"""A failure of Vonage and what was heard of it, to what was seen and what to do. Pure."""

from __future__ import annotations

from bot.cli.doctor.response_recorder import ResponseRecorder
from bot.errors import BadParameters, Forbidden, NotAuthorized, OverQuota
from bot.settings import Settings

Diagnosis = tuple[str, str]

PORTAL = "the API manager (apimanager.uc.vonage.com)"
KEYS = "consumer key and secret of the app's Production Keys"
USER = (
    "a VBC integration user (admin.vonage.com, Phone System, Users): type Account Administrator, "
    "without an extension, without SSO; not the developer login (*.api)"
)
OFTEN = "Be sparing with tries: refused logins make Vonage lock the user for 30 minutes."

LOGINS: dict[str, Diagnosis] = {
    "invalid_client": (
        "Vonage does not know the app (invalid_client)",
        f"Copy VONAGE_CLIENT_ID and VONAGE_CLIENT_SECRET again: {KEYS}, from {PORTAL}.",
    ),
    "invalid_grant": (
        "Vonage knows the app, but refuses the user (invalid_grant)",
        f"Check VONAGE_USERNAME and VONAGE_PASSWORD, which are those of {USER}. {OFTEN}",
    ),
    "locked": (
        "the user is locked after too many refused logins (17003)",
        "Stop everything that logs in as VONAGE_USERNAME, wait 30 minutes without a try, and see "
        "that VONAGE_PASSWORD is right before the next.",
    ),
    "unauthorized_client": (
        "the app may not log in with a password (unauthorized_client)",
        f"Tick the Password grant of its Production Keys in {PORTAL} and generate the keys anew.",
    ),
}
LOGINS["unsupported_grant_type"] = LOGINS["unauthorized_client"]

TOKEN_URL = "Check VONAGE_TOKEN_URL, which is best not set at all."  # noqa: S105 - words
BASE_URL = (
    "Check VONAGE_BASE_URL, which is best not set at all; otherwise it ends with /provisioning or "
    "/provisioning/v1, and whether your account answers at both is worth a try."
)
ACCOUNT = "Set VONAGE_ACCOUNT_ID to self, or to the number of the account that the user belongs to."
DOWN = "Vonage has a fault: try again in some minutes. If it stays, check {name}."
REACH = "Check {name} and this machine's way out (firewall, proxy, DNS)."

_FORBIDDEN: dict[str, Diagnosis] = {
    "900907": (
        "the app's subscription is blocked (900907)",
        f"Ask your Vonage representative, or subscribe it to Provisioning anew in {PORTAL}.",
    ),
    "900910": (
        "the token lacks a scope (900910)",
        f"In {PORTAL} subscribe the app to Provisioning and generate its Production Keys anew.",
    ),
}
_FORBIDDEN["900909"] = _FORBIDDEN["900907"]
_SUBSCRIBE: Diagnosis = (
    "the app may not use the Provisioning API",
    f"Subscribe the app of VONAGE_CLIENT_ID to the Provisioning suite in {PORTAL}.",
)


def of_login(heard: ResponseRecorder) -> Diagnosis:
    """Say why a login was refused, or why its answer was none."""
    if known := LOGINS.get(heard.oauth_error):
        return known
    if heard.status in (400, 401, 403) and not heard.is_page:
        return (
            f"Vonage refuses the login without a known reason (status {heard.status})",
            f"Check the four: VONAGE_CLIENT_ID, VONAGE_CLIENT_SECRET, VONAGE_USERNAME and "
            f"VONAGE_PASSWORD. {OFTEN}",
        )
    return _no_api(heard, "no token"), TOKEN_URL


def of_call(error: Exception, heard: ResponseRecorder, settings: Settings) -> Diagnosis:
    """Say why a call of the API failed that was answered."""
    match error:
        case NotAuthorized():
            return _not_authorised(heard, settings)
        case Forbidden():
            return (BASE_PAGE, BASE_URL) if heard.is_page else _forbidden(heard)
        case OverQuota():
            return _over_quota(settings)
        case BadParameters():
            return _bad_parameters(error, settings)
    if heard.code == "900906":
        return "the gateway does not know this path (900906)", BASE_URL
    if heard.status == 200 and heard.content:
        keys = ", ".join(heard.envelope) or "nothing"
        return f"an envelope that Ext does not know: _embedded has {keys}", UNKNOWN_ENVELOPE
    return _no_api(heard, "nothing of the API"), BASE_URL


BASE_PAGE = "a web page answers in place of the API"
UNKNOWN_ENVELOPE = (
    "Check VONAGE_BASE_URL. If it is right, Vonage has changed its answers: please report this "
    "line to those who keep Ext."
)


def _no_api(heard: ResponseRecorder, what: str) -> str:
    if heard.is_page:
        return BASE_PAGE
    if 300 <= heard.status < 400:
        return f"the address leads elsewhere (status {heard.status}), which Ext does not follow"
    return f"{what} in the answer (status {heard.status})"


def _not_authorised(heard: ResponseRecorder, settings: Settings) -> Diagnosis:
    if settings.vonage_access_token and not heard.misses_user:
        return (
            "VONAGE_ACCESS_TOKEN is not accepted: it has expired, or is none",
            "Put a new one in, or better the login in its place: VONAGE_CLIENT_ID, "
            "VONAGE_CLIENT_SECRET, VONAGE_USERNAME and VONAGE_PASSWORD. Tokens last a day.",
        )
    if heard.misses_user:
        return (
            "the user is of the wrong kind (401, missing user data)",
            f"VONAGE_USERNAME must be {USER}.",
        )
    return (
        "the token that was just given is not accepted",
        "VONAGE_TOKEN_URL and VONAGE_BASE_URL belong together: best set neither. "
        f"And VONAGE_USERNAME must be {USER}.",
    )


def _forbidden(heard: ResponseRecorder) -> Diagnosis:
    seen, remedy = _FORBIDDEN.get(heard.code, _SUBSCRIBE)
    return (seen, remedy) if heard.code in seen else (f"{seen} ({heard.code or 403})", remedy)


def _over_quota(settings: Settings) -> Diagnosis:
    ours = settings.vonage_requests_per_minute
    return (
        f"Vonage refused a call as one too many, and Ext would make {ours} a minute",
        f"Set VONAGE_REQUESTS_PER_MINUTE to what the app is allowed (its tier in {PORTAL}; new "
        "ones get 10), and let nothing else use this app. Wait a minute before you try again.",
    )


def _bad_parameters(error: BadParameters, settings: Settings) -> Diagnosis:
    names = {each.name for each in error.reasons}
    if any("size" in name for name in names):
        size = settings.vonage_page_size
        return f"pages of {size} are refused", "Set VONAGE_PAGE_SIZE to 100 or less."
    told = f": {', '.join(sorted(names))}" if names else ""
    return f"Vonage does not accept what is asked (400){told}", ACCOUNT
