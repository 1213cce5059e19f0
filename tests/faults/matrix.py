"""One cell of the Vonage matrix: a bot in a state, a fault, what people hear, and the recovery.

The checks here hold in every cell. What people hear is returned, for docs/faults.md.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from bot.cards import not_found, notices
from bot.cards.extension_card import NO_USER
from bot.sandbox.company.entries import Entry
from bot.sandbox.slack.members import MEMBERS
from bot.sandbox.vonage import credentials
from tests.faults.in_process import ADMIN, BotUnderFaults, bot_under_faults
from tests.faults.vonage_table import VonageFault
from tests.running_bot import Ack, invented_company
from tests.test_metrics import counted_in

ACK_S, ANSWER_S = 2.1, 12.0  # Slack waits for 3 s
CALLS_PER_MINUTE = 60
HOLD_S = 70.0  # in a warm bot, so that the next reading meets the fault
SHORT_HOLD_S = 40.0
FIRST, LAST = invented_company()[0], invented_company()[-1]
CARD = "the card"
# What follows names other people, or repeats the line.
_CUT_AFTER = (NO_USER.partition(".")[0], not_found.NOTHING_FOUND.partition("{")[0], "Did you mean")
_HEDGE = not_found.SEARCHED_PARTIAL_COPY.removeprefix("{problem} ")
_OLD = " This is the last answer I have"
# Sentences that are false while these two have their extensions.
_FALSE = (NO_USER, not_found.NOTHING_FOUND.partition("{")[0], "left", "→ nobody", "No extension")
_PERSONAL = re.compile(
    "|".join(
        [
            *(
                "John",
                "Smith",
                "\\b789\\b(?! ms)",
                "9109",
                "Gia Bảo",
                "14155550100",
                "example\\.com",
            ),
            *(re.escape(member.id) for member in MEMBERS),
            *(re.escape(text) for text in (credentials.PASSWORD, credentials.CLIENT_SECRET)),
            *(re.escape(text) for text in (credentials.USERNAME, credentials.CLIENT_ID)),
        ]
    )
)
_VARYING = (
    (re.compile(r"\n+Reference: \w+"), ""),
    (re.compile(rf"@?<?@?{ADMIN}>?"), "the admin"),
    (re.compile(r"\n+"), " "),
    (re.compile(r" \(page \d+( of \d+)?\)"), ""),
    (re.compile(r"(?<=find )(\d+|[^\W\d]+ [^,]+)(?=, or)"), "them"),
)


def name_of(entry: Entry) -> str:
    """Return the name of the user of an extension."""
    assert entry.user
    return f"{entry.user.first_name} {entry.user.last_name}"


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a person hears: all messages to one line, and the last one's acknowledgement."""

    text: str
    ack: Ack


async def ask(bot: BotUnderFaults, line: str, user: str = "U0JOHN") -> Reaction:
    """Type a line, and return the answer, which comes in time."""
    ack = await bot.ext(line, user_id=user)
    assert ack.seconds <= ACK_S, f"Slack shows an error after 3 s; the answer took {ack.seconds} s"
    if ack.text.startswith(notices.LOOKING_UP.partition("{")[0]):
        ack = await ack.later(within=ANSWER_S)
    return Reaction(ack.shown, ack)


def words(reaction: Reaction, entry: Entry) -> str:
    """Return what a person sees in a few words: the card and its note, or a notice."""
    for beginning in _CUT_AFTER:
        if beginning in reaction.text:
            hedge = _HEDGE if _HEDGE in reaction.text.replace("\n", " ") else ""
            return f"“{beginning}… {hedge}”" if hedge else f"“{beginning}…”"
    if f"Extension {entry.number}" in reaction.text and name_of(entry) in reaction.text:
        note, _, is_old = reaction.text.split("\n\n")[-1].replace("\n", " ").partition(_OLD)
        return f"{CARD} and “{note}”" if is_old else CARD
    text = reaction.text.partition(not_found.MEANWHILE.partition("{")[0])[0]
    for pattern, plain in _VARYING:
        text = pattern.sub(plain, text)
    return f"“{text.strip()}”"


def check_true(reaction: Reaction, fault: VonageFault) -> None:
    """Nobody may be told that these two left, have no extension, or aren't assigned."""
    is_hedged = _HEDGE in reaction.text.replace("\n", " ")  # says that the search wasn't complete
    if not (fault.is_plausible or is_hedged):
        false = [sentence for sentence in _FALSE if sentence in reaction.text]
        assert not false, f"{false} in {reaction.text!r}"


async def check_card(bot: BotUnderFaults, line: str, entry: Entry) -> None:
    """A line is answered with the card of an extension."""
    seen = words(await ask(bot, line), entry)
    assert seen.startswith(CARD), seen


async def check_recovered(bot: BotUnderFaults, fault: VonageFault) -> None:
    """After the fault: a lookup is right, the reading completes, nothing false has changed."""
    fault.off(bot)
    await asyncio.sleep(fault.lookup_within_s)
    await check_card(bot, FIRST.number, FIRST)
    await asyncio.sleep(fault.reading_within_s - fault.lookup_within_s)
    await check_card(bot, name_of(LAST), LAST)
    assert await bot.reasons() == []
    changes = await ask(bot, "changes", ADMIN)
    check_true(changes, fault)
    assert fault.is_plausible or "Nothing has changed" in changes.text, changes.text


