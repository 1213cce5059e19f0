"""The API's operations: what is requested, what is read, and what every failure becomes."""

from __future__ import annotations

import asyncio
import json
import threading
import traceback

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import limits
from bot.errors import (
    BadParameters,
    Forbidden,
    LoginRefused,
    NotAuthorized,
    NotFound,
    OtherExtension,
    OverQuota,
    SourceError,
    Unavailable,
    UnexpectedReply,
    WrongPath,
)
from bot.models import Location, Page
from bot.vonage import api_caller, resources, responses, transport
from bot.vonage import client as client_module
from bot.vonage.resources import extension as read
from bot.vonage.transport import HttpResponse, TimedOut
from tests.vonage.api import Api, client_of, granted, refused, soon
from tests.vonage.samples import JOHN, ROOM, documented, fault, live_list, live_one, reply

PREFIX = "/t/vbc.prod/provisioning/api/accounts/self"


async def test_list_is_requested_with_every_parameter():
    """All parameters of the document are sent by their names, and empty ones are left out."""
    api = Api(reply(200, live_list(JOHN)))
    async with client_of(api) as client:
        await client.extensions(
            deadline=soon(),
            page=2,
            page_size=100,
            location_id="145214",
            phone_number="14155550100",
            login_name="jsmith",
            email="john.smith@example.com",
        )
        await client.extensions(deadline=soon())
    assert dict(api.calls[0].url.params) == {
        "page": "2",
        "page_size": "100",
        "location_id": "145214",
        "phone_number": "14155550100",
        "login_name": "jsmith",
        "email": "john.smith@example.com",
    }
    assert api.paths[1] == f"{PREFIX}/extensions"
    assert api.calls[0].headers["authorization"] == "Bearer token-1"
    assert api.calls[0].headers["accept"] == "application/json"


@pytest.mark.parametrize(
    ("number", "path"),
    [
        ("789", "789"),
        ("../accounts/2", "..%2Faccounts%2F2"),
        ("7?page=2#x", "7%3Fpage%3D2%23x"),
        ("a b", "a%20b"),
        ("ü", "%C3%BC"),
        ("%2e", "%252e"),
    ],
)
async def test_number_is_one_segment_of_the_path(number, path):
    """No character of a number can change the rest of the address."""
    api = Api(reply(200, live_one({**JOHN, "extension_number": number})))
    async with client_of(api) as client:
        await client.extension(number, deadline=soon())
    assert api.paths == [f"{PREFIX}/extensions/{path}"]


@pytest.mark.parametrize(
    "body", [live_one(JOHN), documented(JOHN), live_list(JOHN), documented([JOHN])]
)
async def test_single_extension_is_read_from_each_envelope(body):
    """The live shape, the documented one, and a list of one give the same extension."""
    async with client_of(Api(reply(200, body))) as client:
        assert await client.extension("789", deadline=soon()) == read(JOHN)


@pytest.mark.parametrize(
    "body", [live_list(JOHN), documented(JOHN), documented([JOHN]), live_one(JOHN)]
)
async def test_list_is_read_from_each_envelope(body):
    """An object in place of an array is a list of one."""
    async with client_of(Api(reply(200, body))) as client:
        assert (await client.extensions(deadline=soon())).items == (read(JOHN),)


async def test_page_has_the_paging_of_the_response():
    """Echoed page size, totals and the number of unreadable rows are kept; links are not used."""
    body = live_list(JOHN, None, ROOM, page=2, pages=3, total=250)
    api = Api(reply(200, body))
    async with client_of(api) as client:
        page = await client.extensions(page=2, page_size=50, deadline=soon())
    assert page == Page(
        (read(JOHN), read(ROOM)), page=2, page_size=100, total_pages=3, total_items=250, skipped=1
    )
    assert {each.url.host for each in api.calls} == {"api.example"}


NONE = {"msg": "None", "status": 404}
FRAMEWORK_404 = {"timestamp": 1, "status": 404, "error": "Not Found", "path": "/extensions"}


