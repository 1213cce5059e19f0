"""The login in DATA_DIR: shared, encrypted, bound to its credentials, and never a dead end."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager

import pytest

from bot.errors import LoginRefused, NotAuthorized, Unavailable
from bot.limits import LOCK_OUT_S, LOGIN_LOCK_TIMEOUT_S, MAX_STORED_LOGINS
from bot.settings import Secret
from bot.vonage.login_store import Credentials, SharedLoginStore
from bot.vonage.shared_file import SharedFile
from tests.clock import Clock
from tests.vonage.api import CREDENTIALS, TOKEN_URL, Api, granted, login_of, refused, soon
from tests.vonage.samples import reply

DAY = 86_400.0


@asynccontextmanager
async def process(
    path, api, clock, credentials=CREDENTIALS, *, token_url=TOKEN_URL, wall_clock=None
):
    """The login of one process on a DATA_DIR."""
    store = SharedLoginStore(path / "login", token_url=token_url, credentials=credentials)
    async with login_of(api, clock, credentials, store=store, wall_clock=wall_clock) as login:
        yield login


async def token_in(path, api, clock, *args, **kwargs):
    """The token that a new process gets."""
    async with process(path, api, clock, *args, **kwargs) as login:
        return await login.token(soon())


async def test_restart_uses_the_same_token(tmp_path):
    """A start within the token's life makes no login."""
    api, clock = Api(), Clock()
    for _ in range(3):
        assert await token_in(tmp_path, api, clock) == "token-1"
        clock.advance(7 * 3600)
    assert len(api.logins) == 1


async def test_restart_near_the_end_renews_by_refresh_token(tmp_path):
    """The refresh token outlives restarts as well."""
    api, clock = Api(), Clock()
    await token_in(tmp_path, api, clock)
    clock.advance(DAY + 1)
    assert await token_in(tmp_path, api, clock) == "token-2"
    assert [each["grant_type"] for each in api.logins] == ["password", "refresh_token"]


async def test_processes_that_start_together_log_in_once(tmp_path):
    """One logs in, and the others wait for its token."""
    api, clock = Api(), Clock()
    tokens = await asyncio.gather(*(token_in(tmp_path, api, clock) for _ in range(8)))
    assert set(tokens) == {"token-1"}
    assert len(api.logins) == 1


async def test_processes_whose_token_is_refused_renew_once(tmp_path):
    """A refresh token works once: the second process takes the token of the first."""
    api, clock = Api(), Clock()
    async with process(tmp_path, api, clock) as first, process(tmp_path, api, clock) as second:
        for login in (first, second):
            assert await login.token(soon()) == "token-1"
        renewed = await asyncio.gather(
            first.renew("token-1", soon()), second.renew("token-1", soon())
        )
    assert set(renewed) == {"token-2"}
    assert len(api.logins) == 2


async def test_processes_that_renew_early_renew_once(tmp_path):
    """In the last minutes of a token's life, one process renews it for all."""
    api, clock = Api(), Clock()
    async with process(tmp_path, api, clock) as first, process(tmp_path, api, clock) as second:
        for login in (first, second):
            await login.token(soon())
        clock.advance(DAY - 100)
        for login in (first, second):
            await login.token(soon())
            await asyncio.sleep(1)
        assert [await first.token(soon()), await second.token(soon())] == ["token-2"] * 2
    assert len(api.logins) == 2


async def test_refusal_outlives_restarts(tmp_path):
    """Starts in a loop make one login in half an hour, and each says when the next one is."""
    api, clock = Api(tokens=[refused()]), Clock()
    for minute in range(30):
        with pytest.raises(LoginRefused) as raised:
            await token_in(tmp_path, api, clock)
        assert raised.value.retry_after == pytest.approx(LOCK_OUT_S - minute * 60)
        clock.advance(60)
    assert len(api.logins) == 1
    with pytest.raises(LoginRefused):
        await token_in(tmp_path, api, clock)
    assert len(api.logins) == 2


async def test_recall_reports_a_refusal_without_a_login(tmp_path):
    """A start that needs no call says what the run before it met."""
    api, clock = Api(tokens=[refused()]), Clock()
    async with process(tmp_path, api, clock) as login:
        await login.recall()
    with pytest.raises(LoginRefused):
        await token_in(tmp_path, api, clock)
    async with process(tmp_path, api, clock) as login:
        with pytest.raises(LoginRefused):
            await login.recall()
    assert len(api.logins) == 1


async def test_recalled_refusal_is_logged_once(tmp_path, caplog):
    """Calls after the start meet the same refusal, and one line says so."""
    api, clock = Api(tokens=[refused()]), Clock()
    with pytest.raises(LoginRefused):
        await token_in(tmp_path, api, clock)
    caplog.clear()
    async with process(tmp_path, api, clock) as login:
        for ask in (login.recall, lambda: login.token(soon()), lambda: login.token(soon())):
            with pytest.raises(LoginRefused):
                await ask()
    assert len(caplog.records) == 1


