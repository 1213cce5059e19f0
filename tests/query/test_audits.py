"""Which check of the directory's hygiene is asked for."""

from __future__ import annotations

import pytest

from bot.errors import QueryError
from bot.models import CHECKS
from bot.query import audits, parse
from bot.query.model import Audit, Name


def test_audit_of_every_check_is_read():
    """The name of each check is read, and every synonym means one of them."""
    assert [parse(f"audit {check}") for check in CHECKS] == [Audit(check) for check in CHECKS]
    assert set(audits.PHRASES.values()) == set(CHECKS)


@pytest.mark.parametrize("phrase", audits.PHRASES)
def test_audit_of_every_synonym_is_read(phrase):
    """Each phrase of the table is read as its check."""
    assert parse(f"audit {phrase}") == Audit(audits.PHRASES[phrase])


@pytest.mark.parametrize(
    ("text", "audit"),
    [
        ("audit unassigned page 2", Audit("unassigned", 2)),
        ("Audit: Unassigned Extensions", Audit("unassigned")),
        ("audit extensions without a user", Audit("unassigned")),
        ("audit duplicates", Audit("shared")),
        ("audit duplicate numbers, page 3", Audit("shared", 3)),
        ("audit shared numbers", Audit("shared")),
        ("audit no did", Audit("no-did")),
        ("audit users without a DID", Audit("no-did")),
        ("audit no-did page 12", Audit("no-did", 12)),
        ("audit do not disturb", Audit("dnd")),
        ("audit don’t disturb", Audit("dnd")),
        ("audit do-not-disturb left on", Audit("dnd")),
        ("audit odd names?", Audit("names")),
        ("audit empty or odd names", Audit("names")),
        ("please audit the names", Audit("names")),
        ("audit report", Audit()),
        ("audit now", Audit()),
    ],
)
def test_audit_in_a_sentence_is_read(text, audit):
    """A check and its page are read in whichever words people put them."""
    assert parse(text) == audit


@pytest.mark.parametrize(
    "text", ["Audit Team", "audit desk", "Audit Compliance Office", "audit services"]
)
def test_department_called_audit_is_a_name(text):
    """Before words that end a department's name, *audit* is no command."""
    assert isinstance(parse(text), Name)


# The spot stands between brackets: it is taken out before reading.
@pytest.mark.parametrize(
    ("marked", "problem", "example"),
    [
        ("audit [john]", "no such check", "audit unassigned"),
        ("audit [whatever is wrong] page 2", "no such check", "audit unassigned"),
        ("audit [unasigned]", "“audit unassigned”", "audit unassigned"),
        ("audit [duplcates] page 2", "“audit shared”", "audit shared"),
        ("audit [page 2]", "no such check", "audit unassigned"),
        ("audit dnd page [0]", "Page numbers", "list page 2"),
        ("changes page [0]", "Page numbers", "list page 2"),
        ("changes page [two]", "Page numbers", "list page 2"),
    ],
)
def test_audit_of_unknown_check_is_refused(marked, problem, example):
    """The error points at the unknown check and names one that exists."""
    before, _, rest = marked.partition("[")
    spot, _, after = rest.partition("]")
    with pytest.raises(QueryError) as caught:
        parse(before + spot + after)
    error = caught.value
    assert problem in error.problem
    assert error.text[error.start : error.end] == spot
    assert error.example == example
    parse(error.example)
