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

Mark = Number | Phone | Email | Name


class Hidden:
    """The hidden extensions of one account."""

    def __init__(self, numbers: frozenset[str], shelf: SnapshotStore) -> None:
        self.numbers = numbers
        self._shelf = shelf

    def visible(self, extensions: Sequence[Extension]) -> list[Extension]:
        """Return those of Vonage's answer that may be known."""
        if found := [each for each in extensions if each.number in self.numbers]:
            self._shelf.write(lambda copy: note(copy, found))
        return [each for each in extensions if each.number not in self.numbers]

    def covers(self, mark: Mark) -> bool:
        """Whether nothing but a hidden extension is known to be behind a mark."""
        match mark:
            case Number(digits=digits):
                return digits in self.numbers
            case Phone(digits=digits, candidates=candidates):
                # As an extension it would be asked for only where no direct number is so.
                return digits in self.numbers or self._noted(map(_number, candidates))
            case Email(address=address):
                return self._noted([_email(address)])
            case Name(login=login):
                return bool(login) and self._noted([_login(login)])

    def _noted(self, marks: Iterable[str]) -> bool:
        copy = self._shelf.current or self._shelf.filling
        if copy is None or not self.numbers:
            return False
        sql = "SELECT 1 FROM hidden WHERE digest = ?"
        found = (copy.db.execute(sql, (_digest(copy, each),)).fetchone() for each in marks)
        return any(found)


def note(copy: Snapshot, extensions: Iterable[Extension]) -> None:
    """Keep by what hidden extensions can be found, but not what that is."""
    with copy.db:
        copy.db.executemany(
            "INSERT OR IGNORE INTO hidden VALUES (?)",
            [(_digest(copy, mark),) for each in extensions for mark in _marks(each)],
        )


def _marks(extension: Extension) -> Iterator[str]:
    yield from (_number(did.phone_number) for did in extension.dids)
    if (user := extension.user) and user.email:
        yield _email(user.email)
    if user and user.login_name:
        yield _login(user.login_name)


def _number(text: str) -> str:
    """Return what all writings of a phone number share."""
    return f"number {compare.digits(text)[-compare.SHORTEST_NUMBER :]}"


def _email(text: str) -> str:
    return f"email {text.casefold()}"


def _login(text: str) -> str:
    return f"login {text.casefold()}"


def _digest(copy: Snapshot, mark: str) -> bytes:
    """Return a mark as nobody can read it; the key is another in each copy."""
    key = copy.about("veil")
    if not key:
        key = secrets.token_hex(32)
        copy.note(veil=key)
    return blake2b(mark.encode(), key=bytes.fromhex(str(key)), digest_size=16).digest()
