"""The login: one at a time, renewed in time, and never tried again once refused."""

from __future__ import annotations

import asyncio
from email.utils import formatdate

import httpx
import pytest

from bot.errors import LoginRefused, NotAuthorized, OverQuota, Unavailable, UnexpectedReply
from bot.settings import Secret
from bot.vonage import circuit_breaker
from bot.vonage.api_caller import PROBE_LIMIT
from bot.vonage.auth import LOCK_OUT, PAUSE, Credentials, StaticToken
from bot.vonage.transport import TimedOut
from tests.clock import Clock
from tests.vonage.api import Api, granted, login_of, refused, soon
from tests.vonage.samples import reply


async def test_the_password_grant_goes_in_the_body():
    """The form has every field, the tenant's suffix, and special characters as they are."""
    api, clock = Api(), Clock()
    async with login_of(api, clock) as login:
        assert await login.token(soon()) == "token-1"
    assert api.logins == [
        {
            "grant_type": "password",
            "scope": "openid",
            "username": "integration@vbc.prod",
            "password": "p@ss word&=%",
            "client_id": "key",
            "client_secret": "key-secret",
        }
    ]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("integration", "integration@vbc.prod"),
        ("integration@vbc.prod", "integration@vbc.prod"),
        ("ann@example.com", "ann@example.com@vbc.prod"),
    ],
)
async def test_the_user_name_gets_its_suffix_once(typed, sent):
    """`@vbc.prod` is added unless it is there, also to a login that is an email address."""
    api = Api()
    async with login_of(api, Clock(), Credentials(username=Secret(typed))) as login:
        await login.token(soon())
    assert api.logins[0]["username"] == sent


async def test_two_hundred_who_wait_cost_one_login():
    """However many need a token at once, there is one login."""
    api = Api()
    async with login_of(api, Clock()) as login:
        tokens = await asyncio.gather(*(login.token(soon()) for _ in range(200)))
    assert set(tokens) == {"token-1"}
    assert len(api.logins) == 1


async def test_one_who_gives_up_does_not_end_the_login_of_others():
    """The first asker's cancellation leaves the login to the second."""
    gate = asyncio.Event()

    async def slow(_request):
        await gate.wait()
        return granted("late")

    api = Api(tokens=[slow])
    async with login_of(api, Clock()) as login:
        first = asyncio.create_task(login.token(soon()))
        second = asyncio.create_task(login.token(soon()))
        await asyncio.sleep(0.01)
        first.cancel()
        gate.set()
        assert await second == "late"
        with pytest.raises(asyncio.CancelledError):
            await first
    assert len(api.logins) == 1


