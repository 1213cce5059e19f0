"""The reason of a match, in a row that does not show the field that matched."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import headings, lists, reasons
from bot.cards.reasons import reason
from bot.cards.terminal import render_text
from bot.fields import HIDEABLE, Attribute, Field
from bot.models import Did, Handset, Listing, Match, MatchReason
from tests import strategies
from tests.cards.checked import checked
from tests.cards.examples import BARE, JOHN, LOCATIONS, NOW

MANY = replace(
    JOHN,
    dids=(*JOHN.dids, Did("14155550111", "Sales North"), Did("14155550122")),
    handsets=(*JOHN.handsets, Handset("desk-berlin", "VH2")),
)


@pytest.mark.parametrize(
    ("query_text", "field", "expected"),
    [
        ("jsmith", "login", "login jsmith"),
        ("john.smith", "email", "email john.smith@example.com"),
        ("sales", "dids", "tag Sales North"),
        ("0122", "dids", "+1 415-555-0122"),
        ("my tag", "dids", None),
        ("smith", "caller_id", "caller ID John Smith"),
        ("VH2", "handsets", "handset VH2"),
        ("berlin", "handsets", "handset desk-berlin"),
        ("nothing alike", "handsets", "handset line1-VH6370927"),
        ("holmdel", "location", None),
        ("john", "name", None),
        ("789", "number", None),
    ],
)
def test_reason_names_the_matching_field_unless_the_row_shows_it(query_text, field, expected):
    """Fields that every row shows (name, number, first direct number, location) give no reason."""
    fact = reason(Match(MANY, NOW, reason=MatchReason(field)), query_text)
    assert (fact.plain if fact else None) == expected


@pytest.mark.parametrize("field", HIDEABLE)
def test_hidden_field_gives_no_reason(field):
    """An asker who must not see a field is not told that it matched."""
    assert reason(Match(MANY, NOW, reason=MatchReason(field)), "sales", {field}) is None


def test_reason_of_a_corrected_text_uses_the_correction():
    """The tag that a misspelled text was corrected to is found."""
    fact = reason(Match(MANY, NOW, reason=MatchReason("dids", "sales")), "slaes")
    assert fact
    assert fact.plain == "tag Sales North"


def test_list_shows_reasons_in_its_rows():
    """Blocks and text both give the reason; a row found by its name has none."""
    page = Listing(
        (Match(MANY, NOW, reason=MatchReason("login")), Match(BARE, NOW, reason=MatchReason()))
    )
    message = checked(
        lists.listing_message(
            page, locations=LOCATIONS, now=NOW, heading="Found", query_text="jsmith"
        )
    )
    assert "and 2 more · Holmdel HQ, Holmdel · login jsmith\n" in render_text(message)
    assert "and 2 more, Holmdel HQ, Holmdel, login jsmith; Extension 55" in message.text


@pytest.mark.parametrize(
    ("whys", "heading"),
    [
        (
            [MatchReason(corrected="john smith"), MatchReason(corrected="joan smith")],
            "Did you mean…?",
        ),
        ([MatchReason(corrected="john smith"), MatchReason()], "Results for “jhon smith”"),
        ([None], "Results for “jhon smith”"),
        ([], "Results for “jhon smith”"),
    ],
)
def test_heading_asks_if_every_match_was_corrected(whys, heading):
    """One match without a correction is enough for the usual heading."""
    assert (
        headings.search_heading("jhon smith", [Match(JOHN, NOW, reason=why) for why in whys])
        == heading
    )


@pytest.mark.parametrize(
    ("match", "title"),
    [
        (
            Match(JOHN, NOW, reason=MatchReason(corrected="john smith")),
            "Showing John Smith for “jhon smith”",
        ),
        (
            Match(BARE, NOW, reason=MatchReason("dids", "sales")),
            "Showing extension 55 for “jhon smith”",
        ),
        (Match(JOHN, NOW, reason=MatchReason()), ""),
        (Match(JOHN, NOW), ""),
    ],
)
def test_title_of_a_corrected_match_names_both_texts(match, title):
    """The title says who is shown for which text, and is empty without a correction."""
    assert headings.corrected_title("jhon smith", match) == title


@settings(max_examples=100)
@given(
    found=strategies.match,
    why=st.builds(MatchReason, st.sampled_from(["name", "number", *HIDEABLE]), strategies.text),
    query_text=strategies.text,
    excluded_fields=strategies.excluded_fields,
)
def test_list_with_any_reason_keeps_every_limit(found, why, query_text, excluded_fields):
    """No reason breaks the message, whatever text it repeats."""
    page = Listing((replace(found, reason=why),) * 8)
    message = lists.listing_message(
        page,
        locations={},
        now=NOW,
        heading=headings.search_heading(query_text, page.matches),
        excluded_fields=excluded_fields,
        buttons=True,
        query_text=query_text,
    )
    checked(message)


def test_field_of_one_text_gives_a_reason_without_code_of_its_own():
    """A new searched text of the table is named as the reason of its matches."""
    field = Field("nickname", "Nickname", "nickname", (Attribute("user.login_name"),))
    fact = reasons._text_renderer(field)(JOHN, ["jsmith"])
    assert fact
    assert (fact.mrkdwn, fact.plain) == ("nickname jsmith", "nickname jsmith")
    assert reasons._text_renderer(field)(BARE, ["jsmith"]) is None
