"""The fake Vonage API against its contract, by generated calls, in both envelopes."""

from __future__ import annotations

import schemathesis

from bot.sandbox.vonage.app import create_vonage
from bot.sandbox.vonage.options import Options
from tests.sandbox.vonage.calling import LOGIN
from tests.sandbox.vonage.contract import contract

CONFIG = {
    "generation": {
        "max-examples": 30,
        "deterministic": True,
        "database": "none",
        "with-security-parameters": False,  # every call is signed in; the checks try without
    }
}


def _schema(envelope):
    schema = schemathesis.openapi.from_dict(
        contract(envelope), config=schemathesis.Config.from_dict(CONFIG)
    )
    schema.app = create_vonage(Options(envelope=envelope, quota=0))
    return schema


def _signed_in(app):
    token = app.state.vonage.tokens.issue(LOGIN)["access_token"]
    return {"Authorization": f"Bearer {token}", "Accept": "application/json"}


LIVE = _schema("live")
DOCUMENT = _schema("document")
LIVE_HEADERS = _signed_in(LIVE.app)
DOCUMENT_HEADERS = _signed_in(DOCUMENT.app)


@LIVE.parametrize()
def test_live_response_keeps_the_contract(case):
    """Any call, right or wrong, gets a response of the live contract."""
    case.call_and_validate(headers=LIVE_HEADERS)


@DOCUMENT.parametrize()
def test_documented_response_keeps_the_contract(case):
    """Any call, right or wrong, gets a response of the document's contract."""
    case.call_and_validate(headers=DOCUMENT_HEADERS)
