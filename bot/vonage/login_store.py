"""What is known about the login, for all processes and restarts: the token, or a refusal.

The file has one entry for each set of credentials. An entry is encrypted with a key that is made
of the client secret and the password, so a copy of DATA_DIR alone gives nobody a token. With any
other credentials an entry can't be found, so that they are tried at once.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bot.errors import Unavailable
from bot.limits import LOCK_POLL_S, LOGIN_LOCK_TIMEOUT_S, MAX_STORED_LOGINS
from bot.settings import NO_SECRET, Secret
from bot.vonage.shared_clock import Moment
from bot.vonage.shared_file import SharedFile

# A new format of the entries needs a new version: entries of another one are not found.
_VERSION = 1
# Each guess of a password takes scrypt 16 MB and some 50 ms.
_SCRYPT_COST = 2**14
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a login needs: the app's key pair and the integration user."""

    client_id: Secret = NO_SECRET
    client_secret: Secret = NO_SECRET
    username: Secret = NO_SECRET
    password: Secret = NO_SECRET


@dataclass(frozen=True, slots=True)
class Token:
    """An access token that is valid for `life_s` seconds, and the refresh token of that login.

    `refresh_token` is empty if there is none, or if it has been refused.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    life_s: float
    expires: Moment


@dataclass(frozen=True, slots=True)
class LoginState:
    """The latest token, and until when no password may be sent because the last was refused."""

    token: Token | None = None
    refused_until: Moment | None = None


class LoginStore:
    """The state of the login of one process, which forgets it at its end."""

    def __init__(self) -> None:
        self._state = LoginState()

    @asynccontextmanager
    async def exclusive(self) -> AsyncIterator[None]:
        """Keep other processes from logging in. Raises `Unavailable` if one does for too long."""
        yield

    def read(self) -> LoginState:
        """Return the state. Needs `exclusive`."""
        return self._state

    def write(self, state: LoginState) -> None:
        """Replace the state. Needs `exclusive`."""
        self._state = state


class SharedLoginStore(LoginStore):
    """The state of the login of all processes with the same credentials and the same file."""

    def __init__(self, path: Path, *, token_url: str, credentials: Credentials) -> None:
        super().__init__()
        self._file = SharedFile(path)
        self._token_url = token_url
        self._credentials = credentials
        self._cipher: _Cipher | None = None
        self._turn = asyncio.Lock()  # of the tasks of this process; others wait for the file's lock
        self._is_saved = True

    @asynccontextmanager
    async def exclusive(self) -> AsyncIterator[None]:
        """Hold the file's lock, and wait for it without blocking the event loop."""
        async with self._turn:
            if self._cipher is None:
                self._cipher = await asyncio.to_thread(_Cipher, self._token_url, self._credentials)
            now = asyncio.get_running_loop().time
            give_up_at = now() + LOGIN_LOCK_TIMEOUT_S
            while True:
                with self._file.locked() as is_locked:
                    if is_locked:
                        yield
                        return
                if now() > give_up_at:
                    raise Unavailable("Another process has been logging in for too long.")
                await asyncio.sleep(LOCK_POLL_S)

    def read(self) -> LoginState:
        """Return what the file says, or what this process knows if that could not be saved."""
        if self._cipher is None or not self._is_saved:
            return self._state
        entry = _entries(self._file.read()).get(self._cipher.entry_name)
        return LoginState() if entry is None else self._cipher.decrypt(entry)

    def write(self, state: LoginState) -> None:
        """Replace this login's entry, and keep the latest ones of other credentials."""
        super().write(state)
        if self._cipher is None:
            return
        entries = _entries(self._file.read())
        entries.pop(self._cipher.entry_name, None)
        entries[self._cipher.entry_name] = self._cipher.encrypt(state)
        latest = dict(list(entries.items())[-MAX_STORED_LOGINS:])
        self._is_saved = self._file.replace(json.dumps(latest).encode())


class _Cipher:
    """Encrypts the entry of one set of credentials. `entry_name` is derived from all of them.

    It takes some 50 ms to make one, so make it in a thread.
    """

    def __init__(self, token_url: str, credentials: Credentials) -> None:
        from cryptography.fernet import Fernet  # noqa: PLC0415 - slow, and not every start logs in

        public = [
            _VERSION,
            token_url,
            credentials.client_id.reveal(),
            credentials.username.reveal(),
        ]
        secret = [credentials.client_secret.reveal(), credentials.password.reveal()]
        derived = hashlib.scrypt(
            json.dumps(secret).encode(),
            salt=hashlib.sha256(json.dumps(public).encode()).digest(),
            n=_SCRYPT_COST,
            r=8,
            p=1,
            dklen=2 * _KEY_BYTES,
        )
        self.entry_name = derived[_KEY_BYTES:].hex()
        self._fernet = Fernet(urlsafe_b64encode(derived[:_KEY_BYTES]))

    def encrypt(self, state: LoginState) -> str:
        """Return a state as an entry."""
        return self._fernet.encrypt(json.dumps(asdict(state)).encode()).decode()

    def decrypt(self, entry: str) -> LoginState:
        """Return an entry as a state; an empty state if the entry is damaged or not ours."""
        from cryptography.fernet import InvalidToken  # noqa: PLC0415 - as above

        try:
            fields = json.loads(self._fernet.decrypt(entry))
        except (InvalidToken, ValueError):
            return LoginState()
        token, refused_until = fields["token"], fields["refused_until"]
        return LoginState(
            token=Token(**{**token, "expires": Moment(*token["expires"])}) if token else None,
            refused_until=Moment(*refused_until) if refused_until else None,
        )


def _entries(content: bytes) -> dict[str, str]:
    """Return the entries of a file; none if it is damaged or not ours."""
    try:
        entries = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(entries, dict):
        return {}
    return {name: entry for name, entry in entries.items() if isinstance(entry, str)}
