"""Entry point of `python -m bot …`; the commands are in `bot.cli`.

This module also runs where Ext can't: it says which Python and which packages are missing. So it
only uses what every Python 3 knows, and imports the rest in `_run`.
"""

import os
import sys

OLD_PYTHON = "Ext needs Python 3.11 or newer, and this is Python {}.{} ({}). {}"
NO_PACKAGES = "Ext's packages aren't installed for this Python ({}): {}. {}"
SET_UP = (
    "Run: make setup. Then start Ext with .venv/bin/python -m bot {}. "
    "(On a hosting platform: pip install -r requirements.txt)"
)
USE_VENV = "Start Ext with: {} -m bot {}"


def _run() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python may run this module alone
        version = sys.version_info
        return _refuse(OLD_PYTHON.format(version[0], version[1], sys.executable, _what_to_do()))
    try:
        from bot.cli import main  # noqa: PLC0415 - it needs a newer Python and packages

        return main()
    except ImportError as error:
        if not error.name or error.name.split(".")[0] == "bot":
            raise  # a mistake in Ext itself
        reason = "there's no " + error.name
        if not isinstance(error, ModuleNotFoundError):
            reason = error.name + " is another version"
        return _refuse(NO_PACKAGES.format(sys.executable, reason, _what_to_do()))


def _refuse(reason: str) -> int:
    sys.stderr.write(reason + "\n")
    return 2


def _what_to_do() -> str:
    command = sys.argv[1] if len(sys.argv) > 1 and sys.argv[1].isalpha() else "serve"
    venv = os.path.join(".venv", "bin", "python")
    is_other = os.path.exists(venv) and os.path.abspath(venv) != os.path.abspath(sys.executable)
    return USE_VENV.format(venv, command) if is_other else SET_UP.format(command)


if __name__ == "__main__":
    sys.exit(_run())
