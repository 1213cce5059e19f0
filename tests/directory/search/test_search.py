"""What the search finds, in the invented company and in small ones made for one rule."""

from __future__ import annotations

import pytest

from bot.models import Did, Extension, Handset, MatchReason, User
from tests.directory.companies import Company, invented_company
from tests.directory.search.evaluation import evaluate
from tests.directory.search.queries import QUERIES


@pytest.fixture(scope="module")
def company():
    """The invented company of 250."""
    company = invented_company()
    yield company
    company.close()


def company_of(*names: str) -> Company:
    """Return a company of people with these names, numbered from 101; `_` is a space."""
    people = (name.rpartition(" ") for name in names)
    return Company(
        Extension(str(number), User(first, last.replace("_", " ")))
        for number, (first, _, last) in enumerate(people, start=101)
    )


def names_found(company: Company, text: str, **options) -> list[str]:
    """Return the names that a text finds, best first."""
    return [hit.extension.name for hit in company.index.search(text, **options).hits]


def test_table_of_queries_is_found_as_expected(company):
    """Nearly all queries return the expected extension first or among the first five."""
    shares = evaluate(company)
    assert shares.first >= 0.95, shares.missed
    assert shares.first_five >= 0.99, shares.missed


def test_table_of_queries_has_ten_of_each_kind():
    """Each kind of query is shown by at least ten examples."""
    kinds = [query.kind for query in QUERIES]
    assert len(kinds) >= 120
    assert all(kinds.count(kind) >= 10 for kind in kinds)
    assert len({query.text for query in QUERIES}) == len(QUERIES)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("muller", "Jürgen Müller"),
        ("mueller", "Jürgen Müller"),
        ("walesa", "Lech Wałęsa"),
        ("o brien", "Mary O'Brien"),
        ("obrien", "Mary O'Brien"),
        ("O’Brien", "Mary O'Brien"),
        ("brien", "Mary O'Brien"),
        ("nguyen", "An Nguyễn"),
        ("kjaer", "Søren Kjær"),
        ("kjær", "Søren Kjær"),
        ("soeren", "Søren Kjær"),
        ("aase", "Åse Strauß"),
        ("strauss", "Åse Strauß"),
        ("bob", "Robert Fuller"),
        ("bill", "William Stone"),
        ("kate", "Katherine Hale"),
        ("anna maria", "Anna-Maria Silva"),
        ("annamaria", "Anna-Maria Silva"),
        ("maria silva", "Anna-Maria Silva"),
        ("de la garza", "Rosa de la Garza"),
        ("delagarza", "Rosa de la Garza"),
        ("dela garza", "Rosa de la Garza"),
        ("garcia lopez", "Luis García López"),
        ("lopez garcia", "Luis García López"),
        ("robertfuller", "Robert Fuller"),
        ("wiliam stnoe", "William Stone"),
        ("anrdey", "Андрей Петров"),
        ("петров", "Андрей Петров"),
        ("petrov", "Андрей Петров"),
        ("김", "민수 김"),
        ("김민수", "민수 김"),
        ("zhang wei", "伟 张"),
    ],
)  # fmt: skip
def test_search_with_spelling_variant_finds_person(text, name):
    """Accents, apostrophes, hyphens, scripts, typos and nicknames don't matter."""
    company = company_of(
        *("Jürgen Müller", "Lech Wałęsa", "Mary O'Brien", "An Nguyễn", "Søren Kjær", "Åse Strauß"),
        *("Robert Fuller", "William Stone", "Katherine Hale", "Anna-Maria Silva", "Jane Roe"),
        *("Андрей Петров", "민수 김", "伟 张", "Rosa de_la_Garza", "Luis García_López"),
    )
    assert names_found(company, text)[:1] == [name]


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        ("john smith", ""),
        ("smith, JOHN", ""),
        ("jhon smith", "john smith"),
        ("smiht", "smith"),
        ("j smith", ""),
        ("jonny smith", "john smith"),
        ("johnsmith", ""),
        ("789", ""),
    ],
)
def test_hit_of_corrected_search_names_corrected_words(company, text, corrected):
    """A hit says what the words were taken for, and nothing if they were spelled so."""
    hit = company.index.search(text).hits[0]
    assert hit.extension.number == "789"
    assert hit.reason.corrected == corrected


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("john", "name"),
        ("john 789", "number"),
        ("smith 0100", "dids"),
        ("my tag", "dids"),
        ("jsmith", "login"),
        ("john smith example", "email"),
        ("john smith holmdel", "location"),
        ("VH6370927", "handsets"),
        ("conference room 21", "caller_id"),
    ],
)
def test_hit_names_field_that_matched(company, text, field):
    """A hit names the matching field, or of several the one that is not the name."""
    assert company.index.search(text).hits[0].reason.field == field