@pytest.mark.parametrize(
    "query", [{"email": "a@example.com"}, {"phone_number": "1"}, {"login_name": "a"}, {"page": 2}]
)
async def test_404_for_filtered_list_or_later_page_is_empty(query):
    """A 404 in the API's own shape means that nothing matches, or that the list has ended."""
    async with client_of(Api(reply(404, NONE))) as client:
        assert (await client.extensions(deadline=soon(), **query)).items == ()


@pytest.mark.parametrize("query", [{}, {"page": 1, "page_size": 100}])
@pytest.mark.parametrize("body", [NONE, FRAMEWORK_404, fault(900906), b"", b"<html>"])
async def test_404_for_first_page_of_whole_list_is_a_wrong_path(body, query):
    """Every account has a list, so a 404 is never an empty directory."""
    async with client_of(Api(reply(404, body))) as client:
        with pytest.raises(WrongPath, match="VONAGE_BASE_URL"):
            await client.extensions(deadline=soon(), **query)
        assert isinstance(client.last_failure, WrongPath)
        assert client.last_answer_at is None


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, UnexpectedReply),
        ({"_embedded": {}}, UnexpectedReply),
        ({"_embedded": {"extension": None}}, UnexpectedReply),
        ({"_embedded": {"extension": "x"}}, UnexpectedReply),
        ({"total_items": 0}, UnexpectedReply),
        ({"total_items": 0, "_embedded": {}}, UnexpectedReply),
        (live_list(total=0), UnexpectedReply),
        (live_list(JOHN, ROOM), UnexpectedReply),
        (live_one({"error": "internal"}), UnexpectedReply),
        (live_one({**JOHN, "user": "John Smith"}), UnexpectedReply),
        (live_one({**JOHN, "extension_number": None}), UnexpectedReply),
        (live_one({**JOHN, "extension_number": ""}), UnexpectedReply),
        (live_one(ROOM), OtherExtension),
        (live_one({**JOHN, "extension_number": "0789"}), OtherExtension),
    ],
)
async def test_single_response_without_the_extension_is_an_error(body, error):
    """Only a 404 says that there is no such extension; nothing else is taken for that."""
    async with client_of(Api(reply(200, body))) as client:
        with pytest.raises(error):
            await client.extension("789", deadline=soon())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=10,
)


@given(
    st.sampled_from([200, 404]),
    JSON
    | st.fixed_dictionaries({"_embedded": st.fixed_dictionaries({"extension": JSON})})
    | st.fixed_dictionaries({"_embedded": JSON, "total_items": JSON}),
)
def test_any_json_in_place_of_a_single_response_is_an_error(status, body):
    """Whatever comes in place of a person is a `SourceError`, never a card "nobody assigned"."""
    response = HttpResponse(status, {}, json.dumps(body).encode())
    with pytest.raises(SourceError):
        client_module._single(responses.read(response, now=0.0), number="789")


async def test_single_extension_without_number_has_the_requested_one():
    """The API may leave the key of the number out."""
    row = {name: value for name, value in JOHN.items() if name != "extension_number"}
    async with client_of(Api(reply(200, live_one(row)))) as client:
        assert (await client.extension("789", deadline=soon())).number == "789"


async def test_locations_are_read():
    """All locations come in one reply without paging."""
    body = {"_embedded": {"locations": [{"id": 145214, "name": "Holmdel HQ"}, {"name": "?"}]}}
    api = Api(reply(200, body))
    async with client_of(api) as client:
        assert await client.locations(deadline=soon()) == (Location("145214", "Holmdel HQ"),)
    assert api.paths == [f"{PREFIX}/locations"]


@pytest.mark.parametrize("row", ["Holmdel HQ", {}, {"error": "internal"}, {"id": {}}, None])
async def test_locations_that_cannot_be_read_are_a_failure(row):
    """Unreadable locations are not "no locations"."""
    async with client_of(Api(reply(200, {"_embedded": {"locations": [row]}}))) as client:
        with pytest.raises(UnexpectedReply):
            await client.locations(deadline=soon())


@pytest.mark.parametrize("name", ["extensions", "locations"])
async def test_page_with_too_many_rows_is_refused(name):
    """No page has so many rows, and each of them takes time."""
    body = {"_embedded": {name: [None] * (limits.MAX_ROWS_PER_PAGE + 1)}}
    async with client_of(Api(reply(200, body))) as client:
        with pytest.raises(UnexpectedReply, match="more"):
            await getattr(client, name)(deadline=soon())


