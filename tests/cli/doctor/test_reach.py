"""The reasons that the doctor gives for an address that doesn't answer."""

from __future__ import annotations

import pytest

from bot.cli.doctor.reach import FAULTY, NO_SUCH_HOST, NOT_SECURE, REFUSED, explain_unreachable
from bot.sandbox.server import serving
from bot.sandbox.vonage.app import create_vonage
from tests.ports import free_port


@pytest.mark.parametrize("host", ["x" * 70 + ".example", "api..example"])
async def test_unknown_or_impossible_host_is_reported(host):
    """A host that can't be looked up is reported as such, also if its name is malformed."""
    reason = await explain_unreachable(f"https://{host}/token")
    assert reason == NO_SUCH_HOST.format(host=host)


async def test_port_without_listener_is_reported():
    """A refused connection is reported with its port."""
    port = free_port()
    reason = await explain_unreachable(f"http://127.0.0.1:{port}/")
    assert reason == REFUSED.format(host="127.0.0.1", port=port)


async def test_server_without_tls_is_reported():
    """An https address of a server that speaks only http is reported."""
    async with serving(create_vonage()) as url:
        reason = await explain_unreachable(url.replace("http://", "https://"))
    assert reason == NOT_SECURE.format(host="127.0.0.1")


async def test_server_that_accepts_connections_is_reported():
    """If connecting works, the reason says that the network isn't the problem."""
    async with serving(create_vonage()) as url:
        assert await explain_unreachable(url) == FAULTY.format(host="127.0.0.1")