async def settled():
    """Let a login in the background run to its end."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_token_is_renewed_before_it_ends():
    """Shortly before `expires_in` is over the refresh token is used, and rotates."""
    api, clock = Api(), Clock()
    async with login_of(api, clock) as login:
        await login.token(soon())
        clock.advance(86400 - 200)
        assert await login.token(soon()) == "token-1"
        await settled()
        assert len(api.logins) == 1
        clock.advance(30)
        await login.token(soon())
        await settled()
        assert await login.token(soon()) == "token-2"
        clock.advance(86400)
        assert await login.token(soon()) == "token-3"
    grants = [(each["grant_type"], each.get("refresh_token")) for each in api.logins]
    assert grants == [
        ("password", None),
        ("refresh_token", "refresh-1"),
        ("refresh_token", "refresh-2"),
    ]


async def test_nobody_waits_for_an_early_renewal():
    """While the endpoint is silent the token that is still valid is given at once, to all."""
    gate = asyncio.Event()

    async def slow(_request):
        await gate.wait()
        return granted("new")

    clock = Clock()
    api = Api(tokens=[granted("old"), slow])
    async with login_of(api, clock) as login:
        await login.token(soon())
        clock.advance(86400 - 100)
        assert [await login.token(soon(0.1)) for _ in range(5)] == ["old"] * 5
        gate.set()
        await settled()
        assert await login.token(soon()) == "new"
    assert len(api.logins) == 2


@pytest.mark.parametrize(
    "failure",
    [
        reply(502, b"<html>"),
        reply(429),
        reply(200, b"<html>"),
        refused(),
        httpx.ReadTimeout("x"),
        httpx.ConnectError("x"),
    ],
    ids=["502", "429", "no token", "refused", "too late", "no connection"],
)
async def test_a_failed_renewal_keeps_the_token_that_is_still_valid(failure):
    """Only its real end ends a token; until then renewals are tried, and not at each call."""
    clock = Clock()
    api = Api(tokens=[granted("old"), failure])
    async with login_of(api, clock) as login:
        await login.token(soon())
        clock.advance(86400 - 170)
        for _ in range(10):
            assert await login.token(soon()) == "old"
            await settled()
        assert len(api.logins) == 2
        clock.advance(169)
        assert await login.token(soon()) == "old"
        clock.advance(1)
        with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the failure stands for
            await login.token(soon())


async def test_a_failed_renewal_is_tried_again_a_little_later():
    """After a pause the next one is tried, and its token is used."""
    clock = Clock()
    api = Api(tokens=[granted("old"), reply(502), granted("new")])
    async with login_of(api, clock) as login:
        await login.token(soon())
        clock.advance(86400 - 170)
        await login.token(soon())
        await settled()
        clock.advance(PAUSE)
        assert await login.token(soon()) == "old"
        await settled()
        assert await login.token(soon()) == "new"


async def test_a_used_refresh_token_leads_back_to_the_password():
    """A refresh token that is refused is not a refused login: the password is tried."""
    clock = Clock()
    api = Api(tokens=[granted("a", refresh="r"), refused(), granted("b")])
    async with login_of(api, clock) as login:
        await login.token(soon())
        clock.advance(86400)
        assert await login.token(soon()) == "b"
    assert [each["grant_type"] for each in api.logins] == ["password", "refresh_token", "password"]


@pytest.mark.parametrize(("life", "seconds"), [("100", 80), (100.0, 80), (None, 2880), ("x", 2880)])
async def test_the_life_that_is_told_is_trusted(life, seconds):
    """`expires_in` may be short, a text or missing; the token is renewed in its last part."""
    clock = Clock()
    api = Api(tokens=[granted("a", life=life), granted("b")])
    async with login_of(api, clock) as login:
        await login.token(soon())
        clock.advance(seconds - 1)
        early = await login.token(soon())
        clock.advance(3600)
        late = await login.token(soon())
    assert (early, late) == ("a", "b")


@pytest.mark.parametrize(
    ("error", "status"),
    [("invalid_grant", 400), ("invalid_client", 401), ("unsupported_grant_type", 400)],
)
async def test_after_a_refused_login_there_is_none_for_half_an_hour(error, status, caplog):
    """A lock-out lasts 30 minutes from the last try, so there is no other before."""
    clock = Clock()
    api = Api(tokens=[refused(error, status)])
    async with login_of(api, clock) as login:
        for _ in range(5):
            with pytest.raises(LoginRefused) as raised:
                await login.token(soon())
        clock.advance(LOCK_OUT - 1)
        with pytest.raises(LoginRefused):
            await login.token(soon())
        assert len(api.logins) == 1
        clock.advance(2)
        with pytest.raises(LoginRefused):
            await login.token(soon())
    assert len(api.logins) == 2
    assert raised.value.retry_after == LOCK_OUT
    assert error in caplog.text
    assert "integration" not in caplog.text


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (reply(502, b"<html>Bad gateway</html>"), Unavailable),
        (reply(429), OverQuota),
        (reply(404, b"not here"), UnexpectedReply),
        (reply(302), UnexpectedReply),
        (reply(200, b"<html>"), UnexpectedReply),
        (reply(200, {"token_type": "Bearer"}), UnexpectedReply),
        (reply(200, {"access_token": None}), UnexpectedReply),
        (reply(200, {"access_token": " "}), UnexpectedReply),
        (httpx.ConnectError("x"), Unavailable),
    ],
)
async def test_a_fault_of_the_token_endpoint_is_no_refused_login(answer, error):
    """After a fault there is a short pause in which it is told without a request, then a try."""
    clock = Clock()
    api = Api(tokens=[answer, granted("later")])
    async with login_of(api, clock) as login:
        for _ in range(5):
            with pytest.raises(error) as raised:
                await login.token(soon())
            assert not isinstance(raised.value, LoginRefused)
        assert len(api.logins) == 1
        wait = raised.value.retry_after
        assert wait == (60 if error is OverQuota else PAUSE)
        clock.advance(wait - 0.1)
        with pytest.raises(error) as raised:
            await login.token(soon())
        assert raised.value.retry_after == pytest.approx(0.1)
        clock.advance(0.1)
        assert await login.token(soon()) == "later"
    assert len(api.logins) == 2


def test_recovery_is_noticed_in_half_a_minute():
    """A probe that falls into the pause is followed by one that does not."""
    assert PAUSE + circuit_breaker.PAUSES[-1] + PROBE_LIMIT <= 30


@pytest.mark.parametrize(
    ("status", "asked", "seconds"),
    [
        (429, "7", 7.0),
        (429, "2", PAUSE),
        (429, formatdate(1_788_624_020, usegmt=True), 20.0),
        (429, None, 60.0),
        (503, "40", 40.0),
    ],
    ids=["seconds", "short", "date", "none", "503"],
)
async def test_the_time_that_the_token_endpoint_names_is_kept(status, asked, seconds):
    """`Retry-After` in either writing is told, and nothing is asked before."""
    clock = Clock()
    headers = {"retry_after": asked} if asked else {}
    api = Api(tokens=[reply(status, **headers), granted("later")])
    async with login_of(api, clock) as login:
        with pytest.raises((OverQuota, Unavailable)) as raised:
            await login.token(soon())
        assert raised.value.retry_after == seconds
        clock.advance(seconds - 1)
        with pytest.raises((OverQuota, Unavailable)):
            await login.token(soon())
        assert len(api.logins) == 1
        clock.advance(1)
        assert await login.token(soon()) == "later"


@pytest.mark.parametrize("status", [200, 302, 400, 401, 404, 429, 500, 502, 503])
@pytest.mark.parametrize(
    "body",
    [
        {"error": "invalid_grant"},
        {"error": "invalid_client", "access_token": None},
        {"error": "server_error", "error_description": "17003 - locked: integration"},
        b"<ams:fault>17002 integration</ams:fault>",
        {"code": 17001},
    ],
    ids=["grant", "client", "locked", "xml", "code"],
)
async def test_a_refusal_counts_whatever_its_status(status, body, caplog):
    """OAuth's and the identity server's codes bar the next login also in a 200 or a 500."""
    api = Api(tokens=[reply(status, body)])
    clock = Clock()
    async with login_of(api, clock) as login:
        with pytest.raises(LoginRefused):
            await login.token(soon())
        clock.advance(LOCK_OUT - 1)
        with pytest.raises(LoginRefused):
            await login.token(soon())
    assert len(api.logins) == 1
    assert "integration" not in caplog.text


@pytest.mark.parametrize("token", ["a.17002.b", "17003"])
async def test_digits_in_a_token_are_no_refusal(token):
    """A grant is a grant, whatever its token happens to hold."""
    async with login_of(Api(tokens=[granted(token)]), Clock()) as login:
        assert await login.token(soon()) == token


@pytest.mark.parametrize("status", [200, 400, 500])
async def test_a_refresh_token_may_be_refused_with_any_status(status):
    """The password is tried at once then, and the login counts as accepted."""
    clock = Clock()
    api = Api(
        tokens=[granted("a", refresh="r"), reply(status, {"error": "invalid_grant"}), granted("b")]
    )
    async with login_of(api, clock) as login:
        await login.token(soon())
        clock.advance(86400)
        assert await login.token(soon()) == "b"


async def test_why_there_is_no_token_is_logged_once_a_try(caplog):
    """The status stands in the log, and the pause adds no lines."""
    async with login_of(Api(tokens=[reply(404, b"John")]), Clock()) as login:
        for _ in range(3):
            with pytest.raises(UnexpectedReply):
                await login.token(soon())
    assert caplog.text.count("gave no token (status 404)") == 1
    assert "John" not in caplog.text


async def test_a_silent_token_endpoint_costs_no_more_than_the_deadline():
    """An asker with little time left is told so in time."""

    async def silent(_request):
        await asyncio.sleep(0.2)
        return granted("late")

    async with login_of(Api(tokens=[silent]), Clock()) as login:
        with pytest.raises(TimedOut):
            await login.token(soon(0.05))


async def test_twenty_refused_calls_cost_one_renewal():
    """All who held the token that was refused share the next one."""
    api = Api()
    async with login_of(api, Clock()) as login:
        old = await login.token(soon())
        renewed = await asyncio.gather(*(login.renew(old, soon()) for _ in range(20)))
        assert set(renewed) == {"token-2"}
        assert await login.renew(old, soon()) == "token-2"
    assert len(api.logins) == 2


async def test_a_renewed_token_that_is_refused_is_final_for_a_while():
    """Logging in again does not help a user who lacks a right, until a little later."""
    api, clock = Api(), Clock()
    async with login_of(api, clock) as login:
        token = await login.token(soon())
        login.denied()
        with pytest.raises(NotAuthorized):
            await login.renew(token, soon())
        clock.advance(26)
        assert await login.renew(token, soon()) == "token-2"
    assert len(api.logins) == 2


async def test_a_static_token_is_used_and_cannot_be_renewed():
    """A token from the settings is all there is."""
    auth = StaticToken(Secret("static"))
    assert await auth.token(soon()) == "static"
    with pytest.raises(NotAuthorized):
        await auth.renew("static", soon())
