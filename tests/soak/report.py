"""The verdict on a soak, and the table of its figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from bot.limits import MAX_PENDING_CONTRADICTIONS
from tests.bench.report import format_number, percentile
from tests.soak import rule
from tests.soak.bot_process import DIRECTORY_TTL_S
from tests.soak.rule import Tolerance
from tests.soak.run import Result, Soak

UNDER_LOAD = {"resident MB": Tolerance(0.05, 8)}
# A sync and a scrape may open something at any moment, and asyncio starts threads when it needs
# them, a few in all. Second questions about contradictions wait for a minute. The file of what was
# begun grows for 25 hours, and SQLite's log beside it to 4 MB.
AT_REST = {
    "descriptors": Tolerance(0, 4),
    "threads": Tolerance(0, 4),
    "foreground tasks": Tolerance(0, 0),
    "background tasks": Tolerance(0, MAX_PENDING_CONTRADICTIONS + 1),
    "other tasks": Tolerance(0, 2),
    "data files": Tolerance(0, 2),
    "data MB": Tolerance(0.05, 10),
    "temporary files": Tolerance(0, 2),
    "temporary MB": Tolerance(0, 1),
}
MAX_LATE_SHARE = 0.01  # of acknowledgements, after more than Slack's 3 s
ANSWERS_PER_SECOND = 4.0  # at least; a busy machine gives fewer than the traffic asks for
READINGS_PER_MINUTE = 3.0  # of the directory, at least: faults delay some
MAX_AGE_AT_REST = 4  # times DIRECTORY_TTL: the copy is current again after the faults
HEAD = ("", "1st quarter", "2nd", "3rd", "4th", "at rest before", "at rest after", "allowed")
MAX_LOG_LINES = 5


def rule_text() -> str:
    """Return the rule in words, with the figures that are checked."""
    load, rest = UNDER_LOAD["resident MB"], AT_REST
    return f"""The rule: the first quarter is the warm-up, and a pause without traffic follows it.
- The median of resident memory in the last quarter is at most {load.share:.0%} and {load.extra:g} MB above that of the second.
- In a pause at the end, descriptors, threads, tasks and files are where they were in the pause after
  the warm-up: at most {rest["descriptors"].extra:g} descriptors, {rest["threads"].extra:g} threads, {rest["data files"].extra:g} files and {rest["data MB"].extra:g} MB of files more, and no task for people.
- No answer is wrong, missing, given twice or lost, unless a fault of Slack's explains the loss.
- No error is in the log, no rule of Slack's is broken, every bad request is refused, the bot is
  ready all the time, and it ends with exit code 0.
- At most {MAX_LATE_SHARE:.0%} of acknowledgements take more than 3 s.
- At least {ANSWERS_PER_SECOND:g} answers a second are checked, and the directory is read {READINGS_PER_MINUTE:g} times a minute."""  # noqa: E501


def problems(soak: Soak, seconds: float) -> list[str]:
    """Return everything that breaks the rule, as sentences."""
    result, traffic, inbox = soak.result, soak.traffic, soak.inbox
    acks = max(len(traffic.ack_seconds), 1)
    broken = [each for each in soak.slack.violations if each.rule != "operation_timeout"]
    return [
        *_growth(result),
        *rule.leftovers(result.after_warm_up, result.at_the_end, AT_REST),
        *rule.at_most(
            "age of the copy at rest, in s",
            result.at_the_end["age of the copy in s"],
            MAX_AGE_AT_REST * DIRECTORY_TTL_S,
        ),
        *(f"{problem}: {count} times" for problem, count in inbox.wrong.items()),
        *rule.at_most("lost answers that nothing explains", result.unexplained_losses, 0),
        *rule.at_most("unexpected lines in the log", len(result.log_lines), 0),
        *rule.at_most("rules of Slack's that were broken", len(broken), 0),
        *rule.at_most("share of late acknowledgements", traffic.late_acks / acks, MAX_LATE_SHARE),
        *(f"an acknowledgement failed: {why}, {n} times" for why, n in traffic.failed_acks.items()),
        *([] if result.exit_code == 0 else [f"the bot ended with exit code {result.exit_code}"]),
        *rule.at_least("checked answers", inbox.checked, seconds * ANSWERS_PER_SECOND),
        *rule.at_least("readings", readings(result), seconds / 60 * READINGS_PER_MINUTE),
    ]


def readings(result: Result) -> int:
    """Return how often the copy of the directory got younger between two samples."""
    return sum(after.age_s < before.age_s for before, after in pairwise(result.samples))


def details(soak: Soak) -> Iterator[str]:
    """Yield the table, and lines on what happened."""
    yield from _table(soak.result)
    traffic, result = soak.traffic, soak.result
    counted = ", ".join(f"{count:,} {kind}" for kind, count in traffic.sent.most_common())
    yield f"\nSent: {counted}."
    last = result.samples[-1]
    yield (
        f"Answers: {last.answered:,.0f} delivered, {soak.inbox.checked:,} checked, "
        f"{last.lost:,.0f} lost of which {result.unexplained_losses} unexplained."
    )
    seconds = traffic.ack_seconds
    yield (
        f"Acknowledgements: median {1000 * median(seconds):.0f} ms, "
        f"99 % within {percentile(seconds, 99):.2f} s; "
        f"{traffic.late_acks} of {len(seconds):,} were late."
    )
    switched_on = ", ".join(f"{name} {n}" for name, n in sorted(soak.faults.switched_on.items()))
    yield f"Readings of the directory: {readings(result)}. Faults: {switched_on}."
    yield from (f"- {example}" for example in soak.inbox.examples)
    yield from (f"- log: {line[:1500]}" for line in result.log_lines[:MAX_LOG_LINES])
    yield from (f"- {each}" for each in soak.slack.violations[:MAX_LOG_LINES])


def _growth(result: Result) -> Iterator[str]:
    for name, tolerance in UNDER_LOAD.items():
        series = [sample.values[name] for sample in result.samples]
        yield from rule.growth(name, series, tolerance)


def _table(result: Result) -> Iterator[str]:
    rows = [HEAD, *(_row(result, name) for name in result.samples[0].values)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    for row in rows:
        cells = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        yield "  ".join((row[0].ljust(widths[0]), *cells)).rstrip()


def _row(result: Result, name: str) -> Sequence[str]:
    quarters = rule.quarters([sample.values[name] for sample in result.samples])
    before, after = result.after_warm_up[name], result.at_the_end[name]
    tolerance = AT_REST.get(name)
    return (
        name,
        *(format_number(median(quarter)) if quarter else "" for quarter in quarters),
        format_number(before),
        format_number(after),
        f"≤ {format_number(tolerance.limit(before))}" if tolerance else "",
    )
