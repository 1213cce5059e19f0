"""`serve` as a process: what it says, and how it ends."""

from __future__ import annotations

import asyncio
import json
import re
import signal

from tests.cli.running import ROOT, asked_for, serving_bot

MANY = 30


async def test_what_runs_where_and_nothing_personal_is_logged():
    """The log tells of the start, each lookup and the end, as JSON, with no name or secret."""
    async with serving_bot(LOG_FORMAT="json") as bot:
        card = await bot.ext("who john.smith@example.com")
        assert "John Smith" in card.json()["text"]
        bot.process.send_signal(signal.SIGTERM)
        said = await bot.log()
        assert bot.process.returncode == 0
    lines = [json.loads(line) for line in said.splitlines()]
    told = "\n".join(line["message"] for line in lines)
    for each in ("Ext listens on 127.0.0.1", "account self", "Lookup (email)", "Ext ended"):
        assert each in told
    for hidden in ("John", "john", "xoxb", "Sesame", "sandbox-consumer", "sandbox-signing"):
        assert hidden not in said


async def test_told_to_end_it_finishes_what_was_begun():
    """With sixty lookups under way, half of them announced, everybody gets the answer."""
    async with serving_bot(VONAGE_REQUESTS_PER_MINUTE="1000", LOOKUPS_PER_MINUTE="1000") as bot:
        vonage = bot.world.vonage
        numbers = [entry.number for entry in vonage.entries if entry.user][: 2 * MANY]
        vonage.faults.on("latency", 4.0, path="/extensions/")
        first = await asyncio.gather(*(bot.ext(f"refresh {each}", each) for each in numbers[:MANY]))
        second = asyncio.gather(*(bot.ext(f"refresh {each}", each) for each in numbers[MANY:]))
        await asked_for(vonage, numbers)
        assert not bot.world.slack.responses, "the first are answered already: nothing is shown"
        bot.process.send_signal(signal.SIGTERM)
        await _until_not_ready(bot)
        acks = [*first, *(await second)]
        assert all(ack.json()["text"].startswith("Looking up") for ack in acks)
        answers = [await bot.world.slack.next_response(each, 15) for each in numbers]
        said = await bot.log()
        assert bot.process.returncode == 0
    for number, answer in zip(numbers, answers, strict=True):
        assert f"extension {number}," in answer["text"].lower(), answer["text"]
    assert "not finished" not in said
    took = re.search(r"Ext ended after ([\d.]+) s", said)
    assert took, said
    print(f"sixty lookups under way: ended after {took[1]} s")


async def _until_not_ready(bot):
    """Ask until the process has heard the signal; it must still answer."""
    async with asyncio.timeout(5):
        while (told := await bot.get("/readyz")).status_code == 200:  # noqa: ASYNC110 - the same
            await asyncio.sleep(0.01)
    assert told.status_code == 503
    assert told.json()["ready"] is False
    assert "shutting down" in told.json()["reasons"][0]


async def test_told_a_second_time_it_ends_at_once():
    """Whoever cannot wait says so again, and what is under way is dropped."""
    async with serving_bot() as bot:
        bot.world.vonage.faults.on("hang")
        asked = asyncio.create_task(bot.ext("refresh 1001"))
        bot.process.send_signal(signal.SIGTERM)
        await _until_not_ready(bot)
        bot.process.send_signal(signal.SIGTERM)
        said = await bot.log()
        assert bot.process.returncode == -signal.SIGTERM
        assert "Ext ended" not in said
        await asyncio.gather(asked, return_exceptions=True)


async def test_the_procfile_runs_it(tmp_path):
    """The line that a PaaS runs as `web` listens on the port it is given, and answers."""
    (tmp_path / "empty").touch()
    line = ("-d", str(tmp_path), "-f", str(ROOT / "Procfile"), "-e", str(tmp_path / "empty"))
    async with serving_bot(*line, "start", "web", module="honcho") as bot:
        card = await bot.ext("789")
        assert "John Smith" in card.json()["text"]
        assert (await bot.get("/readyz")).json() == {"ready": True, "reasons": []}
        bot.process.send_signal(signal.SIGTERM)
        out, _ = await bot.process.communicate()
        assert "Ext ended" in out.decode()
