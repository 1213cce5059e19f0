"""The version of the snapshot file changes with what is written in it, and only with that."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import fields
from pathlib import Path

from bot.directory.store import codec
from bot.directory.store.database import VERSION
from bot.directory.store.snapshot import Snapshot
from bot.models import Did, Extension, Handset, Location, User

# The version of the snapshot file, and the digest of what a file of that version holds.
EXPECTED = (4, "667760d92412e78a")

WHAT_TO_DO = """
The snapshot file and its version have to change together; version {version} has another digest.
A file on somebody's disk that has the same version and another shape would be read wrongly.
Set VERSION = {new} in bot/directory/store/database.py and EXPECTED = ({new}, "{digest}") here.
"""


# Without the tables that FTS5 keeps for itself, which differ between versions of SQLite.
TABLES = """
SELECT name, sql FROM sqlite_master
WHERE sql IS NOT NULL AND name NOT LIKE 'search\\_%' ESCAPE '\\' ORDER BY name
"""


def shape() -> list[object]:
    """Return the tables and indexes of a file, what its records consist of, and one record."""
    copy = Snapshot.create(Path("copy.sqlite3"), "an account")
    rows = copy.db.execute(TABLES).fetchall()
    copy.close()
    tables = [(name, " ".join(re.sub("--.*", "", sql).split())) for name, sql in rows]
    records = [
        (cls.__name__, [(attribute.name, str(attribute.type)) for attribute in fields(cls)])
        for cls in (Extension, User, Did, Handset, Location)
    ]
    return [tables, records, codec.extension_text(Extension("55"))]


def test_version_changes_with_the_shape_of_the_file():
    """A changed table, index, search column or model needs a new version, and the reverse."""
    digest = hashlib.sha256(json.dumps(shape()).encode()).hexdigest()[:16]
    version, expected_digest = EXPECTED
    new = max(VERSION, version + 1)
    assert (VERSION, digest) == (version, expected_digest), WHAT_TO_DO.format(
        version=version, new=new, digest=digest
    )
