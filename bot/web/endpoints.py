"""What an operator's machines ask: is it alive, can it answer, how much does it do?

/healthz is about the process alone. /readyz says what stands in the way of an answer; that
Vonage is down does not, because the last known answers and notices are given then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import NotAuthorized
from bot.metrics import CONTENT_TYPE, Metrics
from bot.models import Status

ALIVE = "ok\n"
STARTING = "Ext is starting."
STOPPING = "Ext is shutting down: it finishes what was begun and takes nothing new."
SLACK_REFUSES = "Slack does not accept SLACK_BOT_TOKEN ({code}); python -m bot doctor says more."
VONAGE_REFUSES = "Vonage does not accept the login; python -m bot doctor says more."


@dataclass(slots=True)
class Health:
    """Whether the bot can answer: filled in where it is put together, read by /readyz.

    `up` while the services run, `stopping` from when the process is told to end.
    `slack_refusal` gives Slack's name for why it refuses our token, or nothing; `vonage` gives
    what the directory knows of its API.
    """

    up: bool = False
    stopping: bool = False
    slack_refusal: Callable[[], str] = lambda: ""
    vonage: Callable[[], Status] | None = None

    def reasons(self) -> list[str]:
        """Return what stands in the way, in words; nothing where all is well."""
        if self.stopping:
            return [STOPPING]
        if not self.up:
            return [STARTING]
        code = self.slack_refusal()
        found = [SLACK_REFUSES.format(code=code)] if code else []
        if self.vonage and _is_refused(self.vonage()):
            found.append(VONAGE_REFUSES)
        return found


def _is_refused(status: Status) -> bool:
    """Whether the latest that Vonage said is that it does not accept the login or the token."""
    since = status.last_answer_at or 0.0
    return isinstance(status.last_failure, NotAuthorized) and (
        (status.last_failure_at or 0.0) >= since
    )


def routes(health: Health, metrics: Metrics) -> list[Route]:
    """Return the operator's pages."""

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse(ALIVE)

    async def readyz(_request: Request) -> Response:
        reasons = health.reasons()
        told = {"ready": not reasons, "reasons": reasons}
        return JSONResponse(told, status_code=503 if reasons else 200)

    async def counts(_request: Request) -> Response:
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", counts)]