async def test_recall_with_a_refresh_token_reports_nothing(tmp_path):
    """While a login can be renewed, a refused password keeps nobody from an answer."""
    clock = Clock()
    api = Api(tokens=[granted("a", refresh="r"), refused(), granted("b", refresh="s")])
    async with process(tmp_path, api, clock) as login:
        await login.token(soon())
        with pytest.raises(LoginRefused):
            await login.force_login(soon())
        await login.recall()
        clock.advance(DAY)
        assert await login.token(soon()) == "b"
    assert [each["grant_type"] for each in api.logins] == ["password", "password", "refresh_token"]


CHANGES = {
    "client_id": Credentials(
        Secret("x"), CREDENTIALS.client_secret, CREDENTIALS.username, CREDENTIALS.password
    ),
    "client_secret": Credentials(
        CREDENTIALS.client_id, Secret("x"), CREDENTIALS.username, CREDENTIALS.password
    ),
    "username": Credentials(
        CREDENTIALS.client_id, CREDENTIALS.client_secret, Secret("x"), CREDENTIALS.password
    ),
    "password": Credentials(
        CREDENTIALS.client_id, CREDENTIALS.client_secret, CREDENTIALS.username, Secret("x")
    ),
    # The same letters, divided otherwise.
    "shifted": Credentials(
        CREDENTIALS.client_id,
        Secret(CREDENTIALS.client_secret.reveal() + CREDENTIALS.password.reveal()[:1]),
        CREDENTIALS.username,
        Secret(CREDENTIALS.password.reveal()[1:]),
    ),
}


@pytest.mark.parametrize("changed", CHANGES.values(), ids=CHANGES)
async def test_changed_credentials_are_tried_at_once_and_old_ones_stay_refused(tmp_path, changed):
    """Whichever of the four was corrected; going back does not cause another login."""
    clock = Clock()
    api = Api(tokens=[refused(), granted("good")])
    with pytest.raises(LoginRefused):
        await token_in(tmp_path, api, clock)
    assert await token_in(tmp_path, api, clock, changed) == "good"
    with pytest.raises(LoginRefused):
        await token_in(tmp_path, api, clock)
    assert await token_in(tmp_path, api, clock, changed) == "good"
    assert len(api.logins) == 2


async def test_login_at_another_token_url_is_another_login(tmp_path):
    """A token, like a refusal, belongs to the endpoint that gave it."""
    api, clock = Api(), Clock()
    await token_in(tmp_path, api, clock)
    other_url = "https://other.example/token"
    assert await token_in(tmp_path, api, clock, token_url=other_url) == "token-2"


async def test_file_holds_no_secret_in_plain_text(tmp_path):
    """A copy of DATA_DIR alone shows no token, no name and no password."""
    api, clock = Api(tokens=[granted("secret-access", refresh="secret-refresh")]), Clock()
    await token_in(tmp_path, api, clock)
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert content
    for secret in (b"secret-", b"integration", b"p@ss", b"key"):
        assert secret not in content
    assert (tmp_path / "login").stat().st_mode & 0o077 == 0


