"""The settings: read once from the environment and `.env`, checked together, then passed on.

No other module reads the environment. All problems are reported at once, each with its remedy,
and secrets print as `***`.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import phonenumbers

from bot.errors import SettingsError
from bot.fields import HIDEABLE
from bot.limits import MAX_SETTING_S, MIN_DIRECTORY_TTL_S
from bot.setting_rules import env_file as env_files
from bot.setting_rules import secret_kinds, urls
from bot.setting_rules.names import UnknownName, unknown_names
from bot.setting_rules.regions import suggest_region

# The groups of settings that a command can need; see `load`.
SLACK = "slack"  # calls to Slack's Web API
HTTP = "http"  # requests from Slack over HTTP
SOCKET = "socket"  # requests from Slack over Socket Mode
VONAGE = "vonage"  # the directory's source: Vonage, or a CSV file in its place
EVERYTHING = (SLACK, HTTP, VONAGE)

_LOGIN = ("VONAGE_CLIENT_ID", "VONAGE_CLIENT_SECRET", "VONAGE_USERNAME", "VONAGE_PASSWORD")
_ENV_FILE = Path(".env")
_USER_ID = re.compile(r"[UW][A-Z0-9]{2,20}")
_DIGITS = re.compile(r"[0-9]{1,15}")
_REMEDY = {
    "SLACK_BOT_TOKEN": "copy the Bot User OAuth Token from your Slack app, OAuth & Permissions "
    "(starts with xoxb-)",
    "SLACK_SIGNING_SECRET": "copy it from your Slack app, Basic Information",
    "SLACK_APP_TOKEN": "create one in your Slack app, Basic Information, App-Level Tokens "
    "(starts with xapp-)",
    "VONAGE_ACCESS_TOKEN": "copy the token alone, without Bearer before it",
    "VONAGE_CLIENT_ID": "copy the consumer key of your Vonage app (Production Keys)",
    "VONAGE_CLIENT_SECRET": "copy the consumer secret of your Vonage app (Production Keys)",
    "VONAGE_USERNAME": "set it to the login name of the VBC integration user",
    "VONAGE_PASSWORD": "set it to the password of the VBC integration user",
}


class Secret:
    """A value that prints as `***`, so that no log or traceback shows it by accident."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value itself. Only send it; never log or store it."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "***" if self._value else "(not set)"

    __str__ = __repr__


NO_SECRET = Secret("")


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, checked. Names are the environment's in lower case; times are in seconds."""

    slack_bot_token: Secret = NO_SECRET
    slack_signing_secret: Secret = NO_SECRET
    slack_app_token: Secret = NO_SECRET
    slack_api_url: str = "https://slack.com/api/"
    vonage_account_id: str = "self"
    vonage_base_url: str = "https://api.vonage.com/t/vbc.prod/provisioning"
    vonage_token_url: str = "https://api.vonage.com/token"  # noqa: S105 - an address
    vonage_client_id: Secret = NO_SECRET
    vonage_client_secret: Secret = NO_SECRET
    vonage_username: Secret = NO_SECRET
    vonage_password: Secret = NO_SECRET
    vonage_access_token: Secret = NO_SECRET
    vonage_requests_per_minute: int = 10
    vonage_page_size: int = 100
    directory_csv: Path | None = None
    directory_ttl: float = 900.0
    lookup_ttl: float = 300.0
    missing_ttl: float = 60.0
    data_dir: Path = Path(".data")
    default_region: str = "US"
    admins: frozenset[str] = field(default_factory=frozenset)
    admin_only_fields: frozenset[str] = field(default_factory=frozenset)
    hidden_extensions: frozenset[str] = field(default_factory=frozenset)
    allow_guests: bool = False
    lookups_per_minute: int = 30
    audit_log: str = ""
    public_url: str = ""
    support_contact: str = ""
    host: str = "0.0.0.0"  # noqa: S104 - a PaaS routes to the container's own address
    port: int = 3000
    log_level: str = "INFO"
    log_format: str = "text"

    @property
    def account(self) -> str:
        """Return an id of the account or file that is read, as a hash without any secret in it.

        A copy of the directory is bound to this id, so that it never answers for another account.
        """
        if self.directory_csv:
            return hashlib.sha256(f"csv\n{self.directory_csv.resolve()}".encode()).hexdigest()
        parts = [self.vonage_base_url, self.vonage_account_id]
        if self.vonage_account_id == "self":  # the account of the user that logs in
            login = self.vonage_access_token or self.vonage_username
            parts.append(login.reveal())
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


NAMES = frozenset(name.upper() for name in Settings.__dataclass_fields__)