async def test_large_page_is_parsed_in_a_thread(monkeypatch):
    """A large page doesn't stop the event loop, and a small one doesn't need a thread."""
    threads = []

    def read_page(body, *, requested):
        threads.append(threading.current_thread())
        return Page((), page=requested)

    monkeypatch.setattr(client_module, "_page", read_page)
    pages = [live_list(*[JOHN] * count) for count in (100, 1000)]
    async with client_of(Api(*[reply(200, page) for page in pages])) as client:
        for _ in pages:
            await client.extensions(deadline=soon())
    assert [each is threading.main_thread() for each in threads] == [True, False]


async def test_refused_token_is_renewed_once():
    """A 401 costs one renewal, and the call is made once more."""
    api = Api(reply(401, fault(900901)), reply(200, live_one(JOHN)))
    async with client_of(api) as client:
        assert (await client.extension("789", deadline=soon())).number == "789"
    used = [each.headers["authorization"] for each in api.calls]
    assert used == ["Bearer token-1", "Bearer token-2"]
    assert [each["grant_type"] for each in api.logins] == ["password", "refresh_token"]


async def test_refused_renewed_token_is_final():
    """There is no third call, and the next callers cost one call and no login."""
    api = Api(reply(401, b"missing user data"))
    async with client_of(api) as client:
        for _ in range(3):
            with pytest.raises(NotAuthorized):
                await client.extension("789", deadline=soon())
    assert len(api.calls) == 2 + 1 + 1
    assert len(api.logins) == 2


async def test_static_token_is_not_renewed():
    """With a token from the settings a 401 is final at once."""
    api = Api(reply(401))
    async with client_of(api, static=True) as client:
        with pytest.raises(NotAuthorized):
            await client.extension("789", deadline=soon())
    assert len(api.calls) == 1
    assert api.logins == []


async def test_refused_login_makes_no_call():
    """Without a token no call is made, and the login is not retried."""
    api = Api(reply(200, live_one(JOHN)), tokens=[refused()])
    async with client_of(api) as client:
        for _ in range(3):
            with pytest.raises(LoginRefused):
                await client.extension("789", deadline=soon())
    assert api.calls == []
    assert len(api.logins) == 1


@pytest.mark.parametrize(
    ("answer", "error", "calls"),
    [
        (reply(500), Unavailable, 2),
        (reply(502, b"<html>"), Unavailable, 2),
        (httpx.ConnectError("x"), Unavailable, 2),
        (httpx.RemoteProtocolError("x"), Unavailable, 2),
        (httpx.ReadTimeout("x"), TimedOut, 1),
        (httpx.ConnectTimeout("x"), TimedOut, 1),
        (reply(400, {"title": "Bad"}), BadParameters, 1),
        (reply(403, fault(900908)), Forbidden, 1),
        (reply(404, {"msg": "No", "status": 404}), NotFound, 1),
        (reply(404, b"<html>"), WrongPath, 1),
        (reply(200, b"{"), UnexpectedReply, 1),
        (reply(429), OverQuota, 1),
        (reply(503, retry_after="120"), Unavailable, 1),
    ],
)
async def test_only_momentary_failures_are_retried(answer, error, calls):
    """Faults of the moment get one retry; refusals, time-outs and long waits get none."""
    api = Api(answer)
    async with client_of(api) as client:
        with pytest.raises(error):
            await client.extension("789", deadline=soon())
    assert len(api.calls) == calls


@pytest.mark.real_time  # the client counts the wait by its own clock
@pytest.mark.parametrize("wait", ["0", "0.05"])
@pytest.mark.parametrize("status", [429, 503])
async def test_short_retry_after_is_waited_for(status, wait):
    """A wait that fits into the deadline is waited for, and the retry answers."""
    api = Api(reply(status, retry_after=wait), reply(200, live_one(JOHN)))
    async with client_of(api) as client:
        assert (await client.extension("789", deadline=soon())).number == "789"
    assert len(api.calls) == 2


