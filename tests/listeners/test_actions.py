"""Buttons: what they bring, to whom, and that pressing twice acts once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.cards import action_ids
from tests.running_bot import running_bot, shown


async def later(rig, press):
    """What a press brought by its response_url."""
    return await press.later(5)


async def test_share_shows_the_card_to_the_channel():
    """The shared card is public, says who shared it, and cannot be shared again from there."""
    async with running_bot() as rig:
        card = await rig.ext("789")
        posted = await later(rig, await rig.press(card, action_ids.SHARE))
        assert posted.is_public
        assert "Shared by @U0JOHN" in posted.shown
        assert "John Smith" in posted.shown
        assert "Share]" not in posted.shown
        (seen,) = rig.seen("U0ANNA", "C0GENERAL")
        assert "John Smith" in seen.text


async def test_pressing_share_twice_shares_once():
    """The second press is told so; the channel has one card."""
    async with running_bot() as rig:
        card = await rig.ext("789")
        presses = await asyncio.gather(*(rig.press(card, action_ids.SHARE) for _ in range(3)))
        answers = [await later(rig, each) for each in presses]
        assert len(rig.seen("U0ANNA", "C0GENERAL")) == 1
        assert sum(each.is_public for each in answers) == 1


@pytest.mark.parametrize("channel", ["C0PARTNERS", "C0SECRET"])
async def test_share_asks_first_where_outsiders_read_or_nobody_knows(channel):
    """A shared channel, and one that Ext cannot look into, get the question before the card."""
    async with running_bot() as rig:
        card = await rig.ext("789", channel_id=channel)
        question = await later(rig, await rig.press(card, action_ids.SHARE))
        assert not question.is_public
        assert "[" in question.shown
        press = await rig.press(question, action_ids.SHARE_ANYWAY)
        posted = await later(rig, press)
        assert posted.is_public
        assert "Shared by" in posted.shown
        done = await later(rig, press)
        assert not done.is_public


async def test_a_share_that_was_thought_better_of_shares_nothing():
    """Cancel ends it, and Share can be pressed again."""
    async with running_bot() as rig:
        card = await rig.ext("789", channel_id="C0PARTNERS")
        question = await later(rig, await rig.press(card, action_ids.SHARE))
        await later(rig, await rig.press(question, action_ids.CANCEL))
        assert not rig.seen("U0STRANGER", "C0PARTNERS")
        again = await later(rig, await rig.press(card, action_ids.SHARE))
        assert not again.is_public


@pytest.mark.parametrize("channel", ["C0PARTNERS", "C0SECRET"])
async def test_the_command_asks_first_too(channel):
    """`/ext share 789` is no way around the question."""
    async with running_bot() as rig:
        question = await rig.ext("share 789", channel_id=channel)
        assert not question.is_public
        assert "John Smith" not in question.text
        posted = await later(rig, await rig.press(question, action_ids.SHARE_ANYWAY))
        assert posted.is_public


async def test_refresh_replaces_the_card_with_what_vonage_says_now():
    """One call, and the card in place of the old one."""
    async with running_bot() as rig:
        card = await rig.ext("789")
        asked = rig.calls_since_sync()
        new = await later(rig, await rig.press(card, action_ids.REFRESH))
        assert rig.calls_since_sync() == asked + 1
        assert "John Smith" in new.shown
        assert len(rig.seen("U0JOHN", "C0GENERAL")) == 1


async def test_refresh_of_a_shared_card_keeps_who_shared_it():
    """Everybody sees the new card; it still names the sharer, whoever pressed."""
    async with running_bot() as rig:
        card = await rig.ext("789")
        posted = await later(rig, await rig.press(card, action_ids.SHARE))
        await later(rig, await rig.press(posted, action_ids.REFRESH, "U0ANNA"))
        (seen,) = rig.seen("U0ADMIN", "C0GENERAL")
        assert "Shared by @U0JOHN" in shown(seen)


async def test_a_refresh_that_fails_leaves_the_card_and_tells_the_presser():
    """Nothing is lost by pressing at the wrong moment."""
    async with running_bot() as rig:
        sent = await rig.mention("789")
        (card,) = await rig.replies(sent)
        await rig.ext("refresh 790")  # shows that this account answers by numbers
        rig.vonage.set_entries([each for each in rig.vonage.entries if each.number != "789"])
        told = await later(rig, await rig.press(card, action_ids.REFRESH, "U0ANNA"))
        assert "Nothing found" in told.shown
        assert told.message.visible_to == "U0ANNA"
        assert "John Smith" in shown(card)


async def test_a_row_opens_as_a_card_and_the_pager_turns_in_place():
    """Show adds the card, Next and Previous replace the list."""
    async with running_bot() as rig:
        page = await rig.ext("list")
        card = await later(rig, await rig.press(page, action_ids.SHOW, index=2))
        assert "Extension" in card.shown
        following = await later(rig, await rig.press(page, action_ids.NEXT))
        assert "page 2 of" in following.shown
        back = await later(rig, await rig.press(following, action_ids.PREVIOUS))
        assert "page 1 of" in back.shown
        assert len(rig.seen("U0JOHN", "C0GENERAL")) == 2


async def test_the_list_of_another_is_turned_for_oneself():
    """On a public list everybody turns pages for themselves, in the same thread."""
    async with running_bot() as rig:
        sent = await rig.mention("list")
        (page,) = await rig.replies(sent)
        turned = await later(rig, await rig.press(page, action_ids.NEXT, "U0ANNA"))
        assert turned.message.visible_to == "U0ANNA"
        assert turned.message.thread_ts == sent.ts
        assert "page 1 of" in shown(page)
        opened = await later(rig, await rig.press(page, action_ids.SHOW, "U0ANNA"))
        assert opened.message.visible_to == "U0ANNA"


async def test_a_direct_message_is_changed_in_place():
    """Between two there is nobody to disturb."""
    async with running_bot() as rig:
        (page,) = await rig.replies(await rig.direct("list"))
        await later(rig, await rig.press(page, action_ids.NEXT))
        assert "page 2 of" in shown(page)


async def test_message_leads_to_the_slack_profile():
    """The person's profile is linked where they are in Slack, and the press is acknowledged."""
    async with running_bot() as rig:
        await rig.ext("789")
        async with asyncio.timeout(5):
            while "Message" not in (card := await rig.ext("789")).shown:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        (actions,) = [each for each in card.payload["blocks"] if each["type"] == "actions"]
        (link,) = [each for each in actions["elements"] if each["action_id"] == action_ids.MESSAGE]
        assert link["url"].endswith("/team/U0JOHN")
        await rig.press(card, action_ids.MESSAGE)


