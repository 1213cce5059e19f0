"""Messages at a response_url when Slack refuses them, fails, or does not answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.limits import RESPONSE_URL_PAUSES_S
from bot.metrics import Metrics
from bot.sandbox.server import serving
from bot.slack.response_urls import ResponseUrls
from tests.test_metrics import counted

ANSWER: dict[str, Any] = {"text": "John", "blocks": [{}], "response_type": "ephemeral"}
TEXT_ONLY = {"text": "John", "response_type": "ephemeral"}


class StubResponseUrl:
    """A response_url that answers with the statuses given, the last one from then on."""

    def __init__(self, *statuses: int) -> None:
        self.bodies: list[dict[str, object]] = []
        self.app = Starlette(routes=[Route("/r", self.receive, methods=["POST"])])
        self._statuses = list(statuses)

    async def receive(self, request: Request) -> Response:
        """Keep the body and answer with the next status."""
        self.bodies.append(json.loads(await request.body()))
        status = self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]
        return Response("ok" if status == 200 else "invalid_blocks", status)


@pytest.fixture
def metrics() -> Metrics:
    """The metrics that count what became of each message."""
    return Metrics()


@pytest.fixture
def post_to(session, metrics):
    """A function that posts one answer, and returns the bodies that arrived."""

    async def post_to(*statuses: int) -> list[dict[str, object]]:
        response_url = StubResponseUrl(*statuses)
        async with serving(response_url.app) as url:
            await ResponseUrls(session, metrics).post(f"{url}/r", ANSWER)
        return response_url.bodies

    return post_to


async def test_accepted_message_is_posted_once(post_to, metrics):
    """A message that Slack takes is sent once, whole."""
    assert await post_to(200) == [ANSWER]
    assert counted(metrics, "ext_answers_total") == {"response_url": 1}


async def test_message_with_refused_blocks_is_posted_as_text(post_to, metrics):
    """One bad block loses the whole message, so the text, which has the answer, is sent."""
    assert await post_to(400, 200) == [ANSWER, TEXT_ONLY]
    assert counted(metrics, "ext_answers_total") == {"response_url": 1}


async def test_message_is_posted_again_after_server_error(post_to):
    """After a 500 or 503 the whole message is sent again."""
    assert await post_to(500, 503, 200) == [ANSWER] * 3


async def test_message_is_given_up_after_the_last_try(post_to, metrics):
    """Tries are few, because a response_url takes five messages in all."""
    assert await post_to(500) == [ANSWER] * (len(RESPONSE_URL_PAUSES_S) + 1)
    assert counted(metrics, "ext_answers_total") == {"lost": 1}


@pytest.mark.parametrize("status", [404, 410])
async def test_expired_url_gets_no_second_message(post_to, metrics, status, caplog):
    """An expired response_url is not tried again, and the log says that an answer was lost."""
    assert await post_to(status) == [ANSWER]
    assert f"could not be posted to its response_url: {status}" in caplog.text
    assert "John" not in caplog.text
    assert counted(metrics, "ext_answers_total") == {"lost": 1}


async def test_url_that_refuses_connections_is_logged(session, metrics, caplog):
    """A response_url where nobody listens raises nothing."""
    await ResponseUrls(session, metrics).post("http://127.0.0.1:1/r", {"text": "John"})
    assert "no reply" in caplog.text
    assert "John" not in caplog.text
    assert counted(metrics, "ext_answers_total") == {"lost": 1}
