"""Faults of the query, the document and the body."""

from __future__ import annotations

import json
from itertools import combinations

import pytest

from bot.sandbox.vonage.fault_table import FAULTS
from tests.sandbox.vonage.calling import EXTENSIONS, get_json, login

ONE = f"{EXTENSIONS}/789"


def _numbers(response):
    return [row["extension_number"] for row in response["_embedded"]["extensions"]]


async def test_fault_ignores_page_size_gives_five_rows(api, vonage):
    """The response has the page size that was used."""
    vonage.faults.on("ignores_page_size")
    response = await get_json(api, page_size=100)
    assert (len(_numbers(response)), response["page_size"], response["total_pages"]) == (5, 5, 50)


async def test_fault_ignores_filters_gives_every_extension(api, vonage):
    """The response has every extension, whatever the filter."""
    vonage.faults.on("ignores_filters")
    assert (await get_json(api, login_name="mobrien"))["total_items"] == 250


async def test_fault_repeats_last_page_gives_its_rows_again(api, vonage):
    """The rows of the last page come again under the requested page number."""
    vonage.faults.on("repeats_last_page")
    last, beyond = (
        await get_json(api, page=3, page_size=100),
        await get_json(api, page=7, page_size=100),
    )
    assert _numbers(beyond) == _numbers(last)
    assert beyond["page"] == 7


async def test_fault_moving_rows_repeats_rows_on_next_page(api, vonage):
    """The end of one page comes again on the next."""
    vonage.faults.on("moving_rows")
    pages = [_numbers(await get_json(api, page=page, page_size=50)) for page in (1, 2, 3)]
    assert pages[0][-1] == pages[1][0]
    assert pages[1][-1] == pages[2][0]


async def test_fault_by_external_id_makes_number_404(api, vonage, entries):
    """The response is a 404 although the extension exists."""
    vonage.faults.on("by_external_id")
    assert (await api.get(ONE)).status_code == 404
    response = await get_json(api, f"{EXTENSIONS}/{entries[0].external_id}")
    assert response["_embedded"]["extension"]["extension_number"] == "789"


@pytest.mark.parametrize("name", ["none_as_404", "none_without_embedded"])
async def test_faults_of_empty_list_change_only_empty_lists(api, vonage, name):
    """An empty list becomes a 404, or lacks its rows."""
    vonage.faults.on(name)
    response = await api.get(EXTENSIONS, params={"login_name": "nobody"})
    body = response.json()
    assert body["status"] == 404 if name == "none_as_404" else "_embedded" not in body
    assert _numbers(await get_json(api, login_name="jsmith")) == ["789"]


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("nulls", "dids", None),
        ("nulls", "user", None),
        ("dids_as_strings", "dids", ["14155550100"]),
        ("dids_as_object", "dids", {"phone_number": "14155550100", "custom_tag": "My Tag"}),
        ("extension_as_number", "extension_number", 789),
        ("numbers_as_floats", "extension_number", 789.0),
        ("numbers_as_floats", "location_id", 145214.0),
        ("numbers_as_strings", "location_id", "145214"),
    ],
)
async def test_field_faults_change_list_and_single_extension(api, vonage, name, field, value):
    """The list and the single extension are both changed."""
    vonage.faults.on(name)
    single = (await get_json(api, ONE))["_embedded"]["extension"][field]
    listed = (await get_json(api, login_name="jsmith"))["_embedded"]["extensions"][0][field]
    assert [(v, type(v)) for v in (single, listed)] == [(value, type(value))] * 2


async def test_fault_numbers_as_strings_keeps_booleans(api, vonage):
    """Only numbers become strings."""
    vonage.faults.on("numbers_as_strings")
    response = await get_json(api, login_name="jsmith")
    assert response["total_items"] == "1"
    assert response["_embedded"]["extensions"][0]["vtt_enabled"] is True


async def test_fault_nulls_also_changes_fields_of_user(api, vonage):
    """A user is null, or has only nulls."""
    vonage.faults.on("nulls")
    users = [row["user"] for row in (await get_json(api, page_size=20))["_embedded"]["extensions"]]
    assert None in users
    assert any(user and set(user.values()) == {None} for user in users)


async def test_fault_lone_as_object_unwraps_only_one_row(api, vonage):
    """Two rows stay a list."""
    vonage.faults.on("lone_as_object")
    one = (await get_json(api, login_name="jsmith"))["_embedded"]["extensions"]
    assert one["extension_number"] == "789"
    assert len((await get_json(api, page_size=2))["_embedded"]["extensions"]) == 2


