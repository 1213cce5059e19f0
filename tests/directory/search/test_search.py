"""What the search finds, in the invented company and in small ones made for one claim."""

from __future__ import annotations

import pytest

from bot.models import Did, Extension, Handset, MatchReason, User
from tests.directory.companies import Company, sandbox
from tests.directory.search.evaluation import evaluate
from tests.directory.search.queries import QUERIES


@pytest.fixture(scope="module")
def company():
    """The invented company of 250."""
    company = sandbox()
    yield company
    company.close()


def made_of(*names: str) -> Company:
    """A company of people with such first and last names, numbered from 101."""
    people = (name.rpartition(" ") for name in names)
    return Company(
        Extension(str(number), User(first, last.replace("_", " ")))
        for number, (first, _, last) in enumerate(people, start=101)
    )


def found(company: Company, text: str, **options) -> list[str]:
    """The names that a text finds."""
    return [hit.extension.name for hit in company.index.search(text, **options).hits]


def test_people_find_whom_they_expect(company):
    """Of the table written by hand, so many are first, and so many among the first five."""
    shares = evaluate(company)
    assert shares.first >= 0.95, shares.missed
    assert shares.first_five >= 0.99, shares.missed


def test_the_table_has_ten_of_each_kind():
    """No kind is proven by a few."""
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
def test_a_writing_finds_the_person(text, name):
    """Accents, apostrophes, hyphens, scripts, slips and short forms do not stand in the way."""
    company = made_of(
        *("Jürgen Müller", "Lech Wałęsa", "Mary O'Brien", "An Nguyễn", "Søren Kjær", "Åse Strauß"),
        *("Robert Fuller", "William Stone", "Katherine Hale", "Anna-Maria Silva", "Jane Roe"),
        *("Андрей Петров", "민수 김", "伟 张", "Rosa de_la_Garza", "Luis García_López"),
    )
    assert found(company, text)[:1] == [name]


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
def test_a_hit_says_what_the_words_were_taken_for(company, text, corrected):
    """Nothing, where they were written so."""
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
def test_a_hit_says_by_what_it_was_found(company, text, field):
    """The part of the card that has the words, or of several the one that is not the name."""
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
def test_the_card_opens_where_one_is_meant(names, text, clear):
    """Two people of one name are not clear; one whole name among parts of names is."""
    results = made_of(*names).index.search(text)
    assert results.hits
    assert results.is_clear is clear


@pytest.mark.parametrize(
    ("text", "sure"),
    [("john smith", True), ("SMITH john", True), ("müller", True), ("mueller", True),
     ("jhon smith", False), ("joh smith", False), ("bill cox", False), ("johnsmith", False),
     ("john xyzzy", False), ("xyzzy", False), ("", False)],
)  # fmt: skip
def test_what_is_written_whole_is_sure(company, text, sure):
    """So that an answer need not wait until the whole directory is there."""
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
def test_a_short_form_comes_before_the_beginning_of_something_else(text, name):
    """Bob is Robert rather than who logs in as bobrien, or is called Bobson."""
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
    assert found(company, text)[:1] == [name]


def test_a_short_form_is_of_the_first_name():
    """Davey is David Hay rather than Ann David."""
    company = made_of("Ann David", "David Hay", "Fred Roe")
    assert found(company, "davey") == ["David Hay", "Ann David"]


def test_a_distant_short_form_opens_no_card():
    """Fred might be a William, but the one who is found is hardly meant."""
    results = made_of("William Peterson", "Ann Hay").index.search("fred peters")
    assert not results.is_clear


@pytest.mark.parametrize(
    ("text", "number"),
    [("vh 6370927", "789"), ("boardroom107", "4473"), ("conference room 160", "1144")],
)
def test_a_code_may_be_written_apart_or_in_one(company, text, number):
    """Digits are joined to letters or kept from them as everybody likes."""
    assert [hit.extension.number for hit in company.index.search(text).hits] == [number]


def test_a_room_is_called_by_its_tag_or_by_what_it_shows():
    """It comes before people who have it as one of their tags."""
    company = Company(
        [
            Extension("101", User("Ann", "Hay"), (Did("14155550100", "Main line"),)),
            Extension("102", None, (Did("14155550101", "Main line"),), caller_id="14155550101"),
            Extension("103", caller_id="Main line"),
        ]
    )
    numbers = [hit.extension.number for hit in company.index.search("main line").hits]
    assert numbers == ["102", "103", "101"]


def test_what_is_written_so_stands_alone():
    """Corrections are for words that nobody has."""
    company = made_of("Ann Miller", "Ann Muller", "Ann Moller", "Ann Hay")
    assert found(company, "ann miller") == ["Ann Miller"]
    assert found(company, "miler") == ["Ann Miller"]
    assert found(company, "ann meller") == ["Ann Miller", "Ann Muller", "Ann Moller"]


def test_whole_words_come_before_beginnings_and_names_before_all():
    """One table of weights tells who is first."""
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


def test_equals_stand_in_the_order_of_their_numbers():
    """Not in the order in which they were read."""
    company = Company(Extension(n, User("Ann", "Hay")) for n in ("1000", "99", "200", "x1"))
    numbers = [hit.extension.number for hit in company.index.search("ann hay").hits]
    assert numbers == ["99", "200", "1000", "x1"]


def test_the_nearest_are_offered_where_nobody_has_all_words(company):
    """They are behind whatever else is found, and never clear."""
    results = company.index.search("phone of john smith")
    assert [hit.extension.number for hit in results.hits] == ["789"]
    assert not results.is_clear
    assert results.hits[0].reason == MatchReason("name", "john smith")


@pytest.mark.parametrize("text", ["smi", "jo smi", "anna no", "田", "sal", "john.sm", "0100", "x"])
def test_while_typing_the_same_are_found(company, text):
    """The last word may be half there."""
    typed = [hit.id for hit in company.index.typeahead(text, limit=8)]
    assert typed == [hit.id for hit in company.index.search(text).hits]
