"""`python -m bot.sandbox`, as a person starts it."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import sys
from pathlib import Path

import httpx
import pytest
from dotenv import dotenv_values

from bot.sandbox.__main__ import main
from bot.sandbox.vonage.fault_table import FAULTS

ROOT = Path(__file__).parents[2]


async def _start(*args):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox", "--port", "0", *args,
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    response = await process.stdout.readuntil(b"/_sandbox/reset")
    return process, response.decode()


async def _settings(response, tmp_path):
    env = tmp_path / "pasted.env"
    env.write_text("\n".join(line for line in response.splitlines() if line.startswith("VONAGE_")))
    return dotenv_values(env)


@pytest.mark.real_time
async def test_printed_settings_and_commands_work(tmp_path):
    """The settings log in, the printed curl causes a fault, and Ctrl-C stops the server."""
    process, response = await _start(
        "--people", "30", "--quota", "0", "--fault", "ignores_page_size"
    )
    try:
        settings = await _settings(response, tmp_path)
        async with httpx.AsyncClient(headers={"Accept": "application/json"}) as client:
            form = {
                "grant_type": "password",
                "username": settings["VONAGE_USERNAME"],
                "password": settings["VONAGE_PASSWORD"],
                "client_id": settings["VONAGE_CLIENT_ID"],
                "client_secret": settings["VONAGE_CLIENT_SECRET"],
            }
            granted = (await client.post(settings["VONAGE_TOKEN_URL"], data=form)).json()
            client.headers["Authorization"] = f"Bearer {granted['access_token']}"
            base, account = settings["VONAGE_BASE_URL"], settings["VONAGE_ACCOUNT_ID"]
            url = f"{base}/api/accounts/{account}/extensions"
            listed = (await client.get(url, params={"page_size": 100})).json()
            assert (listed["page_size"], listed["total_items"]) == (5, 30)
            [(body, switch)] = re.findall(r"curl -d '(.*)' (http\S+)", response)
            await client.post(switch, content=body)
            statuses = [(await client.get(url)).status_code for _ in range(3)]
            assert statuses == [503, 503, 200]
    finally:
        process.send_signal(signal.SIGINT)
        out, err = await process.communicate()
    assert (process.returncode, out.decode().strip(), err) == (0, "Stopped.", b"")


def test_help_lists_every_fault(capsys):
    """Nobody has to read the code to find a fault."""
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    response = capsys.readouterr().out
    assert all(
        f"  {name} " in response and fault.description in response for name, fault in FAULTS.items()
    )


def test_taken_port_is_explained(capsys):
    """The message says what to do, without a traceback."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["--port", str(port), "--people", "1"]) == 1
    assert "Try --port 0" in capsys.readouterr().err


@pytest.mark.parametrize("args", [["--fault", "dwon"], ["--people", "-1"], ["--envelope", "paper"]])
def test_invalid_argument_is_refused(args, capsys):
    """With an invalid argument nothing is served."""
    with pytest.raises(SystemExit) as left:
        main(args)
    assert left.value.code == 2
    assert args[0] in capsys.readouterr().err
