"""`doctor`: checks settings, Slack, Vonage, the disk and the bot's address, and prints remedies.

It logs in to Vonage once and makes a few read-only calls.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator

from bot import log as log_lines
from bot.cli.doctor import csv_file, data_dir, public_url, settings, slack, vonage
from bot.cli.doctor.check import Check, Grade, render, skipped, summary
from bot.settings import Settings

MAX_COLUMNS = 100
NOT_YET = skipped("not checked until its settings are complete")


def doctor() -> int:
    """Print each check as soon as it is made; return 0 if nothing needs a fix, else 1."""
    log_lines.setup("CRITICAL")
    return asyncio.run(_print_checks())


async def _print_checks() -> int:
    checks: list[Check] = []
    section = ""
    width = min(shutil.get_terminal_size().columns, MAX_COLUMNS)
    async for heading, check in run_checks():
        if heading != section:
            print(f"\n{heading}" if section else heading, flush=True)
            section = heading
        print(render(check, width=width, color=sys.stdout.isatty()), flush=True)
        checks.append(check)
    print(f"\n{summary(checks)}")
    return int(any(check.grade is Grade.FIX for check in checks))


async def run_checks() -> AsyncIterator[tuple[str, Check]]:
    """Make every check that the settings allow; yield each with its section's heading."""
    examined = settings.examine()
    for check in examined.checks:
        yield "Settings", check
    if examined.has_slack:
        async for check in slack.checks(examined.settings):
            yield "Slack", check
    else:
        yield "Slack", NOT_YET
    if examined.has_source:
        async for heading, check in _source_checks(examined.settings):
            yield heading, check
    else:
        yield "Vonage", NOT_YET
    async for check in _own_checks(examined.settings):
        yield "Ext", check


async def _own_checks(checked: Settings) -> AsyncIterator[Check]:
    """Check Ext's own folder and its own address."""
    for check in data_dir.checks(checked.data_dir):
        yield check
    if checked.public_url:
        async for check in public_url.checks(checked.public_url):
            yield check


async def _source_checks(checked: Settings) -> AsyncIterator[tuple[str, Check]]:
    """Check the directory's source: the CSV file if one is set, else Vonage."""
    if checked.directory_csv:
        for check in csv_file.checks(checked.directory_csv, checked):
            yield "CSV file", check
    else:
        async for check in vonage.checks(checked):
            yield "Vonage", check
