"""Buttons: what they show, to whom, and that pressing twice acts once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.cards import action_ids, lists, notices
from bot.cards.not_found import NOTHING_FOUND
from bot.limits import CONTRADICTION_PAUSE_S
from bot.sandbox.slack.workspace import Workspace
from tests.running_bot import Ack, RunningBot, manifest_scopes, running_bot, shown
from tests.wording import start_of

SHARED_BY = start_of(notices.SHARED_BY)
CHANNELS_TO_CONFIRM = pytest.mark.parametrize("channel", ["C0PARTNERS", "C0SECRET"])


async def press(bot: RunningBot, target: Any, action_id: str, user: str = "U0JOHN", **options: Any):
    """Press a button, and return the message that follows at its response_url."""
    pressed = await bot.press(target, action_id, user, **options)
    return await pressed.later(5)


def actions_of(card: Ack) -> dict[str, Any]:
    """Return the block with the buttons of a card."""
    (actions,) = [block for block in card.message.blocks if block["type"] == "actions"]
    return actions


def admin_only(*fields: str) -> dict[str, Any]:
    """Return the settings of a bot that shows these fields to U0ADMIN alone."""
    return {"admins": frozenset({"U0ADMIN"}), "admin_only_fields": frozenset(fields)}


async def test_shared_card_is_public_and_names_who_shared_it():
    """Everybody sees the shared card, and it can't be shared again from there."""
    async with running_bot() as bot:
        card = await bot.ext("789")
        posted = await press(bot, card, action_ids.SHARE)
        assert posted.is_public
        assert f"{SHARED_BY} @U0JOHN" in posted.shown
        assert "John Smith" in posted.shown
        assert "Share]" not in posted.shown
        (message,) = bot.seen("U0ANNA", "C0GENERAL")
        assert "John Smith" in message.text


async def test_share_pressed_several_times_shares_once():
    """Later presses lead to a notice, and the channel has one card."""
    async with running_bot() as bot:
        card = await bot.ext("789")
        presses = (press(bot, card, action_ids.SHARE) for _ in range(3))
        answers = await asyncio.gather(*presses)
        assert len(bot.seen("U0ANNA", "C0GENERAL")) == 1
        assert sum(answer.is_public for answer in answers) == 1
        assert sum(notices.ALREADY_SHARED in answer.text for answer in answers) == 2


async def test_share_pressed_again_after_a_restart_shares_once(tmp_path):
    """The next release knows what was shared before it started, and what wasn't."""
    workspace = Workspace(scopes=manifest_scopes())
    async with running_bot(workspace=workspace, data_dir=tmp_path) as bot:
        card, other = await bot.ext("789"), await bot.ext("790")
        await press(bot, card, action_ids.SHARE)
    async with running_bot(workspace=workspace, data_dir=tmp_path) as bot:
        again = await press(bot, card.message, action_ids.SHARE)
        assert notices.ALREADY_SHARED in again.text
        assert (await press(bot, other.message, action_ids.SHARE)).is_public
        assert len(bot.seen("U0ANNA", "C0GENERAL")) == 2


@CHANNELS_TO_CONFIRM
async def test_share_is_confirmed_first_where_outsiders_may_read(channel):
    """A shared channel, and one that Ext can't look into, get the question before the card."""
    async with running_bot() as bot:
        card = await bot.ext("789", channel_id=channel)
        question = await press(bot, card, action_ids.SHARE)
        assert not question.is_public
        assert notices.SHARE_IT_ANYWAY in question.text
        pressed = await bot.press(question, action_ids.SHARE_ANYWAY)
        posted = await pressed.later(5)
        assert posted.is_public
        assert SHARED_BY in posted.shown
        confirmation = await pressed.later(5)
        assert not confirmation.is_public
        assert notices.SHARED in confirmation.text


