"""The login: shared by all callers, renewed in time, and not retried once refused."""

from __future__ import annotations

import asyncio
from email.utils import formatdate

import httpx
import pytest

from bot.errors import LoginRefused, NotAuthorized, OverQuota, Unavailable, UnexpectedReply
from bot.limits import (
    LOCK_OUT_S,
    LOGIN_PAUSE_S,
    LOGIN_TIMEOUT_S,
    MAX_TOKEN_CHARS,
    PROBE_PAUSES_S,
    PROBE_TIMEOUT_S,
    THROTTLE_PAUSES_S,
)
from bot.settings import Secret
from bot.vonage.auth import StaticToken
from bot.vonage.login_store import Credentials
from bot.vonage.transport import TimedOut
from tests.clock import Clock
from tests.vonage.api import Api, granted, login_of, refused, soon
from tests.vonage.samples import reply


async def test_password_grant_is_sent_in_the_body():
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
async def test_user_name_gets_its_suffix_once(typed, sent):
    """`@vbc.prod` is added unless it is there, also to a login that is an email address."""
    api = Api()
    async with login_of(api, Clock(), Credentials(username=Secret(typed))) as login:
        await login.token(soon())
    assert api.logins[0]["username"] == sent


async def test_concurrent_callers_share_one_login():
    """200 calls that need a token at the same time cause one login."""
    api = Api()
    async with login_of(api, Clock()) as login:
        tokens = await asyncio.gather(*(login.token(soon()) for _ in range(200)))
    assert set(tokens) == {"token-1"}
    assert len(api.logins) == 1


async def test_cancelled_caller_leaves_the_login_to_others():
    """The login goes on when the caller that started it is cancelled."""
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


async def settle():
    """Let a login in the background run to its end."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_token_near_its_end_is_renewed():
    """Shortly before `expires_in` is over the refresh token is used, and replaced by a new one."""
    api, clock = Api(), Clock()
    async with login_of(api, clock) as login:
        await login.token(soon())
        clock.advance(86400 - 200)
        assert await login.token(soon()) == "token-1"
        await settle()
        assert len(api.logins) == 1
        clock.advance(30)
        await login.token(soon())
        await settle()
        assert await login.token(soon()) == "token-2"
        clock.advance(86400)
        assert await login.token(soon()) == "token-3"
    grants = [(each["grant_type"], each.get("refresh_token")) for each in api.logins]
    assert grants == [
        ("password", None),
        ("refresh_token", "refresh-1"),
        ("refresh_token", "refresh-2"),
    ]


async def test_early_renewal_makes_nobody_wait():
    """While the endpoint is silent, all callers get the token that is still valid at once."""
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
        await settle()
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
async def test_failed_renewal_keeps_the_valid_token(failure):
    """The token is used until it expires; until then renewals are tried, but not at each call."""
    clock = Clock()
    api = Api(tokens=[granted("old"), failure])
    async with login_of(api, clock) as login:
        await login.token(soon())
        clock.advance(86400 - 170)
        for _ in range(10):
            assert await login.token(soon()) == "old"
            await settle()
        assert len(api.logins) == 2
        clock.advance(169)
        assert await login.token(soon()) == "old"
        clock.advance(1)
        with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the failure stands for
            await login.token(soon())


async def test_failed_renewal_is_retried_after_a_pause():
    """After the pause the next call renews, and the new token is used."""
    clock = Clock()
    api = Api(tokens=[granted("old"), reply(502), granted("new")])
    async with login_of(api, clock) as login:
        await login.token(soon())
        clock.advance(86400 - 170)
        await login.token(soon())
        await settle()
        clock.advance(LOGIN_PAUSE_S)
        assert await login.token(soon()) == "old"
        await settle()
        assert await login.token(soon()) == "new"


async def test_refused_refresh_token_falls_back_to_the_password():
    """A refused refresh token is not a refused login: the password is tried."""
    clock = Clock()
    api = Api(tokens=[granted("a", refresh="r"), refused(), granted("b")])
    async with login_of(api, clock) as login:
        await login.token(soon())
        clock.advance(86400)
        assert await login.token(soon()) == "b"
    assert [each["grant_type"] for each in api.logins] == ["password", "refresh_token", "password"]


@pytest.mark.parametrize(("life", "seconds"), [("100", 80), (100.0, 80), (None, 2880), ("x", 2880)])
async def test_expires_in_decides_when_a_token_is_renewed(life, seconds):
    """`expires_in` may be short, a text or missing; the token is renewed in its last fifth."""
    clock = Clock()
    api = Api(tokens=[granted("a", life=life), granted("b")])
    async with login_of(api, clock) as login:
        await login.token(soon())
        clock.advance(seconds - 1)
        before = await login.token(soon())
        clock.advance(3600)
        after = await login.token(soon())
    assert (before, after) == ("a", "b")


@pytest.mark.parametrize(
    ("error", "status"),
    [("invalid_grant", 400), ("invalid_client", 401), ("unsupported_grant_type", 400)],
)
async def test_refused_login_is_not_retried_for_half_an_hour(error, status, caplog):
    """Vonage's lock lasts 30 minutes from the last try, so there is no other try before."""
    clock = Clock()
    api = Api(tokens=[refused(error, status)])
    async with login_of(api, clock) as login:
        for _ in range(5):
            with pytest.raises(LoginRefused) as raised:
                await login.token(soon())
        clock.advance(LOCK_OUT_S - 1)
        with pytest.raises(LoginRefused):
            await login.token(soon())
        assert len(api.logins) == 1
        clock.advance(2)
        with pytest.raises(LoginRefused):
            await login.token(soon())
    assert len(api.logins) == 2
    assert raised.value.retry_after == LOCK_OUT_S
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
async def test_failing_token_endpoint_is_no_refused_login(answer, error):
    """For a short pause the error is raised again without a request; then the login is retried."""
    clock = Clock()
    api = Api(tokens=[answer, granted("later")])
    async with login_of(api, clock) as login:
        for _ in range(5):
            with pytest.raises(error) as raised:
                await login.token(soon())
            assert not isinstance(raised.value, LoginRefused)
        assert len(api.logins) == 1
        wait = raised.value.retry_after
        assert wait == LOGIN_PAUSE_S
        clock.advance(wait - 0.1)
        with pytest.raises(error) as raised:
            await login.token(soon())
        assert raised.value.retry_after == pytest.approx(0.1)
        clock.advance(0.1)
        assert await login.token(soon()) == "later"
    assert len(api.logins) == 2


