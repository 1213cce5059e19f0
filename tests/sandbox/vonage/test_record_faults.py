"""Faults of single records and single responses."""

from __future__ import annotations

import pytest

from tests.sandbox.vonage.calling import EXTENSIONS, get_json

ONE = f"{EXTENSIONS}/789"


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("user_as_text", "user", "John Smith"),
        ("null_users", "user", None),
        ("wrong_types", "dids", {"error": "internal"}),
    ],
)
async def test_record_faults_change_list_and_single_extension(api, vonage, name, field, value):
    """The list and the single extension are both changed."""
    vonage.faults.on(name)
    assert (await get_json(api, ONE))["_embedded"]["extension"][field] == value
    rows = (await get_json(api, page_size=5))["_embedded"]["extensions"]
    assert [row[field] for row in rows] == [value] * 5


async def test_fault_many_dids_has_the_count_that_is_asked_for(api, vonage):
    """Every direct number is another one."""
    vonage.faults.on("many_dids", 3)
    dids = (await get_json(api, ONE))["_embedded"]["extension"]["dids"]
    assert len({did["phone_number"] for did in dids}) == 3


async def test_fault_error_records_replaces_every_record(api, vonage):
    """A single extension and each row of a list are errors."""
    vonage.faults.on("error_records")
    assert (await get_json(api, ONE))["_embedded"] == {"extension": {"error": "internal"}}
    rows = (await get_json(api, page_size=5))["_embedded"]["extensions"]
    assert rows == [{"error": "internal"}] * 5


async def test_faults_of_a_single_response_leave_lists_alone(api, vonage):
    """Another extension, no item, or a 404 comes for single extensions only."""
    usual = await get_json(api, page_size=5)
    for name in ("other_extension", "zero_items", "not_found"):
        vonage.faults.on(name)
        assert await get_json(api, page_size=5) == usual
        single = await api.get(ONE)
        assert single.status_code == (404 if name == "not_found" else 200)
        assert '"789"' not in single.text
        vonage.faults.off()


async def test_fault_framework_404_has_no_message(api, vonage):
    """Its body has a status, but not the `msg` of the service's own 404."""
    vonage.faults.on("framework_404")
    for path in (ONE, EXTENSIONS):
        response = await api.get(path)
        assert response.status_code == response.json()["status"] == 404
        assert "msg" not in response.json()


@pytest.mark.parametrize("name", ["rows_of_nothing", "deeply_nested"])
async def test_faults_of_size_send_so_many_megabytes(api, vonage, name):
    """The body has the size that is asked for."""
    vonage.faults.on(name, 0.5)
    size = len((await api.get(EXTENSIONS)).content)
    assert 450_000 < size < 550_000
