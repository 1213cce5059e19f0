"""What people do in the soak: a random mixture of everything that Ext answers, from a seed."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from random import Random

import httpx

from bot.cards import action_ids
from bot.sandbox.company.entries import Entry
from bot.sandbox.slack.block_actions import interactive_elements
from bot.sandbox.slack.channels import direct_channel_id
from bot.sandbox.slack.delivery import Delivery, DeliveryResult
from bot.sandbox.slack.members import MEMBERS, Member
from tests.bench.company import add_typo
from tests.soak import bad_requests
from tests.soak.answer_checks import Expected
from tests.soak.company import Company, owner_name
from tests.soak.inbox import Inbox, Question

COLLEAGUES = 60  # members of the workspace besides the stand-in's own
ADMIN = "U0ADMIN"
REFUSED = ("U0GUEST", "U0SINGLE", "U0STRANGER")
MAX_AT_ONCE = 64  # requests; on a busy machine, fewer are sent instead of more at once
REDELIVERED_SHARE = 0.25  # of mentions and direct messages: Slack delivers them again
# Presses that are answered by a message. A link opens Slack itself, and Cancel removes a message.
ANSWERED_PRESSES = (
    action_ids.NEXT, action_ids.PREVIOUS, action_ids.SHOW, action_ids.REFRESH, action_ids.SHARE,
)  # fmt: skip
LISTS = (
    "list", "list page 3", "list dnd:on", "list unassigned page 2", "list voicemail:off",
    "location berlin", 'list location:"holmdel hq"', "locations", "list page 99999",
)  # fmt: skip
INFO = ("help", "", "status", "me", "list page zero", "who", "?!", "refresh")
ADMIN_TEXTS = (
    "export", "export location:berlin", "changes", "changes since yesterday", "audit",
    "audit dnd", "status",
)  # fmt: skip


def colleagues(entries: Iterable[Entry]) -> list[Member]:
    """Return the stand-in's own members, and people of the company with their addresses."""
    people = [entry.user for entry in entries if entry.user and entry.user.email]
    taken = {member.email for member in MEMBERS}
    new = [user for user in people if user.email not in taken][:COLLEAGUES]
    return [
        *MEMBERS,
        *(
            Member(f"U1{at:04}", user.login_name, user.first_name, user.email or "")
            for at, user in enumerate(new)
        ),
    ]


