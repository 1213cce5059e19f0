"""Filters and pages of the list, and the errors of invalid parameters."""

from __future__ import annotations

import pytest

from bot.sandbox.company.people import build_company
from tests.sandbox.vonage.calling import EXTENSIONS, get_json


def _numbers(response):
    return [row["extension_number"] for row in response["_embedded"]["extensions"]]


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
async def test_filter_matches_exactly(api, filters, numbers):
    """Logins and addresses ignore case."""
    response = await get_json(api, **filters)
    assert _numbers(response) == numbers
    assert response["total_items"] == len(numbers)


async def test_location_filter_finds_its_extensions_only(api, entries):
    """The list has all extensions of the location, and no others."""
    response = await get_json(api, location_id=145231, page_size=100)
    assert _numbers(response) == [entry.number for entry in entries if entry.location_id == 145231]


async def test_filter_without_match_is_an_empty_list(api):
    """The response has status 200, an empty array and no pages."""
    response = await get_json(api, login_name="nobody")
    assert response["_embedded"] == {"extensions": []}
    assert (response["total_items"], response["total_pages"]) == (0, 0)


async def test_pages_hold_every_extension_once(api, entries):
    """Reading all pages gives the whole company."""
    pages = [await get_json(api, page=page, page_size=90) for page in (1, 2, 3)]
    assert [n for page in pages for n in _numbers(page)] == [entry.number for entry in entries]


async def test_page_beyond_the_last_is_empty(api):
    """The response has no rows and is no error."""
    response = await get_json(api, page=4, page_size=100)
    assert _numbers(response) == []
    assert (response["page"], response["total_pages"]) == (4, 3)


async def test_page_without_size_has_five_rows(api):
    """Five rows are the API's default."""
    assert len(_numbers(await get_json(api))) == 5


async def test_page_above_maximum_size_is_cut(api):
    """The response has the size that was used."""
    response = await get_json(api, page_size=1_000)
    assert response["page_size"] == len(_numbers(response)) == 200


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
async def test_invalid_parameters_are_named_together(api, query, wrong):
    """A 400 names each parameter and reason, and an id for support."""
    response = await api.get(f"{EXTENSIONS}?{query}")
    body = response.json()
    assert response.status_code == body["status"] == 400
    assert set(body) == {"status", "title", "instance", "invalid_parameters"}
    assert body["instance"]
    assert sorted(problem["name"] for problem in body["invalid_parameters"]) == wrong
    assert all(problem["reason"] for problem in body["invalid_parameters"])


async def test_unknown_parameters_are_ignored(api):
    """Unknown parameters are ignored even when they are repeated."""
    assert (await api.get(EXTENSIONS + "?colour=red&colour=blue")).status_code == 200


async def test_lookup_in_large_company_uses_the_index(api, vonage):
    """Among 20,000 the last page and number are found like the first."""
    entries = build_company(20_000)
    vonage.set_entries(entries)
    last = entries[-1]
    response = await get_json(api, page=200, page_size=100)
    assert _numbers(response)[-1] == last.number
    number = next(did.phone_number for entry in reversed(entries) for did in entry.dids)
    assert (await get_json(api, phone_number=number))["total_items"] == 1
