"""The operator's endpoints: /healthz (alive), /readyz (can answer), /metrics (Prometheus).

/healthz only says that the process runs. /readyz says what keeps the bot from answering. A Vonage
that is down doesn't: people get the last known answer, or a notice.
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
STOPPING = "Ext is shutting down: it finishes open work and takes nothing new."
SLACK_REFUSES = "Slack doesn't accept SLACK_BOT_TOKEN ({code}). Run: python -m bot doctor"
VONAGE_REFUSES = "Vonage doesn't accept the login. Run: python -m bot doctor"


@dataclass(slots=True)
class Health:
    """Whether the bot can answer, as /readyz reports it.

    `up` is true once the services run, `stopping` from the signal to shut down. `slack_refusal`
    returns Slack's error code if it refuses the token, else an empty text. `directory_status`
    returns the status of the directory, or is `None` before the services run.
    """

    up: bool = False
    stopping: bool = False
    slack_refusal: Callable[[], str] = lambda: ""
    directory_status: Callable[[], Status] | None = None

    def reasons(self) -> list[str]:
        """Return what keeps the bot from answering, as sentences; empty if all is well."""
        if self.stopping:
            return [STOPPING]
        if not self.up:
            return [STARTING]
        code = self.slack_refusal()
        reasons = [SLACK_REFUSES.format(code=code)] if code else []
        if self.directory_status and _is_refused(self.directory_status()):
            reasons.append(VONAGE_REFUSES)
        return reasons


def _is_refused(status: Status) -> bool:
    """Whether Vonage's latest answer was that it does not accept the login or the token."""
    last_answer_at = status.last_answer_at or 0.0
    return isinstance(status.last_failure, NotAuthorized) and (
        (status.last_failure_at or 0.0) >= last_answer_at
    )


def routes(health: Health, metrics: Metrics) -> list[Route]:
    """Return the routes of the endpoints."""

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse(ALIVE)

    async def readyz(_request: Request) -> Response:
        reasons = health.reasons()
        body = {"ready": not reasons, "reasons": reasons}
        return JSONResponse(body, status_code=503 if reasons else 200)

    async def metrics_text(_request: Request) -> Response:
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics_text)]