def load(*, needs: Collection[str] = EVERYTHING, env_file: Path = _ENV_FILE) -> Settings:
    """Read the environment, and `.env` for what is missing there.

    `needs` says what must be set: `SLACK`, `HTTP`, `SOCKET`, `VONAGE`. Raises `SettingsError`
    with every problem found.
    """
    settings, problems = inspect(needs=needs, env_file=env_file)
    if problems:
        raise SettingsError(problems)
    return settings


def inspect(
    *, needs: Collection[str] = EVERYTHING, env_file: Path = _ENV_FILE
) -> tuple[Settings, list[str]]:
    """Return what `load` reads, and every problem; a setting with a problem has its default."""
    file = env_files.read(env_file)
    reader = _Reader(file.values | _environment(), file.problems)
    # Of an unreadable file nobody knows what is missing.
    return _read(reader, needs if file.is_readable else ()), reader.unique_problems()


def read(source: Mapping[str, str], *, needs: Collection[str] = EVERYTHING) -> Settings:
    """Return the settings of a mapping from names to texts. Raises `SettingsError`."""
    reader = _Reader(source)
    settings = _read(reader, needs)
    if problems := reader.unique_problems():
        raise SettingsError(problems)
    return settings


def misnamed() -> list[UnknownName]:
    """Return the names in the environment and `.env` that look like settings and aren't."""
    return list(unknown_names(_environment(), env_files.read(_ENV_FILE).values, NAMES))


def is_set(name: str) -> bool:
    """Return whether the environment or `.env` has a value for a name."""
    return name in _environment() or name in env_files.read(_ENV_FILE).values


def has_display() -> bool:
    """Return whether this machine can open a browser window."""
    has_server = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    return has_server or sys.platform in ("darwin", "win32")


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if value.strip()}


def _read(reader: _Reader, needs: Collection[str]) -> Settings:
    default = Settings()
    csv_path = reader.text("DIRECTORY_CSV")
    return Settings(
        slack_bot_token=reader.secret("SLACK_BOT_TOKEN", required=SLACK in needs),
        slack_signing_secret=reader.secret("SLACK_SIGNING_SECRET", required=HTTP in needs),
        slack_app_token=reader.secret("SLACK_APP_TOKEN", required=SOCKET in needs),
        slack_api_url=reader.url("SLACK_API_URL", default.slack_api_url).rstrip("/") + "/",
        vonage_account_id=reader.account_id("VONAGE_ACCOUNT_ID", default.vonage_account_id),
        vonage_base_url=reader.url("VONAGE_BASE_URL", default.vonage_base_url).rstrip("/"),
        vonage_token_url=reader.url("VONAGE_TOKEN_URL", default.vonage_token_url),
        **reader.vonage_login(required=VONAGE in needs and not csv_path),
        vonage_requests_per_minute=reader.integer("VONAGE_REQUESTS_PER_MINUTE", 10, low=1),
        vonage_page_size=reader.integer("VONAGE_PAGE_SIZE", 100, low=1, high=1000),
        directory_csv=Path(csv_path) if csv_path else None,
        directory_ttl=reader.seconds("DIRECTORY_TTL", 900, low=MIN_DIRECTORY_TTL_S),
        lookup_ttl=reader.seconds("LOOKUP_TTL", 300),  # 0 means that nothing is cached
        missing_ttl=reader.seconds("MISSING_TTL", 60),
        data_dir=reader.folder("DATA_DIR", default.data_dir),
        default_region=reader.region("DEFAULT_REGION", default.default_region),
        admins=reader.word_set("ADMINS", pattern=_USER_ID, example="U012AB3CD,U045EF6GH"),
        admin_only_fields=reader.word_set(
            "ADMIN_ONLY_FIELDS", allowed=HIDEABLE, example="login,handsets"
        ),
        hidden_extensions=reader.word_set("HIDDEN_EXTENSIONS", pattern=_DIGITS, example="100,2001"),
        allow_guests=reader.flag("ALLOW_GUESTS"),
        lookups_per_minute=reader.integer("LOOKUPS_PER_MINUTE", 30, low=1),
        audit_log=reader.output("AUDIT_LOG"),
        public_url=reader.url("PUBLIC_URL", "").rstrip("/"),
        support_contact=reader.text("SUPPORT_CONTACT"),
        host=reader.text("HOST", default.host),
        port=reader.integer("PORT", 3000, low=0, high=65_535),
        log_level=reader.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
        log_format=reader.choice("LOG_FORMAT", "text", ("text", "json")),
    )


