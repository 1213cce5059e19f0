"""What holds for every test: hypothesis's profile, clean environment, time, no silent skips."""

from __future__ import annotations

import asyncio
import logging
import os
from collections import Counter
from collections.abc import Callable

import hypothesis
import pytest

from bot import settings
from tests.simulated_time import SimulatedLoop

LoopFactory = Callable[[], asyncio.AbstractEventLoop]

FOREIGN_PREFIXES = ("VONAGE_", "SLACK_")
IS_CI = bool(os.environ.get("CI"))

# Both profiles switch off what hypothesis measures in wall-clock time (the deadline of an example
# and the speed of data generation): a busy machine would fail tests that are right. CI derives the
# examples from the test itself, so that the same commit always gets the same verdict; a local run
# explores new examples each time and keeps the failing ones in .hypothesis.
WITHOUT_CLOCK = hypothesis.settings(
    deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.register_profile("local", WITHOUT_CLOCK)
hypothesis.settings.register_profile("ci", WITHOUT_CLOCK, derandomize=True, database=None)
hypothesis.settings.load_profile("ci" if IS_CI else "local")


@pytest.fixture(autouse=True)
def clean_environment(tmp_path, monkeypatch):
    """Keep the machine's settings and its .env file away from the test."""
    names = {field.upper() for field in settings.Settings.__dataclass_fields__}
    for name in list(os.environ):
        if name in names or name.startswith(FOREIGN_PREFIXES):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def unchanged_log_levels():
    """Restore the log levels, so that a test that sets up logging hides no log from another."""
    loggers = [logging.getLogger(), logging.getLogger("bot")]
    levels = [logger.level for logger in loggers]
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def pytest_asyncio_loop_factories(item: pytest.Item) -> dict[str, LoopFactory]:
    """Run async tests in simulated time: waits cost nothing, and a busy machine is never late.

    A test with `@pytest.mark.real_time`, and the folders that say so in their conftest.py, go by
    the real clock: a process that the test starts, or a clock that the test does not wind, does.
    """
    if item.get_closest_marker("real_time"):
        return {"real": asyncio.new_event_loop}
    return {"simulated": SimulatedLoop}


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests that need a browser on one worker of pytest-xdist.

    Each worker would start a Chromium of its own, which needs more than a processor by itself.
    """
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("chromium"))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a run in CI that skipped a test: everything must be tested there.

    Workers of pytest-xdist have no terminal reporter; the controller's has the reports of all.
    """
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if IS_CI and exitstatus == 0 and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end how many tests were skipped and why, which dots do not show."""
    for reason, count in Counter(map(_reason, terminalreporter.stats.get("skipped", ()))).items():
        consequence = " A skipped test fails the run in CI." if IS_CI else ""
        terminalreporter.write_line(f"{count} skipped: {reason}.{consequence}", yellow=True)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Return why a test was skipped; pytest keeps (file, line, "Skipped: reason")."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ").rstrip(".")
