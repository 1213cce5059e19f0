"""Keeps work from being done twice: for events that Slack repeats, and buttons pressed twice.

A restart doesn't change that, nor does a second process while a new release starts.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import sqlite3
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from cachetools import TTLCache

from bot.limits import BEGUN_KEYS_LIMIT_S, DEDUPLICATION_S, MAX_DEDUPLICATION_KEYS

log = logging.getLogger(__name__)


class KeyFile(Protocol):
    """Where keys outlive the process; `begun_keys.BegunKeys` is one. Its methods block."""

    def begin(self, digest: bytes) -> bool:
        """Insert a key; return whether it wasn't there."""

    def undo(self, digest: bytes) -> None:
        """Remove a key."""

    def close(self) -> None:
        """Close the file."""


class Deduplicator:
    """Remembers, for `DEDUPLICATION_S`, the keys of what was begun.

    A key stands for one event, one command, one button press or one export. The file gets its
    digest under `secret`, so that nobody can find out from the file what people asked. If the file
    fails or takes longer than `limit_s`, this process alone remembers the key.
    """

    def __init__(
        self,
        file: KeyFile | None = None,
        *,
        secret: str = "",
        limit_s: float = BEGUN_KEYS_LIMIT_S,
    ) -> None:
        self._begun_keys: TTLCache[Hashable, bool] = TTLCache(
            MAX_DEDUPLICATION_KEYS, DEDUPLICATION_S
        )
        self._file = file
        self._secret = secret.encode()
        self._limit_s = limit_s
        # The disk may hang, and then only this thread does.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="begun keys")
        self._late_call: asyncio.Future[bool | None] | None = None
        self._has_failed = False

    async def begin(self, key: Hashable) -> bool:
        """Return whether this key is begun for the first time, and remember it."""
        if key in self._begun_keys:
            return False
        self._begun_keys[key] = True
        return not self._file or await self._call(self._file.begin, key) is not False

    async def undo(self, key: Hashable) -> None:
        """Forget a key whose work failed, so that it can be begun again."""
        if self._begun_keys.pop(key, None) and self._file:
            await self._call(self._file.undo, key)

    async def close(self) -> None:
        """Close the file. A disk that hangs isn't waited for."""
        if self._file and not self._is_hanging():
            closing = asyncio.get_running_loop().run_in_executor(self._thread, self._file.close)
            await asyncio.wait({closing}, timeout=self._limit_s)
        self._thread.shutdown(wait=False)

    async def _call(self, method: Callable[[bytes], bool | None], key: Hashable) -> bool | None:
        """Call a method of the file; return `None` if the file fails or hangs."""
        if self._is_hanging():
            return None
        digest = hmac.digest(self._secret, repr(key).encode(), hashlib.sha256)
        loop = asyncio.get_running_loop()
        call = loop.run_in_executor(self._thread, method, digest)
        done, _ = await asyncio.wait({call}, timeout=self._limit_s)
        try:
            if not done:
                self._late_call = call
                raise TimeoutError
            result = call.result()
        except (OSError, sqlite3.Error) as error:
            self._log_failure(error)
            return None
        self._has_failed = False
        return result

    def _is_hanging(self) -> bool:
        """Whether a call that took too long hasn't returned."""
        return self._late_call is not None and not self._late_call.done()

    def _log_failure(self, error: Exception) -> None:
        if not self._has_failed:
            log.warning(
                "Can't save in DATA_DIR what was begun (%s). After a restart, a share, an export "
                "or an answer could come twice",
                type(error).__name__,
            )
        self._has_failed = True
