"""The state and the configuration of the fake Vonage API, in one object that tests can change."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from copy import copy

from starlette.requests import Request
from starlette.responses import Response

from bot.sandbox.company.entries import Entry
from bot.sandbox.company.people import build_company
from bot.sandbox.faults import Faults
from bot.sandbox.request_errors import ErrorResponse, RequestRefused
from bot.sandbox.request_log import RequestLog
from bot.sandbox.vonage import gateway
from bot.sandbox.vonage.credentials import ACCOUNT_ID
from bot.sandbox.vonage.fault_table import FAULTS
from bot.sandbox.vonage.options import OPTION_NAMES, Options
from bot.sandbox.vonage.phonebook import PhoneBook
from bot.sandbox.vonage.quota import Quota
from bot.sandbox.vonage.service_errors import wrong_user
from bot.sandbox.vonage.tokens import Tokens

Clock = Callable[[], float]


class FakeVonage:
    """The state of the fake API, for tests to read and change: `app.state.vonage`.

    `clock` gives epoch seconds. `faults` are on from the start, and again after a reset.
    """

    def __init__(
        self,
        options: Options | None = None,
        *,
        entries: list[Entry] | None = None,
        faults: Mapping[str, float | None] | None = None,
        clock: Clock = time.time,
    ) -> None:
        self.options = copy(options) if options else Options()
        self.clock = clock
        self.calls = RequestLog(clock)
        self.faults = Faults(FAULTS)
        self.tokens = Tokens(self.options, clock)
        self.quota = Quota(self.options, clock)
        self._initial_options = copy(self.options)
        self._initial_faults = dict(faults or {})
        self.set_entries(build_company(self.options.people) if entries is None else entries)
        self.reset()

    def set_entries(self, entries: list[Entry]) -> None:
        """Replace the company's extensions."""
        self.entries = list(entries)
        self.phone_book = PhoneBook(self.entries)
        self.list_calls = 0

    def reset(self) -> None:
        """Go back to the start: no calls, tokens or locks; options and faults as at the start."""
        for name in OPTION_NAMES:
            setattr(self.options, name, getattr(self._initial_options, name))
        self.faults.off()
        for fault, value in self._initial_faults.items():
            self.faults.on(fault, value)
        self.calls.reset()
        self.tokens.reset()
        self.quota.reset()
        self.list_calls = 0

    def authorize(self, request: Request) -> None:
        """Do the gateway's checks. Raises RequestRefused with the error that the gateway would
        give.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise RequestRefused(gateway.MISSING_TOKEN)
        grant = self.tokens.find_grant(token.strip())
        if grant is None:
            raise RequestRefused(gateway.INVALID_TOKEN)
        next_allowed = self.quota.spend(grant.access_token)
        if next_allowed is not None:
            raise RequestRefused(
                gateway.over_quota(self.options, now=self.clock(), until=next_allowed)
            )
        account_id = request.path_params["account_id"]
        if not grant.administrator or account_id not in {"self", ACCOUNT_ID}:
            raise wrong_user()

    def error_response(self, request: Request, error: ErrorResponse) -> Response:
        """An error as a response in the form for this caller."""
        accept = request.headers.get("accept", "")
        return error.to_response(accept=accept, style=self.options.fault_style)

    def throttled_response(self, request: Request, seconds: float) -> Response:
        """The response to a request that has to wait for so many seconds."""
        now = self.clock()
        return self.error_response(
            request, gateway.over_quota(self.options, now=now, until=now + seconds)
        )
