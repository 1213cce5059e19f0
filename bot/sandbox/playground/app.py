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
MAX_BODY_BYTES = 100_000
MAX_WAIT_S = 1.0  # time alone changes some state, such as the calls of the last minute
# Changes are collected for this long: thousands of calls would otherwise be thousands of events.
BATCH_DELAY_S = 0.05


def create_playground(demo_env: DemoEnv) -> Starlette:
    """The page and its API as an ASGI app."""
    page_actions = PageActions(demo_env)
    actions = {
        "send": page_actions.send_text,
        "press": page_actions.press,
        "view": page_actions.view_action,
        "options": page_actions.options,
        "shortcut": page_actions.shortcut,
        "home": page_actions.open_home,
        "switch": page_actions.set_switch,
        "expire": page_actions.expire_tokens,
        "resize": page_actions.resize_company,
        "restart": page_actions.restart_bot,
        "turnover": page_actions.turnover,
    }
    app = Starlette(
        routes=[
            Route("/", _index),
            Mount("/page", StaticFiles(directory=PAGE)),
            Route("/api/stream", _stream),
            Route(f"{attachments.PATH}/{{file_id}}", _file),
            *(
                Route(f"/api/{name}", _action_endpoint(action), methods=["POST"])
                for name, action in actions.items()
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
        return JSONResponse({"error": f"There is no user {user}."}, 404)
    events = _events(request.app.state.demo_env, user)
    return StreamingResponse(events, media_type="text/event-stream")


async def _file(request: Request) -> Response:
    """A file, for users who can see a message that has it attached."""
    demo_env, user = request.app.state.demo_env, request.query_params.get("user", "")
    channel_ids = sidebar_channels(demo_env, user) if user in DEMO_USERS else []
    file_id = request.path_params["file_id"]
    file = attachments.find_readable_file(demo_env.workspace, file_id, channel_ids)
    return (
        download_response(file) if file else JSONResponse({"error": "There's no such file."}, 404)
    )


async def _events(demo_env: DemoEnv, user: str) -> AsyncIterator[str]:
    feed, last_count = Feed(demo_env, user), demo_env.change_signal.count
    yield _event(feed.first_update())
    while True:
        last_count = await demo_env.change_signal.wait(last_count, MAX_WAIT_S)
        await asyncio.sleep(BATCH_DELAY_S)
        if update := feed.next_update():
            yield _event(update)


def _event(update: JsonObject) -> str:
    # Slack's text can contain line ends, which would end the event; JSON escapes them.
    return f"data: {json.dumps(update)}\n\n"


def _action_endpoint(
    action: Callable[[JsonObject], Awaitable[JsonObject]],
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        demo_env: DemoEnv = request.app.state.demo_env
        try:
            result = await action(await _read_request(request))
        except (ActionRefused, LookupError, TypeError, ValueError) as error:
            return JSONResponse({"error": _error_text(error)}, 400)
        finally:
            demo_env.change_signal.notify()
        return JSONResponse(result)

    return endpoint


def _error_text(error: Exception) -> str:
    """The error message for the person: the exception's own sentence, where it has one."""
    return str(error.args[0]) if error.args else type(error).__name__


async def _read_request(request: Request) -> JsonObject:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise ActionRefused("That's too long.")
    content = json.loads(body)
    if not isinstance(content, dict):
        raise ActionRefused("The request isn't a JSON object.")
    return content
