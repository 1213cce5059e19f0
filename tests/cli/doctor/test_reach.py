"""How far one gets with an address that did not answer."""

from __future__ import annotations

import pytest

from bot.cli.doctor.reach import why_silent
from bot.sandbox.server import serving
from bot.sandbox.vonage.app import create_vonage
from tests.ports import free_port


@pytest.mark.parametrize("host", ["x" * 70 + ".example", "api..example"])
async def test_a_name_that_cannot_be_one_is_told(host):
    """A typing error in a host is the usual reason."""
    assert await why_silent(f"https://{host}/token") == (
        f"no host {host} is known: a typing error, or no DNS here"
    )


async def test_a_port_that_nobody_listens_on_is_told():
    """The host is there, and the port is named."""
    port = free_port()
    said = await why_silent(f"http://127.0.0.1:{port}/")
    assert said == f"127.0.0.1 takes no connection on port {port}"


async def test_a_server_without_tls_is_told():
    """An address with https:// of a server that knows http only."""
    async with serving(create_vonage()) as url:
        said = await why_silent(url.replace("http://", "https://"))
    assert said.startswith("127.0.0.1 speaks no TLS")


async def test_a_server_that_is_there_is_told():
    """Then it is not the network."""
    async with serving(create_vonage()) as url:
        assert "is there, but does not answer" in await why_silent(url)
