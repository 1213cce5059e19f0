"""Ports on loopback for the processes that tests and the bench start."""

from __future__ import annotations

import itertools
import os
import socket

# Below the ports that Linux gives out by itself (from 32768), so that no connection of another
# test takes the port between the search and the start of the process that is to listen on it.
# Each test process searches another hundred, as pytest-xdist runs several of them at once.
_FIRST, _END, _PER_PROCESS = 20_000, 32_000, 100
_START = _FIRST + os.getpid() * _PER_PROCESS % (_END - _FIRST)
_CANDIDATES = itertools.cycle(range(_START, _START + _PER_PROCESS))


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on, each time another."""
    for port in itertools.islice(_CANDIDATES, _PER_PROCESS):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"no free port from {_START} to {_START + _PER_PROCESS - 1}")
