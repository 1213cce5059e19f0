"""The type of a JSON object, which both stand-ins and the page send and receive."""

from __future__ import annotations

from typing import Any

JsonObject = dict[str, Any]
