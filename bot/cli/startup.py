"""What the commands say when they start: the version, the peers, and names that Ext ignores."""

from __future__ import annotations

import logging
import platform
from urllib.parse import urlsplit

from bot import __version__
from bot.settings import Settings, misnamed

log = logging.getLogger(__name__)


def log_start(settings: Settings) -> None:
    """Log the version and what the bot talks to, and warn of names that Ext ignores."""
    versions = f"Ext {__version__}, Python {platform.python_version()}"
    log.info("%s; %s", versions, describe_peers(settings))
    for warning in name_warnings():
        log.warning("%s", warning)


def name_warnings() -> list[str]:
    """Return a sentence for each name in the environment or `.env` that looks like a setting."""
    return [f"{unknown.seen}. {unknown.remedy}" for unknown in misnamed()]


def describe_peers(settings: Settings) -> str:
    """Return the hosts of Slack and Vonage, the account and the quota, for the log."""
    slack = urlsplit(settings.slack_api_url).hostname
    if settings.directory_csv:
        return f"Slack is {slack}; the directory is {settings.directory_csv}"
    vonage = urlsplit(settings.vonage_base_url).hostname
    return (
        f"Slack is {slack}; Vonage is {vonage}, account {settings.vonage_account_id}, "
        f"{settings.vonage_requests_per_minute} calls a minute"
    )
