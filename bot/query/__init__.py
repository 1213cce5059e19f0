"""What people type -> what they ask for. Pure: no network, no directory, no Slack client.

`parse` is the way in; the kinds of query it returns are in `model`, and `EXAMPLES` is what help
shows. Words that cannot be read raise QueryError, which points at the spot.
"""

from __future__ import annotations

from bot.query.examples import EXAMPLES, Example
from bot.query.model import (
    Audit,
    Changes,
    Email,
    Export,
    Filters,
    Help,
    List,
    Locations,
    Me,
    Name,
    Number,
    Person,
    Phone,
    Query,
    Refresh,
    Several,
    Share,
    SingleQuery,
    Status,
)
from bot.query.parser import parse

__all__ = [
    "EXAMPLES",
    "Audit",
    "Changes",
    "Email",
    "Example",
    "Export",
    "Filters",
    "Help",
    "List",
    "Locations",
    "Me",
    "Name",
    "Number",
    "Person",
    "Phone",
    "Query",
    "Refresh",
    "Several",
    "Share",
    "SingleQuery",
    "Status",
    "parse",
]
