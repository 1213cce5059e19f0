"""Hidden extensions (HIDDEN_EXTENSIONS): left out of every answer and not looked up in Vonage.

The settings list only their numbers. But a phone number, an email address or a login can lead
to a hidden extension too. If Ext asked Vonage for such a key, "not found" would take longer for a
hidden extension than for one that does not exist, so anybody could tell the two apart, and each
attempt would cost a call. So whenever Vonage sends a hidden extension, its lookup keys are
recorded in the snapshot.

Only keyed digests are recorded: a plain email address in the file would reveal who is hidden, and
an unkeyed hash of a phone number can be reversed by trying all phone numbers. Each snapshot has
its own random key, so the digests of two snapshots cannot be compared either.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from hashlib import blake2b

from bot.directory import compare
from bot.directory.compare import LookupKey
from bot.directory.damage import Damaged
from bot.directory.store.snapshot import Snapshot
from bot.directory.store.snapshot_store import SnapshotStore
from bot.models import Extension
from bot.query.model import Email, Name, Number, Phone

DIGEST_KEY_BYTES = 32


class HiddenExtensions:
    """The hidden extensions of one account, by their `numbers`."""

    def __init__(self, numbers: frozenset[str], snapshots: SnapshotStore) -> None:
        self.numbers = numbers
        self._snapshots = snapshots

    def visible(self, extensions: Sequence[Extension]) -> list[Extension]:
        """Return the extensions of a Vonage answer that may be shown, and record the others."""
        if hidden := [row for row in extensions if row.number in self.numbers]:
            self._snapshots.write_to_all(lambda snapshot: record_lookup_keys(snapshot, hidden))
        return [row for row in extensions if row.number not in self.numbers]

    def covers(self, key: LookupKey | Name) -> bool:
        """Whether a key is known to lead to a hidden extension, so that Vonage is not asked."""
        match key:
            case Number(digits=digits):
                return digits in self.numbers
            case Phone(digits=digits, candidates=candidates):
                # A phone number that no one has is also tried as an extension number.
                return digits in self.numbers or self._is_recorded(map(_phone_key, candidates))
            case Email(address=address):
                return self._is_recorded([_email_key(address)])
            case Name(login=login):
                return bool(login) and self._is_recorded([_login_key(login)])

    def _is_recorded(self, keys: Iterable[str]) -> bool:
        snapshot = self._snapshots.current or self._snapshots.building
        if snapshot is None or not self.numbers:
            return False
        digest_key = _stored_digest_key(snapshot)
        if digest_key is None:
            return False  # nothing has been recorded
        return any(snapshot.has_hidden_digest(_keyed_digest(digest_key, key)) for key in keys)


def record_lookup_keys(snapshot: Snapshot, extensions: Iterable[Extension]) -> None:
    """Record the digests of the keys that lead to hidden extensions."""
    digest_key = _stored_digest_key(snapshot)
    if digest_key is None:
        digest_key = secrets.token_bytes(DIGEST_KEY_BYTES)
        snapshot.set_meta(digest_key=digest_key.hex())
    snapshot.add_hidden_digests(
        _keyed_digest(digest_key, key)
        for extension in extensions
        for key in _lookup_keys(extension)
    )


def _lookup_keys(extension: Extension) -> Iterator[str]:
    yield from (_phone_key(did.phone_number) for did in extension.dids)
    if (user := extension.user) and user.email:
        yield _email_key(user.email)
    if user and user.login_name:
        yield _login_key(user.login_name)


def _phone_key(text: str) -> str:
    """Return a key that is the same for a phone number with and without country or area code."""
    return f"number {compare.digits(text)[-compare.MIN_PHONE_DIGITS :]}"


def _email_key(text: str) -> str:
    return f"email {text.casefold()}"


def _login_key(text: str) -> str:
    return f"login {text.casefold()}"


def _stored_digest_key(snapshot: Snapshot) -> bytes | None:
    """Return the snapshot's own key, or `None` before its first use. Raises `Damaged`."""
    stored = snapshot.get_meta("digest_key")
    if stored is None:
        return None
    with suppress(ValueError, TypeError):
        digest_key = bytes.fromhex(stored)  # type: ignore[arg-type]
        if len(digest_key) == DIGEST_KEY_BYTES:
            return digest_key
    raise Damaged("the key of the digests cannot be read")


def _keyed_digest(digest_key: bytes, text: str) -> bytes:
    """Return a 16-byte digest by the snapshot's own key."""
    return blake2b(text.encode(), key=digest_key, digest_size=16).digest()