@dataclass(slots=True)
class Traffic:
    """Sends actions, `per_second` as a rule; counts them by kind.

    `ack_seconds` are the times until each acknowledgement, in seconds.
    """

    deliver: Delivery
    http: httpx.AsyncClient
    url: str
    company: Company
    inbox: Inbox
    random: Random
    per_second: float
    sent: Counter[str] = field(default_factory=Counter)
    ack_seconds: list[float] = field(default_factory=list)
    late_acks: int = 0
    failed_acks: Counter[str] = field(default_factory=Counter)

    async def run(self, seconds: float, rate: float = 1) -> None:
        """Send actions for some seconds, then wait until the last one is acknowledged.

        `rate` is a multiple of `per_second`.
        """
        actions, weights = zip(*self._actions().items(), strict=True)
        places, end = asyncio.Semaphore(MAX_AT_ONCE), time.monotonic() + seconds
        async with asyncio.TaskGroup() as group:
            while time.monotonic() < end:
                await places.acquire()
                act = self.random.choices(actions, weights)[0]
                group.create_task(act()).add_done_callback(lambda _: places.release())
                await asyncio.sleep(self.random.expovariate(self.per_second * rate))

    def _actions(self) -> dict[Callable[[], Awaitable[None]], int]:
        """Return each action with its weight."""
        return {
            self._number: 24,
            self._numbers: 4,
            self._direct_number: 6,
            self._unknown_number: 6,
            self._name: 8,
            self._typo: 8,
            self._refresh: 6,
            self._list: 6,
            self._share: 2,
            self._press: 14,
            self._mention: 6,
            self._direct_message: 6,
            self._info: 4,
            self._refused_asker: 3,
            self._admin: 2,
            self._bad_request: 5,
            self._operator: 3,
        }

    # Slash commands

    async def _number(self) -> None:
        entry = self._entry()
        text = self.random.choice(("{}", "x{}", "#{}", "who is {}?")).format(entry.number)
        await self._ask("number", text, Expected((entry.number,), only_these=True))

    async def _numbers(self) -> None:
        numbers = tuple(self._entry().number for _ in range(3))
        await self._ask("several numbers", " ".join(numbers), Expected(numbers, only_these=True))

    async def _direct_number(self) -> None:
        entry = self._entry(lambda each: bool(each.dids))
        expected = Expected((entry.number,), only_these=True)
        await self._ask("direct number", f"+{entry.dids[0].phone_number}", expected)

    async def _unknown_number(self) -> None:
        await self._ask("unknown number", str(self.random.randrange(95_000, 99_000)), Expected())

    async def _name(self) -> None:
        entry = self._entry(lambda each: each.user is not None)
        await self._ask("name", owner_name(entry), Expected((entry.number,)))

    async def _typo(self) -> None:
        entry = self._entry(lambda each: each.user is not None)
        await self._ask("name with a typo", add_typo(owner_name(entry), self.random), Expected())

    async def _refresh(self) -> None:
        number = self._entry().number
        await self._ask("refresh", f"refresh {number}", Expected((number,), only_these=True))

    async def _list(self) -> None:
        await self._ask("list", self.random.choice(LISTS), Expected())

    async def _share(self) -> None:
        number, channel = self._entry().number, self.random.choice(("C0GENERAL", "C0PARTNERS"))
        expected = Expected((number,), only_these=True)
        await self._ask("share", f"share {number}", expected, channel=channel, user="U0ANNA")

    async def _info(self) -> None:
        await self._ask("help and the like", self.random.choice(INFO), Expected())

    async def _refused_asker(self) -> None:
        user, number = self.random.choice(REFUSED), self._entry().number
        text = self.random.choice(("{}", "refresh {}", "share {}")).format(number)
        expected = Expected((number,), may_ask=False)
        await self._ask("somebody refused", text, expected, user=user, channel="C0PARTNERS")

    async def _admin(self) -> None:
        await self._ask("admin", self.random.choice(ADMIN_TEXTS), Expected(), user=ADMIN)

    async def _ask(
        self, kind: str, text: str, expected: Expected, *, user: str = "", channel: str = ""
    ) -> None:
        question, user = Question(kind, text, expected), user or self._person()
        self.sent[kind] += 1
        sent = await self.deliver.slash_command(text, user, channel or "C0GENERAL")
        if self._is_acknowledged(sent):
            self.inbox.wait_by_url(sent.url_id, question)
            self.inbox.receive(question, str(sent.response.payload.get("text", "")))
            self.inbox.remember(sent.message, user)

    # Everything else

    async def _press(self) -> None:
        if not self.inbox.recent:
            return
        message, user = self.random.choice(self.inbox.recent)
        elements = list(interactive_elements(message.blocks))
        if not elements or message.is_deleted:
            return
        action_id = self.random.choice(elements)["action_id"]
        question = Question("press", action_id, Expected())
        self.sent["press"] += 1
        sent = await self.deliver.press(message, action_id, user)
        if self._is_acknowledged(sent) and action_id in ANSWERED_PRESSES:
            self.inbox.wait_by_url(sent.url_id, question)

    async def _mention(self) -> None:
        number = self._entry().number
        question = Question("mention", number, Expected((number,), only_these=True))
        self.sent["mention"] += 1
        sent = await self.deliver.mention(number, self._person(), redeliveries=self._redeliveries())
        if self._is_acknowledged(sent):
            self.inbox.wait_in_thread(sent.channel, sent.ts, question)

    async def _direct_message(self) -> None:
        user, number = self._person(), self._entry().number
        channel = direct_channel_id(user)
        if self.inbox.is_busy(channel):
            return
        question = Question("direct message", number, Expected((number,), only_these=True))
        self.sent["direct message"] += 1
        self.inbox.wait_in_direct_message(channel, question)
        sent = await self.deliver.direct_message(number, user, redeliveries=self._redeliveries())
        self._is_acknowledged(sent)

    async def _bad_request(self) -> None:
        self.sent["bad request"] += 1
        if problem := await bad_requests.send_one(self.http, self.url, self.random):
            self.inbox.note("a bad request was not refused", problem)

    async def _operator(self) -> None:
        path = self.random.choice(("/healthz", "/readyz", "/metrics"))
        self.sent["operator's request"] += 1
        response = await self.http.get(self.url + path)
        if response.status_code != 200:
            self.inbox.note("the bot was not ready", f"{path}: {response.text[:300]}")

    def _is_acknowledged(self, sent: DeliveryResult) -> bool:
        """Note how the bot acknowledged a delivery; return whether it did in time."""
        response = sent.responses[-1]
        self.ack_seconds.append(sent.response.seconds)
        if response.is_ok:
            return True
        if response.failure == "http_timeout":
            self.late_acks += 1
        else:
            self.failed_acks[f"{response.failure} {response.status}"] += 1
        return False

    # Random choices

    def _entry(self, condition: Callable[[Entry], bool] = lambda _: True) -> Entry:
        while not condition(entry := self.random.choice(self.company.entries)):
            pass
        return entry

    def _person(self) -> str:
        return self.random.choice(("U0JOHN", "U0ANNA", *(f"U1{at:04}" for at in range(COLLEAGUES))))

    def _redeliveries(self) -> int:
        return int(self.random.random() < REDELIVERED_SHARE)
