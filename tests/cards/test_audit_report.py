"""What looks wrong, as counts that open as lists."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import action_ids, audit_report, headings
from bot.cards.terminal import render_text
from bot.models import CHECKS, AuditReport
from bot.query import Audit, parse
from tests import strategies
from tests.cards.checked import buttons_of, checked
from tests.cards.examples import NOW

FOUND = AuditReport(
    (("unassigned", 12), ("shared", 0), ("no-did", 1_204), ("dnd", 0), ("names", 3)),
    total=3_000,
    read_at=NOW - 250,
)


def test_every_check_has_words():
    """A title, and why it matters."""
    assert set(headings.CHECKS) == set(audit_report.WHY) == set(CHECKS)


def test_a_report_counts_and_explains():
    """What finds something says why that matters; what finds nothing is said as well."""
    shown = render_text(checked(audit_report.audit_message(FOUND, now=NOW)), width=200)
    assert shown.startswith(
        "Audit of the directory\n3,000 extensions looked at\n\nExtensions without a user: 12\nRooms"
    )
    assert "\n/ext audit unassigned\n\nNumbers on two extensions: none\n\nUsers without" in shown
    assert "Users without a direct number: 1,204\nNobody outside" in shown
    assert shown.endswith("From Vonage 4 min ago · 21 Sep 2026, 14:09 UTC")


def test_a_report_is_heard_as_it_is_seen():
    """Titles, counts and reasons, for a screen reader."""
    text = checked(audit_report.audit_message(FOUND, now=NOW, buttons=True)).text
    assert text.startswith("Audit of the directory. 3,000 extensions looked at. Extensions without")
    assert "Numbers on two extensions: none. Users without a direct number: 1,204. Nobody" in text


def test_each_count_opens_as_a_list():
    """A button asks for the list that it counts; what is none has nothing to open."""
    message = checked(audit_report.audit_message(FOUND, now=NOW, buttons=True))
    carried = [action_ids.line_from_value(each["value"]) for each in buttons_of(message)]
    assert carried == ["audit unassigned", "audit no-did", "audit names"]
    assert [parse(line or "") for line in carried] == [
        Audit("unassigned"),
        Audit("no-did"),
        Audit("names"),
    ]
    assert {each["action_id"] for each in buttons_of(message)} == {action_ids.SHOW}
    label = buttons_of(message)[0]["accessibility_label"]
    assert label == "Show: Extensions without a user, 12"


def test_a_clean_directory_is_praised():
    """Where all is well, that is what is said first."""
    clean = AuditReport(tuple((check, 0) for check in CHECKS), total=250, read_at=NOW)
    message = checked(audit_report.audit_message(clean, now=NOW, buttons=True))
    assert "All is well: nothing looks wrong among 250 extensions." in render_text(message)
    assert message.text.count("none") == len(CHECKS)
    assert buttons_of(message) == []


@pytest.mark.parametrize(
    ("check", "heading", "nothing"),
    [
        ("dnd", "Audit: Do Not Disturb left on", "Do Not Disturb left on: none."),
        ("no-did", "Audit: users without a direct number", "Users without a direct number: none."),
    ],
)
def test_an_opened_check_has_a_heading(check, heading, nothing):
    """What stands above its list, and what is said where the list is empty."""
    assert headings.audit_heading(check) == heading
    assert render_text(checked(audit_report.no_findings_message(check))).startswith(nothing)


@settings(max_examples=50)
@given(
    counts=st.lists(st.integers(0, 10**6), min_size=5, max_size=5),
    total=st.integers(0, 10**6),
    read_at=strategies.moment,
    buttons=st.booleans(),
)
def test_whatever_is_found(counts, total, read_at, buttons):
    """No report breaks a limit of Slack's."""
    report = AuditReport(tuple(zip(CHECKS, counts, strict=True)), total, read_at)
    checked(audit_report.audit_message(report, now=NOW, buttons=buttons))
