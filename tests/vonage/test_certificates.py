"""A server whose certificate can't be trusted: nothing is sent to it, and the reason is said."""

from __future__ import annotations

import datetime as dt
import ssl

import httpx
import pytest
import trustme

from bot.cards.source_errors import CERTIFICATE_REFUSED, what_happened
from bot.cli.doctor import diagnosis, vonage
from bot.errors import CertificateRefused
from bot.settings import Secret, Settings
from bot.vonage.transport import exchange
from tests.vonage.api import soon
from tests.vonage.raw_server import raw_server, response
from tests.vonage.test_hostile_server import client_at

# A handshake takes processor time, during which simulated time could jump to a time-out.
pytestmark = pytest.mark.real_time

NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)
GOOD, HOST = trustme.CA(), "127.0.0.1"


def server_context(kind: str) -> ssl.SSLContext:
    """The server's side: a certificate of `GOOD` with one thing wrong, or with nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if kind == "self-signed":
        with GOOD.private_key_pem.tempfile() as key, GOOD.cert_pem.tempfile() as cert:
            context.load_cert_chain(cert, key)
        return context
    start, end = {
        "expired": (NOW - 9 * DAY, NOW - DAY),
        "early": (NOW + DAY, NOW + 9 * DAY),
    }.get(kind, (NOW - DAY, NOW + DAY))
    host = "other.example" if kind == "host" else HOST
    authority = trustme.CA() if kind == "authority" else GOOD
    authority.issue_cert(host, not_before=start, not_after=end).configure_cert(context)
    return context


def trusting_client(kind: str) -> httpx.AsyncClient:
    """A client that trusts `GOOD`, except where its own certificate is the server's."""
    context = ssl.create_default_context()
    if kind != "self-signed":
        GOOD.configure_trust(context)
    return httpx.AsyncClient(verify=context)


REASONS = {
    "expired": "it has expired",
    "early": "it isn't valid yet",
    "host": "it's for another host",
    "self-signed": "it's self-signed",
    "authority": "its authority isn't trusted here",
}


@pytest.mark.parametrize(("kind", "reason"), REASONS.items(), ids=list(REASONS))
async def test_refused_certificate_is_named_and_nothing_is_sent(kind, reason, caplog):
    """People, the log and the metrics can tell it from a server that is down."""
    async with raw_server(response(b"{}"), tls=server_context(kind)) as server:
        url = f"https://{HOST}:{server.port}"
        async with client_at(url, trusting_client(kind)) as client:
            with pytest.raises(CertificateRefused) as raised:
                await client.extension("789", deadline=soon())
            assert raised.value.reason == reason
            assert isinstance(client.last_failure, CertificateRefused)
            with pytest.raises(CertificateRefused):  # the circuit breaker says the same
                await client.extension("789", deadline=soon())
            assert client.quota.left == 10_000
        assert server.requests == []
    assert what_happened(raised.value) == CERTIFICATE_REFUSED
    warned = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
    assert any(reason in line for line in warned)
    assert HOST not in caplog.text


async def test_trusted_certificate_is_accepted():
    """The tests above fail for their certificate, and not for TLS itself."""
    async with raw_server(response(b"{}"), tls=server_context("good")) as server:
        url = f"https://{HOST}:{server.port}/"
        async with trusting_client("good") as http:
            assert (await exchange(http, http.build_request("GET", url), soon())).body == b"{}"


@pytest.mark.parametrize(
    ("label", "setting"), [("login", "VONAGE_TOKEN_URL"), ("api", "VONAGE_BASE_URL")]
)
async def test_doctor_names_the_setting_and_what_to_check(label, setting):
    """The operator learns which address it is, and that the clock or a proxy may be the cause."""
    async with raw_server(response(b"{}"), tls=server_context("authority")) as server:
        url = f"https://{HOST}:{server.port}"
        settings = Settings(
            vonage_base_url=url,
            vonage_token_url=f"{url}/token",
            vonage_access_token=Secret("token") if label == "api" else Secret(""),
            vonage_account_id="self",
        )
        checks = [check async for check in vonage.checks(settings)]
    assert checks[-1].label == label
    assert checks[-1].seen == diagnosis.CERTIFICATE.format(host=HOST, reason=REASONS["authority"])
    assert checks[-1].remedy == diagnosis.CERTIFICATE_FIX.format(setting=setting)
