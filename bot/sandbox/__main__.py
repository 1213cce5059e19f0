"""`python -m bot.sandbox`: serves the fake Vonage API alone, for a bot, a test or curl."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

from bot.sandbox.faults import CONTROL_PATH
from bot.sandbox.server import serving
from bot.sandbox.vonage.app import BASE_PATH, TOKEN_PATH, create_vonage
from bot.sandbox.vonage.credentials import (
    ACCOUNT_ID,
    CLIENT_ID,
    CLIENT_SECRET,
    PASSWORD,
    USERNAME,
)
from bot.sandbox.vonage.fault_table import FAULTS
from bot.sandbox.vonage.options import Options

MAX_PORT = 65_535
_DESCRIPTION = (
    "A fake Vonage Business Communications API with an invented company, on this machine only."
)


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C. Returns the exit status."""
    args = _parser().parse_args(argv)
    try:
        with suppress(KeyboardInterrupt):  # on Windows, which has no signal handlers
            asyncio.run(_serve(args))
    except OSError as error:
        print(f"Can't use port {args.port}: {error.strerror}. Try --port 0.", file=sys.stderr)
        return 1
    print("Stopped.")
    return 0


async def _serve(args: argparse.Namespace) -> None:
    options = Options(people=args.people, quota=args.quota, envelope=args.envelope)
    faults = dict.fromkeys(args.fault) | ({"latency": args.latency} if args.latency else {})
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(number, stop.set)
    async with serving(create_vonage(options, faults=faults), args.port) as url:
        print(introduction(url, args), flush=True)
        await stop.wait()


def introduction(url: str, args: argparse.Namespace) -> str:
    """The text printed at the start: the settings for `.env` and the control commands."""
    quota = f"{args.quota} calls a minute" if args.quota else "no quota"
    # Ten calls a minute is Ext's default, which needs no setting.
    requests_per_minute = (
        "" if args.quota == 10 else f"\nVONAGE_REQUESTS_PER_MINUTE={args.quota or 6000}"
    )
    fault_line = f" Faults that are on: {', '.join(args.fault)}." if args.fault else ""
    return f"""The fake Vonage API is running: {args.people} extensions, {quota}.{fault_line}
Ctrl-C stops it.

For .env:

VONAGE_BASE_URL={url}{BASE_PATH}
VONAGE_TOKEN_URL={url}{TOKEN_PATH}
VONAGE_ACCOUNT_ID={ACCOUNT_ID}
VONAGE_CLIENT_ID={CLIENT_ID}
VONAGE_CLIENT_SECRET={CLIENT_SECRET}
VONAGE_USERNAME={USERNAME}
VONAGE_PASSWORD='{PASSWORD}'{requests_per_minute}

To switch faults on, list them, see the calls, and start over:

curl -d '{{"down": true, "fail_next": 2}}' {url}{CONTROL_PATH}/faults
curl {url}{CONTROL_PATH}/faults
curl {url}{CONTROL_PATH}/calls
curl -X POST {url}{CONTROL_PATH}/reset
"""


def _parser() -> argparse.ArgumentParser:
    faults = "\n".join(f"  {name:<22}{fault.description}" for name, fault in FAULTS.items())
    parser = argparse.ArgumentParser(
        prog="python -m bot.sandbox",
        description=_DESCRIPTION,
        epilog=f"faults:\n{faults}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--port",
        type=_port,
        default=8789,
        help="port on 127.0.0.1 (default 8789; 0: any free one)",
    )
    _add_company(parser.add_argument_group("the company"))
    _add_faults(parser.add_argument_group("what goes wrong"))
    return parser


def _add_company(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--people",
        type=_non_negative,
        default=250,
        metavar="N",
        help="extensions of the company (default 250)",
    )
    group.add_argument(
        "--quota",
        type=_non_negative,
        default=10,
        metavar="N",
        help="calls per minute (default 10; 0: no limit)",
    )
    group.add_argument(
        "--envelope",
        choices=("live", "document"),
        default="live",
        help="responses in the form of the real API (live), or of its document",
    )


def _add_faults(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--latency",
        type=float,
        default=0.0,
        metavar="S",
        help="delay of every response in seconds (default 0)",
    )
    group.add_argument(
        "--fault",
        action="append",
        choices=tuple(FAULTS),
        default=[],
        metavar="NAME",
        help="a fault to switch on from the start, from the list below; can be repeated",
    )


def _port(text: str) -> int:
    if (number := _non_negative(text)) > MAX_PORT:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to {MAX_PORT}")
    return number


def _non_negative(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("must be 0 or more")
    return number


if __name__ == "__main__":
    sys.exit(main())
