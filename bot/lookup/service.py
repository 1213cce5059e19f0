"""The spine: a line of text and who asks, to an answer. Read this first.

Every surface calls `Lookup.answer`, which never raises: what goes wrong becomes a notice
here and nowhere else. The way of a question:

    text → query.parse → access → (Slack: whose email?) → directory.find → telling → Answer
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from bot import query
from bot.cards import listing, notices, status
from bot.cards.message import Message
from bot.directory.service import Directory
from bot.directory.warmup import DirectoryQuery
from bot.errors import NotAllowed, QueryError, RateLimited, SourceError
from bot.lookup import framing, share
from bot.lookup.access import Access
from bot.lookup.error_messages import error_answer
from bot.lookup.render import Renderer
from bot.lookup.request import COMMAND, Answer, Asked, Outcome, Request, combine, query_text
from bot.metrics import Metrics
from bot.models import Match, NotReady
from bot.query.model import (
    Audit,
    Changes,
    Email,
    Export,
    Help,
    List,
    Locations,
    Me,
    Number,
    Person,
    Phone,
    Query,
    Refresh,
    Several,
    Share,
    SingleQuery,
    Status,
)
from bot.slack.channels import SlackChannels
from bot.slack.people import Asker
from bot.slack.users import SlackUsers

log = logging.getLogger(__name__)

ANSWER_LIMIT_S = 9.5  # seconds from when an answer can be given
FOLLOW_UP_LIMIT_S = (
    29 * 60.0
)  # seconds in which an answer can follow: Slack takes it for 30 minutes
RENDER_RESERVE_S = 0.2  # seconds before the deadline, in which the answer is written
MAX_QUESTIONS_PER_MESSAGE = 10  # of one message that are answered


class Lookup:
    """Answers lines of text from one directory.

    In a terminal there is no Slack: no `profiles`, `access` or `channels`.
    """

    def __init__(
        self,
        directory: Directory,
        *,
        region: str,
        profiles: SlackUsers | None = None,
        access: Access | None = None,
        channels: SlackChannels | None = None,
        metrics: Metrics | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._directory = directory
        self._profiles = profiles
        self._access = access
        self._channels = channels
        self._metrics = metrics or Metrics()
        self._telling = Renderer(directory, profiles, access, clock=clock)
        self._region = region
        self._clock = clock

    def answer_now(self, text: str, asker: Asker) -> Answer | None:
        """Return the card of one extension at once, where everything is known already.

        It is what `answer` would return, without a task and its waiting: the usual case.
        """
        if self._access is None or not self._access.is_allowed_cached(asker):
            return None
        begun = time.perf_counter()
        try:
            asked = query.parse(text, region=self._region)
            found = (
                self._directory.known(asked) if isinstance(asked, Number | Phone | Email) else None
            )
            if not isinstance(found, Match):
                return None
            answer = self._telling.render_card_now(found, Request(asker, 0.0, text))
            if answer:
                self._access.charge(asker)
                self._note(type(asked).__name__.lower(), answer, begun, level=logging.DEBUG)
        except (QueryError, RateLimited):
            return None
        return answer

    async def answer(
        self,
        text: str,
        asker: Asker,
        *,
        deadline: float,
        command: str = COMMAND,
        **how: bool,
    ) -> Answer:
        """Return the answer to a line of text by `deadline`, in the event loop's time.

        `how` it is to be answered is as in `Request`: `public`, `confirmed`, `follows`. Where
        the answer `awaits` something, `later` gives it.
        """
        begun = time.perf_counter()
        request = Request(asker, deadline - RENDER_RESERVE_S, text, command, **how)
        kind = "line of text"
        try:
            asked = query.parse(text, region=self._region)
            kind = type(asked).__name__.lower()
            async with asyncio.timeout_at(deadline):
                answer = await self._answer_if_allowed(asked, request)
        except Exception as error:
            answer = error_answer(error, request)
        self._note(kind, answer, begun)
        return answer

    async def answer_when_ready(
        self, awaited: Answer, lines: Sequence[str], asker: Asker, **how: Any
    ) -> Answer:
        """Return the answer to what an earlier one awaits; the rest is as for `answers`."""
        loop, now = asyncio.get_running_loop(), Request(asker, 0.0, " ".join(lines))
        try:
            async with asyncio.timeout(FOLLOW_UP_LIMIT_S):
                for query in awaited.awaits:
                    await self._directory.find_when_ready(
                        query, excluded_fields=self._unsearched(now)
                    )
        except TimeoutError:
            how |= {"can_follow_up": False}
        except Exception as error:
            return error_answer(error, now)
        deadline = loop.time() + ANSWER_LIMIT_S
        return await self.answers(lines, asker, deadline=deadline, is_follow_up=True, **how)

    def _note(self, kind: str, answer: Answer, begun: float, *, level: int = logging.INFO) -> None:
        took = time.perf_counter() - begun
        self._metrics.lookup(kind, answer.outcome.value, took)
        log.log(level, "Lookup (%s): %s in %.0f ms", kind, answer.outcome.value, took * 1000)

    async def answers(self, lines: Sequence[str], asker: Asker, **how: Any) -> Answer:
        """Return one answer to several questions of one message; `how` is as for `answer`."""
        meant = [line for line in lines if not self._is_small_talk(line)] or list(lines[:1])
        asked = meant[:MAX_QUESTIONS_PER_MESSAGE]
        found = await asyncio.gather(*(self.answer(line, asker, **how) for line in asked))
        if len({each.message.text for each in found}) == 1:
            return found[0]
        return combine(asked, found, is_cut=len(meant) > len(asked))

    def _is_small_talk(self, line: str) -> bool:
        """Whether a line beside others only says hello or thank you."""
        try:
            return isinstance(query.parse(line, region=self._region), Help)
        except QueryError:
            return False

    def pending_message(self, text: str) -> Message:
        """Return what is said while an answer is on its way."""
        try:
            return notices.looking_up(query_text(query.parse(text, region=self._region)))
        except QueryError:
            return notices.looking_up("")

    async def _answer_if_allowed(self, asked: Query, request: Request) -> Answer:
        """Answer somebody who may ask. Slack is asked who they are beside the lookup."""
        if self._access is None:
            return await self._answer(asked, request)
        if not (isinstance(asked, Help | Status) or request.is_follow_up):
            self._access.charge(request.asker, parts=len(getattr(asked, "items", "1")))
        if self._access.is_allowed_cached(request.asker):
            return await self._answer(asked, request)
        answer = asyncio.create_task(self._answer(asked, request))
        try:
            await self._access.check_allowed(request.asker, deadline=request.deadline)
            return await answer
        finally:
            answer.cancel()

    async def _answer(self, asked: Query, request: Request) -> Answer:
        match asked:
            case Help():
                return Answer(self._help(request), Outcome.INFO)
            case Status():
                told = status.status(self._directory.status(), self._clock())
                return Answer(told, Outcome.INFO)
            case Export() | Changes() | Audit():
                return await self._for_admins(asked, request)
            case Share(query=wanted):
                return await self._share(wanted, request)
            case Refresh(query=wanted):
                return await self._one(wanted, replace(request, refresh=True))
            case Several():
                return await self._several(asked, request)
            case List() | Locations():
                return await self._list(asked, request)
            case _:
                return await self._one(asked, request)

    async def _list(self, asked: List | Locations, request: Request) -> Answer:
        if self._access and isinstance(asked, List):
            self._access.check_filters(asked.filters, request.asker, public=request.public)
        return await self._find(asked, asked, request)

    async def _for_admins(self, asked: Export | Changes | Audit, request: Request) -> Answer:
        """Answer what only admins may ask, where nobody reads along; in a terminal anybody."""
        if self._access and (request.public or not self._access.is_admin(request.asker)):
            raise NotAllowed("admins")
        return await self._find(asked, asked, request)

    async def _find(self, mark: DirectoryQuery, asked: Asked, request: Request) -> Answer:
        """Ask the directory for a `mark`, by which is found what was `asked` for."""
        found = await self._directory.find(
            mark,
            deadline=request.deadline,
            refresh=request.refresh,
            excluded_fields=self._unsearched(request),
        )
        answer = await self._telling.render(found, asked, request)
        is_awaited = isinstance(found, NotReady) and not framing.takes_too_long(found.sync_progress)
        return replace(answer, awaits=(mark,)) if is_awaited and request.can_follow_up else answer

    def _unsearched(self, request: Request) -> frozenset[str]:
        """Return the fields by which nobody is found: what one may not see one cannot guess."""
        if self._access is None:
            return frozenset()
        return self._access.hidden_fields(request.asker, public=request.public)

    def _help(self, request: Request) -> Message:
        if request.text.strip() or request.command:
            return notices.help(query.EXAMPLES, request.command)
        workspace = self._profiles.known_workspace() if self._profiles else None
        mention = f"<@{workspace.bot_user_id}>" if workspace else ""
        return notices.mention_help(query.EXAMPLES, mention)

    async def _share(self, wanted: SingleQuery | Several | List, request: Request) -> Answer:
        """Show an answer to the channel, or ask first where outsiders read along."""
        if not request.command:
            return await self._answer(wanted, request)  # whoever reads along reads the answer
        answer = await self._answer(wanted, replace(request, public=True))
        return await share.share_or_confirm(answer, wanted, request, self._channels)

    async def _one(self, asked: SingleQuery, request: Request) -> Answer:
        """Answer a query for one extension."""
        mark = await self._email_of(asked, request) if isinstance(asked, Me | Person) else asked
        if mark is None:
            user_id = asked.user_id if isinstance(asked, Person) else ""
            return Answer(notices.no_email(user_id, request.command), Outcome.MISSING)
        answer = await self._find(mark, asked, request)
        if answer.outcome is Outcome.MISSING and isinstance(asked, Phone) and asked.groups:
            numbers = tuple(Number(each, each) for each in asked.groups)
            return await self._several(Several(numbers, asked.typed), request)
        return answer

    async def _email_of(self, asked: Me | Person, request: Request) -> Email | None:
        user_id = asked.user_id if isinstance(asked, Person) else request.asker.user_id
        if self._profiles is None or not user_id:
            return None
        member = await self._profiles.member(user_id, deadline=request.deadline)
        return Email(member.email, asked.typed) if member and member.email else None

    async def _several(self, asked: Several, request: Request) -> Answer:
        """Answer each part by itself; where none can be, for one reason, say it once."""
        request = replace(request, as_row=len(asked.items) > listing.FULL_CARDS)
        found = await asyncio.gather(
            *(self._one(each, request) for each in asked.items), return_exceptions=True
        )
        for each in found:
            if isinstance(each, BaseException) and not isinstance(each, SourceError):
                raise each
        if isinstance(found[0], SourceError) and len({type(each) for each in found}) == 1:
            raise found[0]
        answers = [
            each if isinstance(each, Answer) else error_answer(each, request) for each in found
        ]
        return combine([query_text(item) for item in asked.items], answers)