async def test_cancelled_share_shares_nothing():
    """Cancel ends the question, and Share can be pressed again."""
    async with running_bot() as bot:
        card = await bot.ext("789", channel_id="C0PARTNERS")
        question = await press(bot, card, action_ids.SHARE)
        cancelled = await press(bot, question, action_ids.CANCEL)
        assert notices.NOT_SHARED in cancelled.text
        assert not bot.seen("U0STRANGER", "C0PARTNERS")
        second_question = await press(bot, card, action_ids.SHARE)
        assert not second_question.is_public
        assert notices.SHARE_IT_ANYWAY in second_question.text


@CHANNELS_TO_CONFIRM
async def test_share_command_is_confirmed_first_where_outsiders_may_read(channel):
    """`/ext share 789` is no way around the question."""
    async with running_bot() as bot:
        question = await bot.ext("share 789", channel_id=channel)
        assert not question.is_public
        assert "John Smith" not in question.text
        posted = await press(bot, question, action_ids.SHARE_ANYWAY)
        assert posted.is_public


async def test_refresh_replaces_card_after_one_call():
    """The card stays in its place, with what Vonage says now."""
    async with running_bot() as bot:
        card = await bot.ext("789")
        calls_before = bot.calls_since_sync()
        refreshed = await press(bot, card, action_ids.REFRESH)
        assert bot.calls_since_sync() == calls_before + 1
        assert "John Smith" in refreshed.shown
        assert len(bot.seen("U0JOHN", "C0GENERAL")) == 1


async def test_refreshed_shared_card_still_names_who_shared_it():
    """Everybody sees the new card; it names the sharer, whoever pressed."""
    async with running_bot() as bot:
        card = await bot.ext("789")
        posted = await press(bot, card, action_ids.SHARE)
        await press(bot, posted, action_ids.REFRESH, "U0ANNA")
        (message,) = bot.seen("U0ADMIN", "C0GENERAL")
        assert f"{SHARED_BY} @U0JOHN" in shown(message)


async def test_failed_refresh_leaves_card_and_notifies_who_pressed():
    """A press at the wrong moment loses nothing."""
    async with running_bot() as bot:
        sent = await bot.mention("789")
        (card,) = await bot.replies(sent)
        await bot.ext("refresh 790")  # shows that this account answers by numbers
        bot.vonage.set_entries([entry for entry in bot.vonage.entries if entry.number != "789"])
        await bot.ext("refresh 789")
        await asyncio.sleep(CONTRADICTION_PAUSE_S + 5)  # until a second answer has confirmed it
        notice = await press(bot, card, action_ids.REFRESH, "U0ANNA")
        assert start_of(NOTHING_FOUND) in notice.shown
        assert notice.message.visible_to == "U0ANNA"
        assert "John Smith" in shown(card)


async def test_row_opens_as_card_and_pager_turns_list_in_place():
    """Show adds the card; Next and Previous replace the list."""
    async with running_bot() as bot:
        page = await bot.ext("list")
        card = await press(bot, page, action_ids.SHOW, index=2)
        assert "Extension" in card.shown
        second_page = await press(bot, page, action_ids.NEXT)
        assert "page 2 of" in second_page.shown
        first_page = await press(bot, second_page, action_ids.PREVIOUS)
        assert "page 1 of" in first_page.shown
        assert len(bot.seen("U0JOHN", "C0GENERAL")) == 2


async def test_public_list_is_turned_for_who_pressed_alone():
    """Everybody turns the pages of a public list for themselves, in the same thread."""
    async with running_bot() as bot:
        sent = await bot.mention("list")
        (page,) = await bot.replies(sent)
        second_page = await press(bot, page, action_ids.NEXT, "U0ANNA")
        assert second_page.message.visible_to == "U0ANNA"
        assert second_page.message.thread_ts == sent.ts
        assert "page 1 of" in shown(page)
        card = await press(bot, page, action_ids.SHOW, "U0ANNA")
        assert card.message.visible_to == "U0ANNA"


async def test_list_in_direct_message_is_turned_in_place():
    """In a direct message with Ext nobody else reads the list."""
    async with running_bot() as bot:
        (page,) = await bot.replies(await bot.direct("list"))
        await press(bot, page, action_ids.NEXT)
        assert "page 2 of" in shown(page)