@pytest.mark.parametrize("value", ["", "789", '{"v":0,"q":"789"}', '{"v":1}', "[" * 500])
async def test_a_button_of_another_release_says_so(value):
    """A value that is not understood asks to ask again, and does nothing."""
    async with running_bot() as rig:
        card = await rig.ext("789")
        (actions,) = [each for each in card.message.blocks if each["type"] == "actions"]
        for element in actions["elements"]:
            element["value"] = value
        told = await later(rig, await rig.press(card, action_ids.SHARE))
        assert not told.is_public
        assert "John Smith" not in told.shown


async def test_what_others_see_is_what_a_plain_member_may_see():
    """An admin's own card has all fields; shared, mentioned or refreshed it has not."""
    hidden: dict[str, Any] = {
        "admins": frozenset({"U0ADMIN"}),
        "admin_only_fields": frozenset({"login", "email"}),
    }
    async with running_bot(**hidden) as rig:
        own = await rig.ext("789", user_id="U0ADMIN")
        assert "jsmith" in own.shown
        plain = await rig.ext("789", user_id="U0ANNA")
        posted = await later(rig, await rig.press(own, action_ids.SHARE, "U0ADMIN"))
        (reply,) = await rig.replies(await rig.mention("789", user="U0ADMIN"))
        await later(rig, await rig.press(reply, action_ids.REFRESH, "U0ADMIN"))
        for text in (plain.shown, plain.text, posted.shown, posted.text, shown(reply), reply.text):
            assert "jsmith" not in text
            assert "john.smith@" not in text


async def test_what_is_shared_between_two_is_seen_by_two():
    """In a direct message of two people a shared card stays what a plain member may see."""
    hidden: dict[str, Any] = {
        "admins": frozenset({"U0ADMIN"}),
        "admin_only_fields": frozenset({"login"}),
    }
    async with running_bot(**hidden) as rig:
        rig.slack.channels["D0FRIENDS"].members |= {"U0JOHN", "U0ADMIN"}
        question = await rig.ext("share 789", channel_id="D0FRIENDS")
        posted = await later(rig, await rig.press(question, action_ids.SHARE_ANYWAY))
        await later(rig, await rig.press(posted, action_ids.REFRESH, "U0ADMIN"))
        (seen,) = [each for each in rig.seen("U0JOHN", "D0FRIENDS") if "Shared by" in each.text]
        assert "jsmith" not in seen.text


async def test_a_question_that_is_answered_yes_twice_shares_once():
    """Two questions about one card lead to one card in the channel."""
    async with running_bot() as rig:
        card = await rig.ext("789", channel_id="C0PARTNERS")
        questions = [await later(rig, await rig.press(card, action_ids.SHARE)) for _ in range(2)]
        for question in questions:
            await later(rig, await rig.press(question, action_ids.SHARE_ANYWAY))
        assert len(rig.seen("U0STRANGER", "C0PARTNERS")) == 1


@pytest.mark.parametrize("text", ["789 790", "789\n790"])
async def test_nothing_replaces_several_answers_by_one(text):
    """A message of several cards has no button that would put one in its place."""
    async with running_bot() as rig:
        (reply,) = await rig.replies(await rig.mention(text))
        assert "Refresh" not in shown(reply)
        assert "John Smith" in shown(reply)


async def test_an_unknown_button_is_acknowledged():
    """A button of another release asks to ask again."""
    async with running_bot() as rig:
        card = await rig.ext("789")
        (actions,) = [each for each in card.message.blocks if each["type"] == "actions"]
        actions["elements"][0]["action_id"] = "ext_of_tomorrow"
        told = await later(rig, await rig.press(card, "ext_of_tomorrow"))
        assert "John Smith" not in told.shown
