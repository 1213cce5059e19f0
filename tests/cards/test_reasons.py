"""Why a row is in a list, where it does not show it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import headings, listing
from bot.cards.reasons import reason
from bot.cards.terminal import plain
from bot.fields import HIDEABLE
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
    ("asked", "field", "said"),
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
def test_a_row_says_why_it_is_there(asked, field, said):
    """The field that matched is told, unless it stands in every row."""
    found = reason(Match(MANY, NOW, reason=MatchReason(field)), asked)
    assert (found.plain if found else None) == said


@pytest.mark.parametrize("field", HIDEABLE)
def test_what_is_hidden_is_no_reason(field):
    """Whoever must not see a field does not see that it matched."""
    assert reason(Match(MANY, NOW, reason=MatchReason(field)), "sales", {field}) is None


def test_a_correction_is_what_is_looked_for():
    """Of a misspelt tag the corrected one is found."""
    found = reason(Match(MANY, NOW, reason=MatchReason("dids", "sales")), "slaes")
    assert found
    assert found.plain == "tag Sales North"


def test_a_list_says_why_in_its_rows():
    """For the eyes and the ears; a row found by its name says nothing."""
    page = Listing(
        (Match(MANY, NOW, reason=MatchReason("login")), Match(BARE, NOW, reason=MatchReason()))
    )
    message = checked(
        listing.listing(page, locations=LOCATIONS, now=NOW, heading="Found", asked="jsmith")
    )
    assert "and 2 more · Holmdel HQ, Holmdel · login jsmith\n" in plain(message)
    assert "and 2 more, Holmdel HQ, Holmdel, login jsmith; Extension 55" in message.text


@pytest.mark.parametrize(
    ("whys", "heading"),
    [
        (
            [MatchReason(corrected="john smith"), MatchReason(corrected="joan smith")],
            "Did you mean…?",
        ),
        ([MatchReason(corrected="john smith"), MatchReason()], "Found for jhon smith"),
        ([None], "Found for jhon smith"),
        ([], "Found for jhon smith"),
    ],
)
def test_a_list_of_guesses_asks(whys, heading):
    """Only where nothing was found as it was written."""
    assert headings.found("jhon smith", [Match(JOHN, NOW, reason=why) for why in whys]) == heading


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
def test_a_card_of_a_guess_says_so(match, title):
    """It names who is shown, and for which words."""
    assert headings.showing("jhon smith", match) == title


@settings(max_examples=100)
@given(
    found=strategies.match,
    why=st.builds(MatchReason, st.sampled_from(["name", "number", *HIDEABLE]), strategies.text),
    asked=strategies.text,
    hide=strategies.hide,
)
def test_whatever_matched(found, why, asked, hide):
    """No reason lets anything out, or breaks a limit."""
    page = Listing((replace(found, reason=why),) * 8)
    message = listing.listing(
        page,
        locations={},
        now=NOW,
        heading=headings.found(asked, page.matches),
        hide=hide,
        buttons=True,
        asked=asked,
    )
    checked(message)