async def test_fault_wrong_total_pages_changes_the_total(api, vonage):
    """The total can be too high or too low."""
    vonage.faults.on("wrong_total_pages", 3)
    assert (await get_json(api, page_size=100))["total_pages"] == 6
    vonage.faults.on("wrong_total_pages", -2)
    assert (await get_json(api, page_size=100))["total_pages"] == 1


async def test_total_faults_rename_or_remove_totals(api, vonage):
    """The response has `total_page` in place of `total_pages`, or no totals."""
    vonage.faults.on("total_page")
    response = await get_json(api, page_size=100)
    assert response["total_page"] == 3
    assert "total_pages" not in response
    vonage.faults.on("no_totals")
    assert set(await get_json(api, page_size=100)) <= {"_embedded", "total_page"}


async def test_fault_bad_records_keeps_the_other_records(api, vonage):
    """Every fifth record is unreadable, the others are unchanged."""
    usual = (await get_json(api, page_size=50))["_embedded"]["extensions"]
    vonage.faults.on("bad_records")
    rows = (await get_json(api, page_size=50))["_embedded"]["extensions"]
    assert [i for i in range(50) if rows[i] != usual[i]] == list(range(0, 50, 5))
    assert {type(row).__name__ for row in rows[::5]} == {"str", "NoneType", "dict", "int"}


async def test_document_faults_can_be_combined(api, vonage):
    """No fault breaks another one."""
    vonage.options.change("quota", 0)
    document_faults = [name for name, fault in FAULTS.items() if fault.change_document]
    for pair in combinations(document_faults, 2):
        for name in pair:
            vonage.faults.on(name)
        for path in (ONE, f"{EXTENSIONS}?page_size=7", f"{EXTENSIONS}?login_name=nobody"):
            assert (await api.get(path)).status_code in {200, 404}, pair
        vonage.faults.off()


async def test_fault_foreign_links_changes_every_host(api, vonage):
    """Every link has another host."""
    vonage.faults.on("foreign_links")
    links = (await get_json(api))["_links"].values()
    assert all(link["href"].startswith("https://elsewhere.invalid/") for link in links)


@pytest.mark.parametrize("missing", ["expires_in", "refresh_token", "access_token"])
async def test_token_faults_remove_a_field(client, vonage, missing):
    """The login still gets a 200."""
    vonage.faults.on(f"no_{missing}")
    response = await login(client)
    assert response.status_code == 200
    assert missing not in response.json()


@pytest.mark.parametrize("name", ["malformed", "truncated", "not_utf8", "empty"])
async def test_body_faults_give_unreadable_200(api, vonage, name):
    """The body can't be parsed."""
    vonage.faults.on(name)
    response = await api.get(ONE)
    assert response.status_code == 200
    with pytest.raises(ValueError, match=r"."):
        json.loads(response.content)


async def test_fault_huge_gives_valid_json(api, vonage):
    """Only the size is wrong, and no header says it."""
    vonage.faults.on("huge")
    response = await api.get(ONE)
    assert len(response.content) > 8 * 2**20
    assert "content-length" not in response.headers
    assert response.json()["_embedded"]["extension"]["extension_number"] == "789"


async def test_fault_document_mock_gives_same_row_on_each_page(api, vonage):
    """The counts are those of the document's example, so the list contradicts itself."""
    vonage.faults.on("document_mock")
    pages = [await get_json(api, page=page, page_size=100) for page in (1, 2, 10)]
    assert [_numbers(page) for page in pages] == [["789"]] * 3
    assert {(page["page"], page["total_pages"], page["total_items"]) for page in pages} == {
        (1, 10, 100)
    }


async def test_fault_wrong_total_items_gives_this_number(api, vonage):
    """The other counts stay as they are."""
    vonage.faults.on("wrong_total_items")
    response = await get_json(api, page_size=100)
    assert (response["total_items"], response["total_pages"]) == (-80_026_884, 3)


@pytest.mark.parametrize(
    ("fault", "path"), [("no_users", "user"), ("no_emails", "user.email"), ("no_dids", "dids")]
)
async def test_fault_removes_quality_from_every_extension(api, vonage, fault, path):
    """The rows stay, and so does everything else in them."""

    def has_it(row):
        owner, _, name = path.rpartition(".")
        return name in (row.get(owner) or {} if owner else row)

    assert any(map(has_it, (await get_json(api, page_size=100))["_embedded"]["extensions"]))
    vonage.faults.on(fault)
    rows = (await get_json(api, page_size=100))["_embedded"]["extensions"]
    assert len(rows) == 100
    assert not any(map(has_it, rows))
