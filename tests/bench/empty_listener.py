"""`python -m tests.bench.empty_listener KIND PORT SLACK_API_URL`: `/ext` with an empty answer.

A Bolt app that acknowledges each command and does nothing else. It is served as `bot.cli.serve`
serves Ext, and Bolt itself checks the signatures. Two kinds:

    same      with the options of Ext's own Bolt app, so it does not poll for the ack
    defaults  as on the first page of Bolt's documentation: a token and a signing secret
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import cast

import uvicorn
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.types import ASGIApp

from bot.lookup.request import COMMAND
from bot.sandbox.server import HOST
from bot.sandbox.slack.members import BOT_TOKEN
from bot.sandbox.slack.signing import SIGNING_SECRET
from bot.web.app import PATH


def same(slack_api_url: str) -> AsyncApp:
    """Return a Bolt app with Ext's options."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=BOT_TOKEN)

    return AsyncApp(
        client=AsyncWebClient(base_url=slack_api_url),
        authorize=authorize,
        signing_secret=SIGNING_SECRET,
        process_before_response=True,
    )


def defaults(slack_api_url: str) -> AsyncApp:
    """Return a Bolt app with the required options only."""
    client = AsyncWebClient(token=BOT_TOKEN, base_url=slack_api_url)
    return AsyncApp(client=client, signing_secret=SIGNING_SECRET)


KINDS: dict[str, Callable[[str], AsyncApp]] = {"same": same, "defaults": defaults}


def create_listener(kind: str, slack_api_url: str) -> ASGIApp:
    """Return the ASGI app of a kind in `KINDS`."""
    app = KINDS[kind](slack_api_url)
    app.command(COMMAND)(acknowledge)
    return cast("ASGIApp", AsyncSlackRequestHandler(app, path=PATH))


async def acknowledge(ack: AsyncAck) -> None:
    """Acknowledge the command with an empty body."""
    await ack()


def main(kind: str, port: int, slack_api_url: str) -> None:
    """Serve until a signal ends the process."""
    uvicorn.run(
        create_listener(kind, slack_api_url),
        host=HOST,
        port=port,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
