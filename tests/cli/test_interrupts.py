"""When Ctrl-C takes effect, and when it is deferred."""

from __future__ import annotations

import asyncio
import signal
import sys

import pytest

from bot.cli.interrupts import Interrupts
from tests.cli.running import ROOT

TWO_INTERRUPTS = """
import signal
from bot.cli.interrupts import Interrupts
with Interrupts():
    signal.raise_signal(signal.SIGINT)
    print("deferred", flush=True)
    signal.raise_signal(signal.SIGINT)
    print("still running", flush=True)
"""


def test_ctrl_c_before_allowed_is_deferred():
    """A deferred Ctrl-C raises inside `allowed`, and the previous handler is restored."""
    before = signal.getsignal(signal.SIGINT)
    with Interrupts() as interrupts:
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt), interrupts.allowed():
            pytest.fail("the deferred Ctrl-C was lost")
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_inside_allowed_raises_keyboard_interrupt():
    """Inside `allowed`, Ctrl-C works as usual."""
    with Interrupts() as interrupts, pytest.raises(KeyboardInterrupt), interrupts.allowed():
        signal.raise_signal(signal.SIGINT)


async def test_second_ctrl_c_while_deferred_ends_the_process():
    """If the first Ctrl-C is deferred, a second one ends the process immediately."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", TWO_INTERRUPTS), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert process.returncode == -signal.SIGINT
    assert out == b"deferred\n"
