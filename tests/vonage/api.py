"""A scripted API for the client's tests: it gives prepared answers and records the requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

import httpx

from bot.metrics import Metrics
from bot.settings import Secret
from bot.tasks import Tasks
from bot.vonage.auth import Login, StaticToken
from bot.vonage.client import VonageClient
from bot.vonage.login_store import Credentials, LoginStore
from tests.clock import Clock
from tests.vonage.samples import reply

BASE = "https://api.example/t/vbc.prod/provisioning"
TOKEN_URL = "https://api.example/token"
EPOCH_S = 1_788_624_000.0  # 2026-09-05 16:00:00 UTC, when a login begins
CREDENTIALS = Credentials(
    Secret("key"), Secret("key-secret"), Secret("integration"), Secret("p@ss word&=%")
)

Answer = Callable[[httpx.Request], Any]


def soon(seconds: float = 5.0) -> float:
    """A deadline, in the event loop's time."""
    return asyncio.get_running_loop().time() + seconds


class Api:
    """Gives `answers` in their order, the last one for ever; records calls and logins."""

    def __init__(self, *answers: httpx.Response | Answer, tokens: list[Any] | None = None) -> None:
        self.answers = list(answers)
        self.tokens = tokens if tokens is not None else []
        self.calls: list[httpx.Request] = []
        self.logins: list[dict[str, str]] = []

    @property
    def paths(self) -> list[str]:
        """The paths that were requested, as sent."""
        return [call.url.raw_path.decode() for call in self.calls]

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        if str(request.url) == TOKEN_URL:
            return await self._login(request)
        self.calls.append(request)
        return await _next_answer(self.answers, request)

    async def _login(self, request: httpx.Request) -> httpx.Response:
        form = parse_qs(request.content.decode(), keep_blank_values=True)
        self.logins.append({name: values[0] for name, values in form.items()})
        if self.tokens:
            return await _next_answer(self.tokens, request)
        return granted(f"token-{len(self.logins)}", refresh=f"refresh-{len(self.logins)}")


async def _next_answer(answers: list[Any], request: httpx.Request) -> httpx.Response:
    answer = answers.pop(0) if len(answers) > 1 else answers[0]
    if isinstance(answer, Exception):
        raise answer
    if callable(answer):
        answer = answer(request)
        answer = await answer if asyncio.iscoroutine(answer) else answer
    assert isinstance(answer, httpx.Response)
    # A response can be read once; the last answer is given many times.
    return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def granted(token: str, *, refresh: str = "", life: Any = 86400) -> httpx.Response:
    """A token response."""
    fields = {"access_token": token, "token_type": "Bearer", "scope": "openid", "expires_in": life}
    return reply(200, fields | ({"refresh_token": refresh} if refresh else {}))


def refused(error: str = "invalid_grant", status: int = 400) -> httpx.Response:
    """A refused login, with a text that must never be shown."""
    return reply(status, {"error": error, "error_description": "17002 - failed for integration"})


@asynccontextmanager
async def client_of(
    api: Api,
    *,
    static: bool = False,
    per_minute: int = 10_000,
    min_patience_s: float = 5.0,
    metrics: Metrics | None = None,
) -> AsyncIterator[VonageClient]:
    """A client of the scripted API."""
    tasks = Tasks()
    async with httpx.AsyncClient(transport=httpx.MockTransport(api)) as http:
        login = Login(http, token_url=TOKEN_URL, credentials=CREDENTIALS, clock=Clock())
        yield VonageClient(
            http,
            base_url=BASE,
            account_id="self",
            auth=StaticToken(Secret("static")) if static else login,
            requests_per_minute=per_minute,
            tasks=tasks,
            min_patience_s=min_patience_s,
            metrics=metrics,
        )
        await tasks.drain(0)


@asynccontextmanager
async def login_of(
    api: Api,
    clock: Clock,
    credentials: Credentials = CREDENTIALS,
    *,
    metrics: Metrics | None = None,
    store: LoginStore | None = None,
    wall_clock: Callable[[], float] | None = None,
) -> AsyncIterator[Login]:
    """A login at the scripted API; its two clocks agree unless a `wall_clock` is given."""
    began = 1_000_000.0  # when every `Clock` begins
    async with httpx.AsyncClient(transport=httpx.MockTransport(api)) as http:
        yield Login(
            http,
            token_url=TOKEN_URL,
            credentials=credentials,
            store=store,
            metrics=metrics,
            clock=clock,
            wall_clock=wall_clock or (lambda: EPOCH_S + clock() - began),
        )
