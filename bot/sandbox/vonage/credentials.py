"""The credentials of the fake Vonage API: invented, and of no use anywhere else."""

from __future__ import annotations

ACCOUNT_ID = "271828"

CLIENT_ID = "sandbox-consumer-key"
CLIENT_SECRET = "sandbox-consumer-secret"  # noqa: S105 - invented

USERNAME = "ext.integration@vbc.prod"
# Must be percent-encoded in a form, as good real ones must.
PASSWORD = "Open+Sesame&100%-demo"  # noqa: S105 - invented

# The developer portal's kind of user: it gets a token, which the API then does not accept.
PORTAL_USERNAME = "ext.api@vbc.prod"
