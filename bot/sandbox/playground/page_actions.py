"""What a person does on the page, as Slack delivers it; what Slack would not do is Impossible."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from bot.sandbox.company import turnover
from bot.sandbox.company.people import people
from bot.sandbox.company.sizes import BY_PEOPLE, Size
from bot.sandbox.playground import switches
from bot.sandbox.playground.demo_env import DemoEnv
from bot.sandbox.playground.feed import CAST, rooms
from bot.sandbox.slack.delivery import Sent
from bot.sandbox.slack.dialogs import Dialogs
from bot.sandbox.slack.message_text import command_of, command_text, mentions_bot, message_text
from bot.sandbox.vonage.state import Sandbox

Told = dict[str, Any]
T = TypeVar("T")

NO_THREADS = "Slack takes no commands in threads. Write @Ext and your question instead."
NO_COMMAND = "{command} is no command here. Try {known}."
NOT_YOURS = "Apps’ commands are for the people of the workspace that installed them."
NO_ANSWER = "{command} failed: the app did not answer in time or not as it should."
FAILED = "That did not work: the app did not answer in time or not as it should."


class Impossible(Exception):
    """What cannot be done, in words for the person who tried."""


class PageActions:
    """One function for each thing that the page can ask for. They return what it is told."""

    def __init__(self, scene: DemoEnv) -> None:
        self._scene = scene
        self._dialogs = Dialogs(scene.delivery)
        self._hiring = asyncio.Lock()

    @property
    def _vonage(self) -> Sandbox:
        return self._scene.vonage

    async def say(self, asked: Told) -> Told:
        """Somebody writes something: a command, a mention, a direct message, or plain words."""
        user, channel = self._place(asked)
        line, thread_ts = str(asked.get("text", "")).strip(), str(asked.get("thread_ts", ""))
        if not line:
            raise Impossible("There is nothing to send.")
        if line.startswith("/"):
            return await self._command(line, user, channel, thread_ts)
        workspace, delivery = self._scene.workspace, self._scene.delivery
        text = message_text(line, workspace.members.values())
        if channel.startswith("D"):
            return _told(await self._up(delivery.direct(text, user, thread_ts=thread_ts)))
        if mentions_bot(text):
            return _told(await self._up(delivery.mention(text, user, channel, thread_ts=thread_ts)))
        content = {"text": text}
        workspace.messages.add(channel, content, thread_ts=thread_ts, by=user, how="person")
        return {}

    async def _command(self, line: str, user: str, channel: str, thread_ts: str) -> Told:
        command, text = command_of(line)
        known = [each["command"] for each in self._scene.app["commands"]]
        if command not in known:
            raise Impossible(NO_COMMAND.format(command=command, known=f"{known[0]} help"))
        if thread_ts:
            raise Impossible(NO_THREADS)
        members = self._scene.workspace.members
        if members[user].is_foreign:
            raise Impossible(NOT_YOURS)
        written = command_text(text, members.values())
        sent = await self._up(self._scene.delivery.slash(written, user, channel, command=command))
        return _told(sent, NO_ANSWER.format(command=command))

    async def press(self, asked: Told) -> Told:
        """Somebody presses a button of a message, or chooses from a list."""
        user, channel = self._place(asked)
        message = self._scene.workspace.messages.get(channel, str(asked.get("ts", "")))
        if message is None:
            raise Impossible("That message is gone.")
        action_id, index = str(asked.get("action_id")), int(asked.get("index", 0))
        chosen = asked.get("chosen", "")
        pressing = self._scene.delivery.press(message, action_id, user, index, chosen)
        return _told(await self._up(pressing))

    async def view(self, asked: Told) -> Told:
        """Somebody presses, submits or closes a modal, or presses on their Home tab."""
        user = self._person(asked)
        return await self._up(self._dialogs.does(user, asked))

    async def options(self, asked: Told) -> Told:
        """Somebody types into a list whose options come from the app."""
        user = self._person(asked)
        return {"options": await self._up(self._dialogs.options(user, asked))}

    async def shortcut(self, asked: Told) -> Told:
        """Somebody chooses a shortcut, from the composer or from a message's menu."""
        user = self._person(asked)
        return await self._up(self._dialogs.shortcut(user, asked))

    async def home(self, asked: Told) -> Told:
        """Somebody opens the app's Home tab."""
        return await self._up(self._dialogs.home(self._person(asked)))

    async def switch(self, asked: Told) -> Told:
        """One of the sandbox's switches is turned."""
        switches.turn(self._vonage, str(asked.get("name")), on=asked.get("on") is True)
        return {}

    async def expire(self, _asked: Told) -> Told:
        """Every access token that Vonage gave becomes invalid."""
        self._vonage.tokens.expire()
        return {}

    async def size(self, asked: Told) -> Told:
        """The company gets another size, and the bot a new start."""
        size = BY_PEOPLE.get(str(asked.get("people")))
        if size is None:
            raise Impossible(f"The directory has one of these sizes: {', '.join(BY_PEOPLE)}.")
        async with self._hiring:
            self._scene.hiring = size.people
            self._scene.bell.ring()
            try:
                await self._hire(size)
            finally:
                self._scene.hiring = 0
        return {}

    async def _hire(self, size: Size) -> None:
        entries = await asyncio.to_thread(people, size.people)
        await asyncio.to_thread(self._vonage.staff, entries)
        self._vonage.options.change("quota", size.quota)
        self._scene.size = size
        await self._scene.bot.restart(size)

    async def forget(self, _asked: Told) -> Told:
        """The bot gets a new start with nothing remembered, as on a platform without a disk."""
        async with self._hiring:
            await self._scene.bot.restart(self._scene.size)
        return {}

    async def turnover(self, _asked: Told) -> Told:
        """Somebody joins the company, somebody leaves, and somebody moves."""
        turned = turnover.turned(self._vonage.entries)
        await asyncio.to_thread(self._vonage.staff, turned.entries)
        return {"says": turned.says}

    async def _up(self, doing: Coroutine[Any, Any, T]) -> T:
        """Do something once the bot is there: while the company is hired anew it is not."""
        async with self._hiring:
            task = asyncio.create_task(doing)
            await asyncio.sleep(0)  # it is on its way, and others need not wait for its answer
        self._scene.bell.ring()
        return await task

    def _person(self, asked: Told) -> str:
        user = str(asked.get("user", ""))
        if user not in CAST:
            raise Impossible("There is nobody of that name here.")
        return user

    def _place(self, asked: Told) -> tuple[str, str]:
        user, channel = self._person(asked), str(asked.get("channel", ""))
        if channel not in rooms(self._scene, user):
            raise Impossible("You are not in that channel.")
        return user, channel


def _told(sent: Sent, failed: str = FAILED) -> Told:
    """What Slack tells the person: nothing, unless the app did not acknowledge."""
    return {} if sent.answer.is_ok else {"error": failed}
