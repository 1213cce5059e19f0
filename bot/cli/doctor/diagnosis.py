"""Explains failures of Vonage: turns an error and a recorded response into a remedy."""

from __future__ import annotations

from bot.cli.doctor.response_recorder import ResponseRecorder
from bot.errors import BadParameters, Forbidden, NotAuthorized, OverQuota, WrongPath
from bot.settings import Settings

Diagnosis = tuple[str, str]  # what was seen, and the remedy

PORTAL = "the API manager (apimanager.uc.vonage.com)"
KEYS = "the consumer key and secret of the app's Production Keys"
USER = (
    "a VBC integration user (admin.vonage.com, Phone System, Users): type Account Administrator, "
    "without an extension, without SSO; not the developer login (*.api)"
)
LOCK_WARNING = (
    "Don't try too often: after several refused logins Vonage locks the user for 30 minutes."
)

LOGINS: dict[str, Diagnosis] = {
    "invalid_client": (
        "Vonage doesn't know the app (invalid_client)",
        f"Copy VONAGE_CLIENT_ID and VONAGE_CLIENT_SECRET again: {KEYS}, from {PORTAL}.",
    ),
    "invalid_grant": (
        "Vonage knows the app, but refuses the user (invalid_grant)",
        f"Check VONAGE_USERNAME and VONAGE_PASSWORD: they belong to {USER}. {LOCK_WARNING}",
    ),
    "locked": (
        "the user is locked after too many refused logins (17003)",
        "Stop everything that logs in as VONAGE_USERNAME, wait 30 minutes without a login, and "
        "check VONAGE_PASSWORD before you try again.",
    ),
    "unauthorized_client": (
        "the app may not log in with a password (unauthorized_client)",
        f"In {PORTAL}, tick the Password grant under Production Keys and generate the keys again.",
    ),
}
LOGINS["unsupported_grant_type"] = LOGINS["unauthorized_client"]

TOKEN_URL = "Check VONAGE_TOKEN_URL; it's best left unset."  # noqa: S105 - no token, but words
BASE_URL = (
    "Check VONAGE_BASE_URL; it's best left unset. Otherwise it ends with /provisioning or "
    "/provisioning/v1: try both, as some accounts only answer at one."
)
ACCOUNT = "Set VONAGE_ACCOUNT_ID to self, or to the number of the account the user belongs to."
DOWN = "Vonage has a problem: try again in a few minutes. If it persists, check {setting}."
UNREACHABLE = "Check {setting} and outbound network access (firewall, proxy, DNS)."

CERTIFICATE = "the certificate of {host} is refused: {reason}"
CERTIFICATE_FIX = (
    "Check {setting} for a typo, and the clock of this machine. If a proxy or firewall here opens "
    "TLS connections, set SSL_CERT_FILE to a file with its CA certificate."
)

# By the fault code of Vonage's gateway (WSO2), which the report shows too.
_FORBIDDEN: dict[str, Diagnosis] = {
    "900907": (
        "the app's subscription is blocked",
        f"Ask your Vonage representative, or subscribe the app to Provisioning again in {PORTAL}.",
    ),
    "900910": (
        "the token lacks a scope",
        f"In {PORTAL}, subscribe the app to Provisioning and generate its Production Keys again.",
    ),
}
_FORBIDDEN["900909"] = _FORBIDDEN["900907"]
_NOT_SUBSCRIBED: Diagnosis = (
    "the app may not use the Provisioning API",
    f"Subscribe the app of VONAGE_CLIENT_ID to the Provisioning suite in {PORTAL}.",
)

WEB_PAGE = "a web page answers instead of the API"
UNKNOWN_ENVELOPE = (
    "Check VONAGE_BASE_URL. If it's right, Vonage has changed its answers: please report this "
    "line to the maintainers."
)


