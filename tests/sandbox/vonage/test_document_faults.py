"""Faults within good answers: what the fake API misunderstands, and what it tells wrongly."""

from __future__ import annotations

import json
from itertools import combinations

import pytest

from bot.sandbox.vonage.fault_table import FAULTS
from tests.sandbox.vonage.calling import EXTENSIONS, ask, login

ONE = f"{EXTENSIONS}/789"


def _numbers(told):
    return [row["extension_number"] for row in told["_embedded"]["extensions"]]


async def test_a_server_may_ignore_the_page_size(api, sandbox):
    """Five come, whatever is asked, and it says so."""
    sandbox.faults.on("ignores_page_size")
    told = await ask(api, page_size=100)
    assert (len(_numbers(told)), told["page_size"], told["total_pages"]) == (5, 5, 50)


async def test_a_server_may_ignore_the_filters(api, sandbox):
    """Everybody comes, whoever was asked for."""
    sandbox.faults.on("ignores_filters")
    assert (await ask(api, login_name="mobrien"))["total_items"] == 250


async def test_a_server_may_repeat_its_last_page(api, sandbox):
    """Asking beyond the last page gives its rows again, under a new page number."""
    sandbox.faults.on("repeats_last_page")
    last, beyond = await ask(api, page=3, page_size=100), await ask(api, page=7, page_size=100)
    assert _numbers(beyond) == _numbers(last)
    assert beyond["page"] == 7


async def test_rows_may_move_between_pages(api, sandbox):
    """While one reads, rows shift: the end of one page comes again on the next."""
    sandbox.faults.on("moving_rows")
    pages = [_numbers(await ask(api, page=page, page_size=50)) for page in (1, 2, 3)]
    assert pages[0][-1] == pages[1][0]
    assert pages[1][-1] == pages[2][0]


async def test_a_single_extension_may_go_by_another_id(api, sandbox, entries):
    """Then the number is a 404, though the extension is there."""
    sandbox.faults.on("by_external_id")
    assert (await api.get(ONE)).status_code == 404
    told = await ask(api, f"{EXTENSIONS}/{entries[0].external_id}")
    assert told["_embedded"]["extension"]["extension_number"] == "789"


@pytest.mark.parametrize("name", ["none_as_404", "none_without_embedded"])
async def test_finding_nothing_may_look_otherwise(api, sandbox, name):
    """Nothing is a 404, or a list without its rows; something is as always."""
    sandbox.faults.on(name)
    response = await api.get(EXTENSIONS, params={"login_name": "nobody"})
    told = response.json()
    assert told["status"] == 404 if name == "none_as_404" else "_embedded" not in told
    assert _numbers(await ask(api, login_name="jsmith")) == ["789"]


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
async def test_fields_may_have_other_forms(api, sandbox, name, field, value):
    """A list and a single answer are both changed."""
    sandbox.faults.on(name)
    single = (await ask(api, ONE))["_embedded"]["extension"][field]
    listed = (await ask(api, login_name="jsmith"))["_embedded"]["extensions"][0][field]
    assert [(v, type(v)) for v in (single, listed)] == [(value, type(value))] * 2


async def test_flags_stay_flags_among_texts(api, sandbox):
    """Only numbers become texts."""
    sandbox.faults.on("numbers_as_strings")
    told = await ask(api, login_name="jsmith")
    assert told["total_items"] == "1"
    assert told["_embedded"]["extensions"][0]["vtt_enabled"] is True


async def test_some_nulls_are_within_a_user(api, sandbox):
    """A user may be null, or have nothing but nulls."""
    sandbox.faults.on("nulls")
    users = [row["user"] for row in (await ask(api, page_size=20))["_embedded"]["extensions"]]
    assert None in users
    assert any(user and set(user.values()) == {None} for user in users)


async def test_a_list_of_one_may_be_an_object(api, sandbox):
    """One row is not wrapped, two are."""
    sandbox.faults.on("lone_as_object")
    one = (await ask(api, login_name="jsmith"))["_embedded"]["extensions"]
    assert one["extension_number"] == "789"
    assert len((await ask(api, page_size=2))["_embedded"]["extensions"]) == 2


async def test_totals_may_lie(api, sandbox):
    """There may be fewer pages than are told, or more."""
    sandbox.faults.on("wrong_total_pages", 3)
    assert (await ask(api, page_size=100))["total_pages"] == 6
    sandbox.faults.on("wrong_total_pages", -2)
    assert (await ask(api, page_size=100))["total_pages"] == 1


async def test_totals_may_have_another_name_or_none(api, sandbox):
    """`total_page`, or nothing at all."""
    sandbox.faults.on("total_page")
    told = await ask(api, page_size=100)
    assert told["total_page"] == 3
    assert "total_pages" not in told
    sandbox.faults.on("no_totals")
    assert set(await ask(api, page_size=100)) <= {"_embedded", "total_page"}


async def test_bad_records_stand_among_good_ones(api, sandbox):
    """Every fifth is something else, and the others are as they were."""
    usual = (await ask(api, page_size=50))["_embedded"]["extensions"]
    sandbox.faults.on("bad_records")
    rows = (await ask(api, page_size=50))["_embedded"]["extensions"]
    assert [i for i in range(50) if rows[i] != usual[i]] == list(range(0, 50, 5))
    assert {type(row).__name__ for row in rows[::5]} == {"str", "NoneType", "dict", "int"}


async def test_wrong_answers_can_be_combined(api, sandbox):
    """No two faults of the documents get into each other's way."""
    sandbox.options.change("quota", 0)
    telling = [name for name, fault in FAULTS.items() if fault.change_document]
    for pair in combinations(telling, 2):
        for name in pair:
            sandbox.faults.on(name)
        for path in (ONE, f"{EXTENSIONS}?page_size=7", f"{EXTENSIONS}?login_name=nobody"):
            assert (await api.get(path)).status_code in {200, 404}, pair
        sandbox.faults.off()


async def test_links_may_lead_to_strangers(api, sandbox):
    """Every link has another host."""
    sandbox.faults.on("foreign_links")
    links = (await ask(api))["_links"].values()
    assert all(link["href"].startswith("https://elsewhere.invalid/") for link in links)


@pytest.mark.parametrize("missing", ["expires_in", "refresh_token", "access_token"])
async def test_a_token_may_lack_a_field(client, sandbox, missing):
    """The login is answered with 200, and something is not there."""
    sandbox.faults.on(f"no_{missing}")
    response = await login(client)
    assert response.status_code == 200
    assert missing not in response.json()


@pytest.mark.parametrize("name", ["malformed", "truncated", "not_utf8", "empty"])
async def test_bodies_that_are_not_json(api, sandbox, name):
    """The status is 200, and the body cannot be read."""
    sandbox.faults.on(name)
    response = await api.get(ONE)
    assert response.status_code == 200
    with pytest.raises(ValueError, match=r"."):
        json.loads(response.content)


async def test_a_huge_body_is_good_json(api, sandbox):
    """Only its size is wrong, and no header tells it."""
    sandbox.faults.on("huge")
    response = await api.get(ONE)
    assert len(response.content) > 8 * 2**20
    assert "content-length" not in response.headers
    assert response.json()["_embedded"]["extension"]["extension_number"] == "789"
