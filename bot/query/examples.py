"""What help shows: queries that work."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A query as typed after `/ext`, and what it gives in a few words.

    `admins` are those that admins alone may ask; they stand last.
    """

    text: str
    meaning: str
    admins: bool = False


EXAMPLES = (
    Example("789", "one extension"),
    Example("john smith", "by name"),
    Example("who +1 (415) 555-0100", "whose number that is"),
    Example("who john.smith@example.com", "by email"),
    Example("jhon smith", "slips and accents are forgiven"),
    Example("who jsmith", "by login name"),
    Example("789 790 1001", "several, up to ten"),
    Example("me", "your own extension"),
    Example("list page 2", "the directory, page by page"),
    Example('list location:"Holmdel HQ"', "the directory, narrowed down"),
    Example("location 145214", "who is at a location"),
    Example("locations", "all locations"),
    Example("share 789", "the answer for the whole channel"),
    Example("refresh 789", "asks Vonage now"),
    Example("status", "how fresh this is, and what works"),
    Example("help", "this overview"),
    Example("export", "for admins: all of it as a CSV file", admins=True),
    Example("changes", "for admins: who joined, left, moved", admins=True),
    Example("audit", "for admins: what looks wrong", admins=True),
)
