"""`serve` as a process: its log and its shutdown."""

from __future__ import annotations

import asyncio
import json
import os
import re
import resource
import signal
import socket

import httpx

from bot import __version__
from bot.cli.bind import IN_USE
from bot.limits import MAX_CONNECTIONS
from tests.cli.running import ROOT, fake_services, run, run_serve, wait_for_calls

LOOKUPS = 30  # of each kind


async def test_log_has_start_lookups_and_end_and_nothing_personal():
    """The JSON log has the start, each lookup and the end, and no name or secret."""
    async with run_serve(LOG_FORMAT="json") as bot:
        card = await bot.ext("who john.smith@example.com")
        assert "John Smith" in card.json()["text"]
        bot.process.send_signal(signal.SIGTERM)
        logged = await bot.log()
        assert bot.process.returncode == 0
    lines = [json.loads(line) for line in logged.splitlines()]
    messages = "\n".join(line["message"] for line in lines)
    for part in ("Ext is listening on 127.0.0.1", "account self", "(email)", "Ext stopped"):
        assert part in messages
    for private in ("John", "john", "xoxb", "Sesame", "sandbox-consumer", "sandbox-signing"):
        assert private not in logged


async def test_log_has_the_version_and_near_misses_but_no_line_of_bolt():
    """A name that hides nobody is a warning; Bolt's warnings are about settings Ext means so."""
    async with run_serve(HIDDEN_EXTENSION="Sesame", LOG_LEVEL="DEBUG") as bot:
        bot.process.send_signal(signal.SIGTERM)
        logged = await bot.log()
    assert f"Ext {__version__}, Python" in logged
    assert "WARNING bot.cli.startup: HIDDEN_EXTENSION is not a setting. Did you mean" in logged
    assert "slack_bolt" not in logged
    assert "Sesame" not in logged


async def test_taken_port_is_refused_before_anything_is_asked():
    """A platform that restarts the bot again and again causes no login at Vonage."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        async with fake_services(PORT=port, HOST="127.0.0.1") as services:
            code, out, err = await run("serve", environment=services.environment)
            assert (code, out) == (2, "")
            assert IN_USE.format(port=port) in err
            assert "Traceback" not in err
            assert services.vonage.tokens.logins == 0
            assert not services.slack.calls


async def test_sigterm_with_open_lookups_answers_them_all():
    """With sixty lookups open, half of them acknowledged, everyone gets the answer."""
    async with run_serve(VONAGE_REQUESTS_PER_MINUTE="1000", LOOKUPS_PER_MINUTE="1000") as bot:
        vonage = bot.services.vonage
        numbers = [entry.number for entry in vonage.entries if entry.user][: 2 * LOOKUPS]
        vonage.faults.on("latency", 4.0, path="/extensions/")
        first = await asyncio.gather(*(bot.ext(f"refresh {n}", n) for n in numbers[:LOOKUPS]))
        second = asyncio.gather(*(bot.ext(f"refresh {n}", n) for n in numbers[LOOKUPS:]))
        await wait_for_calls(vonage, numbers)
        assert not bot.services.slack.responses, (
            "some lookups are answered too early for this test to show anything"
        )
        bot.process.send_signal(signal.SIGTERM)
        await _until_not_ready(bot)
        acks = [*first, *(await second)]
        assert all(ack.json()["text"].startswith("Looking up") for ack in acks)
        answers = [await bot.services.slack.next_response(number, 15) for number in numbers]
        logged = await bot.log()
        assert bot.process.returncode == 0
    for number, answer in zip(numbers, answers, strict=True):
        assert f"extension {number}," in answer["text"].lower(), answer["text"]
    assert "not finished" not in logged
    duration = re.search(r"Ext stopped after ([\d.]+) s", logged)
    assert duration, logged
    print(f"sixty open lookups: stopped after {duration[1]} s")


async def _until_not_ready(bot):
    """Fetch /readyz until the signal has taken effect; the process must still answer."""
    async with asyncio.timeout(5):
        while (ready := await bot.get("/readyz")).status_code == 200:  # noqa: ASYNC110 - a process
            await asyncio.sleep(0.01)
    assert ready.status_code == 503
    assert ready.json()["ready"] is False
    assert "shutting down" in ready.json()["reasons"][0]


async def test_second_sigterm_ends_the_process_immediately():
    """The second signal drops open work."""
    async with run_serve() as bot:
        bot.services.vonage.faults.on("hang")
        lookup = asyncio.create_task(bot.ext("refresh 1001"))
        bot.process.send_signal(signal.SIGTERM)
        await _until_not_ready(bot)
        bot.process.send_signal(signal.SIGTERM)
        logged = await bot.log()
        assert bot.process.returncode == -signal.SIGTERM
        assert "Ext stopped" not in logged
        await asyncio.gather(lookup, return_exceptions=True)


async def test_procfile_web_serves_on_the_given_port(tmp_path):
    """The Procfile's `web` line listens on `PORT` and answers."""
    (tmp_path / "empty").touch()
    line = ("-d", str(tmp_path), "-f", str(ROOT / "Procfile"), "-e", str(tmp_path / "empty"))
    async with run_serve(*line, "start", "web", module="honcho") as bot:
        card = await bot.ext("789")
        assert "John Smith" in card.json()["text"]
        assert (await bot.get("/readyz")).json() == {"ready": True, "reasons": []}
        bot.process.send_signal(signal.SIGTERM)
        out, _ = await bot.process.communicate()
        assert "Ext stopped" in out.decode()


async def test_lack_of_file_descriptors_is_one_line_and_passes():
    """The process waits, logs one line instead of thousands, and then answers again."""
    async with run_serve() as bot:
        used = len(os.listdir(f"/proc/{bot.process.pid}/fd"))
        _, hard = resource.prlimit(bot.process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(bot.process.pid, resource.RLIMIT_NOFILE, (used + 3, hard))
        port = int(bot.services.environment["PORT"])
        clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(50)]
        assert (await bot.get("/healthz")).text == "ok\n", "over the connection that is open"
        for client in clients:
            client.close()
        resource.prlimit(bot.process.pid, resource.RLIMIT_NOFILE, (hard, hard))
        async with httpx.AsyncClient(timeout=20, trust_env=False) as new_client:
            assert (await new_client.get(f"{bot.url}/healthz")).text == "ok\n"
        assert "John Smith" in (await bot.ext("789")).text
        bot.process.send_signal(signal.SIGTERM)
        logged = await bot.log()
    assert logged.count("No file descriptor is left") == 1
    assert len(logged.splitlines()) < 200, "also with what else needed a descriptor meanwhile"


async def test_flood_of_idle_connections_does_not_keep_slack_out():
    """Ext answers while more clients are connected than it keeps, and /metrics counts them."""
    async with run_serve() as bot:
        port = int(bot.services.environment["PORT"])
        clients = [
            socket.create_connection(("127.0.0.1", port)) for _ in range(MAX_CONNECTIONS + 9)
        ]
        async with asyncio.timeout(20):
            while not await _has_closed_some(bot):  # noqa: ASYNC110 - a process
                await asyncio.sleep(0.01)
        assert "John Smith" in (await bot.ext("789")).text
        for client in clients:
            client.close()
        bot.process.send_signal(signal.SIGTERM)
        logged = await bot.log()
    assert logged.count("open connections is reached") == 1


async def _has_closed_some(bot):
    """Whether the process has closed connections to keep to its limit."""
    return 'connections_closed_total{reason="limit"}' in (await bot.get("/metrics")).text