def test_recovery_is_noticed_within_half_a_minute():
    """A probe that falls into the login's pause is followed by one that does not."""
    assert LOGIN_PAUSE_S + PROBE_PAUSES_S[-1] + PROBE_TIMEOUT_S <= 30


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [
        (429, "7", 7.0),
        (429, "2", LOGIN_PAUSE_S),
        (429, formatdate(1_788_624_020, usegmt=True), 20.0),
        (429, None, THROTTLE_PAUSES_S[0]),
        (503, "40", 40.0),
    ],
    ids=["seconds", "short", "date", "none", "503"],
)
async def test_retry_after_of_token_endpoint_delays_next_login(status, header, seconds):
    """`Retry-After` in either format is reported, and no request is made before."""
    clock = Clock()
    headers = {"retry_after": header} if header else {}
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


async def test_login_throttled_without_a_time_is_repeated_after_longer_pauses():
    """Single logins find out whether the throttle is over; a login that works ends the pauses."""
    clock = Clock()
    api = Api(tokens=[reply(429)] * 6 + [granted("later", life=0), reply(429)])
    async with login_of(api, clock) as login:
        waits = []
        for _ in range(6):
            with pytest.raises(OverQuota) as raised:
                await login.token(soon())
            waits.append(raised.value.retry_after or 0.0)
            clock.advance(waits[-1])
        assert waits == [*THROTTLE_PAUSES_S, THROTTLE_PAUSES_S[-1]]
        assert await login.token(soon()) == "later"
        with pytest.raises(OverQuota) as raised:
            await login.token(soon())
        assert raised.value.retry_after == THROTTLE_PAUSES_S[0]


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
async def test_refusal_with_any_status_counts(status, body, caplog):
    """OAuth's and the identity server's codes prevent the next login even in a 200 or a 500."""
    api = Api(tokens=[reply(status, body)])
    clock = Clock()
    async with login_of(api, clock) as login:
        with pytest.raises(LoginRefused):
            await login.token(soon())
        clock.advance(LOCK_OUT_S - 1)
        with pytest.raises(LoginRefused):
            await login.token(soon())
    assert len(api.logins) == 1
    assert "integration" not in caplog.text


@pytest.mark.parametrize("token", ["a.17002.b", "17003"])
async def test_refusal_code_inside_a_token_is_no_refusal(token):
    """A token response is accepted, whatever digits its token has."""
    async with login_of(Api(tokens=[granted(token)]), Clock()) as login:
        assert await login.token(soon()) == token


@pytest.mark.parametrize("status", [200, 400, 500])
async def test_refused_refresh_token_with_any_status_falls_back(status):
    """The password is tried at once, and the login counts as accepted."""
    clock = Clock()
    api = Api(
        tokens=[granted("a", refresh="r"), reply(status, {"error": "invalid_grant"}), granted("b")]
    )
    async with login_of(api, clock) as login:
        await login.token(soon())
        clock.advance(86400)
        assert await login.token(soon()) == "b"


async def test_failed_login_is_logged_once_per_try(caplog):
    """The status is logged, and calls during the pause add no lines."""
    async with login_of(Api(tokens=[reply(404, b"John")]), Clock()) as login:
        for _ in range(3):
            with pytest.raises(UnexpectedReply):
                await login.token(soon())
    assert caplog.text.count("gave no token (status 404)") == 1
    assert "John" not in caplog.text


async def test_silent_token_endpoint_times_out_at_the_deadline():
    """A caller with little time left gets the error in time."""

    async def silent(_request):
        await asyncio.sleep(0.2)
        return granted("late")

    async with login_of(Api(tokens=[silent]), Clock()) as login:
        with pytest.raises(TimedOut):
            await login.token(soon(0.05))


