"""The faults of Slack: what is done meanwhile, and what people see of it.

Each scenario runs with a complete copy of the directory, and returns what was observed. After it,
the fault ends, and a lookup must be right again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from bot.cards import notices
from tests.faults.in_process import SLACK, BotUnderFaults, bot_under_faults
from tests.faults.matrix import FIRST, LAST, Reaction, ask, check_log, joined, name_of, words
from tests.faults.network import refused
from tests.running_bot import shown
from tests.test_metrics import counted_in

Scenario = Callable[[BotUnderFaults], Awaitable[str]]
MET, NEW, GUEST, STRANGER = "U0ADMIN", "U0JOHN", "U0GUEST", "U0STRANGER"
READING_S, RECOVERY_S = 5.0, 30.0
LOST = 'lost, counted in `ext_answers_total{way="lost"}`'


@dataclass(frozen=True, slots=True)
class SlackFault:
    """One row: `run` switches the fault on and returns what was observed.

    `before_start` switches it on instead, so that Slack has told the bot nothing before.
    """

    name: str
    run: Scenario
    before_start: Callable[[BotUnderFaults], None] | None = None


async def ways(bot: BotUnderFaults) -> dict[str, float]:
    """Return how many answers reached Slack in each way."""
    return counted_in(await bot.metrics())("ext_answers_total")


def check_let_in(reaction: Reaction, *, is_let_in: bool) -> None:
    """A person who isn't known hears nothing of the directory."""
    assert (name_of(FIRST) in reaction.text) is is_let_in, reaction.text


async def mention_outcome(bot: BotUnderFaults, *, redeliveries: int = 0) -> str:
    """Mention Ext as a known person; return what becomes of the answer."""
    before = (await ways(bot)).get("lost", 0)
    sent = await bot.mention(FIRST.number, MET, again=redeliveries)
    await asyncio.sleep(60)
    replies = bot.slack.app_messages(since=sent.messages_before)
    lost = (await ways(bot)).get("lost", 0) - before
    assert len(replies) + lost == 1, f"{len(replies)} replies, {lost} lost"
    if lost:
        return f"a mention's answer is {LOST}"
    assert name_of(FIRST) in shown(replies[0])
    return "a mention gets the card" + ("" if replies[0].blocks else " as text")


def all_calls(fault: str, value: float | None = None, *, path: str = "") -> Scenario:
    """A fault of the whole Web API: people who are known and not, and a mention."""

    async def run(bot: BotUnderFaults) -> str:
        bot.slack.faults.on(fault, value, path=path)
        return await everybody(bot)

    return run


async def everybody(bot: BotUnderFaults) -> str:
    """Let a person ask whom Slack told Ext about before, then a new one, and then a mention."""
    met = await ask(bot, FIRST.number, MET)
    check_let_in(met, is_let_in=True)
    try:
        new = words(await ask(bot, FIRST.number, NEW), FIRST)
    except TimeoutError:
        assert (await ways(bot)).get("lost") == 1
        new = f"“Looking up…”, and the answer is {LOST}"
    mention = await mention_outcome(bot)
    return joined(f"known person: {words(met, FIRST)}", f"new person: {new}", mention)


async def down(bot: BotUnderFaults) -> str:
    """Nothing accepts a connection."""
    bot.network.failures[SLACK] = refused
    return await everybody(bot)


async def blocks_refused(bot: BotUnderFaults) -> str:
    """A mention's answer is refused for its blocks."""
    bot.slack.faults.on("invalid_blocks", path="/api/")
    seen = await mention_outcome(bot)
    assert "as text" in seen
    return seen


def response_url_refuses(fault: str, value: float | None = None, *, is_lost: bool) -> Scenario:
    """The answer after “Looking up” is refused at the response_url."""

    async def run(bot: BotUnderFaults) -> str:
        bot.vonage.faults.on("latency", 5.0)
        bot.slack.faults.on(fault, value, path="/response/")
        ack = await bot.ext(f"refresh {FIRST.number}", user_id=MET)
        assert ack.text.startswith(notices.LOOKING_UP.partition("{")[0])
        if is_lost:
            await asyncio.sleep(20)
            assert (await ways(bot)).get("lost") == 1
            assert not bot.slack.responses
            return f"the late answer is {LOST}"
        late = await ack.later()
        assert "blocks" not in late.payload
        assert name_of(FIRST) in late.text
        return "the late answer is the card as text"

    return run


async def repeated_event(bot: BotUnderFaults) -> str:
    """Slack delivers one event four times."""
    return f"{await mention_outcome(bot, redeliveries=3)}, once"


