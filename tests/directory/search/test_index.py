"""The index as a table of rows: what is put, replaced, dropped, kept from some, and paged."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.directory.search import index
from bot.directory.search.normalize import pieces
from bot.fields import HIDEABLE
from bot.limits import MAX_SEARCH_TERMS
from bot.models import Did, Extension, Handset, User
from bot.sandbox.company.people import build_company
from tests import strategies
from tests.directory.companies import Company, extension, sandbox
from tests.directory.search.queries import QUERIES

NO_QUERIES = (
    "", " ", "\x00", "a\x00b", '"', "'", "*", "a*", "NEAR(", "AND", "a AND", "OR", "NOT x",
    "{name}", "name:x", "^a", "-", "+", "a+b", "(", ")", "(((", "x" * 300, "é" * 300,
    "田" * 300, "a " * 150,
    "😀", "\ud800", "\u202e", "ﷺ", "½", "%", "_", ";--", "0" * 300, "١٢٣", "🧑\u200d🚀 smith",
)  # fmt: skip
ANYTHING = strategies.text | st.sampled_from([*NO_QUERIES, *(query.text for query in QUERIES)])


@pytest.fixture(scope="module")
def company():
    """The invented company of 250."""
    company = sandbox()
    yield company
    company.close()


@pytest.fixture(scope="module")
def large():
    """A company with more of some words than can be ranked."""
    company = sandbox(1000)
    yield company
    company.close()


@pytest.mark.parametrize("text", NO_QUERIES)
def test_what_is_no_name_is_answered_too(company, text):
    """No sign of FTS5 is one to the search, and no text is too long or too odd."""
    results = company.index.search(text)
    assert len(results.hits) <= min(8, results.total)
    assert company.index.typeahead(text) is not None


@given(ANYTHING, st.frozensets(st.sampled_from(HIDEABLE)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_answered_with_extensions_that_there_are(company, text, without):
    """Each once, and best first."""
    results = company.index.search(text, limit=50, excluded_fields=without)
    ids = [hit.id for hit in results.hits]
    assert len(set(ids)) == len(ids) == min(50, results.total)
    assert all(company.extensions[hit.id] == hit.extension for hit in results.hits)
    assert all(hit.reason.field in {"name", "number", *HIDEABLE} - without for hit in results.hits)
    scores = [hit.score for hit in results.hits]
    assert scores == sorted(scores, reverse=True)


@given(st.lists(st.builds(Extension, st.from_regex("[0-9]{1,6}", fullmatch=True), strategies.user),
                max_size=6), strategies.text)  # fmt: skip
def test_whatever_people_are_called_they_are_found_by_it(extensions, text):
    """Nothing that the API can say breaks the index, or hides who has a name that can be read."""
    company = Company(extensions)
    company.index.search(text)
    for id, each in company.extensions.items():  # noqa: A001
        if 0 < len(pieces(each.name)) <= MAX_SEARCH_TERMS and len(each.name) < 200:
            assert id in [hit.id for hit in company.index.search(each.name, limit=10).hits]
    company.close()


@pytest.mark.parametrize("size", [250, 1000])
def test_who_bears_a_name_is_first_by_it(company, large, size):
    """Nobody who is called otherwise comes before them."""
    there = company if size == 250 else large
    for each in filter(None, (each.name for each in there.extensions.values())):
        bearers = sum(other.name == each for other in there.extensions.values())
        hits = there.index.search(each, limit=bearers).hits
        assert [hit.extension.name for hit in hits] == [each] * bearers


_LAST = ["ann", "anna", "Nowak", "O'Brien", "Müller", "de", "la", "Cruz", "Bob", "Robert", "田中"]
_WORDS = st.sampled_from(["J.", *_LAST])
_PEOPLE = st.lists(
    st.builds(
        User, _WORDS, st.lists(st.sampled_from(_LAST), min_size=1, max_size=2).map(" ".join)
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@given(_PEOPLE, st.randoms(use_true_random=False), st.lists(_WORDS, max_size=3).map(" ".join))
@settings(max_examples=50)
def test_the_order_is_that_of_the_directory_however_it_was_filled(users, random, text):
    """Pages may come in any order, and the answer is the same."""
    extensions = [Extension(str(100 + at), user) for at, user in enumerate(users)]
    shuffled = random.sample(extensions, len(extensions))
    one, other = Company(extensions), Company(shuffled)
    for asked in (text, *(user.name for user in users)):
        assert _numbers(one, asked) == _numbers(other, asked)
    one.close()
    other.close()


def _numbers(company: Company, text: str) -> list[str]:
    return [hit.extension.number for hit in company.index.search(text, limit=20).hits]


@given(_PEOPLE)
@settings(max_examples=50)
def test_a_full_name_is_first_in_any_company(users):
    """Whoever else has the words in another order, or more of them."""
    company = Company(Extension(str(100 + at), user) for at, user in enumerate(users))
    for user in users:
        first = company.index.search(user.name).hits[0].extension
        assert set(first.name.split()) == set(user.name.split())
    company.close()


@pytest.mark.parametrize("entry", [e for e in build_company(250) if e.user], ids=lambda e: e.number)
def test_a_name_is_found_in_any_order(company, entry):
    """Whoever knows the whole name has the person among the first five."""
    user = extension(entry).user
    assert user
    for order in list(permutations(user.name.split()))[:24]:
        assert entry.number in company.find_first(" ".join(order)), order


@pytest.mark.parametrize(
    "text", ["a", "e", "example", "an", "smith", "line1", "n example", "London"]
)
@pytest.mark.parametrize("size", [8, 37])
def test_pages_hold_everybody_once(large, text, size):
    """Also those who are too many to be ranked."""
    total = large.index.search(text).total
    pages = [
        large.index.search(text, limit=size, offset=offset)
        for offset in range(0, total + size, size)
    ]
    ids = [hit.id for page in pages for hit in page.hits]
    assert len(ids) == len(set(ids)) == total
    assert {(page.total, page.is_clear, page.is_exact) for page in pages if page.hits} == {
        (total, pages[0].is_clear, pages[0].is_exact)
    }


@given(ANYTHING, st.integers(1, 9))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_the_second_page_goes_on_where_the_first_ended(company, text, size):
    """Whatever is asked."""
    both = company.index.search(text, limit=2 * size)
    first = company.index.search(text, limit=size)
    second = company.index.search(text, limit=size, offset=size)
    assert first.hits + second.hits == both.hits


def test_what_is_put_again_is_replaced():
    """Old names find nobody, also with a slip."""
    company = Company(
        [Extension("101", User("Jane", "Fuller")), Extension("102", User("Al", "Hay"))]
    )
    index.put(company.db, 1, Extension("101", User("Jane", "Stone")), None)
    company.extensions[1] = Extension("101", User("Jane", "Stone"))
    company.index.invalidate()
    assert company.find_first("stone") == ["101"]
    assert company.find_first("stnoe") == ["101"]
    assert company.find_first("fuller") == company.find_first("fullr") == []


def test_what_is_dropped_is_gone():
    """And so are the words that nobody else has."""
    company = Company(
        [Extension("101", User("Jane", "Fuller")), Extension("102", User("Al", "Roe"))]
    )
    index.drop(company.db, 1)
    index.drop(company.db, 99)
    company.index.invalidate()
    assert company.find_first("jane fuller") == company.find_first("fulelr") == []
    assert company.find_first("al roe") == ["102"]
    words = {word for (word,) in company.db.execute("SELECT word FROM vocabulary")}
    assert words == {"al", "roe"}


def test_the_tables_may_be_there_already(company):
    """A restart goes on with what is on the disk."""
    index.create(company.db)
    assert company.find_first("john smith")[:1] == ["789"]


def stripped(extension: Extension, without: frozenset[str]) -> Extension:
    """An extension as if Vonage had not told of some fields."""
    user = extension.user
    if user and "email" in without:
        user = replace(user, email="")
    if user and "login" in without:
        user = replace(user, login_name="")
    gone: dict[str, object] = {"dids": (), "handsets": (), "caller_id": "", "location_id": ""}
    kept = {name: empty for name, empty in gone.items() if name in without}
    if "location" in without:
        kept["location_id"] = ""
    return replace(extension, user=user, **kept)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "without", [*(frozenset({field}) for field in HIDEABLE), frozenset(HIDEABLE)]
)
def test_fields_that_are_kept_from_somebody_tell_nothing(company, without):
    """Everything is as if they were not there."""
    other = Company(stripped(each, without) for each in company.extensions.values())
    texts = [query.text for query in QUERIES if query.kind != "numbers"]
    for text in (*texts, "example", "exmaple", "line1", "lodnon", "slaes", "konferenzruam", "a"):
        there = company.index.search(text, excluded_fields=without)
        here = other.index.search(text)
        assert _told(there) == _told(here), text
    other.close()


@pytest.fixture(scope="module")
def bare():
    """The invented company, of which Vonage tells nothing but numbers and names."""
    company = Company(stripped(each, frozenset(HIDEABLE)) for each in sandbox().extensions.values())
    yield company
    company.close()


@given(ANYTHING)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_finds_by_what_is_kept_from_somebody(company, bare, text):
    """Not a word, not the order, not how sure it is."""
    there = company.index.search(text, excluded_fields=frozenset(HIDEABLE))
    assert _told(there) == _told(bare.index.search(text))


def _told(results):
    hits = [(hit.id, hit.reason, hit.score) for hit in results.hits]
    return hits, results.total, results.is_clear, results.is_exact


def test_a_tag_and_a_handset_are_kept_with_their_field():
    """One word, found by whom may see it."""
    company = Company(
        [Extension("101", None, (Did("14155550100", "Secret"),), (Handset("Phone", "SIP9"),))]
    )
    for text, field in (("secret", "dids"), ("0100", "dids"), ("sip9", "handsets")):
        assert company.index.search(text).total == 1
        assert company.index.search(text, excluded_fields={field}).total == 0
