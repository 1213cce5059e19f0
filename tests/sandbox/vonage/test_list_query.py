"""Filters and pages of the list, and what is said to parameters that cannot be used."""

from __future__ import annotations

import pytest

from bot.sandbox.company.people import build_company
from tests.sandbox.vonage.calling import EXTENSIONS, ask


def _numbers(told):
    return [row["extension_number"] for row in told["_embedded"]["extensions"]]


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        pytest.param({"phone_number": "14155550100"}, ["789"], id="number"),
        pytest.param({"phone_number": "17325550151"}, ["790"], id="second number"),
        pytest.param({"phone_number": "+14155550100"}, [], id="with a plus"),
        pytest.param({"phone_number": "4155550100"}, [], id="without the country"),
        pytest.param({"login_name": "JSmith"}, ["789"], id="login, other case"),
        pytest.param({"login_name": "jsmit"}, [], id="part of a login"),
        pytest.param({"email": "John.Smith@Example.com"}, ["789"], id="e-mail, other case"),
        pytest.param({"email": "nobody@example.com"}, [], id="nobody's e-mail"),
        pytest.param({"location_id": 1}, [], id="no such location"),
        pytest.param(
            {"email": "john.smith@example.com", "location_id": 145214}, ["789"], id="both"
        ),
        pytest.param({"email": "john.smith@example.com", "location_id": 145220}, [], id="apart"),
        pytest.param({"extension_number": "790", "login_name": "jsmith"}, ["789"], id="no filter"),
    ],
)
async def test_filters_find_exactly(api, filters, numbers):
    """Filters are exact, and logins and addresses are found in either case."""
    told = await ask(api, **filters)
    assert _numbers(told) == numbers
    assert told["total_items"] == len(numbers)


async def test_a_location_s_extensions_are_all_of_it(api, entries):
    """Filtering by location gives everybody there, and nobody else."""
    told = await ask(api, location_id=145231, page_size=100)
    assert _numbers(told) == [entry.number for entry in entries if entry.location_id == 145231]


async def test_finding_nothing_is_an_empty_list(api):
    """No match is 200, with an empty array and no pages."""
    told = await ask(api, login_name="nobody")
    assert told["_embedded"] == {"extensions": []}
    assert (told["total_items"], told["total_pages"]) == (0, 0)


async def test_pages_hold_everybody_once(api, entries):
    """Reading page after page gives the whole company."""
    pages = [await ask(api, page=page, page_size=90) for page in (1, 2, 3)]
    assert [n for page in pages for n in _numbers(page)] == [entry.number for entry in entries]


async def test_a_page_beyond_the_last_is_empty(api):
    """Asking on gives no rows and no error."""
    told = await ask(api, page=4, page_size=100)
    assert _numbers(told) == []
    assert (told["page"], told["total_pages"]) == (4, 3)


async def test_without_a_page_size_pages_are_small(api):
    """Who does not say how many gets five."""
    assert len(_numbers(await ask(api))) == 5


async def test_larger_pages_than_allowed_are_cut_and_say_so(api):
    """The page size that is echoed is the one that was used."""
    told = await ask(api, page_size=1_000)
    assert told["page_size"] == len(_numbers(told)) == 200


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("page=0", ["page"]),
        ("page=-1", ["page"]),
        ("page=one", ["page"]),
        ("page=1.0", ["page"]),
        ("page=%D9%A1", ["page"]),
        ("page=", ["page"]),
        ("page=1&page=2", ["page"]),
        ("page_size=0", ["page_size"]),
        ("page_size=99999999999999999999", ["page_size"]),
        ("location_id=Holmdel", ["location_id"]),
        ("email=", ["email"]),
        ("page=x&page_size=y&location_id=z", ["location_id", "page", "page_size"]),
    ],
)
async def test_bad_parameters_are_told_all_at_once(api, query, wrong):
    """A 400 names every parameter and its reason, and an id for the support."""
    response = await api.get(f"{EXTENSIONS}?{query}")
    told = response.json()
    assert response.status_code == told["status"] == 400
    assert set(told) == {"status", "title", "instance", "invalid_parameters"}
    assert told["instance"]
    assert sorted(problem["name"] for problem in told["invalid_parameters"]) == wrong
    assert all(problem["reason"] for problem in told["invalid_parameters"])


async def test_unknown_parameters_are_not_looked_at(api):
    """However often they are given."""
    assert (await api.get(EXTENSIONS + "?colour=red&colour=blue")).status_code == 200


async def test_a_large_company_is_found_by_index(api, sandbox):
    """Among 20,000 the last page and the last number are found like the first."""
    entries = build_company(20_000)
    sandbox.set_entries(entries)
    last = entries[-1]
    told = await ask(api, page=200, page_size=100)
    assert _numbers(told)[-1] == last.number
    number = next(did.phone_number for entry in reversed(entries) for did in entry.dids)
    assert (await ask(api, phone_number=number))["total_items"] == 1
