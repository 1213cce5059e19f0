"""What every test stands on: a clean environment, and no waiting for retries."""

from __future__ import annotations

import os

import pytest

from bot import settings

FOREIGN = ("VONAGE_", "SLACK_")


@pytest.fixture(autouse=True)
def clean_environment(tmp_path, monkeypatch):
    """No setting of the machine and no .env reaches a test."""
    names = {field.upper() for field in settings.Settings.__dataclass_fields__}
    for name in list(os.environ):
        if name in names or name.startswith(FOREIGN):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where everything must run (CI=true), a skipped test is a failed run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and exitstatus == 0 and reporter and reporter.stats.get("skipped"):
        session.exitstatus = 1