async def test_concurrent_refused_calls_share_one_renewal():
    """All callers that held the refused token share the next one."""
    api = Api()
    async with login_of(api, Clock()) as login:
        old = await login.token(soon())
        renewed = await asyncio.gather(*(login.renew(old, soon()) for _ in range(20)))
        assert set(renewed) == {"token-2"}
        assert await login.renew(old, soon()) == "token-2"
    assert len(api.logins) == 2


async def test_refused_renewed_token_prevents_logins_for_a_while():
    """Another login does not help a user who lacks a permission, until a little later."""
    api, clock = Api(), Clock()
    async with login_of(api, clock) as login:
        token = await login.token(soon())
        login.record_renewed_refusal()
        with pytest.raises(NotAuthorized):
            await login.renew(token, soon())
        clock.advance(26)
        assert await login.renew(token, soon()) == "token-2"
    assert len(api.logins) == 2


async def test_static_token_cannot_be_renewed():
    """A token from the settings is the only one."""
    auth = StaticToken(Secret("static"))
    assert await auth.token(soon()) == "static"
    with pytest.raises(NotAuthorized):
        await auth.renew("static", soon())


@pytest.mark.parametrize(
    "token",
    [
        *(
            "a b",
            "a\r\nX-Evil: 1",
            "a\n",
            "\x00",
            "tök",
            "ключ",
            "\u2028",
            "x" * 1_000_000,
        ),
        *(7, 1.5, True, ["a"], {"a": "b"}),
    ],
    ids=lambda each: repr(each)[:20],
)
@pytest.mark.parametrize("life", [3600, 1e300])
async def test_unsendable_token_is_a_plain_failure(token, life, caplog):
    """A token that no header can carry is refused when it comes, and nothing of it is logged."""
    api = Api(tokens=[granted(token, life=life)])
    async with login_of(api, Clock()) as login:
        with pytest.raises(UnexpectedReply):
            await login.token(soon())
    assert str(token)[:100] not in caplog.text or not isinstance(token, str)
    assert "Evil" not in caplog.text


@pytest.mark.parametrize("refresh", ["a b", "\n", "é", "x" * (MAX_TOKEN_CHARS + 1), 7, [], None])
async def test_unsendable_refresh_token_is_dropped(refresh):
    """The access token is good, so the next login is by password."""
    clock = Clock()
    api = Api(tokens=[granted("a", refresh=refresh, life=100), granted("b")])
    async with login_of(api, clock) as login:
        assert await login.token(soon()) == "a"
        clock.advance(100)
        assert await login.token(soon()) == "b"
    assert [each["grant_type"] for each in api.logins] == ["password", "password"]


@pytest.mark.parametrize(
    "life",
    [
        *(1e300, 10**300, "9" * 20, "9" * 5_000, 1e18, -1, -1e300, "-5", "nan", "inf", "1e400"),
        *(True, False, [], {}, "", "soon", "٣"),
    ],
    ids=lambda each: repr(each)[:20],
)
async def test_odd_life_of_a_token_is_at_most_a_day(life):
    """The token works, and is renewed after a day at the latest."""
    clock = Clock()
    api = Api(tokens=[granted("a", life=life), granted("b")])
    async with login_of(api, clock) as login:
        assert await login.token(soon()) == "a"
        clock.advance(1_800)
        assert await login.token(soon()) == "a"
        clock.advance(24 * 3_600)
        assert await login.token(soon()) == "b"


@pytest.mark.parametrize("token", ["a b", "a\n", "schlüssel", "\ud800"])
async def test_static_token_that_no_header_carries_is_not_authorized(token):
    """The setting is wrong, which is a plain failure and no exception of the HTTP client."""
    with pytest.raises(NotAuthorized):
        await StaticToken(Secret(token)).token(soon())


@pytest.mark.parametrize("status", [200, 500])
async def test_refusal_in_malformed_json_is_recognized(status):
    """A refusal that can't be read would be repeated until Vonage locks the user."""
    api = Api(tokens=[reply(status, b'{"error": "invalid_grant", "expires_in": NaN}')])
    async with login_of(api, Clock()) as login:
        with pytest.raises(LoginRefused):
            await login.token(soon())


async def test_login_that_hangs_is_given_up_and_made_again():
    """All callers share one login, so one without an end would be the last of this process."""

    async def silent(_request):
        await asyncio.Event().wait()

    clock = Clock()
    api = Api(tokens=[silent, granted("a")])
    async with login_of(api, clock) as login:
        with pytest.raises(TimedOut):
            await login.token(soon(1))
        await asyncio.sleep(LOGIN_TIMEOUT_S)
        clock.advance(LOGIN_PAUSE_S)
        assert await login.token(soon()) == "a"
    assert len(api.logins) == 2


async def test_forced_login_that_hangs_times_out():
    """The doctor reports it like any other call that gets no response in time."""

    async def silent(_request):
        await asyncio.Event().wait()

    async with login_of(Api(tokens=[silent]), Clock()) as login:
        with pytest.raises(TimedOut):
            await login.force_login(soon(1))
