"""`python -m tests.bench.fakes PEOPLE`: the fake Vonage API and the stand-in for Slack.

Prints their addresses as one line of JSON and serves until it is ended. Vonage has no quota.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress

from bot.sandbox.server import serving
from bot.sandbox.slack.app import create_slack
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.vonage.app import create_vonage
from bot.sandbox.vonage.options import Options


async def run(people: int) -> None:
    """Serve both."""
    vonage_app = create_vonage(Options(people=people, quota=0))
    async with serving(vonage_app) as vonage, serving(create_slack(Workspace())) as slack:
        print(json.dumps({"vonage": vonage, "slack": slack}), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(run(int(sys.argv[1])))
