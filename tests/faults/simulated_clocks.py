"""Lets everything in `bot` go by simulated time: durations by the loop's, dates by a made-up one.

The clocks are arguments with a default nearly everywhere, but not where `bot.app` builds the
services. So the defaults themselves are replaced, for as long as a block lasts.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import pkgutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import FunctionType, ModuleType

import bot
from tests.simulated_time import EPOCH_S

Clock = Callable[[], float]
# The guard compares Slack's time with its own, and the stand-in for Slack signs with the real one.
# To import a `__main__` would be to run it.
_LEFT_OUT = ("bot.web.guard", "__main__")


@contextmanager
def simulated_clocks() -> Iterator[None]:
    """Replace the default clocks. The running loop's time must be simulated."""
    loop_time = asyncio.get_running_loop().time  # threads ask for the time, too

    def wall_clock() -> float:
        return EPOCH_S + loop_time()

    simulated: dict[Clock, Clock] = {time.monotonic: loop_time, time.time: wall_clock}
    changed = _functions_with_clocks()
    before = [(each, each.__defaults__, each.__kwdefaults__) for each in changed]
    try:
        for each in changed:
            each.__defaults__ = _replaced(each.__defaults__, simulated)
            each.__kwdefaults__ = {
                name: simulated.get(value, value) if callable(value) else value
                for name, value in (each.__kwdefaults__ or {}).items()
            }
        yield
    finally:
        for each, defaults, keyword_defaults in before:
            each.__defaults__, each.__kwdefaults__ = defaults, keyword_defaults


def _replaced(
    defaults: tuple[object, ...] | None, simulated: dict[Clock, Clock]
) -> tuple[object, ...] | None:
    return defaults and tuple(simulated.get(d, d) if callable(d) else d for d in defaults)


@cache
def _functions_with_clocks() -> tuple[FunctionType, ...]:
    """Return every function and method of `bot` that has a real clock as a default."""
    names = [each.name for each in pkgutil.walk_packages(bot.__path__, "bot.")]
    modules = [importlib.import_module(name) for name in names if not name.endswith(_LEFT_OUT)]
    functions = (each for module in modules for each in _functions_of(module))
    return tuple(dict.fromkeys(each for each in functions if _has_real_clock(each)))


def _functions_of(module: ModuleType) -> Iterator[FunctionType]:
    for value in vars(module).values():
        if getattr(value, "__module__", None) != module.__name__:
            continue
        if isinstance(value, FunctionType):
            yield value
        elif inspect.isclass(value):
            yield from (each for each in vars(value).values() if isinstance(each, FunctionType))


def _has_real_clock(function: FunctionType) -> bool:
    defaults = (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values())
    return any(each is time.monotonic or each is time.time for each in defaults)
