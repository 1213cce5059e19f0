"""Turns a line of text and the person who typed it into an answer. Read this file first.

Everything that takes a question (slash command, mention, message, button, terminal) calls
`Lookup`. Its answers never raise: every error becomes an answer here and nowhere else. Each
question takes the same path:

    text → query.parse → Request → access → handler → directory.find → render → Answer

`answer_now` runs that path without waiting: it gives up where a network call would be needed.
`answer_after_wait` runs the path again, with a deadline. `answer` does one, then the other.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

from bot import query as grammar
from bot.cards import notices, status_report
from bot.cards.notice_builder import contact_text
from bot.directory.service import Directory
from bot.directory.warmup import DirectoryQuery
from bot.errors import MustWait, NotAllowed, QueryError, SourceError
from bot.limits import (
    ANSWER_LIMIT_S,
    MAX_FULL_CARDS,
    MAX_QUESTIONS_PER_MESSAGE,
    RENDER_RESERVE_S,
)
from bot.lookup import headings, late_answer, share
from bot.lookup.access import Access
from bot.lookup.audit_trail import AuditTrail
from bot.lookup.error_messages import error_answer
from bot.lookup.render import Renderer
from bot.lookup.request import (
    Answer,
    AnswerOptions,
    AwaitedQuery,
    FindingQuery,
    Outcome,
    Request,
    combine,
    query_text,
)
from bot.metrics import Metrics
from bot.models import NotReady
from bot.query.commands import COMMANDS, EXAMPLES
from bot.query.model import (
    Audit,
    Changes,
    Email,
    Export,
    Help,
    List,
    Locations,
    Me,
    Name,
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

Handler = Callable[["Lookup", Any, Request], Awaitable[Answer]]


class Lookup:
    """Answers lines of text from one directory.

    `region` is the ISO code of the country for phone numbers without a country code. A terminal
    has no Slack, so `users`, `access` and `channels` are `None` there: the person is an admin, and
    nobody has a Slack profile. `clock` returns epoch seconds.
    """

    def __init__(
        self,
        directory: Directory,
        *,
        region: str,
        users: SlackUsers | None = None,
        access: Access | None = None,
        channels: SlackChannels | None = None,
        support_contact: str = "",
        metrics: Metrics | None = None,
        audit_trail: AuditTrail | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._directory = directory
        self._users = users
        self._access = access
        self._channels = channels
        self._support_contact = support_contact
        self._metrics = metrics or Metrics()
        self._audit_trail = audit_trail
        self._renderer = Renderer(directory, users, clock=clock)
        self._region = region
        self._clock = clock

    # Requests

    def parse(self, text: str, asker: Asker, options: AnswerOptions | None = None) -> Request:
        """Return a line of text as a request. If it can't be parsed, the request has the error."""
        options = options or AnswerOptions()
        hidden = self._excluded_fields(asker, public=options.public)
        try:
            query = grammar.parse(text, region=self._region)
        except QueryError as error:
            return Request(text, asker, options, error=error, excluded_fields=hidden)
        return Request(text, asker, options, query, excluded_fields=hidden)

    def parse_lines(
        self, lines: Sequence[str], asker: Asker, options: AnswerOptions | None = None
    ) -> list[Request]:
        """Return the requests of one message, at least one.

        A line that only greets is parsed as `help`; it is left out if other lines ask something.
        """
        requests = [self.parse(line, asker, options) for line in lines]
        questions = [request for request in requests if not isinstance(request.query, Help)]
        return questions or requests[:1]

    # Answers

    async def answer(self, request: Request, *, deadline: float) -> Answer:
        """Return the answer to a request by `deadline`, in the event loop's time."""
        answer = self.answer_now(request)
        return answer or await self.answer_after_wait(request, deadline=deadline)

    def answer_now(self, request: Request) -> Answer | None:
        """Return the answer if that takes no waiting, else `None`. Charge the asker either way.

        After `None`, call `answer_after_wait`, which doesn't charge the asker again.
        """
        started = time.perf_counter()
        try:
            self._charge(request)
            answer = _run_without_waiting(self._answer_if_allowed(request))
        except Exception as error:
            answer = self._error_answer(error, request)
        if answer:
            self._record(request, answer, started, waited=False)
        return answer

    async def answer_after_wait(self, request: Request, *, deadline: float) -> Answer:
        """Return the answer to a request that `answer_now` couldn't answer, by `deadline`.

        If the answer `awaits` queries, `answer_when_ready` can answer them later.
        """
        started = time.perf_counter()
        request = replace(request, deadline=deadline - RENDER_RESERVE_S)
        try:
            async with asyncio.timeout_at(deadline):
                answer = await self._answer_if_allowed(request)
        except Exception as error:
            answer = self._error_answer(error, request)
        self._record(request, answer, started, waited=True)
        return answer

    async def answer_all(self, requests: Sequence[Request], *, deadline: float) -> Answer:
        """Return one answer to all requests of one message, by `deadline`."""
        answered = requests[:MAX_QUESTIONS_PER_MESSAGE]
        answers = await asyncio.gather(
            *(self.answer(request, deadline=deadline) for request in answered)
        )
        if len({answer.message.text for answer in answers}) == 1:  # such as the same refusal
            return answers[0]
        texts = [request.text for request in answered]
        return combine(texts, answers, is_cut=len(requests) > len(answered))

    async def answer_when_ready(self, answer: Answer, requests: Sequence[Request]) -> Answer:
        """Wait for the queries that an answer awaits, then answer its requests again."""

        async def ask_again(follow_ups: Sequence[Request]) -> Answer:
            deadline = asyncio.get_running_loop().time() + ANSWER_LIMIT_S
            return await self.answer_all(follow_ups, deadline=deadline)

        try:
            return await late_answer.answer_when_ready(answer, requests, self._directory, ask_again)
        except Exception as error:
            text = " ".join(request.text for request in requests)
            return self._error_answer(error, replace(requests[0], text=text))

    def contact(self, *, public: bool = False) -> str:
        """Return whom people can ask for help, as mrkdwn; empty if the settings name nobody.

        A public message names no admins, because each mention would notify an admin.
        """
        admins = frozenset() if public or self._access is None else self._access.admins
        return contact_text(self._support_contact, admins)

    def _error_answer(self, error: BaseException, request: Request) -> Answer:
        return error_answer(error, request, self.contact(public=request.options.public))

    def _record(self, request: Request, answer: Answer, started: float, *, waited: bool) -> None:
        """Count and log an answer, and write it to the audit log if there is one."""
        elapsed_s = time.perf_counter() - started
        kind = type(request.query).__name__.lower() if request.query else "line of text"
        outcome = answer.outcome.value
        self._metrics.lookup(kind, outcome, elapsed_s)
        # Most lookups find something without waiting; logging each would double what they cost.
        level = logging.INFO if waited or answer.outcome is not Outcome.FOUND else logging.DEBUG
        log.log(level, "Lookup (%s): %s in %.0f ms", kind, outcome, elapsed_s * 1000)
        if self._audit_trail:
            self._audit_trail.answered(request, answer, kind)

    # Access

    def _excluded_fields(self, asker: Asker, *, public: bool) -> frozenset[str]:
        """Return the fields that are neither shown to the asker nor searched."""
        return self._access.excluded_fields(asker, public=public) if self._access else frozenset()

    def _charge(self, request: Request) -> None:
        """Count a request against the asker's limit. Raises `RateLimited` or `QueryError`."""
        query = _query_of(request)
        if self._access is None or request.is_follow_up:
            return
        if not isinstance(query, Help | Status):
            parts = len(query.items) if isinstance(query, Several) else 1
            self._access.charge(request.asker, parts=parts)

    async def _answer_if_allowed(self, request: Request) -> Answer:
        """Answer an asker who may ask.

        The lookup starts only once that is known: people who may not ask must not be able to use
        up Vonage's quota.
        """
        query = _query_of(request)
        await self._check_allowed(request)
        return await self._handle(query, request)

    async def _check_allowed(self, request: Request) -> None:
        """Return if the asker may ask. Raises `NotAllowed`, `AskerUnknown` or `MustWait`."""
        if self._access and not self._access.is_allowed_cached(request.asker):
            await self._access.check_allowed(request.asker, deadline=request.wait_deadline)

    # Handlers, one for each type of query

    async def _handle(self, query: Query, request: Request) -> Answer:
        if type(query) in _ADMIN_QUERIES:
            self._require_admin(request)
        return await HANDLERS[type(query)](self, query, request)

    def _require_admin(self, request: Request) -> None:
        """Raise `NotAllowed` unless the asker is an admin and nobody else reads the answer."""
        if self._access and (request.options.public or not self._access.is_admin(request.asker)):
            raise NotAllowed("admins")

    async def _help(self, query: Help, request: Request) -> Answer:
        command = request.options.command
        if request.text.strip() or command:
            return Answer(notices.help_message(EXAMPLES, command), Outcome.INFO)
        workspace = self._users.known_workspace() if self._users else None
        mention = f"<@{workspace.bot_user_id}>" if workspace else ""
        return Answer(notices.mention_help_message(EXAMPLES, mention), Outcome.INFO)

    async def _status(self, query: Status, request: Request) -> Answer:
        message = status_report.status_message(self._directory.status(), self._clock())
        return Answer(message, Outcome.INFO)

    async def _browse(
        self, query: List | Locations | Export | Changes | Audit, request: Request
    ) -> Answer:
        """Answer a query about the whole directory, or about a filtered part of it."""
        return await self._find(query, query, request)

    async def _share(self, query: Share, request: Request) -> Answer:
        """Share an answer with the channel, or ask first where outsiders can read it."""
        if not request.options.command:
            # Mentions and direct messages are answered where they were written, so "share" there
            # changes nothing.
            return await self._handle(query.query, request)
        options = replace(request.options, public=True)
        hidden = self._excluded_fields(request.asker, public=True)
        public_request = replace(request, options=options, excluded_fields=hidden)
        answer = await self._handle(query.query, public_request)
        return await share.share_or_confirm(answer, query.query, request, self._channels)

    async def _refresh(self, query: Refresh, request: Request) -> Answer:
        return await self._single(query.query, replace(request, refresh=True))

    async def _several(self, query: Several, request: Request) -> Answer:
        """Answer each part by itself. If all parts fail in the same way, raise that error once."""
        deadline = request.wait_deadline  # the parts run as tasks, so this lookup has to wait
        part = replace(request, deadline=deadline, as_row=len(query.items) > MAX_FULL_CARDS)
        results = await asyncio.gather(
            *(self._single(item, part) for item in query.items), return_exceptions=True
        )
        for result in results:
            if isinstance(result, BaseException) and not isinstance(result, SourceError):
                raise result
        if isinstance(results[0], SourceError) and len({type(result) for result in results}) == 1:
            raise results[0]
        answers = [
            result if isinstance(result, Answer) else self._error_answer(result, part)
            for result in results
        ]
        return combine([query_text(item) for item in query.items], answers)

    async def _single(self, query: SingleQuery, request: Request) -> Answer:
        """Answer a query for one extension."""
        if isinstance(query, Me | Person):
            return await self._person(query, request)
        answer = await self._find(query, query, request)
        if answer.outcome is not Outcome.MISSING or not isinstance(query, Phone):
            return answer
        # If nobody has the phone number "415 555 0100", it may mean three extensions.
        numbers = tuple(Number(digits, digits) for digits in query.groups)
        return await self._several(Several(numbers, query.typed), request) if numbers else answer

    async def _person(self, query: Me | Person, request: Request) -> Answer:
        """Answer for a Slack user, whose extension is found by their email address."""
        other_id = query.user_id if isinstance(query, Person) else ""
        email = await self._email_of(other_id or request.asker.user_id, request)
        if not email:
            return Answer(notices.no_email(other_id, request.options.command), Outcome.MISSING)
        # Nobody finds out an address by this: Slack knows it, and the asker named no address.
        known_by = "" if other_id in ("", request.asker.user_id) else "slack"
        return await self._find(Email(email, query.typed, known_by), query, request)

    async def _email_of(self, user_id: str, request: Request) -> str:
        if self._users is None or not user_id:
            return ""
        member = self._users.known_member(user_id) or await self._users.member(
            user_id, deadline=request.wait_deadline
        )
        return member.email if member else ""

    async def _find(
        self, directory_query: DirectoryQuery, query: FindingQuery, request: Request
    ) -> Answer:
        """Answer `query` with what the directory finds for `directory_query`: `me` by email."""
        finding = await self._directory.find(
            directory_query,
            deadline=request.deadline,
            refresh=request.refresh,
            excluded_fields=request.excluded_fields,
        )
        if not isinstance(finding, NotReady):
            return await self._renderer.render(finding, query, request)
        is_promised = headings.can_follow_up(finding, request)
        if finding.failure and not (is_promised or request.is_follow_up):
            raise finding.failure
        answer = await self._renderer.render(finding, query, request)
        awaited = AwaitedQuery(directory_query, request.excluded_fields)
        return replace(answer, awaits=(awaited,) if is_promised else ())


