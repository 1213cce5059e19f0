"""The actions of a person on the page, delivered as Slack would deliver them.

An action that Slack wouldn't allow raises ActionRefused.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from bot.sandbox.company import turnover
from bot.sandbox.company.people import build_company
from bot.sandbox.company.sizes import SIZE_BY_PEOPLE, CompanySize
from bot.sandbox.json_types import JsonObject
from bot.sandbox.playground import switches
from bot.sandbox.playground.demo_env import DemoEnv
from bot.sandbox.playground.feed import DEMO_USERS, sidebar_channels
from bot.sandbox.slack.delivery import DeliveryResult
from bot.sandbox.slack.dialogs import Dialogs
from bot.sandbox.slack.message_text import command_text, mentions_bot, message_text, split_command
from bot.sandbox.vonage.state import FakeVonage

T = TypeVar("T")

NO_COMMANDS_IN_THREADS = "Slack takes no commands in threads. Write @Ext and your question instead."
UNKNOWN_COMMAND = "{command} is no command here. Try {known}."
NOT_IN_YOUR_WORKSPACE = "Apps’ commands are for the people of the workspace that installed them."
COMMAND_FAILED = "{command} failed: the app did not answer in time or not as it should."
ACTION_FAILED = "That did not work: the app did not answer in time or not as it should."


class ActionRefused(Exception):
    """The action isn't possible; the message is for the person who tried."""


