"""The form of every valid response, of the real API and of its document."""

from __future__ import annotations

import httpx
import pytest
from jsonschema import Draft202012Validator

from bot.sandbox.company.people import build_company
from bot.sandbox.vonage.app import BASE_PATH
from bot.sandbox.vonage.credentials import ACCOUNT_ID
from tests.sandbox.vonage.calling import ACCOUNT, EXTENSIONS, get_json
from tests.sandbox.vonage.contract import contract
from tests.vonage.samples import JOHN


async def test_live_extension_is_under_extension(api):
    """The response has no paging, but fields that a list lacks."""
    response = await get_json(api, f"{EXTENSIONS}/789")
    one = response["_embedded"]["extension"]
    assert set(response) == {"_links", "_embedded"}
    assert response["_links"] == {"self": {"href": f"http://sandbox{EXTENSIONS}/789"}}
    assert one["user"].pop("id") == 2_000_007
    assert one.pop("external_id").startswith("ext")
    assert one.pop("service_type_name") == "UX"
    assert one == JOHN


async def test_documented_extension_is_under_data(api, vonage):
    """The documented response has the document's fields only."""
    vonage.options.change("envelope", "document")
    assert (await get_json(api, f"{EXTENSIONS}/789"))["_embedded"] == {"data": JOHN}


@pytest.mark.parametrize(("envelope", "key"), [("live", "extensions"), ("document", "data")])
async def test_list_has_rows_totals_and_links(api, vonage, envelope, key):
    """The rows of a list are an array."""
    vonage.options.change("envelope", envelope)
    response = await get_json(api, page_size=100, page=3)
    assert len(response["_embedded"][key]) == 50
    paging = {name: response[name] for name in ("page", "page_size", "total_pages", "total_items")}
    assert paging == {"page": 3, "page_size": 100, "total_pages": 3, "total_items": 250}
    assert set(response["_links"]) == {"first", "self", "prev", "last"}


async def test_links_keep_the_filters(api):
    """Following `next` stays within the filter."""
    response = await get_json(api, page_size=2, location_id=145214)
    assert set(response["_links"]) == {"first", "self", "next", "last"}
    assert response["_links"]["next"]["href"] == (
        f"http://sandbox{EXTENSIONS}?location_id=145214&page_size=2&page=2"
    )


async def test_extension_without_user_has_no_user_key(api):
    """The row has no key `user`, not even an empty one."""
    response = await get_json(api, f"{EXTENSIONS}/8001")
    assert "user" not in response["_embedded"]["extension"]


async def test_locations_have_no_paging(api):
    """The list has no paging, and each second address line is null."""
    response = await get_json(api, f"{ACCOUNT}/locations")
    assert set(response) == {"_links", "_embedded"}
    assert len(response["_embedded"]["locations"]) == 9
    assert response["_embedded"]["locations"][0] == {
        "id": 145214,
        "name": "Holmdel HQ",
        "address": {
            "address_1": "23 Main Street",
            "address_2": None,
            "city": "Holmdel",
            "state": "New Jersey",
            "country": "US",
            "postal_code": "07733",
            "time_zone": "America/New_York",
        },
    }


async def test_location_is_under_location(api):
    """A location is found by its id."""
    response = await get_json(api, f"{ACCOUNT}/locations/145231")
    assert response["_embedded"]["location"]["name"] == "Berlin"


async def test_account_self_equals_account_number(api):
    """Both paths give the same account."""
    mine = await get_json(api, ACCOUNT)
    assert mine["_embedded"]["account"]["id"] == int(ACCOUNT_ID)
    by_number = await get_json(api, f"{BASE_PATH}/api/accounts/{ACCOUNT_ID}")
    assert by_number["_embedded"] == mine["_embedded"]


@pytest.mark.parametrize("path", ["", "/extensions", "/extensions/789", "/locations"])
async def test_path_with_v1_responds_alike(api, path):
    """With `/v1` the responses are the same."""
    old = await get_json(api, f"{ACCOUNT}{path}")
    new = await get_json(api, f"{BASE_PATH}/v1/api/accounts/self{path}")
    assert new["_embedded"] == old["_embedded"]


@pytest.mark.parametrize("path", ["extensions/99999", "extensions/John", "locations/1"])
async def test_unknown_number_or_location_is_service_404(api, path):
    """The body is `{msg, status}`, unlike that of the gateway's 404."""
    response = await api.get(f"{ACCOUNT}/{path}")
    assert response.status_code == 404
    assert set(response.json()) == {"msg", "status"}
    assert response.json()["status"] == 404


@pytest.mark.parametrize(("envelope", "key"), [("live", "extensions"), ("document", "data")])
async def test_extensions_of_large_company_keep_the_contract(app, vonage, api, envelope, key):
    """Every page of 2,000 extensions keeps the contract."""
    vonage.set_entries(build_company(2_000))
    vonage.options.change("envelope", envelope)
    vonage.options.change("quota", 0)
    answers = contract(envelope)["paths"]["/api/accounts/{account_id}/extensions"]["get"]
    schema = answers["responses"]["200"]["content"]["application/json"]["schema"]
    validator = Draft202012Validator(schema)
    rows = []
    for page in range(1, 11):
        response = await get_json(api, page=page, page_size=200)
        assert not list(validator.iter_errors(response))
        rows += response["_embedded"][key]
    assert len({row["extension_number"] for row in rows}) == 2_000


async def test_response_without_json_accept_is_json(app, api):
    """Only the gateway's errors follow the Accept header."""
    response = await api.get(f"{EXTENSIONS}/789", headers={"Accept": "*/*"})
    assert isinstance(response, httpx.Response)
    assert response.headers["content-type"] == "application/json"