async def test_no_call_is_made_before_retry_after_is_over():
    """After a 429 that names a time, later callers get the error without a call."""
    api = Api(reply(429, retry_after="60"))
    async with client_of(api) as client:
        for _ in range(3):
            with pytest.raises(OverQuota) as raised:
                await client.extension("789", deadline=soon())
    assert len(api.calls) == 1
    assert raised.value.retry_after == pytest.approx(60, abs=1)


async def test_call_above_the_quota_is_not_made():
    """The eleventh call of a minute is refused by the client itself."""
    api = Api(reply(200, live_one(JOHN)))
    async with client_of(api, per_minute=10) as client:
        for _ in range(10):
            await client.extension("789", deadline=soon())
        with pytest.raises(OverQuota):
            await client.extension("789", deadline=soon())
        assert client.quota.left == 0
    assert len(api.calls) == 10


async def test_call_after_a_timeout_fails_at_once():
    """After a call that timed out, the next caller gets the error at once and without a call."""

    async def silent(_request):
        await asyncio.sleep(60)

    api = Api(silent)
    async with client_of(api, min_patience_s=0.05) as client:
        with pytest.raises(TimedOut):
            await client.extension("789", deadline=soon(0.1))
        with pytest.raises(Unavailable) as raised:
            await client.extension("790", deadline=soon(60))
    assert not isinstance(raised.value, TimedOut)
    assert len(api.calls) == 1


async def test_timeout_of_an_impatient_call_is_no_outage():
    """A call that was cut off soon says nothing about Vonage."""

    async def slow(_request):
        await asyncio.sleep(0.2)
        return reply(200, live_one(JOHN))

    async with client_of(Api(slow)) as client:
        with pytest.raises(TimedOut):
            await client.extension("789", deadline=soon(0.05))
        assert (await client.extension("789", deadline=soon())).number == "789"


async def test_last_answer_and_failure_are_kept_for_status():
    """Both the last answer and the last failure have their time."""
    api = Api(reply(500), reply(500), reply(200, live_one(JOHN)))
    async with client_of(api) as client:
        with pytest.raises(Unavailable):
            await client.extension("789", deadline=soon())
        assert isinstance(client.last_failure, Unavailable)
        assert client.last_answer_at is None
        await client.extension("789", deadline=soon())
        assert client.last_answer_at is not None


async def test_unreadable_response_is_a_failure():
    """Missing rows count as a failure, not as an answer."""
    async with client_of(Api(reply(200, {}))) as client:
        with pytest.raises(UnexpectedReply):
            await client.extensions(deadline=soon())
        assert isinstance(client.last_failure, UnexpectedReply)
        assert client.last_answer_at is None


@pytest.mark.parametrize("embedded", [{}, {"extensions": []}, {"extensions": None}])
async def test_empty_page_against_its_counts_is_refused(embedded):
    """A page without rows whose counts speak of rows is not believed."""
    body = {**live_list(total=84), "_embedded": embedded}
    async with client_of(Api(reply(200, body))) as client:
        with pytest.raises(UnexpectedReply):
            await client.extensions(deadline=soon(), page=1, page_size=100)


@pytest.mark.parametrize(
    "body", [live_list(total=0), {"_embedded": {"extensions": []}}, {"total_items": 0}]
)
async def test_list_without_match_is_empty(body):
    """A filter that matches nothing gives an empty page, with counts or without."""
    async with client_of(Api(reply(200, body))) as client:
        page = await client.extensions(deadline=soon(), email="nobody@example.com")
    assert page.items == ()


@pytest.mark.parametrize("flat", [False, True])
@pytest.mark.parametrize("code", [900900, 900901, 900902, 900904, 900905])
async def test_token_fault_with_status_200_is_renewed(code, flat):
    """The gateway's fault counts as a 401: one renewal, one more call."""
    api = Api(reply(200, fault(code, flat=flat)), reply(200, live_one(JOHN)))
    async with client_of(api) as client:
        assert (await client.extension("789", deadline=soon())).number == "789"
    assert [each["grant_type"] for each in api.logins] == ["password", "refresh_token"]


