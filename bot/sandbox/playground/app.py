"""The playground: a page that feels like Slack, in front of the real bot.

What is done on the page goes to the bot as Slack would send it, signed, by `delivery`; what the
bot says is told to the page as it is, by server-sent events. The page's files are in `page/`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.sandbox.playground import attachments
from bot.sandbox.playground.demo_env import DemoEnv
from bot.sandbox.playground.feed import CAST, Feed, rooms
from bot.sandbox.playground.loopback_only import HereOnly
from bot.sandbox.playground.page_actions import Impossible, PageActions
from bot.sandbox.slack.methods.files import downloaded

PAGE = Path(__file__).with_name("page")
LARGEST = 100_000  # bytes of what a page sends
TICK = 1.0  # seconds after which time alone may have changed something
SETTLE = 0.05  # seconds in which news gather: thousands of calls would be told one by one

Told = dict[str, Any]


def create_playground(scene: DemoEnv) -> Starlette:
    """The page and what stands behind it, as an ASGI app."""
    doings = PageActions(scene)
    does = {
        "say": doings.say,
        "press": doings.press,
        "switch": doings.switch,
        "expire": doings.expire,
        "size": doings.size,
        "forget": doings.forget,
        "turnover": doings.turnover,
        "view": doings.view,
        "options": doings.options,
        "shortcut": doings.shortcut,
        "home": doings.home,
    }
    app = Starlette(
        routes=[
            Route("/", _index),
            Mount("/page", StaticFiles(directory=PAGE)),
            Route("/api/stream", _stream),
            Route(f"{attachments.PATH}/{{file_id}}", _file),
            *(Route(f"/api/{name}", _doing(do), methods=["POST"]) for name, do in does.items()),
        ],
        middleware=[Middleware(HereOnly, page=True)],
    )
    app.state.scene = scene
    return app


async def _index(_request: Request) -> Response:
    return FileResponse(PAGE / "index.html")


async def _stream(request: Request) -> Response:
    """Server-sent events: everything first, then what is new, for as long as the page is open."""
    user = request.query_params.get("user", "")
    if user not in CAST:
        return JSONResponse({"error": f"There is nobody {user}."}, 404)
    events = _events(request.app.state.scene, user)
    return StreamingResponse(events, media_type="text/event-stream")


async def _file(request: Request) -> Response:
    """A file, for somebody who sees a message that it hangs on."""
    scene, user = request.app.state.scene, request.query_params.get("user", "")
    there = rooms(scene, user) if user in CAST else []
    file = attachments.readable(scene.workspace, request.path_params["file_id"], there)
    return downloaded(file) if file else JSONResponse({"error": "There is no such file."}, 404)


async def _events(scene: DemoEnv, user: str) -> AsyncIterator[str]:
    feed, rung = Feed(scene, user), scene.bell.count
    yield _event(feed.begin())
    while True:
        rung = await scene.bell.wait(rung, TICK)
        await asyncio.sleep(SETTLE)
        if news := feed.news():
            yield _event(news)


def _event(news: Told) -> str:
    # Slack's text may hold characters that end a line; in JSON they are escaped.
    return f"data: {json.dumps(news)}\n\n"


def _doing(do: Callable[[Told], Awaitable[Told]]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        scene: DemoEnv = request.app.state.scene
        try:
            told = await do(await _asked(request))
        except (Impossible, LookupError, TypeError, ValueError) as error:
            return JSONResponse({"error": _words(error)}, 400)
        finally:
            scene.bell.ring()
        return JSONResponse(told)

    return endpoint


def _words(error: Exception) -> str:
    """What to tell the person: our own sentence, where the failure has one."""
    return str(error.args[0]) if error.args else type(error).__name__


async def _asked(request: Request) -> Told:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise Impossible("That is too long.")
    asked = json.loads(body)
    if not isinstance(asked, dict):
        raise Impossible("That is no object.")
    return asked
