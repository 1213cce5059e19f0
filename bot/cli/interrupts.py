"""Ctrl-C at the right moment: what starts and ends other things is not torn in the middle."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType


class Interrupts:
    """Holds Ctrl-C back, but where it is `allowed`; a second one ends the process at once."""

    def __init__(self) -> None:
        self._held = False
        self._before = signal.getsignal(signal.SIGINT)

    def __enter__(self) -> Interrupts:
        signal.signal(signal.SIGINT, self._hold)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        signal.signal(signal.SIGINT, self._before)

    @contextmanager
    def allowed(self) -> Iterator[None]:
        """Let Ctrl-C raise KeyboardInterrupt inside, at once where it came before."""
        try:
            signal.signal(signal.SIGINT, self._interrupt)
            if self._held:
                raise KeyboardInterrupt
            yield
        finally:
            signal.signal(signal.SIGINT, self._hold)

    def _interrupt(self, sig: int, frame: FrameType | None) -> None:
        self._held = True
        signal.default_int_handler(sig, frame)

    def _hold(self, sig: int, _frame: FrameType | None) -> None:
        if self._held:
            signal.signal(sig, signal.SIG_DFL)
            signal.raise_signal(sig)
        self._held = True