async def test_retry_after_of_a_503_holds_for_everybody():
    """One caller's 503 fails all calls until its time is over, with the seconds that are left."""
    api = Api(reply(503, retry_after="60"))
    async with client_of(api) as client:
        for number in ("789", "790", "791"):
            with pytest.raises(Unavailable) as raised:
                await client.extension(number, deadline=soon())
            assert raised.value.retry_after == pytest.approx(60, abs=1)
        with pytest.raises(Unavailable):
            await client.locations(deadline=soon())
    assert len(api.calls) == 1


@pytest.mark.real_time  # the client counts the wait by its own clock
async def test_concurrent_call_waits_for_a_short_retry_after():
    """A caller that comes during a wait that fits into its deadline is answered after it."""
    api = Api(reply(503, retry_after="0.05"), reply(200, live_one(JOHN)))
    async with client_of(api) as client:
        first = asyncio.create_task(client.extension("789", deadline=soon()))
        await asyncio.sleep(0.01)
        assert (await client.extension("789", deadline=soon())).number == "789"
        assert (await first).number == "789"


@pytest.mark.parametrize("per_minute", [1, 2])
async def test_outage_that_used_up_the_quota_is_reported_as_outage(per_minute):
    """Where retries used up the quota, the error is about the outage and says when to retry."""
    api = Api(reply(503))
    async with client_of(api, per_minute=per_minute) as client:
        for _ in range(3):
            with pytest.raises(Unavailable) as raised:
                await client.extension("789", deadline=soon())
        assert raised.value.retry_after == pytest.approx(60, abs=1)
        assert isinstance(client.last_failure, Unavailable)
    assert len(api.calls) == per_minute


async def test_quota_used_up_by_answers_is_reported_as_such():
    """After an answer the refusal is about the quota, whatever failed earlier."""
    api = Api(reply(503), reply(200, live_one(JOHN)))
    async with client_of(api, per_minute=2) as client:
        await client.extension("789", deadline=soon())
        with pytest.raises(OverQuota):
            await client.extension("789", deadline=soon())


async def test_refused_login_is_reported_whichever_call_met_it():
    """At a start from a copy, only the locations may be called; the login concerns all calls."""
    async with client_of(Api(tokens=[refused()])) as client:
        with pytest.raises(LoginRefused):
            await client.locations(deadline=soon())
        assert isinstance(client.last_failure, LoginRefused)
        assert client.last_failure_at is not None


@pytest.mark.parametrize(
    "answer",
    [
        reply(503),
        reply(503, retry_after="60"),
        httpx.ReadTimeout("x"),
        reply(403, fault(900908)),
        reply(200, {}),
        reply(200, b"<html>"),
    ],
    ids=["503", "retry after", "timeout", "forbidden", "no rows", "html"],
)
async def test_failing_locations_do_not_affect_extensions(answer):
    """Failures of /locations neither stop calls for extensions nor appear in `status`."""

    def served(request):
        if request.url.path.endswith("/locations"):
            if isinstance(answer, Exception):
                raise answer
            return answer
        return reply(200, live_one(JOHN))

    api = Api(served)
    async with client_of(api) as client:
        for _ in range(6):
            with pytest.raises(SourceError):
                await client.locations(deadline=soon(6))
        assert client.last_failure is None
        assert client.last_answer_at is None
        assert (await client.extension("789", deadline=soon())).number == "789"
    # After the first failures the locations are let alone.
    assert 1 <= sum(each.endswith("/locations") for each in api.paths) <= 2


async def test_locations_are_not_called_for_during_an_outage():
    """During an outage no card waits for the names of locations."""

    def silent(_request):
        raise httpx.ReadTimeout("x")

    api = Api(silent)
    async with client_of(api) as client:
        with pytest.raises(TimedOut):
            await client.extension("789", deadline=soon(6))
        with pytest.raises(Unavailable):
            await client.locations(deadline=soon())
    assert len(api.calls) == 1