async def check_bounds(bot: BotUnderFaults, fault: VonageFault) -> None:
    """Calls keep the quota, logins are few, and a refused password isn't sent again."""
    assert bot.vonage.calls.busiest_minute <= CALLS_PER_MINUTE
    attempts = sum(call.path.endswith("/token") for call in bot.vonage.calls.latest)
    assert attempts <= fault.max_logins, f"{attempts} logins"
    logins = counted_in(await bot.metrics())("ext_vonage_logins_total")
    assert logins.get("password refused", 0) <= 1


def check_log(bot: BotUnderFaults) -> None:
    """Nothing personal, no secret and no traceback is logged."""
    for record in bot.log:
        assert record.exc_info in (None, (None, None, None)), record.getMessage()
        assert not _PERSONAL.search(record.getMessage()), record.getMessage()


async def promises_kept(*reaction: tuple[Reaction, Entry]) -> str:
    """Check that every promised answer came by itself; return what was promised."""
    promised = [(each, entry) for each, entry in reaction if "I'll answer" in each.text]
    for each, entry in promised:
        late = await each.ack.later()
        assert words(Reaction(late.shown, late), entry) == CARD
    return "then the card, by itself" if promised else ""


def joined(*parts: str) -> str:
    """Return parts of a cell without repetitions."""
    return "; ".join(dict.fromkeys(part for part in parts if part))


async def cold(bot: BotUnderFaults, fault: VonageFault) -> str:
    """The fault is there from the start: no copy, no page."""
    by_number, by_name = await ask(bot, FIRST.number), await ask(bot, name_of(LAST))
    for reaction in (by_number, by_name):
        check_true(reaction, fault)
    await asyncio.sleep(SHORT_HOLD_S)
    reasons = await bot.reasons()
    await check_bounds(bot, fault)
    await check_recovered(bot, fault)
    promised = await promises_kept((by_number, FIRST), (by_name, LAST))
    seen = joined(words(by_number, FIRST), words(by_name, LAST), promised)
    return with_reasons(seen, reasons)


async def warm(bot: BotUnderFaults, fault: VonageFault) -> str:
    """There is a complete copy when the fault begins."""
    await asyncio.sleep(5)
    fault.on(bot)
    reaction = [await ask(bot, line) for line in (FIRST.number, f"refresh {FIRST.number}")]
    await asyncio.sleep(SHORT_HOLD_S if fault.is_plausible else HOLD_S)
    for each in reaction:
        check_true(each, fault)
    reaction.append(await ask(bot, name_of(LAST)))
    check_true(reaction[-1], fault)
    reasons = await bot.reasons()
    await check_bounds(bot, fault)
    await check_recovered(bot, fault)
    refreshed = f"`refresh`: {words(reaction[1], FIRST)}"
    return with_reasons(joined(words(reaction[0], FIRST), refreshed), reasons)


async def mid_reading(bot: BotUnderFaults, fault: VonageFault) -> str:
    """The fault begins when the first pages of the first reading have come."""
    await asyncio.sleep(1.5)
    bot.end_faults()
    fault.on(bot)
    await asyncio.sleep(1.0)
    reaction = {line: await ask(bot, line) for line in (FIRST.number, LAST.number, name_of(LAST))}
    for each in reaction.values():
        check_true(each, fault)
    await asyncio.sleep(10)
    reasons = await bot.reasons()
    await check_bounds(bot, fault)
    await check_recovered(bot, fault)
    read, by_number, by_name = reaction.values()
    promised = await promises_kept((by_number, LAST), (by_name, LAST))
    unread = joined(words(by_number, LAST), words(by_name, LAST), promised)
    return with_reasons(joined(words(read, FIRST), f"not read yet: {unread}"), reasons)


def with_reasons(seen: str, reasons: list[str]) -> str:
    """Return what people see, and what the operator sees in /readyz."""
    lasting = [reason for reason in reasons if not reason.startswith("Ext logs in again")]
    return f"{seen}; `/readyz`: “{' '.join(lasting)}”" if reasons else seen


STATES: dict[str, Callable[[BotUnderFaults, VonageFault], Awaitable[str]]] = {
    "cold": cold,
    "warm": warm,
    "mid-reading": mid_reading,
}


async def run_cell(fault: VonageFault, state: str, data_dir: Path) -> str:
    """Run one cell in simulated time, and return what people saw."""

    def before_start(bot: BotUnderFaults) -> None:
        if state == "cold":
            fault.on(bot)
        elif state == "mid-reading":
            bot.vonage.faults.on("latency", 1.0, path="/extensions")

    async with bot_under_faults(
        data_dir,
        before_start,
        vonage_requests_per_minute=CALLS_PER_MINUTE,
        directory_ttl=fault.read_every_s,
    ) as bot:
        seen = await STATES[state](bot, fault)
        check_log(bot)
    return seen