async def test_message_button_links_to_slack_profile():
    """The card of a person who is in Slack has a link, and its press is acknowledged."""
    async with running_bot() as bot:
        await bot.ext("789")
        async with asyncio.timeout(5):
            while "Message" not in (card := await bot.ext("789")).shown:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        elements = actions_of(card)["elements"]
        (link,) = [item for item in elements if item["action_id"] == action_ids.MESSAGE]
        assert link["url"].endswith("/team/U0JOHN")
        await bot.press(card, action_ids.MESSAGE)


@pytest.mark.parametrize("value", ["", "789", '{"v":0,"q":"789"}', '{"v":1}', "[" * 500])
async def test_button_value_of_another_version_gets_a_notice(value):
    """A value that isn't understood does nothing, and the person is asked to ask again."""
    async with running_bot() as bot:
        card = await bot.ext("789")
        for element in actions_of(card)["elements"]:
            element["value"] = value
        notice = await press(bot, card, action_ids.SHARE)
        assert not notice.is_public
        assert notices.OLD_BUTTON in notice.text
        assert "John Smith" not in notice.shown


async def test_public_message_has_no_admin_only_field():
    """An admin's own card has all fields; shared, mentioned or refreshed it has not."""
    async with running_bot(**admin_only("login", "email")) as bot:
        own = await bot.ext("789", user_id="U0ADMIN")
        assert "jsmith" in own.shown
        plain = await bot.ext("789", user_id="U0ANNA")
        posted = await press(bot, own, action_ids.SHARE, "U0ADMIN")
        (reply,) = await bot.replies(await bot.mention("789", user="U0ADMIN"))
        await press(bot, reply, action_ids.REFRESH, "U0ADMIN")
        for text in (plain.shown, plain.text, posted.shown, posted.text, shown(reply), reply.text):
            assert "jsmith" not in text
            assert "john.smith@" not in text


async def test_card_shared_in_direct_message_of_two_has_no_admin_only_field():
    """A card shared between two people has two readers, also after an admin refreshed it."""
    async with running_bot(**admin_only("login")) as bot:
        bot.slack.channels["D0FRIENDS"].members |= {"U0JOHN", "U0ADMIN"}
        question = await bot.ext("share 789", channel_id="D0FRIENDS")
        posted = await press(bot, question, action_ids.SHARE_ANYWAY)
        await press(bot, posted, action_ids.REFRESH, "U0ADMIN")
        messages = bot.seen("U0JOHN", "D0FRIENDS")
        (card,) = [message for message in messages if SHARED_BY in message.text]
        assert "jsmith" not in card.text


async def test_share_confirmed_on_two_questions_shares_once():
    """Two questions about one card lead to one card in the channel."""
    async with running_bot() as bot:
        card = await bot.ext("789", channel_id="C0PARTNERS")
        questions = [await press(bot, card, action_ids.SHARE) for _ in range(2)]
        for question in questions:
            await press(bot, question, action_ids.SHARE_ANYWAY)
        assert len(bot.seen("U0STRANGER", "C0PARTNERS")) == 1


@pytest.mark.parametrize("text", ["789 790", "789\n790"])
async def test_message_of_several_cards_has_no_refresh(text):
    """Refresh would put one card in place of all of them."""
    async with running_bot() as bot:
        (reply,) = await bot.replies(await bot.mention(text))
        actions = {
            element["action_id"]
            for block in reply.blocks
            for element in block.get("elements", ())
            if "action_id" in element
        }
        assert not actions.intersection(lists.REPLACING_ACTIONS)
        assert "John Smith" in shown(reply)


async def test_unknown_button_gets_a_notice():
    """A button of a newer version is acknowledged, and the person is asked to ask again."""
    async with running_bot() as bot:
        card = await bot.ext("789")
        actions_of(card)["elements"][0]["action_id"] = "ext_of_another_version"
        notice = await press(bot, card, "ext_of_another_version")
        assert notices.OLD_BUTTON in notice.text
        assert "John Smith" not in notice.shown
