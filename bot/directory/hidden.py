"""Extensions that do not exist here: left out everywhere, and not asked for.

Their own numbers are in the settings. By what else Vonage would find them (direct numbers, email
address, login) is noted when their rows pass by, as digests: enough to know that a question is
not worth a call, which finds nothing that may be shown, and nothing that names anybody.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

from bot.directory import compare
from bot.directory.store.snapshot import Snapshot
from bot.directory.store.snapshot_store import SnapshotStore
from bot.models import Extension
from bot.query.model import Email, Name, Number, Phone

LookupKey = Number | Phone | Email | Name


class HiddenExtensions:
    """The hidden extensions of one account."""

    def __init__(self, numbers: frozenset[str], snapshots: SnapshotStore) -> None:
        self.numbers = numbers
        self._snapshots = snapshots

    def visible(self, extensions: Sequence[Extension]) -> list[Extension]:
        """Return those of Vonage's answer that may be known."""
        if found := [each for each in extensions if each.number in self.numbers]:
            self._snapshots.write_to_all(lambda copy: record_lookup_keys(copy, found))
        return [each for each in extensions if each.number not in self.numbers]

    def covers(self, mark: LookupKey) -> bool:
        """Whether nothing but a hidden extension is known to be behind a mark."""
        match mark:
            case Number(digits=digits):
                return digits in self.numbers
            case Phone(digits=digits, candidates=candidates):
                # As an extension it would be asked for only where no direct number is so.
                return digits in self.numbers or self._is_recorded(map(_phone_key, candidates))
            case Email(address=address):
                return self._is_recorded([_email_key(address)])
            case Name(login=login):
                return bool(login) and self._is_recorded([_login_key(login)])

    def _is_recorded(self, marks: Iterable[str]) -> bool:
        copy = self._snapshots.current or self._snapshots.building
        if copy is None or not self.numbers:
            return False
        sql = "SELECT 1 FROM hidden WHERE mark = ?"
        found = (copy.db.execute(sql, (_keyed_digest(copy, each),)).fetchone() for each in marks)
        return any(found)


def record_lookup_keys(copy: Snapshot, extensions: Iterable[Extension]) -> None:
    """Keep by what hidden extensions can be found, but not what that is."""
    with copy.db:
        copy.db.executemany(
            "INSERT OR IGNORE INTO hidden VALUES (?)",
            [(_keyed_digest(copy, mark),) for each in extensions for mark in _lookup_keys(each)],
        )


def _lookup_keys(extension: Extension) -> Iterator[str]:
    yield from (_phone_key(did.phone_number) for did in extension.dids)
    if (user := extension.user) and user.email:
        yield _email_key(user.email)
    if user and user.login_name:
        yield _login_key(user.login_name)


def _phone_key(text: str) -> str:
    """Return what all writings of a phone number share."""
    return f"number {compare.digits(text)[-compare.MIN_PHONE_DIGITS :]}"


def _email_key(text: str) -> str:
    return f"email {text.casefold()}"


def _login_key(text: str) -> str:
    return f"login {text.casefold()}"


def _keyed_digest(copy: Snapshot, mark: str) -> bytes:
    """Return a mark as nobody can read it; the key is another in each copy."""
    key = copy.get_meta("veil")
    if not key:
        key = secrets.token_hex(32)
        copy.set_meta(veil=key)
    return blake2b(mark.encode(), key=bytes.fromhex(str(key)), digest_size=16).digest()
