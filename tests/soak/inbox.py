"""Matches the bot's answers with the questions, checks each one, and notices what never came."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.cards.notices import LOOKING_UP
from bot.sandbox.slack.members import BOT_USER_ID
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.workspace import Workspace
from tests.soak.answer_checks import Expected, problems
from tests.soak.company import Company

PENDING = LOOKING_UP.partition("{")[0]
PROMISES = ("I'll answer", "I'm still reading")  # in a notice that a second answer follows
ANSWER_WITHIN_S = 40.0  # 12 s by design, then up to 25 s to send it while Slack fails
FIRST_ATTEMPT_WITHIN_S = 15.0  # to send the answer: only then can a fault of Slack's stop it
KEPT_MESSAGES = 1_500  # of the stand-in for Slack, which would keep all and search through them
KEPT_CALLS = 500
MAX_EXAMPLES = 10  # of what went wrong, for the report

Place = tuple[str, str]  # where an answer is expected: a channel and a thread, or an address
_BY_URL = "response_url"


@dataclass(slots=True, eq=False)
class Question:
    """Something that was asked, and how often it was answered."""

    kind: str
    text: str
    expected: Expected
    asked_at: float = field(default_factory=time.monotonic)
    answers: int = 0
    is_promised: bool = False  # the answer says that another one follows


@dataclass(slots=True)
class Inbox:
    """Everything that the bot says. `stale_s` is how old an answer may be at present.

    `is_explained` says whether a fault of Slack's explains that something got lost, or came twice,
    between two times.
    """

    slack: Workspace
    company: Company
    is_explained: Callable[[float, float], bool]
    stale_s: float = 60.0
    checked: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    recent: list[tuple[Message, str]] = field(default_factory=list)
    _waiting: dict[Place, Question] = field(default_factory=dict)
    _unclaimed: dict[Place, list[str]] = field(default_factory=dict)
    _messages_read: int = 0
    _responses_read: int = 0

    def wait_by_url(self, url_id: str, question: Question) -> None:
        """Expect an answer by this `response_url`."""
        self._wait((_BY_URL, url_id), question)

    def wait_in_thread(self, channel: str, ts: str, question: Question) -> None:
        """Expect an answer in the thread of this message."""
        self._wait((channel, ts), question)

    def wait_in_direct_message(self, channel: str, question: Question) -> None:
        """Expect an answer in a direct message, in which one question is open at a time."""
        self._wait((channel, ""), question)

    def is_busy(self, channel: str) -> bool:
        """Whether a question in this direct message still waits for its answer."""
        question = self._waiting.get((channel, ""))
        return question is not None and not question.answers

    def _wait(self, place: Place, question: Question) -> None:
        """Wait for an answer in a place; it may have come before the acknowledgement."""
        self._waiting[place] = question
        for text in self._unclaimed.pop(place, ()):
            self.receive(question, text)

    def receive(self, question: Question, text: str) -> None:
        """Check one answer to a question."""
        if text.startswith(PENDING):
            return
        question.answers += 1
        self.checked += 1
        if question.answers > 1 and not question.is_promised:
            self._note_second_answer(question, text)
        question.is_promised = question.is_promised or any(each in text for each in PROMISES)
        for problem in problems(text, question.expected, self.company, self.stale_s):
            self.note(problem, f"{question.kind} {question.text!r}: {text[:300]}")

    def note(self, problem: str, example: str) -> None:
        """Count something that is wrong, and keep an example of it."""
        self.wrong[problem] += 1
        if len(self.examples) < MAX_EXAMPLES:
            self.examples.append(f"{problem}: {example}")

    def read(self) -> None:
        """Read everything that arrived since the last call, and forget what is over."""
        for response in self.slack.responses[self._responses_read :]:
            self._arrived((_BY_URL, response.url_id), str(response.body.get("text", "")))
        for message in self.slack.messages.all[self._messages_read :]:
            if message.author == BOT_USER_ID and message.origin not in ("ack", "response_url"):
                is_direct = message.channel.startswith("D")
                root_ts = "" if is_direct else message.root_ts
                self._arrived((message.channel, root_ts), message.text)
        self._close_old_questions()
        self._forget()

    @property
    def open_questions(self) -> int:
        """Return the number of questions that still wait for their answer."""
        return sum(not question.answers for question in self._waiting.values())

    def _arrived(self, place: Place, text: str) -> None:
        if question := self._waiting.get(place):
            self.receive(question, text)
        else:
            self._unclaimed.setdefault(place, []).append(text)
            if len(self._unclaimed) > KEPT_CALLS:
                del self._unclaimed[next(iter(self._unclaimed))]

    def _note_second_answer(self, question: Question, text: str) -> None:
        if question.kind in ("mention", "direct message") and not self.is_explained(
            question.asked_at, time.monotonic()
        ):
            self.note("a question was answered twice", f"{question.text!r}: {text[:200]}")

    def _close_old_questions(self) -> None:
        """Give up questions whose time is over; one without an answer needs an explanation."""
        now = time.monotonic()
        for place, question in list(self._waiting.items()):
            if question.asked_at + ANSWER_WITHIN_S > now:
                continue
            del self._waiting[place]
            attempted_at = question.asked_at + FIRST_ATTEMPT_WITHIN_S
            if not question.answers and not self.is_explained(question.asked_at, attempted_at):
                self.note("a question was never answered", f"{question.kind} {question.text!r}")

    def remember(self, message: Message | None, user: str) -> None:
        """Keep a message whose buttons can be pressed by a user."""
        if message and message.blocks:
            self.recent = [*self.recent[-39:], (message, user)]

    def _forget(self) -> None:
        """Drop what the stand-in for Slack keeps: it is made for tests that last seconds."""
        slack = self.slack
        del slack.messages.all[:-KEPT_MESSAGES]
        del slack.responses[:-KEPT_CALLS]
        del slack.calls[:-KEPT_CALLS]
        for file in slack.files.shared:
            file.content = b""
        self._messages_read, self._responses_read = len(slack.messages), len(slack.responses)
