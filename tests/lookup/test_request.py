"""Answers that are put together or shared, and what a request says of itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cards.blocks import TOO_MUCH, Message
from bot.errors import MustWait
from bot.lookup.request import (
    Answer,
    AnswerOptions,
    AwaitedQuery,
    Outcome,
    Request,
    as_shared,
    combine,
    new_reference,
    query_text,
)
from bot.models import DirectoryExport
from bot.query import parse
from bot.query.model import Export, Name
from bot.slack.people import Asker

ASKER = Asker("U0JOHN")


def answer(outcome: Outcome, text: str = "an answer") -> Answer:
    """Return an answer without blocks."""
    return Answer(Message(text, []), outcome)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ((Outcome.FAILED, Outcome.FOUND), Outcome.FOUND),
        ((Outcome.MISSING, Outcome.FOUND), Outcome.FOUND),
        ((Outcome.FAILED, Outcome.MISSING), Outcome.MISSING),
        ((Outcome.REFUSED, Outcome.INFO), Outcome.INFO),
        ((Outcome.FAILED, Outcome.REFUSED), Outcome.REFUSED),
        ((Outcome.FAILED, Outcome.FAILED), Outcome.FAILED),
    ],
)
def test_combined_answer_has_the_best_outcome(outcomes, expected):
    """An answer with one finding counts as found."""
    answers = [answer(outcome) for outcome in outcomes]
    assert combine(["789", "790"], answers).outcome is expected


def test_combined_answer_has_all_texts_in_order():
    """Each part follows the text that it answers."""
    answers = [answer(Outcome.FOUND, "John Smith"), answer(Outcome.FOUND, "Mary O'Brien")]
    text = combine(["789", "790"], answers).message.text
    parts = ["789", "John Smith", "790", "Mary O'Brien"]
    assert [text.index(part) for part in parts] == sorted(text.index(part) for part in parts)


def test_combined_answer_awaits_what_its_parts_await():
    """One follow-up answers all that is not known yet, and an export is still sent."""
    export = DirectoryExport(iter(()), 0, {}, 0.0)
    first = replace(answer(Outcome.FAILED), awaits=(AwaitedQuery(Name("john")),))
    second = replace(
        answer(Outcome.FAILED), awaits=(AwaitedQuery(Name("mary")), AwaitedQuery(Export()))
    )
    third = replace(answer(Outcome.INFO), export=export)
    combined = combine(["john", "mary", "export"], [first, second, third])
    assert [each.query for each in combined.awaits] == [Name("john"), Name("mary"), Export()]
    assert combined.export is export
    assert not combined.in_channel


@pytest.mark.parametrize("is_cut", [True, False])
def test_combined_answer_says_where_questions_were_left_out(is_cut):
    """People learn that they asked more than one message can answer."""
    combined = combine(["789"], [answer(Outcome.FOUND)], is_cut=is_cut)
    assert (TOO_MUCH in combined.message.text) is is_cut


def test_shared_answer_is_public_and_names_who_shared_it():
    """The rest of the answer stays as it is."""
    shared = as_shared(answer(Outcome.FOUND, "John Smith"), ASKER)
    assert shared.in_channel
    assert shared.outcome is Outcome.FOUND
    assert "U0JOHN" in shared.message.text
    assert "John Smith" in shared.message.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("who is 789?", "789"),
        ("john smith", "john smith"),
        ("list dnd:on", "list dnd:on"),
        ("share list dnd:on", "list dnd:on"),
        ("refresh 789", "789"),
        ("me", "me"),
        ("status", "status"),
        ("locations", "locations"),
    ],
)
def test_query_text_is_in_the_askers_words(text, expected):
    """A query without words of its own is named by its command."""
    assert query_text(parse(text)) == expected


def test_request_without_deadline_must_not_wait():
    """Code that is about to wait finds out before it starts anything."""
    request = Request("789", ASKER, AnswerOptions(), query=parse("789"))
    with pytest.raises(MustWait):
        _ = request.wait_deadline
    assert replace(request, deadline=5.0).wait_deadline == 5.0


def test_references_are_short_and_all_different():
    """A person can read one out, and it finds one line in the log."""
    references = {new_reference() for _ in range(100)}
    assert len(references) == 100
    assert {len(reference) for reference in references} == {8}
