"""`/ext` when things do not go smoothly: late answers, and what Slack makes of them."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.metrics import Metrics
from bot.sandbox.server import serving
from bot.sandbox.slack import signing
from bot.slack.response_urls import ResponseUrls
from tests.running_bot import running_bot
from tests.slack_limits import problems


class Url:
    """A response_url that answers with the statuses given, the last one for ever."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.bodies: list[dict[str, object]] = []
        self.app = Starlette(routes=[Route("/r", self.post, methods=["POST"])])

    async def post(self, request: Request) -> Response:
        """Take a message."""
        self.bodies.append(json.loads(await request.body()))
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return Response("ok" if status == 200 else "invalid_blocks", status)


async def posted(url: Url) -> list[dict[str, object]]:
    """Post one message and return what arrived."""
    async with serving(url.app) as address, aiohttp.ClientSession() as session:
        payload = {"text": "John", "blocks": [{}], "response_type": "ephemeral"}
        await ResponseUrls(session, Metrics()).post(f"{address}/r", payload)
    return url.bodies


async def test_a_follow_up_is_posted_once():
    """A message that Slack takes is sent once, whole."""
    assert await posted(Url(200)) == [
        {"text": "John", "blocks": [{}], "response_type": "ephemeral"}
    ]


async def test_refused_blocks_are_followed_by_the_text_alone():
    """One bad block loses the whole message, so the text, which holds the answer, is sent."""
    bodies = await posted(Url(400, 200))
    assert bodies[1] == {"text": "John", "response_type": "ephemeral"}


async def test_a_fault_of_slacks_is_tried_again():
    """After a 500 the whole message is sent again, at most twice."""
    assert [len(body) for body in await posted(Url(500, 503, 200))] == [3, 3, 3]
    assert len(await posted(Url(500))) == 3


@pytest.mark.parametrize("status", [404, 410])
async def test_a_url_that_is_gone_is_not_pressed(status, caplog):
    """An expired response_url gets no second message, and the log says that one was lost."""
    assert len(await posted(Url(status))) == 1
    assert f"could not be posted to its response_url: {status}" in caplog.text
    assert "John" not in caplog.text


async def test_a_url_that_does_not_answer_is_logged(caplog):
    """Nobody listening is no crash."""
    async with aiohttp.ClientSession() as session:
        await ResponseUrls(session, Metrics()).post("http://127.0.0.1:1/r", {"text": "John"})
    assert "no reply" in caplog.text


async def test_a_late_shared_answer_is_public_and_the_waiting_is_not():
    """Looking up… is the asker's alone; the shared card is for the channel."""
    async with running_bot() as rig:
        new = replace(rig.vonage.entries[0], number="99999")
        rig.vonage.set_entries([*rig.vonage.entries, new])
        rig.vonage.faults.on("latency", 2.2)
        ack = await rig.ext("share 99999")
        assert not ack.is_public
        later = await ack.later()
        assert later.is_public
        assert "Shared by" in later.text


async def test_sixty_late_answers_all_arrive():
    """Every asker of a slow number gets the card."""
    async with running_bot() as rig:
        rig.vonage.faults.on("latency", 2.3)
        numbers = [each.number for each in rig.vonage.entries[:60]]
        acks = await asyncio.gather(*(rig.ext(f"refresh {number}") for number in numbers))
        finals = await asyncio.gather(*(ack.later() for ack in acks))
        assert len(rig.slack.responses) == 60
        for number, final in zip(numbers, finals, strict=True):
            assert f"xtension {number}" in final.text
            assert problems(final.payload) == []


async def test_a_late_answer_is_posted_though_the_bot_is_told_to_end():
    """Ending waits for what was begun."""
    async with running_bot() as rig:
        rig.vonage.faults.on("latency", 2.2)
        await rig.ext("refresh 789")
    assert "John Smith" in rig.slack.responses[0].body["text"]


@pytest.mark.parametrize("text", ["", "   ", "help", "?", "hello"])
async def test_nothing_asked_is_answered_with_help(text):
    """Whoever types only the command learns what it can do."""
    async with running_bot() as rig:
        assert "/ext who john.smith@example.com" in (await rig.ext(text)).shown


async def test_a_command_without_its_fields_is_answered():
    """Fields that Slack always sends may be missing without harm; nobody is told anything."""
    async with running_bot() as rig:
        reply = await rig.post(b"command=%2Fext&text=789")
        assert reply.status_code == 200
        assert "John" not in reply.text
        late = signing.slash_command("me", user_id="", response_url="")
        assert (await rig.post(late)).status_code == 200