HANDLERS: dict[type, Handler] = {
    Help: Lookup._help,
    Status: Lookup._status,
    Share: Lookup._share,
    Refresh: Lookup._refresh,
    Several: Lookup._several,
    **dict.fromkeys((List, Locations, Export, Changes, Audit), Lookup._browse),
    **dict.fromkeys((Number, Phone, Email, Person, Me, Name), Lookup._single),
}

# Computed once, because every lookup checks it.
_ADMIN_QUERIES = frozenset(command.query_type for command in COMMANDS if command.admins_only)


def _run_without_waiting(coroutine: Coroutine[Any, Any, Answer]) -> Answer | None:
    """Return the result of a coroutine that needs no waiting, or `None` if it raises `MustWait`.

    Without a deadline, lookups raise `MustWait` before they would wait. A coroutine that never
    waits ends at its first `send`, which saves a task and a turn of the event loop.
    """
    try:
        coroutine.send(None)
    except StopIteration as finished:
        answer: Answer = finished.value
        return answer
    except MustWait:
        return None
    coroutine.close()
    raise RuntimeError("A lookup without a deadline waited instead of raising MustWait")


def _query_of(request: Request) -> Query:
    """Return the query of a request. Raises its `QueryError` if the text couldn't be parsed."""
    if request.query is None:
        raise request.error or RuntimeError("A request has neither a query nor an error")
    return request.query
