"""The actions of a person on the page, delivered as Slack would deliver them.

An action that Slack wouldn't allow raises ActionRefused.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from bot.sandbox.company.people import build_company
from bot.sandbox.company.sizes import SIZE_BY_PEOPLE, CompanySize
from bot.sandbox.company.turnover import apply_turnover
from bot.sandbox.json_types import JsonObject
from bot.sandbox.playground import switches
from bot.sandbox.playground.demo_env import DemoEnv
from bot.sandbox.playground.feed import DEMO_USERS, sidebar_channels
from bot.sandbox.slack.delivery import DeliveryResult
from bot.sandbox.slack.dialogs import Dialogs
from bot.sandbox.slack.message_text import command_text, mentions_bot, message_text, split_command
from bot.sandbox.vonage.state import FakeVonage

T = TypeVar("T")

NO_COMMANDS_IN_THREADS = "Slack doesn't take commands in threads. Use @Ext and your question."
UNKNOWN_COMMAND = "{command} isn't a command here. Try {example}."
NOT_IN_YOUR_WORKSPACE = "An app's commands only work in the workspace that installed it."
COMMAND_FAILED = "{command} failed because the app did not respond, or not as expected."
ACTION_FAILED = "That didn't work: the app did not respond, or not as expected."


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

    async def send_text(self, request: JsonObject) -> JsonObject:
        """A user sends a command, a mention, a direct message, or plain text."""
        user, channel = self._user_and_channel(request)
        line, thread_ts = str(request.get("text", "")).strip(), str(request.get("thread_ts", ""))
        if not line:
            raise ActionRefused("There's nothing to send.")
        if line.startswith("/"):
            return await self._command(line, user, channel, thread_ts)
        workspace, delivery = self._demo_env.workspace, self._demo_env.delivery
        text = message_text(line, workspace.members.values())
        if channel.startswith("D"):
            direct = delivery.direct_message(text, user, thread_ts=thread_ts)
            return _result(await self._deliver(direct))
        if mentions_bot(text):
            mention = delivery.mention(text, user, channel, thread_ts=thread_ts)
            return _result(await self._deliver(mention))
        workspace.messages.add(
            channel, {"text": text}, thread_ts=thread_ts, author=user, origin="person"
        )
        return {}

    async def _command(self, line: str, user: str, channel: str, thread_ts: str) -> JsonObject:
        command, text = split_command(line)
        commands = [entry["command"] for entry in self._demo_env.app_features["commands"]]
        if command not in commands:
            example = f"{commands[0]} help"
            raise ActionRefused(UNKNOWN_COMMAND.format(command=command, example=example))
        if thread_ts:
            raise ActionRefused(NO_COMMANDS_IN_THREADS)
        members = self._demo_env.workspace.members
        if members[user].is_foreign:
            raise ActionRefused(NOT_IN_YOUR_WORKSPACE)
        slash_command = self._demo_env.delivery.slash_command(
            command_text(text, members.values()), user, channel, command=command
        )
        result = await self._deliver(slash_command)
        return _result(result, COMMAND_FAILED.format(command=command))

    async def press(self, request: JsonObject) -> JsonObject:
        """A user presses a button of a message, or chooses from a list."""
        user, channel = self._user_and_channel(request)
        message = self._demo_env.workspace.messages.get(channel, str(request.get("ts", "")))
        if message is None:
            raise ActionRefused("That message no longer exists.")
        action_id, index = str(request.get("action_id")), int(request.get("index", 0))
        choice = request.get("choice", "")
        press = self._demo_env.delivery.press(message, action_id, user, index, choice)
        return _result(await self._deliver(press))

    async def view_action(self, request: JsonObject) -> JsonObject:
        """A user presses, submits or closes a modal, or presses something on their Home tab."""
        user = self._user_of(request)
        return await self._deliver(self._dialogs.view_action(user, request))

    async def options(self, request: JsonObject) -> JsonObject:
        """A user types into a list whose options come from the app."""
        user = self._user_of(request)
        return {"options": await self._deliver(self._dialogs.options(user, request))}

    async def shortcut(self, request: JsonObject) -> JsonObject:
        """A user chooses a shortcut, from the composer or from a message's menu."""
        user = self._user_of(request)
        return await self._deliver(self._dialogs.shortcut(user, request))

    async def open_home(self, request: JsonObject) -> JsonObject:
        """A user opens the app's Home tab."""
        return await self._deliver(self._dialogs.home(self._user_of(request)))

    async def set_switch(self, request: JsonObject) -> JsonObject:
        """Set one of the sandbox's switches."""
        name = str(request.get("name"))
        switches.set_switch(self._vonage, name, on=request.get("on") is True)
        return {}

    async def expire_tokens(self, _request: JsonObject) -> JsonObject:
        """Make every access token of the fake Vonage invalid."""
        self._vonage.tokens.expire()
        return {}

    async def resize_company(self, request: JsonObject) -> JsonObject:
        """Give the company another size, and restart the bot."""
        size = SIZE_BY_PEOPLE.get(str(request.get("people")))
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
        # In a thread: 100,000 entries take seconds, in which the page must stay responsive.
        entries = await asyncio.to_thread(build_company, size.people)
        await asyncio.to_thread(self._vonage.set_entries, entries)
        self._vonage.options.change("quota", size.calls_per_minute)
        self._demo_env.size = size
        await self._demo_env.bot.restart(size)

    async def restart_bot(self, _request: JsonObject) -> JsonObject:
        """Restart the bot with nothing remembered, as on a platform without a disk."""
        async with self._restart_lock:
            await self._demo_env.bot.restart(self._demo_env.size)
        return {}

    async def turnover(self, _request: JsonObject) -> JsonObject:
        """One person joins the company, one leaves, and one moves."""
        result = apply_turnover(self._vonage.entries)
        await asyncio.to_thread(self._vonage.set_entries, result.entries)
        return {"summary": result.summary}

    async def _deliver(self, action: Coroutine[Any, Any, T]) -> T:
        """Deliver an action once the bot is running, which it isn't during a resize."""
        async with self._restart_lock:
            task = asyncio.create_task(action)
            # The request is on its way, so a restart need not wait for the response.
            await asyncio.sleep(0)
        self._demo_env.change_signal.notify()
        return await task

    def _user_of(self, request: JsonObject) -> str:
        user = str(request.get("user", ""))
        if user not in DEMO_USERS:
            raise ActionRefused("There's nobody by that name here.")
        return user

    def _user_and_channel(self, request: JsonObject) -> tuple[str, str]:
        user, channel = self._user_of(request), str(request.get("channel", ""))
        if channel not in sidebar_channels(self._demo_env, user):
            raise ActionRefused("You aren't in that channel.")
        return user, channel


def _result(result: DeliveryResult, error: str = ACTION_FAILED) -> JsonObject:
    """The response to the person: empty, unless the app didn't acknowledge."""
    return {} if result.response.is_ok else {"error": error}
