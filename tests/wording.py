"""Parts of texts from bot/cards, for tests whose point isn't the wording."""

from __future__ import annotations


def start_of(template: str) -> str:
    """Return the text of a template before its first value: `Nothing found for`."""
    return template.partition("{")[0].strip()