def explain_login(recorder: ResponseRecorder) -> Diagnosis:
    """Explain a login that was refused, or whose response had no token."""
    if diagnosis := LOGINS.get(recorder.oauth_error):
        return diagnosis
    if recorder.status in (400, 401, 403) and not recorder.is_page:
        return (
            f"Vonage refuses the login for an unknown reason (status {recorder.status})",
            f"Check all four: VONAGE_CLIENT_ID, VONAGE_CLIENT_SECRET, VONAGE_USERNAME and "
            f"VONAGE_PASSWORD. {LOCK_WARNING}",
        )
    return _not_the_api(recorder, "no token"), TOKEN_URL


def explain_call(error: Exception, recorder: ResponseRecorder, settings: Settings) -> Diagnosis:
    """Explain a failed API call that got a response."""
    match error:
        case NotAuthorized():
            return _not_authorized(recorder, settings)
        case Forbidden():
            return (WEB_PAGE, BASE_URL) if recorder.is_page else _forbidden(recorder)
        case OverQuota():
            return _over_quota(settings)
        case BadParameters():
            return _bad_parameters(error, settings)
        case WrongPath():
            return _wrong_path(recorder)
    if recorder.status == 200 and recorder.content:
        keys = ", ".join(recorder.envelope) or "nothing"
        return f"an envelope that Ext doesn't know: _embedded has {keys}", UNKNOWN_ENVELOPE
    return _not_the_api(recorder, "nothing from the API"), BASE_URL


def _wrong_path(recorder: ResponseRecorder) -> Diagnosis:
    if recorder.code:
        return f"the gateway doesn't know this path ({recorder.code})", BASE_URL
    if recorder.is_page:
        return WEB_PAGE, BASE_URL
    if "msg" in recorder.content:
        return "Vonage has no extensions at this address (404)", f"{BASE_URL} {ACCOUNT}"
    return "nothing at this address knows the API's path (404)", BASE_URL


def _not_the_api(recorder: ResponseRecorder, finding: str) -> str:
    if recorder.is_page:
        return WEB_PAGE
    if 300 <= recorder.status < 400:
        return f"the address redirects (status {recorder.status}), and Ext follows no redirects"
    return f"{finding} in the answer (status {recorder.status})"


def _not_authorized(recorder: ResponseRecorder, settings: Settings) -> Diagnosis:
    if settings.vonage_access_token and not recorder.misses_user:
        return (
            "VONAGE_ACCESS_TOKEN is not accepted: it has expired, or isn't a token",
            "Set a new one, or better the login instead: VONAGE_CLIENT_ID, "
            "VONAGE_CLIENT_SECRET, VONAGE_USERNAME and VONAGE_PASSWORD. Tokens last a day.",
        )
    if recorder.misses_user:
        return (
            "this kind of user can't read the directory (401, missing user data)",
            f"VONAGE_USERNAME must be {USER}.",
        )
    return (
        "Vonage refuses the token it has just issued",
        "VONAGE_TOKEN_URL and VONAGE_BASE_URL must belong together: best leave both unset. "
        f"And VONAGE_USERNAME must be {USER}.",
    )


def _forbidden(recorder: ResponseRecorder) -> Diagnosis:
    seen, remedy = _FORBIDDEN.get(recorder.code, _NOT_SUBSCRIBED)
    return f"{seen} ({recorder.code or 403})", remedy


def _over_quota(settings: Settings) -> Diagnosis:
    limit = settings.vonage_requests_per_minute
    return (
        f"Vonage says that's too many calls, and Ext may make {limit} a minute",
        f"Set VONAGE_REQUESTS_PER_MINUTE to what the app is allowed (its tier in {PORTAL}; new "
        "apps get 10), and let nothing else use this app. Wait a minute before you try again.",
    )


def _bad_parameters(error: BadParameters, settings: Settings) -> Diagnosis:
    names = {reason.name for reason in error.reasons}
    if any("size" in name for name in names):
        size = settings.vonage_page_size
        return f"Vonage refuses pages of {size}", "Set VONAGE_PAGE_SIZE to 100 or less."
    detail = f": {', '.join(sorted(names))}" if names else ""
    return f"Vonage refuses the request's parameters (400){detail}", ACCOUNT
