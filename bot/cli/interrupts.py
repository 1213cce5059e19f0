"""Defers Ctrl-C, so that it can't interrupt a start or a shutdown halfway."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType


class Interrupts:
    """Defers Ctrl-C except inside `allowed`; a second Ctrl-C ends the process at once."""

    def __init__(self) -> None:
        self._is_pending = False
        self._previous_handler = signal.getsignal(signal.SIGINT)

    def __enter__(self) -> Interrupts:
        signal.signal(signal.SIGINT, self._defer)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        signal.signal(signal.SIGINT, self._previous_handler)

    @contextmanager
    def allowed(self) -> Iterator[None]:
        """Let Ctrl-C raise `KeyboardInterrupt` inside, immediately if one is pending."""
        try:
            signal.signal(signal.SIGINT, self._interrupt)
            if self._is_pending:
                raise KeyboardInterrupt
            yield
        finally:
            signal.signal(signal.SIGINT, self._defer)

    def _interrupt(self, signal_number: int, frame: FrameType | None) -> None:
        self._is_pending = True
        signal.default_int_handler(signal_number, frame)

    def _defer(self, signal_number: int, _frame: FrameType | None) -> None:
        if self._is_pending:
            signal.signal(signal_number, signal.SIG_DFL)
            signal.raise_signal(signal_number)
        self._is_pending = True
