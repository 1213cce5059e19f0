"""The credentials of the fake Vonage API: invented, and of no use anywhere else."""

from __future__ import annotations

ACCOUNT_ID = "271828"

CLIENT_ID = "sandbox-consumer-key"
CLIENT_SECRET = "sandbox-consumer-secret"  # noqa: S105 - invented

USERNAME = "ext.integration@vbc.prod"
# It needs percent-encoding in a form, as strong real passwords do.
PASSWORD = "Open+Sesame&100%-demo"  # noqa: S105 - invented

# A user of the developer portal: gets a token, which the API then doesn't accept.
PORTAL_USERNAME = "ext.api@vbc.prod"