class _Reader:
    """Reads single settings from a mapping, and collects each problem with its remedy."""

    def __init__(self, source: Mapping[str, str], problems: Iterable[str] = ()) -> None:
        self._source = source
        self.problems = list(problems)

    def unique_problems(self) -> list[str]:
        return list(dict.fromkeys(self.problems))

    def text(self, name: str, default: str = "") -> str:
        # Dashboards of a PaaS keep the quotes and spaces that people paste with a value.
        value = self._source.get(name, "").strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        if not value.isprintable():  # a line break would end an HTTP header or a line of the log
            self.problems.append(
                f"{name} has a line break or an invisible character in it: write it again by hand."
            )
            return default
        return value or default

    def secret(self, name: str, *, required: bool = False) -> Secret:
        value = self.text(name)
        if value and (what := secret_kinds.what_is_wrong(name, value)):
            self.problems.append(f"{what}: {_REMEDY[name]}.")
        elif required and not value:
            self.problems.append(f"{name} is not set: {_REMEDY[name]}.")
        return Secret(value)

    def vonage_login(self, *, required: bool) -> dict[str, Secret]:
        token = self.secret("VONAGE_ACCESS_TOKEN")
        is_partial = any(self.text(name) for name in _LOGIN)
        needs_all = required and not token and is_partial
        login = {name: self.secret(name, required=needs_all) for name in _LOGIN}
        if required and not token and not is_partial:
            self.problems.append(
                f"Vonage's login is not set: set {', '.join(_LOGIN)}, or VONAGE_ACCESS_TOKEN "
                "instead of the four. Without Vonage, set DIRECTORY_CSV."
            )
        key, secret = self.text("VONAGE_CLIENT_ID"), self.text("VONAGE_CLIENT_SECRET")
        if key and key == secret:
            self.problems.append(
                "VONAGE_CLIENT_SECRET is the same as VONAGE_CLIENT_ID: "
                f"{_REMEDY['VONAGE_CLIENT_SECRET']}."
            )
        return {name.lower(): value for name, value in login.items()} | {
            "vonage_access_token": token
        }

    def output(self, name: str) -> str:
        """Return the path of a file to write, or `stdout`, or an empty text."""
        value = self.text(name)
        path = Path(value)
        if value in ("", "stdout"):
            return value
        if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
            self.problems.append(
                f"{name} is not a file that can be written: use another path, or stdout."
            )
        return value

    def url(self, name: str, default: str) -> str:
        value = self.text(name, default)
        example = default or "https://ext.example.com"
        if value and (problem := urls.what_is_wrong(name, value, example)):
            self.problems.append(problem)
            return default
        return value

    def account_id(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if re.fullmatch(r"[A-Za-z0-9_-]+", value):
            return value
        self.problems.append(f"{name} is not an account's number: use its digits, or {default}.")
        return default

    def folder(self, name: str, default: Path) -> Path:
        path = Path(self.text(name, str(default)))
        existing = next((each for each in (path, *path.parents) if os.path.lexists(each)), path)
        if os.path.exists(existing) and not os.path.isdir(existing):
            self.problems.append(f"{name} is a file: name a folder, such as {default}.")
        return path

    def integer(self, name: str, default: int, *, low: int, high: int = 1_000_000) -> int:
        value = self.text(name, str(default))
        if value.isdecimal() and len(value) <= len(str(high)) and low <= int(value) <= high:
            return int(value)
        self.problems.append(
            f"{name} is not a whole number from {low} to {high}: use a number such as {default}."
        )
        return default

    def seconds(self, name: str, default: float, *, low: float = 0) -> float:
        value = self.text(name, str(default))
        with suppress(ValueError):
            if low <= (number := float(value)) <= MAX_SETTING_S:  # never true of NaN
                return number
        self.problems.append(
            f"{name} is not a number of seconds from {low:g} to {MAX_SETTING_S:.0f}: "
            f"use one such as {default:g}."
        )
        return default

    def region(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if value.upper() in phonenumbers.SUPPORTED_REGIONS:
            return value.upper()
        region = suggest_region(value)
        remedy = f"use {region}" if region else f"use two letters, such as {default} or GB"
        self.problems.append(f"{name} is not the code of a country: {remedy}.")
        return default

    def choice(self, name: str, default: str, choices: Collection[str]) -> str:
        value = self.text(name, default)
        for choice in choices:
            if choice.casefold() == value.casefold():
                return choice
        self.problems.append(f"{name} has an unknown value: use {' or '.join(sorted(choices))}.")
        return default

    def flag(self, name: str) -> bool:
        value = self.text(name, "false").casefold()
        if value in ("true", "yes", "on", "1"):
            return True
        if value not in ("false", "no", "off", "0"):
            self.problems.append(f"{name} is neither true nor false: use one of the two.")
        return False

    def word_set(
        self,
        name: str,
        *,
        example: str,
        pattern: re.Pattern[str] = re.compile(".+"),
        allowed: Collection[str] = (),
    ) -> frozenset[str]:
        values = self.text(name).replace(",", " ").split()
        if any(not pattern.fullmatch(v) or (allowed and v not in allowed) for v in values):
            of_what = f" of {', '.join(allowed)}" if allowed else ""
            self.problems.append(f"{name} is not a list{of_what}: write it like {example}.")
        return frozenset(values)
