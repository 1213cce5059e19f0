"""The port of `serve`: opened first, and refused in one sentence."""

from __future__ import annotations

import asyncio
import errno
import socket

import pytest

from bot.cli import bind
from bot.cli.bind import open_port
from bot.errors import SettingsError


def problem_of(host: str, port: int) -> str:
    """Return the problem of an address that can't be used."""
    with pytest.raises(SettingsError) as raised:
        open_port(host, port)
    (problem,) = raised.value.problems
    return problem


def test_open_port_listens_at_once():
    """A connection waits from then on, so no request is refused while the bot starts."""
    (opened,) = open_port("127.0.0.1", 0)
    with opened, socket.create_connection(opened.getsockname()):
        assert opened.getsockname()[1] > 0


async def test_response_is_sent_without_delay():
    """The system would hold a second small packet back until the first one is acknowledged."""
    no_delay = []

    async def serve(_reader, writer):
        accepted = writer.get_extra_info("socket")
        no_delay.append(bool(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
        writer.close()

    (opened,) = open_port("127.0.0.1", 0)
    async with await asyncio.start_server(serve, sock=opened) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
    assert no_delay == [True]


def test_taken_port_is_a_problem():
    """The problem names PORT and its value."""
    (opened,) = open_port("127.0.0.1", 0)
    with opened:
        port = opened.getsockname()[1]
        assert problem_of("127.0.0.1", port) == bind.IN_USE.format(port=port)


@pytest.mark.parametrize("host", ["203.0.113.9", "http://127.0.0.1", "a..b", "\u00e9" * 80, "1.2"])
def test_host_that_is_not_here_is_a_problem(host, monkeypatch):
    """Other machines' addresses and texts that are no address get the same remedy."""
    if host != "203.0.113.9":

        def refuse(*_arguments, **_options):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", refuse)  # tests ask no name server
    assert problem_of(host, 0) == bind.NO_ADDRESS


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        (errno.EACCES, bind.NOT_ALLOWED.format(port=80)),
        (errno.EAFNOSUPPORT, bind.NO_ADDRESS),
        (errno.EMFILE, bind.OTHER.format(reason="EMFILE")),
    ],
)
def test_refusal_of_the_system_is_a_problem(number, problem, monkeypatch):
    """Whatever the system refuses, one sentence says which setting to change."""

    def refuse(*_arguments, **_options):
        raise OSError(number, "no")

    monkeypatch.setattr(socket, "create_server", refuse)
    assert problem_of("127.0.0.1", 80) == problem
