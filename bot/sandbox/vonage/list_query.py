"""The query of a list call: its filters and its page, checked as strictly as the real API does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.sandbox.vonage.options import Options
from bot.sandbox.vonage.service_errors import bad_parameters

FILTERS = ("location_id", "phone_number", "login_name", "email")
_NUMBER_PARAMS = ("page", "page_size", "location_id")
_KNOWN_PARAMS = {*FILTERS, *_NUMBER_PARAMS}  # the API ignores all others
_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A query of the phone book.

    Faults set the rest: `row_offset` shifts the whole list by so many rows, `repeat_last_page`
    answers pages beyond the last with the last one, and `lookup_field` is the field that a single
    extension is found by. `earlier_list_calls` counts the list calls before this one.
    """

    filters: dict[str, str] = field(default_factory=dict)
    page: int = 1
    page_size: int = 100
    lookup_field: str = "number"
    row_offset: int = 0
    repeat_last_page: bool = False
    earlier_list_calls: int = 0


def parse_list_query(
    params: Sequence[tuple[str, str]], options: Options, *, earlier_list_calls: int
) -> ListQuery:
    """Parse a query string. Raises RequestRefused (400) that names every invalid parameter."""
    values: dict[str, str] = {}
    invalid: dict[str, str] = {}
    for name, value in params:
        if name in values and name in _KNOWN_PARAMS:
            invalid[name] = "must be given once"
        values[name] = value
    invalid.update(
        {n: reason for n in (*FILTERS, *_NUMBER_PARAMS) if (reason := _problem(n, values.get(n)))}
    )
    if invalid:
        raise bad_parameters(invalid)
    page_size = int(values.get("page_size", options.default_page_size))
    return ListQuery(
        filters={name: values[name] for name in FILTERS if name in values},
        page=int(values.get("page", 1)),
        page_size=max(1, min(page_size, options.max_page_size)),
        earlier_list_calls=earlier_list_calls,
    )


def _problem(name: str, value: str | None) -> str:
    if value is None:
        return ""
    if name not in _NUMBER_PARAMS:
        return "" if value else "must not be empty"
    if not _WHOLE_NUMBER.fullmatch(value):
        return "must be a whole number of at most nine digits"
    return "must be 1 or more" if int(value) < 1 else ""
