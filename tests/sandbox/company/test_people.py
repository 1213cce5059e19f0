"""The invented company: the same on every machine, unique where it must be, and realistically
mixed.
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from itertools import pairwise

import phonenumbers
import pytest

from bot.sandbox.company.entries import Did, Entry, Handset, Owner
from bot.sandbox.company.locations import LOCATION_BY_ID
from bot.sandbox.company.names import ascii_letters
from bot.sandbox.company.people import build_company

SMALL = build_company(250)
LARGE = build_company(5_000)


@pytest.fixture(scope="module")
def vast():
    """A company as large as the largest customers."""
    return build_company(100_000)


def _digest(entries):
    return sha256("\n".join(map(repr, entries)).encode()).hexdigest()[:16]


def test_company_built_again_is_unchanged():
    """A change of any entry would change every test that relies on it."""
    assert _digest(SMALL) == "8cfea96f1c58cb12"


@pytest.mark.parametrize("count", [0, 1, 17, 18, 250])
def test_company_of_any_size_has_that_many_entries(count):
    """The count of entries is the one asked for."""
    assert len(build_company(count)) == count


def test_larger_company_starts_with_entries_of_smaller_one():
    """What a test relies on among 250 people holds among 5,000."""
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
def test_numbers_ids_addresses_and_logins_are_unique(values):
    """Each number, id, address and login belongs to one extension only."""
    counted = Counter(value for entry in LARGE for value in values(entry))
    assert len(counted) > 3_000
    assert counted.most_common(1)[0][1] == 1


def test_company_of_100000_has_enough_numbers(vast):
    """Numbers don't run out, though the last entries need six digits."""
    assert len({entry.number for entry in vast}) == 100_000
    dids = [did.phone_number for entry in vast for did in entry.dids]
    assert len(dids) == len(set(dids)) > 95_000
    assert {len(entry.number) for entry in vast} == {3, 4, 5, 6}


def test_extension_789_equals_published_example():
    """Extension 789 is the published document's own example."""
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
    assert (LOCATION_BY_ID[145214].name, LOCATION_BY_ID[145214].city) == ("Holmdel HQ", "Holmdel")


def test_example_numbers_exist_and_99999_does_not(vast):
    """Examples use 789, 790 and 1001; 99999 is unused in any company."""
    assert {"789", "790", "1001"} <= {entry.number for entry in SMALL}
    assert not {"99999", "911", "112", "999"} & {entry.number for entry in vast}


def test_john_smith_is_unique(vast):
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
def test_company_has_every_kind_of_extension(condition, least, most):
    """Every kind of extension exists, and none dominates."""
    assert least <= _share(condition) <= most


def test_anna_nowak_exists_twice():
    """Two people of the same name have different numbers."""
    annas = [entry.number for entry in SMALL[:17] if _name(entry) == "Anna Nowak"]
    assert annas == ["413", "2015"]


def test_voicemail_transcription_is_set_per_office():
    """Everyone in an office has the same setting."""
    assert all(entry.vtt == LOCATION_BY_ID[entry.location_id].vtt for entry in LARGE)


def test_phone_numbers_are_possible_in_their_country():
    """Phonenumbers can format every number, except one range that only fiction uses."""
    odd = [
        did.phone_number
        for entry in LARGE
        for did in entry.dids
        if not phonenumbers.is_valid_number(phonenumbers.parse(f"+{did.phone_number}"))
    ]
    assert odd == ["447700900123"]


def test_american_numbers_are_fictional():
    """Every number of +1 is a 555-01xx."""
    american = [d.phone_number for e in LARGE for d in e.dids if d.phone_number[0] == "1"]
    assert len(american) > 500
    assert {number[4:9] for number in american} == {"55501"}


def test_entries_are_not_sorted_by_number():
    """The real API promises no order, so clients must not rely on one."""
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
def test_names_with_accents_give_ascii_logins(written, letters):
    """Accents and letters that don't decompose become what people type."""
    assert ascii_letters(written) == letters
