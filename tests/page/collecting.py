"""A plugin of pytest: writes down every message that the tests of the cards make.

`python -m pytest -p tests.page.collecting tests/cards` writes them to `EXT_COLLECTED`. Tests of
properties are left out, for they make thousands; `gallery` has what is nasty in them.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot.cards.message import Message

_payload = Message.payload
_made: dict[str, Any] = {}


def _noted(message: Message) -> dict[str, Any]:
    payload = _payload(message)
    _made.setdefault(json.dumps(payload, ensure_ascii=False), payload)
    return payload


def pytest_configure(config: pytest.Config) -> None:
    """Listen where a message becomes what Slack gets."""
    setattr(Message, _payload.__name__, _noted)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the tests of properties out."""
    items[:] = [each for each in items if not hasattr(getattr(each, "obj", None), "hypothesis")]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Write down what was made."""
    Path(os.environ["EXT_COLLECTED"]).write_text(json.dumps(list(_made.values())), "utf-8")
