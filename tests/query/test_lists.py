"""Lists: pages, filters, locations and exports."""

from __future__ import annotations

import pytest

from bot.query import parse
from bot.query.model import Export, Filters, List, Locations
from tests.query.reading import read

HOLMDEL = Filters(location="Holmdel HQ")
BY_ID = Filters(location="145214")


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("list", 1),
        ("List", 1),
        ("LIST PAGE 2", 2),
        ("list:", 1),
        ("list all", 1),
        ("list all extensions", 1),
        ("list everyone page 2", 2),
        ("list 2", 2),
        ("list page 2", 2),
        ("list page2", 2),
        ("list page:2", 2),
        ("list, page 2", 2),
        ("list\npage 2", 2),
        ("list page 002", 2),
        ("list page ٢", 2),
        ("list page 999999", 999999),
        ("please list page 2", 2),
        ("list page 2 please", 2),
        ("page 2", 2),
    ],
)
def test_pages_of_the_directory(text, page):
    """A list has a page, the first if none is given."""
    assert read(text) == List(page=page, words="")


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("location:145214", BY_ID),
        ("LOCATION:145214", BY_ID),
        ("location : 145214", BY_ID),
        ("location: 145214", BY_ID),
        ("location :145214", BY_ID),
        ('location:"Holmdel HQ"', HOLMDEL),
        ("location:“Holmdel HQ”", HOLMDEL),
        ("location:'Holmdel HQ'", HOLMDEL),
        ('location: " Holmdel  HQ "', HOLMDEL),
        ("email:John@Example.com", Filters(email="john@example.com")),
        ("email:<mailto:john@x.com|john@x.com>", Filters(email="john@x.com")),
        ("login:jsmith", Filters(login="jsmith")),
        ("phone:14155550100", Filters(phone="14155550100")),
        ("phone:+14155550100", Filters(phone="14155550100")),
        ("phone:415-555-0100", Filters(phone="14155550100")),
        ("phone:(415) 555-0100", Filters(phone="14155550100")),
        ("phone:+1 415 555 0100", Filters(phone="14155550100")),
        ('phone:"+1 415 555 0100"', Filters(phone="14155550100")),
        ("phone:<tel:+14155550100|+1 415-555-0100>", Filters(phone="14155550100")),
        ("phone:0100", Filters(phone="0100")),
        ("tag:Sales", Filters(tag="Sales")),
        ("tag:R&amp;D", Filters(tag="R&D")),
        ('tag:"Sales, North"', Filters(tag="Sales, North")),
        ("dnd:on", Filters(dnd=True)),
        ("dnd:OFF", Filters(dnd=False)),
        ("dnd:yes", Filters(dnd=True)),
        ("voicemail:off", Filters(voicemail=False)),
        ("voicemail:true", Filters(voicemail=True)),
        ("unassigned", Filters(unassigned=True)),
        ("unassigned:yes", Filters(unassigned=True)),
        ("dnd:on, voicemail:off", Filters(dnd=True, voicemail=False)),
        ("dnd:on,voicemail:off;tag:Sales", Filters(dnd=True, voicemail=False, tag="Sales")),
        ("tag:Sales unassigned dnd:off", Filters(tag="Sales", unassigned=True, dnd=False)),
    ],
)
def test_filters_narrow_a_list(text, filters):
    """Filters mean the same after `list`, after `export`, beside a page, and alone."""
    assert read(f"list {text}") == List(filters=filters, words="")
    assert read(f"list page 2 {text}") == List(page=2, filters=filters, words="")
    assert read(f"list {text} page 2") == List(page=2, filters=filters, words="")
    assert read(f"export {text}") == Export(filters)
    assert read(text) == List(filters=filters, words="")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("location 145214", List(filters=BY_ID)),
        ("location Holmdel HQ", List(filters=HOLMDEL)),
        ('location "Holmdel HQ"', List(filters=HOLMDEL)),
        ("location Holmdel HQ page 2", List(page=2, filters=HOLMDEL)),
        ('location "Holmdel HQ" page 2', List(page=2, filters=HOLMDEL)),
        ("location Holmdel HQ dnd:on", List(filters=Filters(location="Holmdel HQ", dnd=True))),
        (
            "location Holmdel HQ page 2 unassigned",
            List(page=2, filters=Filters(location="Holmdel HQ", unassigned=True)),
        ),
        ('location "Page 2 Hall"', List(filters=Filters(location="Page 2 Hall"))),
        ("location Page Mill Road", List(filters=Filters(location="Page Mill Road"))),
        ("location Düsseldorf", List(filters=Filters(location="Düsseldorf"))),
        ("locations Holmdel HQ", List(filters=HOLMDEL)),
        ("locations Allentown", List(filters=Filters(location="Allentown"))),
        ("show location 145214", List(filters=BY_ID)),
    ],
)
def test_a_location_needs_no_colon_nor_quotes(text, expected):
    """`location` takes all words up to a page or a filter."""
    query = parse(text)
    assert isinstance(query, List)
    assert (query.page, query.filters) == (expected.page, expected.filters)


@pytest.mark.parametrize(
    "text", ["locations", "Locations?", "locations page 2", "locations all", "show locations"]
)
def test_all_locations(text):
    """All locations come at once."""
    assert read(text) == Locations()


@pytest.mark.parametrize(
    ("text", "filters"),
    [("export", Filters()), ("export all", Filters()), ("Export dnd:on", Filters(dnd=True))],
)
def test_an_export_has_filters_only(text, filters):
    """An export is narrowed like a list."""
    assert read(text) == Export(filters)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("list", "list"),
        ("please list  page 2?", "list page 2"),
        ("tag:Sales", "tag:Sales"),
        ("location Holmdel HQ", "location Holmdel HQ"),
    ],
)
def test_a_list_keeps_the_words_that_asked_for_it(text, words):
    """The words of a list are the command and what follows it."""
    query = parse(text)
    assert isinstance(query, List)
    assert query.words == words


@pytest.mark.parametrize("text", ["login jsmith", "Login jsmith?", "please login jsmith"])
def test_a_login_name_can_do_without_the_colon(text):
    """One word after `login` is the filter's value, as nobody is called so."""
    assert read(text) == read("login:jsmith")
