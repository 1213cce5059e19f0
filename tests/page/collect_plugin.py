"""A pytest plugin that saves every message that the tests of the cards build.

`python -m pytest -p tests.page.collect_plugin tests/cards` writes them to `EXT_COLLECTED`. Property
tests are left out because they build thousands; `gallery` has their worst texts.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot.cards.blocks import Message

_payload = Message.payload
_made: dict[str, Any] = {}


def _recorded_payload(message: Message) -> dict[str, Any]:
    payload = _payload(message)
    _made.setdefault(json.dumps(payload, ensure_ascii=False), payload)
    return payload


def pytest_configure(config: pytest.Config) -> None:
    """Record every message at the point where it becomes a payload."""
    setattr(Message, _payload.__name__, _recorded_payload)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out property tests."""
    items[:] = [item for item in items if not hasattr(getattr(item, "obj", None), "hypothesis")]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Save the recorded messages."""
    Path(os.environ["EXT_COLLECTED"]).write_text(json.dumps(list(_made.values())), "utf-8")
