"""What help shows: queries that work, also where only single calls to Vonage answer them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A query as typed after `/ext`, and what it gives in a few words."""

    text: str
    meaning: str


EXAMPLES = (
    Example("789", "one extension"),
    Example("789 790 1001", "several, up to ten"),
    Example("who +1 (415) 555-0100", "whose number that is"),
    Example("who john.smith@example.com", "by email"),
    Example("who jsmith", "by login name"),
    Example("me", "your own extension"),
    Example("list page 2", "the directory, page by page"),
    Example('list location:"Holmdel HQ"', "the directory, narrowed down"),
    Example("location 145214", "who is at a location"),
    Example("locations", "all locations"),
    Example("share 789", "the answer for the whole channel"),
    Example("refresh 789", "asks Vonage now"),
    Example("status", "how fresh this is, and what works"),
    Example("help", "this overview"),
)
