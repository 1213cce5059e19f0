"""`python -m tests.soak [--minutes N]`: run the bot under load and faults, and check the rule."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

import httpx

from tests.soak import report
from tests.soak.bot_process import BotProcess
from tests.soak.run import open_soak

EXIT_BROKEN, EXIT_INTERRUPTED = 1, 130
GONE = "The rule is broken: the bot doesn't answer. The end of its log is above."
ENDED = "The rule is broken: the bot ended with exit code {code}. The end of its log is above."
LOG_END_CHARS = 3_000


def main(argv: Sequence[str] | None = None) -> int:
    """Run one soak. Returns 0 if it kept the rule, 1 if not."""
    args = _parser().parse_args(argv)
    print(f"{report.rule_text()}\n", flush=True)
    try:
        return asyncio.run(_soak(args.minutes * 60, args.rate, args.seed))
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


async def _soak(seconds: float, per_second: float, seed: int) -> int:
    async with open_soak(seconds, per_second, seed) as soak:
        is_gone = False
        try:
            await soak.run(seconds, lambda phase: print(f"… {phase}", file=sys.stderr, flush=True))
        except* (httpx.HTTPError, OSError):  # a TimeoutError is an OSError
            is_gone = True
        if is_gone:
            print(_last_words(soak.bot))
            return EXIT_BROKEN
        broken = report.problems(soak, seconds)
        print("\n".join(report.details(soak)))
    print("\nThe rule is kept." if not broken else "\nThe rule is broken:")
    print("".join(f"- {problem}\n" for problem in broken), end="")
    return EXIT_BROKEN if broken else 0


def _last_words(bot: BotProcess) -> str:
    """Return the end of the log of a bot that ended or doesn't answer, and which of the two."""
    code = bot.process.returncode
    log = bot.log.read_text(errors="replace")[-LOG_END_CHARS:]
    return f"{log}\n{GONE if code is None else ENDED.format(code=code)}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.soak",
        description="Runs the bot between two fakes with mixed traffic, and faults on and off.",
        epilog=report.rule_text(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--minutes", type=float, default=30.0, help="of traffic (default 30)")
    parser.add_argument("--rate", type=float, default=25.0, help="actions a second (default 25)")
    parser.add_argument("--seed", type=int, default=1876, help="of all random choices")
    return parser


if __name__ == "__main__":
    sys.exit(main())
