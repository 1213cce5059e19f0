"""Whom a notice sends people to: SUPPORT_CONTACT, else the admins, but not in public."""

from __future__ import annotations

import pytest

from bot.cards.source_errors import UNKNOWN_CONTACT
from tests.running_bot import running_bot, shown


@pytest.mark.parametrize(
    ("settings", "contact"),
    [
        ({}, UNKNOWN_CONTACT),
        ({"admins": frozenset({"U0ADMIN"})}, "@U0ADMIN"),
        (
            {"admins": frozenset({"U0ADMIN"}), "support_contact": "IT in #help-desk"},
            "IT in #help-desk",
        ),
    ],
    ids=["nobody is known", "admins", "SUPPORT_CONTACT"],
)
async def test_refusal_names_the_contact(settings, contact):
    """A member who asks for something that only admins may ask learns whom to ask."""
    async with running_bot(**settings) as bot:
        assert contact in (await bot.ext("export")).shown


async def test_public_notice_mentions_no_admin():
    """A mention in a public message would notify the admin each time."""
    async with running_bot(admins=frozenset({"U0ADMIN"})) as bot:
        (reply,) = await bot.replies(await bot.mention("export"))
        assert "U0ADMIN" not in str(reply.payload)
        assert UNKNOWN_CONTACT in shown(reply)
