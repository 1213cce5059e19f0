"""The operator's endpoints: /healthz (alive), /readyz (can answer), /metrics (Prometheus).

/healthz only says that the process runs. /readyz says whether the bot can answer, and what is
wrong. A copy of the directory answers even if Vonage refuses the login, so that alone does not
make the bot unready: a platform that restarted it would only cause another login. A Vonage that is
down doesn't either: people get the last known answer, or a notice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.metrics import CONTENT_TYPE, Metrics
from bot.models import Problem, Status

ALIVE = "ok\n"
STARTING = "Ext is starting."
STOPPING = "Ext is shutting down: it finishes open work and takes nothing new."
SLACK_REFUSES = "Slack doesn't accept SLACK_BOT_TOKEN ({code}). Run: python -m bot doctor"
RUN_DOCTOR = "Run: python -m bot doctor"
# What to say about each problem; all of them stand in the body, also while the bot is ready.
PROBLEMS = {
    Problem.LOGIN_REFUSED: f"Vonage refused the login. {RUN_DOCTOR}",
    Problem.TOKEN_REFUSED: f"Vonage doesn't accept the access token. {RUN_DOCTOR}",
    Problem.FORBIDDEN: f"Vonage doesn't let the app read the directory. {RUN_DOCTOR}",
    Problem.CERTIFICATE_REFUSED: f"Vonage's certificate isn't trusted here. {RUN_DOCTOR}",
    Problem.WRONG_PATH: f"Vonage doesn't know the address in VONAGE_BASE_URL. {RUN_DOCTOR}",
    Problem.INCONSISTENT_LIST: f"The list of extensions contradicts itself. {RUN_DOCTOR}",
    Problem.UNREADABLE_LIST: f"The list of extensions can't be read. {RUN_DOCTOR}",
    Problem.SUSPECT_UPDATE: (
        "The latest update lost most of its data, so the copy isn't replaced until a second one "
        "confirms it."
    ),
    Problem.DISK_FULL: (
        "The disk of DATA_DIR is full, so a restart has to read the directory again. "
        "Free some space there."
    ),
    Problem.DISK_UNWRITABLE: (
        "DATA_DIR can't be written to, so a restart has to read the directory again. "
        "Check that the disk is there and that Ext may write to it."
    ),
}
NEXT_LOGIN = "Ext logs in again at {time} UTC: until then, Vonage would lock the user for longer."


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

    def is_ready(self) -> bool:
        """Whether anybody can be answered."""
        if self.stopping or not self.up or self.slack_refusal():
            return False
        return self.directory_status is None or self.directory_status().can_answer

    def reasons(self) -> list[str]:
        """Return everything that is wrong, as sentences; empty if all is well."""
        if self.stopping:
            return [STOPPING]
        if not self.up:
            return [STARTING]
        code = self.slack_refusal()
        reasons = [SLACK_REFUSES.format(code=code)] if code else []
        if self.directory_status:
            status = self.directory_status()
            reasons += [PROBLEMS[problem] for problem in status.problems]
            if status.next_login_at is not None:
                next_login = datetime.fromtimestamp(status.next_login_at, UTC)
                reasons.append(NEXT_LOGIN.format(time=f"{next_login:%H:%M}"))
        return reasons


def routes(health: Health, metrics: Metrics) -> list[Route]:
    """Return the routes of the endpoints."""

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse(ALIVE)

    async def readyz(_request: Request) -> Response:
        is_ready = health.is_ready()
        body = {"ready": is_ready, "reasons": health.reasons()}
        return JSONResponse(body, status_code=200 if is_ready else 503)

    async def metrics_text(_request: Request) -> Response:
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics_text)]
