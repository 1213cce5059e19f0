"""`doctor`: checks settings, Slack, Vonage and the bot's own address, and prints remedies.

It logs in to Vonage once and makes a few read-only calls.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator

from bot import log as log_lines
from bot.cli.doctor import csv_file, public_url, settings, slack, vonage
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
    if examined.slack is None:
        yield "Slack", NOT_YET
    else:
        async for check in slack.checks(examined.slack):
            yield "Slack", check
    async for heading, check in _source_checks(examined.vonage):
        yield heading, check
    if examined.public_url:
        async for check in public_url.checks(examined.public_url):
            yield "Ext", check


async def _source_checks(source_settings: Settings | None) -> AsyncIterator[tuple[str, Check]]:
    """Check the directory's source: the CSV file if one is set, else Vonage."""
    if source_settings is None:
        yield "Vonage", NOT_YET
    elif source_settings.directory_csv:
        for check in csv_file.checks(source_settings.directory_csv, source_settings):
            yield "CSV file", check
    else:
        async for check in vonage.checks(source_settings):
            yield "Vonage", check
