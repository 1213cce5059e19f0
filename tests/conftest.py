"""What every test stands on: a clean environment, and no waiting for retries."""

from __future__ import annotations

import os

import hypothesis
import pytest

from bot import settings

FOREIGN = ("VONAGE_", "SLACK_")

# Both profiles switch off what hypothesis measures in wall-clock time (the deadline of an example
# and the speed of data generation): a busy machine would fail tests that are right. CI derives the
# examples from the test itself, so that the same commit always gets the same verdict; a local run
# explores new examples each time and keeps the failing ones in .hypothesis.
WITHOUT_CLOCK = hypothesis.settings(
    deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.register_profile("local", WITHOUT_CLOCK)
hypothesis.settings.register_profile("ci", WITHOUT_CLOCK, derandomize=True, database=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "local")


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
