"""The index as a table: rows added, replaced and removed, excluded fields, paging."""

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
from bot.sandbox.company.people import people
from tests import strategies
from tests.directory.companies import Company, extension, invented_company
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
    company = invented_company()
    yield company
    company.close()


@pytest.fixture(scope="module")
def large():
    """A company in which some words have more rows than are ranked."""
    company = invented_company(1000)
    yield company
    company.close()


@pytest.mark.parametrize("text", NO_QUERIES)
def test_search_for_text_that_is_no_name_is_answered(company, text):
    """FTS5's operators have no meaning in a search, and no text is too long or too odd."""
    results = company.index.search(text)
    assert len(results.hits) <= min(8, results.total)
    assert company.index.typeahead(text) is not None


@given(ANYTHING, st.frozensets(st.sampled_from(HIDEABLE)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_search_for_any_text_returns_existing_extensions(company, text, without):
    """Each hit is an extension of the company, comes once, and the best comes first."""
    results = company.index.search(text, limit=50, excluded_fields=without)
    ids = [hit.id for hit in results.hits]
    assert len(set(ids)) == len(ids) == min(50, results.total)
    assert all(company.extensions[hit.id] == hit.extension for hit in results.hits)
    assert all(hit.reason.field in {"name", "number", *HIDEABLE} - without for hit in results.hits)
    scores = [hit.score for hit in results.hits]
    assert scores == sorted(scores, reverse=True)


@given(st.lists(st.builds(Extension, st.from_regex("[0-9]{1,6}", fullmatch=True), strategies.user),
                max_size=6), strategies.text)  # fmt: skip
@settings(deadline=None)
def test_search_for_any_name_finds_its_person(extensions, text):
    """No name that the API can send breaks the index, and a readable name finds its person."""
    company = Company(extensions)
    company.index.search(text)
    for id, each in company.extensions.items():  # noqa: A001
        if 0 < len(pieces(each.name)) <= MAX_SEARCH_TERMS and len(each.name) < 200:
            assert id in [hit.id for hit in company.index.search(each.name, limit=10).hits]
    company.close()


@pytest.mark.parametrize("size", [250, 1000])
def test_search_for_full_name_returns_its_people_first(company, large, size):
    """Nobody with another name comes before the people with exactly this name."""
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
@settings(deadline=None, max_examples=50)
def test_search_in_index_filled_in_any_order_returns_same_order(users, random, text):
    """The order of hits does not depend on the order in which pages came."""
    extensions = [Extension(str(100 + at), user) for at, user in enumerate(users)]
    shuffled = random.sample(extensions, len(extensions))
    one, other = Company(extensions), Company(shuffled)
    for query in (text, *(user.name for user in users)):
        assert _numbers(one, query) == _numbers(other, query)
    one.close()
    other.close()


def _numbers(company: Company, text: str) -> list[str]:
    return [hit.extension.number for hit in company.index.search(text, limit=20).hits]


@given(_PEOPLE)
@settings(deadline=None, max_examples=50)
def test_search_for_full_name_in_any_company_returns_same_words_first(users):
    """The first hit has the words of the typed name, whoever else has some of them."""
    company = Company(Extension(str(100 + at), user) for at, user in enumerate(users))
    for user in users:
        first = company.index.search(user.name).hits[0].extension
        assert set(first.name.split()) == set(user.name.split())
    company.close()


@pytest.mark.parametrize("entry", [e for e in people(250) if e.user], ids=lambda e: e.number)
def test_search_with_words_in_any_order_finds_person(company, entry):
    """Typed in any order, a full name finds its person among the first five."""
    user = extension(entry).user
    assert user
    for order in list(permutations(user.name.split()))[:24]:
        assert entry.number in company.find_first(" ".join(order)), order


@pytest.mark.parametrize(
    "text", ["a", "e", "example", "an", "smith", "line1", "n example", "London"]
)
@pytest.mark.parametrize("size", [8, 37])
def test_pages_of_search_hold_each_extension_once(large, text, size):
    """Nobody is repeated or skipped between pages, also beyond the rows that are ranked."""
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
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50
)
def test_second_page_of_search_continues_first(company, text, size):
    """Two pages are the same as one page of twice the size."""
    both = company.index.search(text, limit=2 * size)
    first = company.index.search(text, limit=size)
    second = company.index.search(text, limit=size, offset=size)
    assert first.hits + second.hits == both.hits


def test_put_with_existing_id_replaces_row():
    """The old name finds nobody any more, not even with a typo."""
    company = Company(
        [Extension("101", User("Jane", "Fuller")), Extension("102", User("Al", "Hay"))]
    )
    index.put(company.db, 1, Extension("101", User("Jane", "Stone")), None)
    company.extensions[1] = Extension("101", User("Jane", "Stone"))
    company.index.invalidate()
    assert company.find_first("stone") == ["101"]
    assert company.find_first("stnoe") == ["101"]
    assert company.find_first("fuller") == company.find_first("fullr") == []


def test_drop_removes_row_and_its_words():
    """The row is gone, and so are vocabulary words that nobody else has."""
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


def test_create_with_existing_tables_keeps_rows(company):
    """A restart continues with the tables on the disk."""
    index.create(company.db)
    assert company.find_first("john smith")[:1] == ["789"]


def without_fields(extension: Extension, without: frozenset[str]) -> Extension:
    """Return an extension as if Vonage had not sent some fields."""
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
def test_search_with_excluded_fields_equals_search_without_their_data(company, without):
    """Excluded fields change neither hits nor order: it is as if Vonage had not sent them."""
    other = Company(without_fields(each, without) for each in company.extensions.values())
    texts = [query.text for query in QUERIES if query.kind != "numbers"]
    for text in (*texts, "example", "exmaple", "line1", "lodnon", "slaes", "konferenzruam", "a"):
        there = company.index.search(text, excluded_fields=without)
        here = other.index.search(text)
        assert _told(there) == _told(here), text
    other.close()


@pytest.fixture(scope="module")
def company_without_fields():
    """The invented company with numbers and names only."""
    company = Company(
        without_fields(each, frozenset(HIDEABLE)) for each in invented_company().extensions.values()
    )
    yield company
    company.close()


@given(ANYTHING)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_search_for_any_text_reveals_nothing_of_excluded_fields(
    company, company_without_fields, text
):
    """No text reveals an excluded field, by hits, order, scores or certainty."""
    there = company.index.search(text, excluded_fields=frozenset(HIDEABLE))
    assert _told(there) == _told(company_without_fields.index.search(text))


def _told(results):
    hits = [(hit.id, hit.reason, hit.score) for hit in results.hits]
    return hits, results.total, results.is_clear, results.is_exact


def test_search_for_tag_or_handset_is_excluded_with_its_field():
    """A word of a tag or handset only finds for people who may see that field."""
    company = Company(
        [Extension("101", None, (Did("14155550100", "Secret"),), (Handset("Phone", "SIP9"),))]
    )
    for text, field in (("secret", "dids"), ("0100", "dids"), ("sip9", "handsets")):
        assert company.index.search(text).total == 1
        assert company.index.search(text, excluded_fields={field}).total == 0