@pytest.mark.parametrize(
    ("names", "text", "clear"),
    [
        (("John Smith", "John Smithson", "Joan Smith"), "john smith", True),
        (("John Smith", "John Smithson", "Joan Smith"), "jhon smith", True),
        (("John Smith", "John Smith"), "john smith", False),
        (("John Smith", "John Smith"), "jhon smith", False),
        (("Anna Nowak", "Anna Nowak-Lis"), "anna nowak", True),
        (("John Smith", "Jane Smith"), "j smith", False),
        (("John Smith", "Jane Roe"), "j smith", True),
        (("John Smith", "Jane Roe"), "john roe", False),
        (("John Smith", "Jane Roe"), "john xyzzy", False),
        (("John Smith", "Jonas Roe", "Jones Hay"), "jon", False),
        (("Robert Hay", "Roberta Hay"), "robert", True),
        (("Robert Hay", "Bob Hay"), "bob hay", True),
    ],
)
def test_search_is_clear_when_one_person_is_meant(names, text, clear):
    """Two people of one name are not clear; one whole name among parts of names is."""
    results = company_of(*names).index.search(text)
    assert results.hits
    assert results.is_clear is clear


@pytest.mark.parametrize(
    ("text", "sure"),
    [("john smith", True), ("SMITH john", True), ("müller", True), ("mueller", True),
     ("jhon smith", False), ("joh smith", False), ("bill cox", False), ("johnsmith", False),
     ("john xyzzy", False), ("xyzzy", False), ("", False)],
)  # fmt: skip
def test_search_is_exact_when_all_words_are_in_full(company, text, sure):
    """An exact hit may be shown before the whole directory is read."""
    assert company.index.search(text).is_exact is sure


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("bob", "Robert Hay"),
        ("robby", "Robert Hay"),
        ("liz", "Elizabeth Roe"),
        ("peggy", "Margaret Day"),
        ("kate", "Katarzyna Fox"),
        ("kasia", "Katarzyna Fox"),
        ("sasha", "Aleksander Lee"),
        ("tony", "Antonio Ray"),
        ("mike", "Michael Bobson"),
        ("misha", "Michael Bobson"),
        ("pepe", "José Katehill"),
        ("dick", "Richard Mikes"),
    ],
)
def test_search_for_nickname_returns_person_before_prefix_matches(text, name):
    """*bob* is Robert rather than somebody with the login bobrien or the name Bobson."""
    company = Company(
        Extension(str(number), User(first, last, login_name=login))
        for number, (first, last, login) in enumerate(
            [
                ("Betty", "O'Brien", "bobrien"),
                ("Liza", "Peggys", "mikeson"),
                ("Robert", "Hay", "x1"),
                ("Elizabeth", "Roe", "x2"),
                ("Margaret", "Day", "x3"),
                ("Katarzyna", "Fox", "x4"),
                ("Aleksander", "Lee", "x5"),
                ("Antonio", "Ray", "x6"),
                ("Michael", "Bobson", "x7"),
                ("José", "Katehill", "x8"),
                ("Richard", "Mikes", "tonyd"),
            ],
            start=101,
        )
    )
    assert names_found(company, text)[:1] == [name]


def test_search_for_nickname_prefers_first_name():
    """*davey* is David Hay rather than Ann David."""
    company = company_of("Ann David", "David Hay", "Fred Roe")
    assert names_found(company, "davey") == ["David Hay", "Ann David"]


def test_search_for_distant_nickname_is_not_clear():
    """*fred* can be a William, but is too unlikely for a card to open."""
    results = company_of("William Peterson", "Ann Hay").index.search("fred peters")
    assert not results.is_clear


