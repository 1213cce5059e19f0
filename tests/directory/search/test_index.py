"""The search index: adding, replacing and dropping rows, excluded fields, and paging."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.directory.search import index
from bot.directory.search.normalize import pieces
from bot.fields import HIDEABLE, SEARCH_COLUMNS
from bot.limits import MAX_SEARCH_TERMS
from bot.models import Did, Extension, Handset, User
from bot.sandbox.company.people import build_company
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
    """Yield the invented company of 250."""
    company = invented_company()
    yield company
    company.close()


@pytest.fixture(scope="module")
def large():
    """Yield a company in which some words match more rows than are ranked."""
    company = invented_company(1000)
    yield company
    company.close()


@pytest.mark.parametrize("text", NO_QUERIES)
def test_search_answers_texts_that_are_no_name(company, text):
    """FTS5's operators have no meaning in a search, and no text is too long or too odd."""
    results = company.index.search(text)
    assert len(results.hits) <= min(8, results.total)
    assert company.index.typeahead(text) is not None


@given(ANYTHING, st.frozensets(st.sampled_from(HIDEABLE)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_search_for_any_text_returns_each_extension_once_and_best_first(company, text, without):
    """Hits are extensions of the directory, found by a field that is not excluded."""
    results = company.index.search(text, limit=50, excluded_fields=without)
    ids = [hit.id for hit in results.hits]
    assert len(set(ids)) == len(ids) == min(50, results.total)
    assert all(company.extensions[hit.id] == hit.extension for hit in results.hits)
    assert all(hit.reason.field in {"name", "number", *HIDEABLE} - without for hit in results.hits)
    scores = [hit.score for hit in results.hits]
    assert scores == sorted(scores, reverse=True)


@given(st.lists(st.builds(Extension, st.from_regex("[0-9]{1,6}", fullmatch=True), strategies.user),
                max_size=6), strategies.text)  # fmt: skip
def test_extension_with_any_name_is_found_by_it(extensions, text):
    """No value of the API breaks the index, or keeps a readable name from being found."""
    company = Company(extensions)
    company.index.search(text)
    for id, each in company.extensions.items():  # noqa: A001
        if 0 < len(pieces(each.name)) <= MAX_SEARCH_TERMS and len(each.name) < 200:
            assert id in [hit.id for hit in company.index.search(each.name, limit=10).hits]
    company.close()


@pytest.mark.parametrize("size", [250, 1000])
def test_extensions_with_exactly_the_name_come_first(company, large, size):
    """No extension with another name comes before those with the name."""
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
def test_order_of_hits_does_not_depend_on_the_order_of_insertion(users, random, text):
    """Pages of the API may arrive in any order."""
    extensions = [Extension(str(100 + at), user) for at, user in enumerate(users)]
    shuffled = random.sample(extensions, len(extensions))
    one, other = Company(extensions), Company(shuffled)
    for query_text in (text, *(user.name for user in users)):
        assert _numbers(one, query_text) == _numbers(other, query_text)
    one.close()
    other.close()


def _numbers(company: Company, text: str) -> list[str]:
    return [hit.extension.number for hit in company.index.search(text, limit=20).hits]


@given(_PEOPLE)
@settings(max_examples=50)
def test_full_name_is_first_in_any_company(users):
    """Names with the words in another order, or with more words, come later."""
    company = Company(Extension(str(100 + at), user) for at, user in enumerate(users))
    for user in users:
        first = company.index.search(user.name).hits[0].extension
        assert set(first.name.split()) == set(user.name.split())
    company.close()


@pytest.mark.parametrize("entry", [e for e in build_company(250) if e.user], ids=lambda e: e.number)
def test_name_is_found_with_its_words_in_any_order(company, entry):
    """The person is among the first five for every order of the words of the name."""
    user = extension(entry).user
    assert user
    for order in list(permutations(user.name.split()))[:24]:
        assert entry.number in company.find_first(" ".join(order)), order


@pytest.mark.parametrize(
    "text", ["a", "e", "example", "an", "smith", "line1", "n example", "London"]
)
@pytest.mark.parametrize("size", [8, 37])
def test_pages_of_hits_have_everybody_once(large, text, size):
    """Paging is complete also if there are more hits than are ranked."""
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
def test_second_page_continues_the_first(company, text, size):
    """Two pages have the same hits as one page of double size."""
    both = company.index.search(text, limit=2 * size)
    first = company.index.search(text, limit=size)
    second = company.index.search(text, limit=size, offset=size)
    assert first.hits + second.hits == both.hits


def test_replaced_extension_is_found_by_its_new_name_only():
    """The old name finds nobody, not even with a typo."""
    company = Company(
        [Extension("101", User("Jane", "Fuller")), Extension("102", User("Al", "Hay"))]
    )
    index.put(company.db, 1, Extension("101", User("Jane", "Stone")), None)
    company.extensions[1] = Extension("101", User("Jane", "Stone"))
    company.index.invalidate()
    assert company.find_first("stone") == ["101"]
    assert company.find_first("stnoe") == ["101"]
    assert company.find_first("fuller") == company.find_first("fullr") == []


def test_dropped_extension_leaves_no_words():
    """Words that nobody else has are no longer offered as corrections."""
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


def test_create_keeps_existing_tables(company):
    """Creating the index again, as after a restart, keeps its rows."""
    index.create(company.db)
    assert company.find_first("john smith")[:1] == ["789"]


def stripped(extension: Extension, without: frozenset[str]) -> Extension:
    """Return the extension as if the API had not sent some fields."""
    user = extension.user
    if user and "email" in without:
        user = replace(user, email="")
    if user and "login" in without:
        user = replace(user, login_name="")
    empty_values: dict[str, object] = {
        "dids": (),
        "handsets": (),
        "caller_id": "",
        "location_id": "",
    }
    blanks = {name: empty for name, empty in empty_values.items() if name in without}
    if "location" in without:
        blanks["location_id"] = ""
    return replace(extension, user=user, **blanks)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "without", [*(frozenset({field}) for field in HIDEABLE), frozenset(HIDEABLE)]
)
def test_search_without_fields_equals_search_of_extensions_without_them(company, without):
    """Hits, order, scores and totals are those of a directory that lacks the excluded fields."""
    other = Company(stripped(each, without) for each in company.extensions.values())
    texts = [query.text for query in QUERIES if query.kind != "numbers"]
    for text in (*texts, "example", "exmaple", "line1", "lodnon", "slaes", "konferenzruam", "a"):
        there = company.index.search(text, excluded_fields=without)
        here = other.index.search(text)
        assert _summary(there) == _summary(here), text
    other.close()


@pytest.fixture(scope="module")
def bare():
    """Yield the invented company with nothing but numbers and names."""
    company = Company(
        stripped(each, frozenset(HIDEABLE)) for each in invented_company().extensions.values()
    )
    yield company
    company.close()


@given(ANYTHING)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_reveals_an_excluded_field(company, bare, text):
    """Any text gives the same hits, order and certainty as without the fields."""
    there = company.index.search(text, excluded_fields=frozenset(HIDEABLE))
    assert _summary(there) == _summary(bare.index.search(text))


def _summary(results):
    hits = [(hit.id, hit.reason, hit.score) for hit in results.hits]
    return hits, results.total, results.is_clear, results.is_exact


# A text that finds the extension below by one field alone.
SECRETS = {
    "email": ("postbox", "elsewhere"),
    "login": ("zqlogin",),
    "dids": ("secret", "0100"),
    "location": ("holmdel",),
    "caller_id": ("reception",),
    "handsets": ("telephone", "sip9"),
}
SECRETIVE = Extension(
    "101",
    User("Jane", "Fuller", "postbox@elsewhere.example", "zqlogin"),
    (Did("14155550100", "Secret"),),
    (Handset("Telephone", "SIP9"),),
    "145214",
    "Reception",
)


@pytest.fixture(scope="module")
def secretive():
    """Yield a company of one extension with all fields."""
    company = Company([SECRETIVE])
    yield company
    company.close()


def test_every_searched_field_that_can_be_hidden_is_tried() -> None:
    """A new search column has to be added to `SECRETS`."""
    assert set(SECRETS) == {field.name for field, _ in SEARCH_COLUMNS} & set(HIDEABLE)


@pytest.mark.parametrize(
    ("field", "text"), [(field, text) for field, texts in SECRETS.items() for text in texts]
)
@pytest.mark.parametrize("search", ["search", "typeahead"])
def test_search_by_a_hidden_field_finds_nobody(secretive, field, text, search):
    """A word of an excluded field finds nobody, neither typed right nor with a typo."""

    def numbers(text: str, excluded: frozenset[str]) -> list[str]:
        found = getattr(secretive.index, search)(text, excluded_fields=excluded)
        return [hit.extension.number for hit in getattr(found, "hits", found)]

    others = frozenset(HIDEABLE) - {field}
    assert numbers(text, others) == ["101"]
    assert numbers(text, frozenset({field})) == []
    assert numbers(text[:-2] + text[-1] + text[-2], frozenset({field})) == []
    assert numbers("jane fuller", frozenset(HIDEABLE)) == ["101"]
