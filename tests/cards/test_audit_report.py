"""The answer to `audit`: what looks wrong, as counts that open as lists."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import action_ids, audit_report, headings
from bot.cards.buttons import line_from_value
from bot.cards.terminal import render_text
from bot.models import CHECKS, AuditReport
from bot.query import parse
from bot.query.model import Audit
from tests import strategies
from tests.cards.checked import buttons_of, checked
from tests.cards.examples import NOW

FOUND = AuditReport(
    (("unassigned", 12), ("shared", 0), ("no-did", 1_204), ("dnd", 0), ("names", 3)),
    total=3_000,
    read_at=NOW - 250,
)


def test_each_check_has_a_title_and_a_reason():
    """A new check without a title or a reason fails this test."""
    assert set(headings.CHECKS) == set(audit_report.WHY) == set(CHECKS)


def test_audit_explains_what_it_found():
    """A check with findings says why they matter; one without is listed too."""
    shown = render_text(checked(audit_report.audit_message(FOUND, now=NOW)), width=200)
    assert shown.startswith(
        "Directory audit\n3,000 extensions checked\n\nExtensions without a user: 12\nNormal for"
    )
    assert "\n/ext audit unassigned\n\nNumbers on two extensions: none\n\nUsers without" in shown
    assert "Users without a direct number: 1,204\nNobody outside" in shown
    assert shown.endswith("Read from Vonage 4 min ago · Sep 21, 2026, 14:09 UTC")


def test_audit_text_has_titles_counts_and_reasons():
    """A screen reader reads the text alone."""
    text = checked(audit_report.audit_message(FOUND, now=NOW, buttons=True)).text
    assert text.startswith("Directory audit. 3,000 extensions checked. Extensions without")
    assert "Numbers on two extensions: none. Users without a direct number: 1,204. Nobody" in text


def test_audit_button_opens_the_list_of_its_check():
    """A check without findings has no button."""
    message = checked(audit_report.audit_message(FOUND, now=NOW, buttons=True))
    lines = [line_from_value(each["value"]) for each in buttons_of(message)]
    assert lines == ["audit unassigned", "audit no-did", "audit names"]
    assert [parse(line or "") for line in lines] == [
        Audit("unassigned"),
        Audit("no-did"),
        Audit("names"),
    ]
    assert {each["action_id"] for each in buttons_of(message)} == {action_ids.SHOW}
    label = buttons_of(message)[0]["accessibility_label"]
    assert label == "Show: Extensions without a user, 12"


def test_audit_without_findings_says_so_first():
    """Every check is still listed."""
    clean = AuditReport(tuple((check, 0) for check in CHECKS), total=250, read_at=NOW)
    message = checked(audit_report.audit_message(clean, now=NOW, buttons=True))
    assert "All good: I checked 250 extensions and found nothing wrong." in render_text(message)
    assert message.text.count("none") == len(CHECKS)
    assert buttons_of(message) == []


@pytest.mark.parametrize(
    ("check", "heading", "nothing"),
    [
        ("dnd", "Audit: Do Not Disturb left on", "Do Not Disturb left on: none."),
        ("no-did", "Audit: users without a direct number", "Users without a direct number: none."),
    ],
)
def test_check_has_a_heading_and_words_for_no_findings(check, heading, nothing):
    """The heading is above its list; the words are the answer to an empty one."""
    assert headings.audit_heading(check) == heading
    assert render_text(checked(audit_report.no_findings_message(check))).startswith(nothing)


@settings(max_examples=50)
@given(
    counts=st.lists(st.integers(0, 10**6), min_size=5, max_size=5),
    total=st.integers(0, 10**6),
    read_at=strategies.moment,
    buttons=st.booleans(),
)
def test_any_audit_is_within_limits(counts, total, read_at, buttons):
    """No report breaks one of Slack's limits."""
    report = AuditReport(tuple(zip(CHECKS, counts, strict=True)), total, read_at)
    checked(audit_report.audit_message(report, now=NOW, buttons=buttons))
