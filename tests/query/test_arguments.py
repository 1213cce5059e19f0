"""Pages and filters: lists, locations and exports, and the pages of names."""

from __future__ import annotations

import pytest

from bot.errors import QueryError
from bot.query import parse
from bot.query.model import (
    Email,
    Export,
    Filters,
    List,
    Locations,
    Name,
    Number,
    Share,
    Status,
)
from bot.query.problems import NOT_A_PAGE
from tests.query.queries import numbers, read

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
def test_list_has_page_or_first(text, page):
    """A list has the page that is typed, or the first."""
    assert read(text) == List(page=page, typed="")


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
def test_filters_mean_the_same_in_every_place(text, filters):
    """Filters mean the same after `list`, after `export`, beside a page, and alone."""
    assert read(f"list {text}") == List(filters=filters, typed="")
    assert read(f"list page 2 {text}") == List(page=2, filters=filters, typed="")
    assert read(f"list {text} page 2") == List(page=2, filters=filters, typed="")
    assert read(f"export {text}") == Export(filters)
    assert read(text) == List(filters=filters, typed="")


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
def test_location_without_colon_or_quotes_is_read(text, expected):
    """`location` takes all words up to a page or a filter."""
    query = parse(text)
    assert isinstance(query, List)
    assert (query.page, query.filters) == (expected.page, expected.filters)


@pytest.mark.parametrize(
    "text", ["locations", "Locations?", "locations page 2", "locations all", "show locations"]
)
def test_locations_are_read_with_or_without_a_page(text):
    """All locations come at once, so a page makes no difference."""
    assert read(text) == Locations()


@pytest.mark.parametrize(
    ("text", "filters"),
    [("export", Filters()), ("export all", Filters()), ("Export dnd:on", Filters(dnd=True))],
)
def test_export_with_filters_is_read(text, filters):
    """An export takes the filters of a list."""
    assert read(text) == Export(filters)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("list", "list"),
        ("please list  page 2?", "list page 2"),
        ("tag:Sales", "tag:Sales"),
        ("location Holmdel HQ", "location Holmdel HQ"),
        ("list page 3 after:8001", "list page 3"),
        ("list page 3 dnd:on before:8001", "list page 3 dnd:on"),
        ("list after:8001 page 3 tag:Sales", "list page 3 tag:Sales"),
    ],
)
def test_typed_text_of_list_is_command_and_arguments(text, typed):
    """A list keeps its command and arguments as typed, without the bounds of a page."""
    query = parse(text)
    assert isinstance(query, List)
    assert query.typed == typed


def test_bounds_of_page_are_read_from_buttons():
    """The buttons that turn pages say where the next page begins or ends."""
    assert read("list page 3 after:8001") == List(page=3, after="8001", typed="")
    assert read("list page 1 before:8001") == List(page=1, before="8001", typed="")


@pytest.mark.parametrize("text", ["login jsmith", "Login jsmith?", "please login jsmith"])
def test_login_without_colon_is_a_filter(text):
    """One word after `login` is the value of the filter, because no name is like that."""
    assert read(text) == read("login:jsmith")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("john page 2", Name("john", "john", page=2)),
        ("who john smith page 3", Name("john smith", page=3)),
        ("who is jhon smith? page 2", Name("jhon smith", page=2)),
        ("smith, john, page 2", Name("john smith", page=2)),
        ("smith, john page:2", Name("john smith", page=2)),
        ("John Page 02", Name("John", "John", page=2)),
        ("john page 2, please", Name("john", "john", page=2)),
        ("who is john's extension page 2?", Name("john", "john", page=2)),
        ("Larry Page", Name("Larry Page")),
        ("Larry Page page 2", Name("Larry Page", page=2)),
        ("who status page 2", Name("status", "status", page=2)),
        ("who page 2", Name("page 2")),
        ("homepage 2", Name("homepage 2")),
        ("john page 2nd", Name("john page 2nd")),
        ("Conference Room 789 page 2", Name("Conference Room 789", page=2)),
        ('who "smith, john" page 2', Name("smith, john", page=2)),
        ("田中 page 2", Name("田中", page=2)),
        ("share john smith page 2", Share(Name("john smith", page=2))),
    ],
)
def test_name_with_page_is_read(text, name):
    """The page after a name is no part of the name."""
    assert read(text) == name


def test_typed_text_of_paged_name_leaves_the_page_out():
    """A heading repeats the name beside the page, so the text of the name has no page."""
    query = parse("who is Jhon  Smith, page 2")
    assert isinstance(query, Name)
    assert query.typed == "Jhon Smith"


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("status page 2", Status()),
        ("789 page 2", Name("789 page 2")),
        ("ext 789 page 2", Number("789")),
        ("ext 789, ext 790 page 2", numbers("789", "790")),
        ("john@example.com page 2", Email("john@example.com")),
    ],
)
def test_page_after_other_query_is_ignored(text, query):
    """A page after a number or an email makes no difference."""
    assert read(text) == query


@pytest.mark.parametrize("text", ["john page 0", "who john smith page -1", "john page 12345678"])
def test_impossible_page_of_name_is_refused(text):
    """The error points at the number of the page."""
    with pytest.raises(QueryError) as caught:
        parse(text)
    error = caught.value
    assert error.problem == NOT_A_PAGE.message
    assert error.text[error.start : error.end] == text.rpartition(" ")[2]
