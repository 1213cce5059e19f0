"""`doctor`: settings, Slack, Vonage and our own address checked one by one, with remedies.

It logs in to Vonage once and makes a handful of calls, of which none changes anything.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator

from bot import log as log_lines
from bot.cli.doctor import address, csv_file, settings, slack, vonage
from bot.cli.doctor.check import Check, Grade, shown, skipped, summary
from bot.settings import Settings

WIDTH = 100  # columns at most
NOT_YET = skipped("not asked until its settings are complete")


def doctor() -> int:
    """Print all checks as they are made; return 0 where all is well, 1 where not."""
    log_lines.setup("CRITICAL")
    return asyncio.run(_print())


async def _print() -> int:
    checks: list[Check] = []
    section = ""
    width = min(shutil.get_terminal_size().columns, WIDTH)
    async for heading, check in examined():
        if heading != section:
            print(f"\n{heading}" if section else heading, flush=True)
            section = heading
        print(shown(check, width=width, colour=sys.stdout.isatty()), flush=True)
        checks.append(check)
    print(f"\n{summary(checks)}")
    return int(any(check.grade is Grade.FIX for check in checks))


async def examined() -> AsyncIterator[tuple[str, Check]]:
    """Make every check that the settings allow, each with the heading it stands under."""
    own = settings.examine()
    for check in own.checks:
        yield "Settings", check
    if own.slack is None:
        yield "Slack", NOT_YET
    else:
        async for check in slack.checks(own.slack):
            yield "Slack", check
    async for heading, check in _source_checks(own.vonage):
        yield heading, check
    if own.public_url:
        async for check in address.checks(own.public_url):
            yield "Ext", check


async def _source_checks(own: Settings | None) -> AsyncIterator[tuple[str, Check]]:
    """Check where the directory comes from: the CSV file where one is set, else Vonage."""
    if own is None:
        yield "Vonage", NOT_YET
    elif own.directory_csv:
        for check in csv_file.checks(own.directory_csv, own):
            yield "CSV file", check
    else:
        async for check in vonage.checks(own):
            yield "Vonage", check