class PageActions:
    """One method for each action of the page. Each returns the JSON response."""

    def __init__(self, demo_env: DemoEnv) -> None:
        self._demo_env = demo_env
        self._dialogs = Dialogs(demo_env.delivery)
        self._restart_lock = asyncio.Lock()

    @property
    def _vonage(self) -> FakeVonage:
        return self._demo_env.vonage

    async def send_text(self, asked: JsonObject) -> JsonObject:
        """A user sends a command, a mention, a direct message, or plain text."""
        user, channel = self._user_and_channel(asked)
        line, thread_ts = str(asked.get("text", "")).strip(), str(asked.get("thread_ts", ""))
        if not line:
            raise ActionRefused("There is nothing to send.")
        if line.startswith("/"):
            return await self._command(line, user, channel, thread_ts)
        workspace, delivery = self._demo_env.workspace, self._demo_env.delivery
        text = message_text(line, workspace.members.values())
        if channel.startswith("D"):
            return _result(
                await self._deliver(delivery.direct_message(text, user, thread_ts=thread_ts))
            )
        if mentions_bot(text):
            return _result(
                await self._deliver(delivery.mention(text, user, channel, thread_ts=thread_ts))
            )
        content = {"text": text}
        workspace.messages.add(channel, content, thread_ts=thread_ts, author=user, origin="person")
        return {}

    async def _command(self, line: str, user: str, channel: str, thread_ts: str) -> JsonObject:
        command, text = split_command(line)
        known = [each["command"] for each in self._demo_env.app_features["commands"]]
        if command not in known:
            raise ActionRefused(UNKNOWN_COMMAND.format(command=command, known=f"{known[0]} help"))
        if thread_ts:
            raise ActionRefused(NO_COMMANDS_IN_THREADS)
        members = self._demo_env.workspace.members
        if members[user].is_foreign:
            raise ActionRefused(NOT_IN_YOUR_WORKSPACE)
        written = command_text(text, members.values())
        sent = await self._deliver(
            self._demo_env.delivery.slash_command(written, user, channel, command=command)
        )
        return _result(sent, COMMAND_FAILED.format(command=command))

    async def press(self, asked: JsonObject) -> JsonObject:
        """A user presses a button of a message, or chooses from a list."""
        user, channel = self._user_and_channel(asked)
        message = self._demo_env.workspace.messages.get(channel, str(asked.get("ts", "")))
        if message is None:
            raise ActionRefused("That message is gone.")
        action_id, index = str(asked.get("action_id")), int(asked.get("index", 0))
        chosen = asked.get("chosen", "")
        pressing = self._demo_env.delivery.press(message, action_id, user, index, chosen)
        return _result(await self._deliver(pressing))

    async def view_action(self, asked: JsonObject) -> JsonObject:
        """A user presses, submits or closes a modal, or presses something on their Home tab."""
        user = self._user_of(asked)
        return await self._deliver(self._dialogs.view_action(user, asked))

    async def options(self, asked: JsonObject) -> JsonObject:
        """A user types into a list whose options come from the app."""
        user = self._user_of(asked)
        return {"options": await self._deliver(self._dialogs.options(user, asked))}

    async def shortcut(self, asked: JsonObject) -> JsonObject:
        """A user chooses a shortcut, from the composer or from a message's menu."""
        user = self._user_of(asked)
        return await self._deliver(self._dialogs.shortcut(user, asked))

    async def open_home(self, asked: JsonObject) -> JsonObject:
        """A user opens the app's Home tab."""
        return await self._deliver(self._dialogs.home(self._user_of(asked)))

    async def set_switch(self, asked: JsonObject) -> JsonObject:
        """Set one of the sandbox's switches."""
        switches.set_switch(self._vonage, str(asked.get("name")), on=asked.get("on") is True)
        return {}

    async def expire_tokens(self, _asked: JsonObject) -> JsonObject:
        """Make every access token of the fake Vonage invalid."""
        self._vonage.tokens.expire()
        return {}

    async def resize_company(self, asked: JsonObject) -> JsonObject:
        """Give the company another size, and restart the bot."""
        size = SIZE_BY_PEOPLE.get(str(asked.get("people")))
        if size is None:
            raise ActionRefused(
                f"The directory has one of these sizes: {', '.join(SIZE_BY_PEOPLE)}."
            )
        async with self._restart_lock:
            self._demo_env.resizing_to = size.people
            self._demo_env.change_signal.notify()
            try:
                await self._resize(size)
            finally:
                self._demo_env.resizing_to = 0
        return {}

    async def _resize(self, size: CompanySize) -> None:
        entries = await asyncio.to_thread(build_company, size.people)
        await asyncio.to_thread(self._vonage.set_entries, entries)
        self._vonage.options.change("quota", size.calls_per_minute)
        self._demo_env.size = size
        await self._demo_env.bot.restart(size)

    async def restart_bot(self, _asked: JsonObject) -> JsonObject:
        """Restart the bot with nothing remembered, as on a platform without a disk."""
        async with self._restart_lock:
            await self._demo_env.bot.restart(self._demo_env.size)
        return {}

    async def turnover(self, _asked: JsonObject) -> JsonObject:
        """One person joins the company, one leaves, and one moves."""
        turned = turnover.apply_turnover(self._vonage.entries)
        await asyncio.to_thread(self._vonage.set_entries, turned.entries)
        return {"says": turned.summary}

    async def _deliver(self, doing: Coroutine[Any, Any, T]) -> T:
        """Deliver an action once the bot is running: it isn't while the company is being
        resized.
        """
        async with self._restart_lock:
            task = asyncio.create_task(doing)
            await asyncio.sleep(0)  # it is on its way, and others need not wait for its answer
        self._demo_env.change_signal.notify()
        return await task

    def _user_of(self, asked: JsonObject) -> str:
        user = str(asked.get("user", ""))
        if user not in DEMO_USERS:
            raise ActionRefused("There is nobody of that name here.")
        return user

    def _user_and_channel(self, asked: JsonObject) -> tuple[str, str]:
        user, channel = self._user_of(asked), str(asked.get("channel", ""))
        if channel not in sidebar_channels(self._demo_env, user):
            raise ActionRefused("You are not in that channel.")
        return user, channel


def _result(sent: DeliveryResult, failed: str = ACTION_FAILED) -> JsonObject:
    """The response to the person: empty, unless the app didn't acknowledge."""
    return {} if sent.response.is_ok else {"error": failed}
