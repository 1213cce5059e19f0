"""Every card that the tests of the cards build, and cards with hostile texts."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from bot.cards import Message, change_list, extension_card, lists, not_found, notices
from bot.errors import QueryError
from bot.models import (
    Change,
    ChangeList,
    Did,
    Extension,
    Handset,
    Listing,
    Location,
    LocationCount,
    LocationList,
    Match,
    SyncProgress,
    User,
)
from tests.cards.examples import NOW
from tests.strategies import NASTY

ROOT = Path(__file__).parents[2]
HOSTILE = (
    *NASTY,
    "<img src=x onerror=alert(1)>",
    "</script><script>document.title='owned'</script>",
    "javascript:alert(1)",
    "Averyveryveryverylongnamewithoutanyspaceatallthatdoesnotendandgoesonandon" * 3,
)

Payload = dict[str, Any]


async def collect_cards(folder: Path) -> list[Payload]:
    """The cards that the tests of the cards build, collected by running them."""
    target = folder / "collected.json"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
        *("-p", "tests.page.collect_plugin", "tests/cards"),
        cwd=ROOT,
        env={**os.environ, "EXT_COLLECTED": str(target), "CI": ""},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    payloads: list[Payload] = json.loads(target.read_text("utf-8"))
    return payloads


def hostile_cards() -> list[Payload]:
    """Cards, rows and notices in which every text would do harm if it were interpreted."""
    return [message.payload() for words in HOSTILE for message in _messages_with(words)]


def _messages_with(words: str) -> list[Message]:
    words = words.encode("utf-8", "replace").decode()
    subject = Extension(
        "789",
        User(words, words, f"{words}@example.com", words),
        dids=(Did("14155550100", words),) * 3,
        handsets=(Handset(words, words),) * 3,
        location_id="1",
        caller_id=words,
    )
    locations, match = {"1": Location("1", words, "UTC", words)}, Match(subject, NOW)
    card = extension_card.card_message(
        match, locations=locations, now=NOW, title=words, line=words[:100], shareable=True
    )
    page = Listing((match,) * 8, page=1, pages=9, total=70)
    listed = lists.listing_message(
        page, locations=locations, now=NOW, heading=words, next_query="list page 2", buttons=True
    )
    unread = QueryError("I cannot tell.", text=words, start=0, end=3, example="789")
    return [
        card,
        listed,
        notices.unreadable(unread),
        not_found.nothing_found(words),
        not_found.empty_list(words),
        not_found.still_reading(words, SyncProgress(3, 9, 60.0), will_follow_up=True),
        change_list.changes_message(
            _change_list(subject), locations=locations, now=NOW, buttons=True
        ),
        lists.locations_message(LocationList((LocationCount(locations["1"], 3),), NOW), NOW),
        notices.shared_by(card, "U0JOHN"),
        notices.share_question("789", words, has_outsiders=True),
    ]


def _change_list(one: Extension) -> ChangeList:
    """One joined, one left, and one lost every field."""
    bare = Extension(one.number)
    changes = (Change(NOW, now=one), Change(NOW, was=one), Change(NOW, was=one, now=bare))
    return ChangeList(changes, NOW, page=1, pages=9, total=70)
