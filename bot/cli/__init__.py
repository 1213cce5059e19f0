"""The commands: `python -m bot serve | socket | ask | demo | doctor | manifest`."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from pathlib import Path

from bot import __version__
from bot.errors import SettingsError

NO_COMMAND = "there's no command {typed}. "
MEANT = "Did you mean {similar}?"
ALL = "The commands are {all}."
NO_OPTION = "there's no option {option} here."
ADDRESS = " The address is set by HOST and PORT, in the environment or in .env."
DISK_FULL = "The output can't be written: the disk is full."
EXIT_CLOSED_PIPE = 141  # as if SIGPIPE had ended the process, which is what shells expect
NOT_STARTED = "Ext can't start with these settings:"
MAX_PORT = 65_535
SEE_EXAMPLE = ".env.example explains each one; `python -m bot doctor` tests them for real."


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 2 for bad settings, 130 for Ctrl-C.

    It is 141 if whatever reads the output stops reading.
    """
    sys.stdout = sys.stdout or Path(os.devnull).open("w")  # noqa: SIM115 - `>&-` leaves none
    try:
        try:
            return _run(sys.argv[1:] if argv is None else argv)
        finally:
            sys.stdout.flush()  # fails here and not when the process has ended
    except SettingsError as error:
        print("\n".join(_explain(error)), file=sys.stderr)
        return 2
    except OSError as error:
        if error.errno not in (errno.EPIPE, errno.ENOSPC):
            raise
        # Python would write the rest of the output at its end, and fail once more.
        # https://docs.python.org/3/library/signal.html#note-on-sigpipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if error.errno == errno.EPIPE:  # whoever reads the output has closed it, as `head` does
            return EXIT_CLOSED_PIPE
        print(DISK_FULL, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(file=sys.stderr)  # moves the shell's prompt to the line below the echoed ^C
        return 130


def _run(argv: Sequence[str]) -> int:
    # Python decodes bytes that are not UTF-8 as lone surrogates, which fail when sent or printed.
    readable = [os.fsencode(argument).decode(errors="replace") for argument in argv]
    parser, commands = _parser()
    command = next((each for each in readable if not each.startswith("-")), None)
    if command is not None and command not in commands:
        parser.error(_no_command(command, commands))
    arguments, unknown = parser.parse_known_args(readable)
    if unknown:
        option = unknown[0].partition("=")[0]
        is_address = option in ("--host", "--port")
        parser.error(NO_OPTION.format(option=ascii(option)) + (ADDRESS if is_address else ""))
    return int(arguments.run(arguments))


def _no_command(typed: str, commands: Collection[str]) -> str:
    similar = get_close_matches(typed.casefold(), commands, n=1)
    remedy = MEANT.format(similar=similar[0]) if similar else ALL.format(all=", ".join(commands))
    return NO_COMMAND.format(typed=ascii(typed)) + remedy


def _explain(error: SettingsError) -> list[str]:
    """Return the problems of the settings, and the names that may be those of missing ones."""
    from bot.settings import misnamed  # noqa: PLC0415 - as in the commands below

    names = [f"{each.seen}: {each.remedy}" for each in misnamed() if each.is_mistake]
    return [NOT_STARTED, *(f"  - {each}" for each in (*error.problems, *names)), SEE_EXAMPLE]


def _parser() -> tuple[argparse.ArgumentParser, Collection[str]]:
    """Return the parser, and the names of the commands."""
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Ext tells you who is behind an extension or phone number.",
    )
    parser.add_argument("--version", action="version", version=f"Ext {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="answer Slack over HTTP")
    serve.set_defaults(run=_serve)

    socket = commands.add_parser("socket", help="answer Slack over Socket Mode, without HTTP")
    socket.set_defaults(run=_socket)

    ask = commands.add_parser(
        "ask",
        help="look something up in the terminal",
        description="The same lookup as in Slack, with the same settings. "
        "Exit code: 0 found, 1 nothing found, 2 couldn't look it up.",
    )
    ask.add_argument("text", nargs="+", help='what you would type after /ext: 789, "john smith"')
    ask.set_defaults(run=_ask)

    _add_demo(commands)

    doctor = commands.add_parser("doctor", help="check settings, Slack and Vonage")
    doctor.set_defaults(run=_doctor)

    manifest = commands.add_parser("manifest", help="print the Slack app manifest")
    manifest.add_argument("--url", required=True, help="Ext's address: https://ext.example.com")
    manifest.set_defaults(run=_manifest)
    return parser, commands.choices


def _port(text: str) -> int:
    """Return a port number; argparse prints the error."""
    if text.isdecimal() and len(text) <= len(str(MAX_PORT)) and int(text) <= MAX_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(f"a port is a number from 0 to {MAX_PORT}")


def _add_demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = commands.add_parser(
        "demo",
        help="try Ext with an invented company, no accounts needed",
        description="Starts an invented phone system and the real bot, and opens a page that "
        "feels like Slack. Everything you type reaches the bot as a signed Slack request. "
        "The demo needs no settings and reads none.",
    )
    mode = demo.add_mutually_exclusive_group()
    mode.add_argument("--terminal", action="store_true", help="a prompt instead of the page")
    mode.add_argument("--once", metavar="LINE", help='answer one line and exit: "/ext 789"')
    mode.add_argument(
        "--port", type=_port, metavar="N", help="the page's port (8790 if it is free)"
    )
    demo.add_argument(
        "--csv", type=Path, metavar="FILE", help="the directory: a CSV file of your own people"
    )
    demo.set_defaults(run=_demo)


# Each command imports its module only when it runs: `ask` needs no web server, and `--help` needs
# none of these modules.


def _serve(_arguments: argparse.Namespace) -> int:
    from bot.cli.serve import serve  # noqa: PLC0415

    return serve()


def _socket(_arguments: argparse.Namespace) -> int:
    from bot.cli.socket import socket  # noqa: PLC0415

    return socket()


def _ask(arguments: argparse.Namespace) -> int:
    from bot.cli.ask import ask  # noqa: PLC0415

    return ask(" ".join(arguments.text))


def _demo(arguments: argparse.Namespace) -> int:
    from bot.cli.demo import demo  # noqa: PLC0415

    return demo(
        once=arguments.once,
        terminal=arguments.terminal,
        port=arguments.port,
        csv=arguments.csv,
    )


def _doctor(_arguments: argparse.Namespace) -> int:
    from bot.cli.doctor import doctor  # noqa: PLC0415

    return doctor()


def _manifest(arguments: argparse.Namespace) -> int:
    from bot.cli.manifest import manifest  # noqa: PLC0415

    return manifest(arguments.url)
