"""A query without a command: who or what to look up, with or without a question around it."""

from __future__ import annotations

from dataclasses import replace

from bot.query import arguments, smalltalk
from bot.query.model import List, Me, Name, Several, SingleQuery
from bot.query.problems import FILTER_WITH_NAME, NOBODY_NAMED
from bot.query.targets import parse_targets
from bot.query.text import Line


def parse_lookup(line: Line, start: int, end: int) -> SingleQuery | Several | List:
    """Return what `who is …`, `what's the extension of …` or the words alone ask for.

    Raises QueryError.
    """
    if smalltalk.is_unfinished(line.text, start, end):
        raise line.error_at(NOBODY_NAMED, start, end)
    target = smalltalk.after_question(line.text, start, end)
    if smalltalk.means_the_asker(line.text, target, end):
        return Me(line.typed(start, end))
    if arguments.begins_with_filter(line.text, target):
        return arguments.parse_list(line, target, target, end)
    if stray := arguments.stray_filter(line.text, target, end):
        raise line.error_at(FILTER_WITH_NAME, *stray)
    if misspelled := arguments.misspelled_filter(line.text, target, end):
        raise line.error_at(*misspelled)
    is_question = target > start
    return _paged_name(line, target, end, is_question=is_question) or _targets(
        line, target, end, is_question=is_question
    )


def _targets(line: Line, start: int, end: int, *, is_question: bool) -> SingleQuery | Several:
    end = smalltalk.before_field(line.text, start, end, is_question=is_question)
    return parse_targets(line, start, end)


def _paged_name(line: Line, start: int, end: int, *, is_question: bool) -> Name | None:
    """Return the name in `john smith page 2`; other items have no pages of their own."""
    page = arguments.page_at_end(line, start, end)
    if not page.number or not line.typed(start, page.text_end):
        return None
    query = _targets(line, start, page.text_end, is_question=is_question)
    return replace(query, page=page.page) if isinstance(query, Name) else None
