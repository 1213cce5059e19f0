"""The shape of every good answer: live as the real API gives it, and as its document says."""

from __future__ import annotations

import httpx
import pytest
from jsonschema import Draft202012Validator

from bot.sandbox.company.people import build_company
from bot.sandbox.vonage.app import BASE_PATH
from bot.sandbox.vonage.credentials import ACCOUNT_ID
from tests.sandbox.vonage.calling import ACCOUNT, EXTENSIONS, ask
from tests.sandbox.vonage.contract import contract

JOHN = {
    "extension_number": "789",
    "location_id": 145214,
    "vtt_enabled": True,
    "dnd_enabled": False,
    "caller_id": "John Smith",
    "block_caller_id": False,
    "dids": [{"phone_number": "14155550100", "custom_tag": "My Tag"}],
    "extension_handsets": [{"handset_name": "line1-VH6370927", "sip_id": "VH16370927"}],
    "user": {
        "email": "john.smith@example.com",
        "login_name": "jsmith",
        "first_name": "John",
        "last_name": "Smith",
    },
}


async def test_one_extension_is_an_object_called_extension(api):
    """Live, a single answer has `_embedded.extension`, no paging, and fields of its own."""
    told = await ask(api, f"{EXTENSIONS}/789")
    one = told["_embedded"]["extension"]
    assert set(told) == {"_links", "_embedded"}
    assert told["_links"] == {"self": {"href": f"http://sandbox{EXTENSIONS}/789"}}
    assert one["user"].pop("id") == 2_000_007
    assert one.pop("external_id").startswith("ext")
    assert one.pop("service_type_name") == "UX"
    assert one == JOHN


async def test_the_document_s_envelope_is_the_document_s(api, sandbox):
    """By its document, a single answer has `_embedded.data`, and only the fields it knows."""
    sandbox.options.change("envelope", "document")
    assert (await ask(api, f"{EXTENSIONS}/789"))["_embedded"] == {"data": JOHN}


@pytest.mark.parametrize(("envelope", "key"), [("live", "extensions"), ("document", "data")])
async def test_a_list_is_an_array_with_paging(api, sandbox, envelope, key):
    """A list says its page, its totals and its links, and has its rows in an array."""
    sandbox.options.change("envelope", envelope)
    told = await ask(api, page_size=100, page=3)
    assert len(told["_embedded"][key]) == 50
    paging = {name: told[name] for name in ("page", "page_size", "total_pages", "total_items")}
    assert paging == {"page": 3, "page_size": 100, "total_pages": 3, "total_items": 250}
    assert set(told["_links"]) == {"first", "self", "prev", "last"}


async def test_links_keep_the_filters(api):
    """Following `next` stays within what was asked for."""
    told = await ask(api, page_size=2, location_id=145214)
    assert set(told["_links"]) == {"first", "self", "next", "last"}
    assert told["_links"]["next"]["href"] == (
        f"http://sandbox{EXTENSIONS}?location_id=145214&page_size=2&page=2"
    )


async def test_an_extension_of_nobody_has_no_user(api):
    """A ring group has no key `user`, not even an empty one."""
    told = await ask(api, f"{EXTENSIONS}/8001")
    assert "user" not in told["_embedded"]["extension"]


async def test_all_locations_come_at_once(api):
    """Locations have no paging, and their second address line is null."""
    told = await ask(api, f"{ACCOUNT}/locations")
    assert set(told) == {"_links", "_embedded"}
    assert len(told["_embedded"]["locations"]) == 9
    assert told["_embedded"]["locations"][0] == {
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


async def test_one_location_is_an_object_called_location(api):
    """A single location is found by its id."""
    told = await ask(api, f"{ACCOUNT}/locations/145231")
    assert told["_embedded"]["location"]["name"] == "Berlin"


async def test_self_is_the_account_itself(api):
    """`self` and the number are the same account, and the account tells its number."""
    mine = await ask(api, ACCOUNT)
    assert mine["_embedded"]["account"]["id"] == int(ACCOUNT_ID)
    by_number = await ask(api, f"{BASE_PATH}/api/accounts/{ACCOUNT_ID}")
    assert by_number["_embedded"] == mine["_embedded"]


@pytest.mark.parametrize("path", ["", "/extensions", "/extensions/789", "/locations"])
async def test_both_forms_of_the_address_answer_alike(api, path):
    """With `/v1` in the address the answers are the same."""
    old = await ask(api, f"{ACCOUNT}{path}")
    new = await ask(api, f"{BASE_PATH}/v1/api/accounts/self{path}")
    assert new["_embedded"] == old["_embedded"]


@pytest.mark.parametrize("path", ["extensions/99999", "extensions/John", "locations/1"])
async def test_what_is_not_there_is_a_404_of_the_service(api, path):
    """An unknown number or location is `{msg, status}`, which the gateway's 404 is not."""
    response = await api.get(f"{ACCOUNT}/{path}")
    assert response.status_code == 404
    assert set(response.json()) == {"msg", "status"}
    assert response.json()["status"] == 404


@pytest.mark.parametrize(("envelope", "key"), [("live", "extensions"), ("document", "data")])
async def test_every_extension_of_a_large_company_keeps_the_contract(
    app, sandbox, api, envelope, key
):
    """All 2,000 are as the contract has them, page after page."""
    sandbox.set_entries(build_company(2_000))
    sandbox.options.change("envelope", envelope)
    sandbox.options.change("quota", 0)
    answers = contract(envelope)["paths"]["/api/accounts/{account_id}/extensions"]["get"]
    schema = answers["responses"]["200"]["content"]["application/json"]["schema"]
    validator = Draft202012Validator(schema)
    rows = []
    for page in range(1, 11):
        told = await ask(api, page=page, page_size=200)
        assert not list(validator.iter_errors(told))
        rows += told["_embedded"][key]
    assert len({row["extension_number"] for row in rows}) == 2_000


async def test_a_client_that_accepts_anything_gets_json_for_what_is_found(app, api):
    """Good answers are JSON whatever the Accept header; only the gateway's refusals are not."""
    response = await api.get(f"{EXTENSIONS}/789", headers={"Accept": "*/*"})
    assert isinstance(response, httpx.Response)
    assert response.headers["content-type"] == "application/json"