@pytest.mark.parametrize(
    ("text", "number"),
    [("vh 6370927", "789"), ("boardroom107", "4473"), ("conference room 160", "1144")],
)
def test_search_for_code_ignores_spacing(company, text, number):
    """Digits and letters of a code may be typed together or apart."""
    assert [hit.extension.number for hit in company.index.search(text).hits] == [number]


def test_search_for_room_label_returns_room_before_people():
    """A room is known by its tag or caller ID, and comes before people with that tag."""
    company = Company(
        [
            Extension("101", User("Ann", "Hay"), (Did("14155550100", "Main line"),)),
            Extension("102", None, (Did("14155550101", "Main line"),), caller_id="14155550101"),
            Extension("103", caller_id="Main line"),
        ]
    )
    numbers = [hit.extension.number for hit in company.index.search("main line").hits]
    assert numbers == ["102", "103", "101"]


def test_search_for_existing_name_is_not_corrected():
    """Only words that nobody has are corrected."""
    company = company_of("Ann Miller", "Ann Muller", "Ann Moller", "Ann Hay")
    assert names_found(company, "ann miller") == ["Ann Miller"]
    assert names_found(company, "miler") == ["Ann Miller"]
    assert names_found(company, "ann meller") == ["Ann Miller", "Ann Muller", "Ann Moller"]


def test_search_returns_rows_in_order_of_weights():
    """Names come first, then the other columns by weight; a whole word outweighs a prefix."""
    company = Company(
        [
            Extension("101", User("Ann", "London")),
            Extension("102", User("Ann", "Londonderry")),
            Extension("103", dids=(Did("14155550100", "London"),)),
            Extension("104", User("Eve", "Hay"), (Did("14155550101", "London"),)),
            Extension("105", User("Eve", "Roe", login_name="london")),
            Extension("106", User("Eve", "Fox", "london@example.com")),
            Extension("107", User("Eve", "Lee"), location_id="145220"),
            Extension("108", User("Eve", "Ray"), caller_id="London"),
            Extension("109", User("Eve", "Day"), handsets=(Handset("London"),)),
        ]
    )
    numbers = [hit.extension.number for hit in company.index.search("london", limit=20).hits]
    assert numbers == ["101", "103", "104", "105", "106", "102", "107", "108", "109"]


@pytest.mark.parametrize("text", ["thomas james", "THOMAS JAMES", "Thomas, James"])
def test_search_returns_name_in_typed_order_first(text):
    """*thomas james* is Thomas James rather than James Thomas, whose number is lower."""
    company = company_of("James Thomas", "Thomas James")
    assert names_found(company, text) == ["Thomas James", "James Thomas"]


@pytest.mark.parametrize("text", ["london", "lond", "polycom"])
def test_search_returns_person_before_room_that_matches_as_well(text):
    """A room in the same office, or with the same handset, comes after the people."""
    phone = (Handset("Polycom"),)
    company = Company(
        [
            Extension("101", location_id="145220", handsets=phone),
            Extension("102", User("Eve", "Hay"), location_id="145220", handsets=phone),
            Extension("103", location_id="145220", handsets=phone),
        ]
    )
    hits = company.index.search(text).hits
    assert [hit.extension.number for hit in hits] == ["102", "101", "103"]


def test_search_with_equal_scores_returns_number_order():
    """Equal hits are in number order, not in the order in which they were read."""
    company = Company(Extension(n, User("Ann", "Hay")) for n in ("1000", "99", "200", "x1"))
    numbers = [hit.extension.number for hit in company.index.search("ann hay").hits]
    assert numbers == ["99", "200", "1000", "x1"]


def test_search_with_unknown_word_offers_near_misses(company):
    """Near misses are offered if nobody has all words, and are never clear."""
    results = company.index.search("phone of john smith")
    assert [hit.extension.number for hit in results.hits] == ["789"]
    assert not results.is_clear
    assert results.hits[0].reason == MatchReason("name", "john smith")


@pytest.mark.parametrize("text", ["smi", "jo smi", "anna no", "田", "sal", "john.sm", "0100", "x"])
def test_typeahead_returns_same_hits_as_search(company, text):
    """The last word may be half typed."""
    typed = [hit.id for hit in company.index.typeahead(text, limit=8)]
    assert typed == [hit.id for hit in company.index.search(text).hits]
