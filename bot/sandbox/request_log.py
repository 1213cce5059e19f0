"""Records the requests to the fake Vonage API: the latest one by one, and counts of all."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.sandbox.faults import CONTROL_PATH

MAX_KEPT_REQUESTS = 10_000
MINUTE_S = 60.0


@dataclass(slots=True)
class LoggedRequest:
    """One request. `at` is in seconds since the start; `status` is `None` until it is answered."""

    method: str
    path: str
    query: tuple[str, ...]
    at: float
    request_id: str
    status: int | None = None


class RequestLog:
    """Keeps the latest requests and counts all of them. Requests to the control routes are left
    out.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.reset()

    def reset(self) -> None:
        """Forget every request and restart the time count."""
        self.started_at = self._clock()
        self.latest: deque[LoggedRequest] = deque(maxlen=MAX_KEPT_REQUESTS)
        self.total = 0
        self.api_calls = 0
        self.busiest_minute = 0
        self.templates: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self._last_minute: deque[float] = deque()

    def begin(self, method: str, path: str, query: bytes, request_id: str) -> LoggedRequest:
        """Record a request that arrives. Token requests don't count toward the busiest minute."""
        names = tuple(
            name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True)
        )
        entry = LoggedRequest(method, path, names, self._clock() - self.started_at, request_id)
        self.latest.append(entry)
        self.total += 1
        if not path.endswith("/token"):
            self.api_calls += 1
            self._count_minute(entry.at)
        return entry

    def _count_minute(self, at: float) -> None:
        self._last_minute.append(at)
        while at - self._last_minute[0] >= MINUTE_S:
            self._last_minute.popleft()
        self.busiest_minute = max(self.busiest_minute, len(self._last_minute))


class RequestLogMiddleware:
    """ASGI middleware that records each request and the status of its response."""

    def __init__(self, app: ASGIApp, request_log: RequestLog) -> None:
        self._app = app
        self._request_log = request_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Record one request."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL_PATH):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        request_id = headers.get(b"x-request-id", b"").decode("latin-1")
        entry = self._request_log.begin(
            scope["method"], scope["path"], scope["query_string"], request_id
        )

        async def send_and_record(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry.status = message["status"]
                self._request_log.statuses[message["status"]] += 1
            await send(message)

        try:
            await self._app(scope, receive, send_and_record)
        finally:
            route = scope.get("route")
            self._request_log.templates[getattr(route, "path", "(no route)")] += 1