TRACK_ID = "7f1b-0c2d"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (
            reply(302, b"", location="https://john.example/"),
            "Vonage redirects (status 302), and Ext follows no redirects.",
        ),
        (reply(200, b"John"), "The response is not a JSON object."),
        (reply(200, fault(101503)), "Vonage answered with status 200 and the fault 101503."),
        (reply(403, fault(900906)), "check VONAGE_BASE_URL"),
        (reply(200, {"_embedded": {"John": []}}), "carries no rows"),
        (reply(200, b"x" * (8 * 1024 * 1024 + 1)), "larger than 8 MB"),
        (reply(400, {"title": "John", "instance": TRACK_ID}), f"(track id {TRACK_ID})"),
        (reply(403, fault(900908)), "Forbidden: "),
        (reply(401, b"John"), "NotAuthorized: "),
    ],
    ids=["redirect", "no JSON", "fault", "path", "rows", "huge", "bad", "forbidden", "refused"],
)
async def test_failed_call_is_logged_without_its_content(answer, reason, caplog):
    """One warning for each call has the class and Ext's own text, and nothing of the response."""
    async with client_of(Api(answer)) as client:
        with pytest.raises(SourceError) as raised:
            await client.extensions(deadline=soon(), email="john.smith@example.com")
    warned = [each for each in caplog.records if each.levelname == "WARNING"]
    lines = [each.getMessage() for each in warned if each.name.startswith("bot.vonage")]
    assert len(lines) == 1
    assert type(raised.value).__name__ in lines[0]
    assert reason in lines[0]
    assert "\n" not in lines[0]
    assert "john" not in lines[0].lower()


def modules_in_tracebacks(error: BaseException | None) -> set[str]:
    """Return the modules whose frames an error and its causes keep alive."""
    modules: set[str] = set()
    while error:
        frames = traceback.walk_tb(error.__traceback__)
        modules |= {frame.f_globals["__name__"] for frame, _ in frames}
        error = error.__cause__ or error.__context__
    return modules


@pytest.mark.parametrize(
    "answer",
    [
        reply(200, b"x" * (limits.MAX_RESPONSE_BYTES + 1)),
        reply(200, b"John"),
        reply(200, {"_embedded": {"John": []}}),
        reply(403, fault(900908)),
        httpx.ReadTimeout("x"),
        ValueError("x"),
    ],
    ids=["huge", "no JSON", "rows", "forbidden", "time-out", "odd"],
)
async def test_failure_that_is_remembered_holds_no_response(answer):
    """A frame of the code that reads holds a body of up to 8 MB, until the next failure."""

    def respond(_request):
        if isinstance(answer, Exception):
            raise answer
        return answer

    async with client_of(Api(respond)) as client:
        with pytest.raises(SourceError) as raised:
            await client.extensions(deadline=soon(1))
        assert client.last_failure is raised.value
    modules = modules_in_tracebacks(raised.value)
    assert not modules & {transport.__name__, responses.__name__, resources.__name__}
    assert api_caller.__name__ in modules


@pytest.mark.parametrize(
    "instance",
    [
        "/extensions?email=john@example.com",
        "John Smith",
        "x" * 65,
        "a\nb",
        {"id": "John"},
        None,
        "",
    ],
)
async def test_odd_track_id_is_not_logged(instance, caplog):
    """The track id may be any text, so only a plain token is logged."""
    async with client_of(Api(reply(400, {"instance": instance}))) as client:
        with pytest.raises(BadParameters):
            await client.extensions(deadline=soon())
    assert "Vonage call failed: BadParameters" in caplog.text
    assert "track id" not in caplog.text
    assert "ohn" not in caplog.text


async def test_errors_and_log_hold_no_secret_and_no_person(caplog):
    """Tokens, passwords, names and looked-up numbers stay out of both."""
    caplog.set_level("DEBUG", logger="bot")
    words = []
    answers = [
        reply(500),
        reply(401),
        reply(400, {"title": "John"}),
        reply(200, b"John"),
        reply(429),
    ]
    for answer in answers:
        api = Api(answer, tokens=[granted("secret-token", refresh="secret-refresh")])
        async with client_of(api) as client:
            with pytest.raises(Exception) as raised:  # noqa: PT011 - any of ours
                await client.extensions(deadline=soon(), email="john.smith@example.com")
            words.append(repr(raised.value) + str(raised.value))
    said = " ".join(words) + caplog.text
    for hidden in ("secret", "john.smith", "John", "p@ss", "integration"):
        assert hidden not in said