DAMAGES = {
    "empty": lambda content: b"",
    "binary": lambda content: bytes(range(256)),
    "not UTF-8": lambda content: b"\xff\xfe" + content,
    "cut": lambda content: content[:-9],
    "array": lambda content: b"[1, 2]",
    "null": lambda content: b"null",
    "nested": lambda content: b"[" * 100_000,
    "numbers": lambda content: json.dumps(dict.fromkeys(json.loads(content), 7)).encode(),
    "not base64": lambda content: json.dumps(dict.fromkeys(json.loads(content), "é!")).encode(),
    "another key": lambda content: json.dumps(
        dict.fromkeys(json.loads(content), "gAAAAA" + "A" * 94)
    ).encode(),
    "a changed letter": lambda content: content.replace(b"gAAAAAB", b"gAAAAAC"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("answer", [refused(), granted("a")], ids=["refused", "granted"])
async def test_damaged_file_costs_one_login_and_is_replaced(tmp_path, damage, answer):
    """The bot is neither locked out for ever, nor does it log in at each start."""
    api, clock = Api(tokens=[answer]), Clock()
    path = tmp_path / "login"

    async def start():
        try:
            await token_in(tmp_path, api, clock)
        except LoginRefused:
            return

    await start()
    path.write_bytes(damage(path.read_bytes()))
    for _ in range(3):
        await start()
    assert len(api.logins) == 2


@pytest.mark.parametrize("jump_s", [-400 * DAY, -3600.0, 3600.0, 400 * DAY])
async def test_set_wall_clock_changes_no_refusal(tmp_path, jump_s):
    """On the same machine the monotonic clock goes on; the wait ends within half an hour more."""
    api, clock, wall = Api(tokens=[refused()]), Clock(), Clock(1_800_000_000.0)
    for _ in range(5):
        with pytest.raises(LoginRefused):
            await token_in(tmp_path, api, clock, wall_clock=wall)
        wall.advance(jump_s)
    assert len(api.logins) == 1
    clock.advance(LOCK_OUT_S + 1)
    wall.advance(LOCK_OUT_S + 1)
    with pytest.raises(LoginRefused):
        await token_in(tmp_path, api, clock, wall_clock=wall)
    assert len(api.logins) == 2


@pytest.mark.parametrize("is_writable", [True, False])
async def test_refusal_in_the_far_future_ends_after_half_an_hour(tmp_path, is_writable):
    """After a start on a machine whose clocks are behind, with restarts and without."""
    api, clock, wall = Api(tokens=[refused(), granted("a")]), Clock(), Clock(1_800_000_000.0)
    with pytest.raises(LoginRefused):
        await token_in(tmp_path, api, clock, wall_clock=wall)
    clock, wall = Clock(10.0), Clock(1_700_000_000.0)
    if not is_writable:
        (tmp_path / "login.new").mkdir()
    async with process(tmp_path, api, clock, wall_clock=wall) as login:
        for _ in range(6):
            with pytest.raises(LoginRefused):
                await login.token(soon())
            if is_writable:
                with pytest.raises(LoginRefused):
                    await token_in(tmp_path, api, clock, wall_clock=wall)
            for each in (clock, wall):
                each.advance(LOCK_OUT_S / 6 + 1)
        assert await login.token(soon()) == "a"


async def test_unwritable_disk_leaves_each_process_its_own_login(tmp_path):
    """Within one process everything is as with a disk."""
    (tmp_path / "login.new").mkdir()
    api, clock = Api(), Clock()
    async with process(tmp_path, api, clock) as login:
        assert await login.token(soon()) == "token-1"
        assert await login.renew("token-1", soon()) == "token-2"
        clock.advance(DAY)
        assert await login.token(soon()) == "token-3"
    grants = [each["grant_type"] for each in api.logins]
    assert grants == ["password", "refresh_token", "refresh_token"]
    assert await token_in(tmp_path, api, clock) == "token-4"


async def test_login_waits_for_that_of_another_process(tmp_path):
    """While another process logs in, this one keeps to its deadline, and then takes over."""
    api, clock = Api(), Clock()
    async with process(tmp_path, api, clock) as login:
        with SharedFile(tmp_path / "login").locked() as is_locked:
            assert is_locked
            with pytest.raises(Unavailable):
                await login.token(soon(2))
            assert not api.logins
        assert await login.token(soon()) == "token-1"


async def test_process_that_hangs_during_its_login_is_reported(tmp_path):
    """Nobody waits for it for ever, and nobody logs in beside it."""
    api = Api()
    async with process(tmp_path, api, Clock()) as login:
        with (
            SharedFile(tmp_path / "login").locked(),
            pytest.raises(Unavailable, match="Another process"),
        ):
            await login.token(soon(LOGIN_LOCK_TIMEOUT_S + 5))
    assert not api.logins


async def test_failing_endpoint_is_no_refusal_over_a_restart(tmp_path):
    """Only a refused login is remembered."""
    api, clock = Api(tokens=[reply(502), granted("a")]), Clock()
    with pytest.raises(Unavailable):
        await token_in(tmp_path, api, clock)
    assert await token_in(tmp_path, api, clock) == "a"


async def test_stored_token_that_the_api_refuses_is_renewed(tmp_path):
    """A token that was revoked while no process ran costs one renewal."""
    api, clock = Api(), Clock()
    await token_in(tmp_path, api, clock)
    async with process(tmp_path, api, clock) as login:
        token = await login.token(soon())
        assert await login.renew(token, soon()) == "token-2"
        login.record_renewed_refusal()
        with pytest.raises(NotAuthorized):
            await login.renew("token-2", soon())
    assert len(api.logins) == 2


async def test_forced_login_is_made_although_there_is_a_token(tmp_path):
    """`doctor` sees what Vonage says now, and other processes get the new token in time."""
    api, clock = Api(), Clock()
    async with process(tmp_path, api, clock) as bot, process(tmp_path, api, clock) as doctor:
        assert await bot.token(soon()) == "token-1"
        assert await doctor.force_login(soon()) == "token-2"
        assert await bot.token(soon()) == "token-1"
        assert await bot.renew("token-1", soon()) == "token-2"
    assert [each["grant_type"] for each in api.logins] == ["password", "password"]


async def test_forced_login_is_not_made_after_a_refusal(tmp_path):
    """Running `doctor` again and again does not make Vonage lock the user for longer."""
    api, clock = Api(tokens=[refused()]), Clock()
    for _ in range(3):
        async with process(tmp_path, api, clock) as doctor:
            with pytest.raises(LoginRefused):
                await doctor.force_login(soon())
    assert len(api.logins) == 1


async def test_logins_of_many_credentials_are_not_all_kept(tmp_path):
    """The file stays small; the latest ones stay."""
    api, clock = Api(), Clock()
    for each in range(MAX_STORED_LOGINS + 3):
        await token_in(tmp_path, api, clock, Credentials(Secret("key"), password=Secret(f"{each}")))
    assert len(json.loads((tmp_path / "login").read_bytes())) == MAX_STORED_LOGINS
    await token_in(tmp_path, api, clock, Credentials(Secret("key"), password=Secret(f"{each}")))
    assert len(api.logins) == MAX_STORED_LOGINS + 3
