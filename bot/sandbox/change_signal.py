"""A signal that something may have changed, for pages that show it as it happens."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.types import ASGIApp, Receive, Scope, Send


class ChangeSignal:
    """Wakes every waiter. `count` goes up with each change, so a change that nobody waits for isn't
    lost.
    """

    def __init__(self) -> None:
        self.count = 0
        self._changed = asyncio.Event()

    def notify(self) -> None:
        """Wake every waiter."""
        self.count += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait(self, last_count: int, timeout_s: float) -> int:
        """Wait for a change after `last_count`, for `timeout_s` at most. Returns the latest
        count.
        """
        if self.count == last_count:
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await self._changed.wait()
        return self.count


class ChangeSignalMiddleware:
    """ASGI middleware that signals a change when a request arrives and when it is answered."""

    def __init__(self, app: ASGIApp, change_signal: ChangeSignal) -> None:
        self._app = app
        self._change_signal = change_signal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._change_signal.notify()
        try:
            await self._app(scope, receive, send)
        finally:
            self._change_signal.notify()
