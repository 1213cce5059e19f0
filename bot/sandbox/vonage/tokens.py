"""The token endpoint: logins, live tokens, and locked users."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from uuid import UUID

from bot.sandbox.json_types import JsonObject
from bot.sandbox.vonage.credentials import (
    CLIENT_ID,
    CLIENT_SECRET,
    PASSWORD,
    PORTAL_USERNAME,
    USERNAME,
)
from bot.sandbox.vonage.options import Options
from bot.sandbox.vonage.service_errors import oauth_error

BASIC_AUTHORIZATION = "Basic " + b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()


@dataclass(frozen=True, slots=True)
class TokenGrant:
    """The tokens of one login. The API accepts administrators only. Times are epoch seconds."""

    access_token: str
    refresh_token: str
    username: str
    administrator: bool
    scope: str
    expires_at: float
    refresh_expires_at: float


@dataclass(slots=True)
class _Attempts:
    refused: int = 0
    last_at: float = 0.0


class Tokens:
    """Logs users in by password or refresh token, and knows the user of each token."""

    def __init__(self, options: Options, clock: Callable[[], float]) -> None:
        self._options = options
        self._clock = clock
        self._users = {USERNAME: True, PORTAL_USERNAME: False}
        self.reset()

    def reset(self) -> None:
        """Forget every token and every refused login."""
        self.logins = 0
        self.refused_logins = 0
        self._issued = 0
        self._grants: dict[str, TokenGrant] = {}
        self._refreshable: dict[str, TokenGrant] = {}
        self._attempts: dict[str, _Attempts] = {}

    def expire(self) -> None:
        """Make every access token invalid now; refresh tokens stay valid."""
        self._grants.clear()

    def spend_refresh_tokens(self) -> None:
        """Make every access token and every refresh token invalid now."""
        self._grants.clear()
        self._refreshable.clear()

    def find_grant(self, access_token: str) -> TokenGrant | None:
        """The login that a live access token belongs to."""
        grant = self._grants.get(access_token)
        return grant if grant and self._clock() < grant.expires_at else None

    def issue(self, form: Mapping[str, str], *, basic: str = "") -> JsonObject:
        """Answer a token request. `basic` is its Authorization header, where that is allowed.

        Raises RequestRefused, with the error in OAuth's form.
        """
        grant_type = form.get("grant_type", "")
        if not grant_type:
            raise oauth_error("invalid_request", "Missing grant_type parameter value")
        grants = {
            "password": self._by_password,
            "refresh_token": self._by_refresh_token,
            "client_credentials": self._by_client,
            "authorization_code": self._by_code,
        }
        if grant_type not in grants:
            raise oauth_error("unsupported_grant_type", "Unsupported grant_type value")
        _check_client(form, basic)
        return self._token_response(grants[grant_type](form))

    def _by_password(self, form: Mapping[str, str]) -> TokenGrant:
        missing = [name for name in ("username", "password") if not form.get(name)]
        if missing:
            raise oauth_error("invalid_request", f"Missing parameters: {', '.join(missing)}")
        username = form["username"]
        if username not in self._users:
            self.refused_logins += 1
            raise oauth_error("invalid_grant", f"17001 Authentication failed for {username}")
        self._check_password(username, form["password"])
        self.logins += 1
        scope = _scope(form)
        live = self._already_live(username, scope) if self._options.reuse_token else None
        return live or self._new_grant(username, administrator=self._users[username], scope=scope)

    def _check_password(self, username: str, password: str) -> None:
        attempts, now = self._attempts.setdefault(username, _Attempts()), self._clock()
        since_last_s, attempts.last_at = now - attempts.last_at, now
        limit = self._options.lock_after
        if limit and attempts.refused >= limit:
            if since_last_s < self._options.lock_for:
                self.refused_logins += 1
                raise oauth_error("invalid_grant", f"17003 Account is locked for user {username}")
            attempts.refused = 0
        if password != PASSWORD:
            attempts.refused += 1
            self.refused_logins += 1
            raise oauth_error("invalid_grant", f"17002 Authentication failed for {username}")
        attempts.refused = 0

    def _by_refresh_token(self, form: Mapping[str, str]) -> TokenGrant:
        grant = self._refreshable.pop(form.get("refresh_token", ""), None)
        if grant is None or self._clock() >= grant.refresh_expires_at:
            raise oauth_error("invalid_grant", "Persisted access token data not found")
        return self._new_grant(grant.username, administrator=grant.administrator, scope=grant.scope)

    def _by_client(self, form: Mapping[str, str]) -> TokenGrant:
        """A token without a user: it is issued, but the API doesn't accept it."""
        return self._new_grant("", administrator=False, scope=_scope(form))

    def _by_code(self, form: Mapping[str, str]) -> TokenGrant:
        raise oauth_error(
            "unauthorized_client",
            "The authenticated client is not authorized to use this authorization grant type",
        )

    def _already_live(self, username: str, scope: str) -> TokenGrant | None:
        for grant in reversed(self._grants.values()):
            if (grant.username, grant.scope) == (username, scope) and self.find_grant(
                grant.access_token
            ):
                return grant
        return None

    def _new_grant(self, username: str, *, administrator: bool, scope: str) -> TokenGrant:
        self._issued += 1
        now = self._clock()
        grant = TokenGrant(
            access_token=_jwt({"sub": username, "iat": int(now), "jti": self._issued}),
            refresh_token=str(UUID(bytes=sha256(f"{self._issued}".encode()).digest()[:16])),
            username=username,
            administrator=administrator,
            scope=scope,
            expires_at=now + self._options.expires_in,
            refresh_expires_at=now + self._options.refresh_expires_in,
        )
        self._grants[grant.access_token] = grant
        if username:
            self._refreshable[grant.refresh_token] = grant
        return grant

    def _token_response(self, grant: TokenGrant) -> JsonObject:
        response: JsonObject = {
            "access_token": grant.access_token,
            "refresh_token": grant.refresh_token,
            "scope": grant.scope,
            "id_token": _jwt({"sub": grant.username, "aud": [CLIENT_ID]}),
            "token_type": "Bearer",
            "expires_in": ceil(grant.expires_at - self._clock()),
        }
        if not grant.username:
            del response["refresh_token"]
        if grant.scope != "openid":
            del response["id_token"]
        return response


def _check_client(form: Mapping[str, str], basic: str) -> None:
    if basic == BASIC_AUTHORIZATION:
        return
    client_id = form.get("client_id", "")
    if client_id != CLIENT_ID:
        raise oauth_error(
            "invalid_client",
            f"A valid OAuth client could not be found for client_id: {client_id}",
            status=401,
        )
    if form.get("client_secret") != CLIENT_SECRET:
        raise oauth_error("invalid_client", "Client Authentication failed.", status=401)


def _scope(form: Mapping[str, str]) -> str:
    return "openid" if "openid" in form.get("scope", "").split() else "default"


def _jwt(claims: Mapping[str, object]) -> str:
    parts = [json.dumps(part).encode() for part in ({"typ": "JWT", "alg": "RS256"}, claims)]
    signature = (
        sha256(b".".join(parts)).digest() * 8
    )  # as long as a real signature; nobody verifies it
    return ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in (*parts, signature))
