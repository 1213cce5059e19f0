"""The playground's server: a page that looks like Slack, in front of the real bot.

Actions on the page go to the bot as Slack would send them, signed, by `delivery`. The bot's
messages go to the page by server-sent events. The page's files are in `page/`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.sandbox.json_types import JsonObject
from bot.sandbox.playground import attachments
from bot.sandbox.playground.demo_env import DemoEnv
from bot.sandbox.playground.feed import DEMO_USERS, Feed, sidebar_channels
from bot.sandbox.playground.loopback_only import LoopbackOnly
from bot.sandbox.playground.page_actions import ActionRefused, PageActions
from bot.sandbox.slack.uploads import download_response

PAGE = Path(__file__).with_name("page")
MAX_BODY_BYTES = 100_000  # bytes of what a page sends
MAX_WAIT_S = 1.0  # seconds after which time alone may have changed something
BATCH_DELAY_S = 0.05  # seconds in which news gather: thousands of calls would be told one by one


def create_playground(demo_env: DemoEnv) -> Starlette:
    """The page and its API as an ASGI app."""
    doings = PageActions(demo_env)
    does = {
        "say": doings.send_text,
        "press": doings.press,
        "switch": doings.set_switch,
        "expire": doings.expire_tokens,
        "size": doings.resize_company,
        "forget": doings.restart_bot,
        "turnover": doings.turnover,
        "view": doings.view_action,
        "options": doings.options,
        "shortcut": doings.shortcut,
        "home": doings.open_home,
    }
    app = Starlette(
        routes=[
            Route("/", _index),
            Mount("/page", StaticFiles(directory=PAGE)),
            Route("/api/stream", _stream),
            Route(f"{attachments.PATH}/{{file_id}}", _file),
            *(
                Route(f"/api/{name}", _action_endpoint(do), methods=["POST"])
                for name, do in does.items()
            ),
        ],
        middleware=[Middleware(LoopbackOnly, is_page=True)],
    )
    app.state.demo_env = demo_env
    return app


async def _index(_request: Request) -> Response:
    return FileResponse(PAGE / "index.html")


async def _stream(request: Request) -> Response:
    """Server-sent events: first the whole state, then changes, while the page is open."""
    user = request.query_params.get("user", "")
    if user not in DEMO_USERS:
        return JSONResponse({"error": f"There is nobody {user}."}, 404)
    events = _events(request.app.state.demo_env, user)
    return StreamingResponse(events, media_type="text/event-stream")


async def _file(request: Request) -> Response:
    """A file, for users who can see a message that has it attached."""
    scene, user = request.app.state.demo_env, request.query_params.get("user", "")
    there = sidebar_channels(scene, user) if user in DEMO_USERS else []
    file = attachments.find_readable_file(scene.workspace, request.path_params["file_id"], there)
    return (
        download_response(file) if file else JSONResponse({"error": "There is no such file."}, 404)
    )


async def _events(scene: DemoEnv, user: str) -> AsyncIterator[str]:
    feed, rung = Feed(scene, user), scene.change_signal.count
    yield _event(feed.first_update())
    while True:
        rung = await scene.change_signal.wait(rung, MAX_WAIT_S)
        await asyncio.sleep(BATCH_DELAY_S)
        if news := feed.next_update():
            yield _event(news)


def _event(news: JsonObject) -> str:
    # Slack's text may hold characters that end a line; in JSON they are escaped.
    return f"data: {json.dumps(news)}\n\n"


def _action_endpoint(
    do: Callable[[JsonObject], Awaitable[JsonObject]],
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        scene: DemoEnv = request.app.state.demo_env
        try:
            told = await do(await _read_request(request))
        except (ActionRefused, LookupError, TypeError, ValueError) as error:
            return JSONResponse({"error": _error_text(error)}, 400)
        finally:
            scene.change_signal.notify()
        return JSONResponse(told)

    return endpoint


def _error_text(error: Exception) -> str:
    """The error message for the person: the exception's own sentence, where it has one."""
    return str(error.args[0]) if error.args else type(error).__name__


async def _read_request(request: Request) -> JsonObject:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise ActionRefused("That is too long.")
    asked = json.loads(body)
    if not isinstance(asked, dict):
        raise ActionRefused("That is no object.")
    return asked
