"""The invented company: the same everywhere, unique where it must be, and as mixed as real ones."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from itertools import pairwise

import phonenumbers
import pytest

from bot.sandbox.company.entries import Did, Entry, Handset, Owner
from bot.sandbox.company.names import ascii_letters
from bot.sandbox.company.offices import OFFICE_BY_ID
from bot.sandbox.company.people import build_company

SMALL = build_company(250)
LARGE = build_company(5_000)


@pytest.fixture(scope="module")
def vast():
    """As many as the largest customers have."""
    return build_company(100_000)


def _digest(entries):
    return sha256("\n".join(map(repr, entries)).encode()).hexdigest()[:16]


def test_the_company_is_the_same_in_every_run():
    """A change of any entry is a change for everybody who tests against it."""
    assert _digest(SMALL) == "8cfea96f1c58cb12"


@pytest.mark.parametrize("count", [0, 1, 17, 18, 250])
def test_there_are_as_many_as_asked_for(count):
    """Any number of extensions can be had."""
    assert len(build_company(count)) == count


def test_a_larger_company_starts_with_the_smaller_one():
    """What a test knows of 250 people is true of 5,000."""
    assert LARGE[:250] == SMALL


def _emails(entry):
    return [entry.user.email] if entry.user and entry.user.email else []


def _logins(entry):
    return [entry.user.login_name] if entry.user else []


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(lambda e: [e.number], id="extension numbers"),
        pytest.param(lambda e: [e.external_id], id="external ids"),
        pytest.param(lambda e: [did.phone_number for did in e.dids], id="phone numbers"),
        pytest.param(lambda e: [handset.sip_id for handset in e.handsets], id="SIP ids"),
        pytest.param(_emails, id="e-mail addresses"),
        pytest.param(_logins, id="login names"),
    ],
)
def test_nothing_that_must_be_unique_comes_twice(values):
    """Numbers, ids, addresses and logins belong to one extension each."""
    counted = Counter(value for entry in LARGE for value in values(entry))
    assert len(counted) > 3_000
    assert counted.most_common(1)[0][1] == 1


def test_a_hundred_thousand_can_be_had(vast):
    """Numbers do not run out, though six digits are needed for the last."""
    assert len({entry.number for entry in vast}) == 100_000
    dids = [did.phone_number for entry in vast for did in entry.dids]
    assert len(dids) == len(set(dids)) > 95_000
    assert {len(entry.number) for entry in vast} == {3, 4, 5, 6}


def test_john_smith_is_the_published_example():
    """Extension 789 is the document's own example, to the letter."""
    john = SMALL[0]
    assert john.user is not None
    assert john == Entry(
        number="789",
        external_id=john.external_id,
        location_id=145214,
        user=Owner(john.user.id, "John", "Smith", "jsmith", "john.smith@example.com"),
        dids=(Did("14155550100", "My Tag"),),
        handsets=(Handset("line1-VH6370927", "VH16370927"),),
        caller_id="John Smith",
        block_caller_id=False,
        dnd=False,
        vtt=True,
    )
    assert (OFFICE_BY_ID[145214].name, OFFICE_BY_ID[145214].city) == ("Holmdel HQ", "Holmdel")


def test_the_numbers_of_examples_exist_and_one_never_does(vast):
    """Examples say 789, 790 and 1001; 99999 is nobody's in any company."""
    assert {"789", "790", "1001"} <= {entry.number for entry in SMALL}
    assert not {"99999", "911", "112", "999"} & {entry.number for entry in vast}


def test_there_is_one_john_smith(vast):
    """The most used example has one clear answer."""
    assert [entry.number for entry in vast if _name(entry) == "John Smith"] == ["789"]


def _name(entry):
    return f"{entry.user.first_name} {entry.user.last_name}" if entry.user else ""


def _share(condition):
    return sum(map(bool, map(condition, SMALL))) / len(SMALL)


@pytest.mark.parametrize(
    ("condition", "least", "most"),
    [
        pytest.param(lambda e: e.user is None, 0.04, 0.2, id="rooms and ring groups"),
        pytest.param(lambda e: e.user and not e.user.email, 0.02, 0.15, id="without e-mail"),
        pytest.param(lambda e: not e.dids, 0.1, 0.3, id="without a number of their own"),
        pytest.param(lambda e: len(e.dids) > 1, 0.08, 0.3, id="with several"),
        pytest.param(lambda e: any(d.custom_tag for d in e.dids), 0.05, 0.3, id="tagged"),
        pytest.param(lambda e: e.dnd, 0.03, 0.3, id="not to be disturbed"),
        pytest.param(lambda e: len(e.handsets) > 1, 0.05, 0.4, id="several handsets"),
        pytest.param(lambda e: not e.handsets, 0.01, 0.1, id="no handset"),
        pytest.param(lambda e: (e.caller_id or "").isdigit(), 0.2, 0.5, id="number as caller id"),
        pytest.param(lambda e: e.caller_id is None, 0.02, 0.2, id="no caller id"),
        pytest.param(lambda e: not e.vtt, 0.1, 0.6, id="no voicemail transcription"),
        pytest.param(lambda e: "Branch" in _name(e), 0.005, 0.06, id="branches as users"),
        pytest.param(lambda e: not _name(e).isascii(), 0.2, 0.7, id="beyond ASCII"),
        pytest.param(lambda e: len(e.number) == 3, 0.2, 0.6, id="three digits"),
        pytest.param(lambda e: len(e.number) == 5, 0.05, 0.3, id="five digits"),
    ],
)
def test_the_company_is_as_mixed_as_real_ones(condition, least, most):
    """Every kind of extension is there, and none is all there is."""
    assert least <= _share(condition) <= most


def test_two_people_share_a_name():
    """There are two Anna Nowaks, at two numbers."""
    annas = [entry.number for entry in SMALL[:17] if _name(entry) == "Anna Nowak"]
    assert annas == ["413", "2015"]


def test_voicemail_transcription_is_the_office_s():
    """Everybody of one office has the same setting."""
    assert all(entry.vtt == OFFICE_BY_ID[entry.location_id].vtt for entry in LARGE)


def test_phone_numbers_look_right_and_belong_to_their_country():
    """Numbers can be told apart and formatted, except one that only films have."""
    odd = [
        did.phone_number
        for entry in LARGE
        for did in entry.dids
        if not phonenumbers.is_valid_number(phonenumbers.parse(f"+{did.phone_number}"))
    ]
    assert odd == ["447700900123"]


def test_american_numbers_are_the_fictional_ones():
    """Every number of +1 is a 555-01xx."""
    american = [d.phone_number for e in LARGE for d in e.dids if d.phone_number[0] == "1"]
    assert len(american) > 500
    assert {number[4:9] for number in american} == {"55501"}


def test_the_list_is_not_in_number_order():
    """Nobody may rely on an order that the real API does not promise."""
    assert not all(int(a.number) < int(b.number) for a, b in pairwise(SMALL))


@pytest.mark.parametrize(
    ("written", "letters"),
    [
        ("Wałęsa", "Walesa"),
        ("O'Brien", "OBrien"),
        ("Søren", "Soren"),
        ("Đặng", "Dang"),
        ("Weiß", "Weiss"),
    ],
)
def test_logins_are_made_of_ascii_letters(written, letters):
    """Accents and letters that do not decompose are written as people type them."""
    assert ascii_letters(written) == letters