def user_lacks(fault: str, *, is_member_let_in: bool) -> Scenario:
    """`users.info` lacks what access depends on."""

    async def run(bot: BotUnderFaults) -> str:
        bot.slack.faults.on(fault)
        member = await ask(bot, FIRST.number, NEW)
        check_let_in(member, is_let_in=is_member_let_in)
        others = [await ask(bot, FIRST.number, user) for user in (GUEST, STRANGER)]
        for other in others:
            check_let_in(other, is_let_in=False)
        guest, stranger = (words(other, FIRST) for other in others)
        return f"member: {words(member, FIRST)}; guest: {guest}; outsider: {stranger}"

    return run


async def revoked(bot: BotUnderFaults) -> str:
    """Slack doesn't accept the token any more."""
    token, bot.slack.token = bot.slack.token, "xoxb-another"
    seen = await everybody(bot)
    reasons = await bot.reasons()
    assert reasons
    bot.slack.token = token
    return f"{seen}; `/readyz`: “{' '.join(reasons)}”"


def no_workspace(bot: BotUnderFaults) -> None:
    """From its start, the bot doesn't know its own workspace."""
    bot.slack.faults.on("down", path="auth.test")


async def nobody(bot: BotUnderFaults) -> str:
    """Nobody is let in, because the bot can't tell who belongs to its workspace."""
    reaction = await ask(bot, FIRST.number, NEW)
    check_let_in(reaction, is_let_in=False)
    return f"everybody: {words(reaction, FIRST)}"


async def no_emails(bot: BotUnderFaults) -> str:
    """The scope users:read.email is missing."""
    bot.slack.faults.on("missing_scope", path="users.lookupByEmail")
    card = await ask(bot, LAST.number, MET)
    await asyncio.sleep(5)
    return f"{words(card, LAST)}, without a link to the profile"


async def channel_unknown(bot: BotUnderFaults) -> str:
    """Slack doesn't say whether a channel is shared with another organization."""
    bot.slack.faults.on("down", path="conversations.info")
    ack = await bot.ext(f"share {FIRST.number}", user_id=MET)
    assert not ack.is_public
    assert name_of(FIRST) not in ack.shown
    return "`share` asks first: others may see it"


SLACK_FAULTS = (
    SlackFault("connection refused", down),
    SlackFault("503", all_calls("down")),
    SlackFault("slow (2.5 s)", all_calls("latency", 2.5)),
    SlackFault("no answer (hang)", all_calls("hang")),
    SlackFault("429 with Retry-After", all_calls("ratelimited", 20)),
    SlackFault("`auth.test` fails", all_calls("down", path="auth.test")),
    SlackFault("`auth.test` fails from the start", nobody, no_workspace),
    SlackFault("token revoked", revoked),
    SlackFault("`invalid_blocks` for a message", blocks_refused),
    SlackFault(
        "`invalid_blocks` at a response_url", response_url_refuses("invalid_blocks", is_lost=False)
    ),
    SlackFault("response_url expired (404)", response_url_refuses("expired_url", is_lost=True)),
    SlackFault("response_url gone (410)", response_url_refuses("expired_url", 410, is_lost=True)),
    SlackFault("an event four times", repeated_event),
    SlackFault("`users.info` without a team", user_lacks("no_team", is_member_let_in=True)),
    SlackFault("`users.info` with an id only", user_lacks("bare_user", is_member_let_in=False)),
    SlackFault("`users.lookupByEmail` without its scope", no_emails),
    SlackFault("`conversations.info` fails", channel_unknown),
)


async def run_slack_fault(fault: SlackFault, data_dir: Path) -> str:
    """Run a row in simulated time: the fault, then its end and the recovery."""
    async with bot_under_faults(data_dir, fault.before_start or (lambda bot: None)) as bot:
        await asyncio.sleep(READING_S)
        if not fault.before_start:  # from now on Ext knows this person
            check_let_in(await ask(bot, FIRST.number, MET), is_let_in=True)
        seen = await fault.run(bot)
        bot.end_faults()
        await asyncio.sleep(RECOVERY_S)
        for user in (MET, NEW):
            check_let_in(await ask(bot, FIRST.number, user), is_let_in=True)
        for user in (GUEST, STRANGER):
            check_let_in(await ask(bot, FIRST.number, user), is_let_in=False)
        assert await mention_outcome(bot) == "a mention gets the card"
        assert await bot.reasons() == []
        check_log(bot)
    return seen
