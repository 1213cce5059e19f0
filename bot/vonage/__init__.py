"""The Vonage Business Communications (VBC) provisioning API, and nothing else.

`client` has the API's operations and `api_caller` makes their calls: `auth` gives the token,
`rate_limiter` and `call_log` keep the quota, `circuit_breaker` fails fast during an outage, and
`transport` is the network. `responses`, `token_response`, `envelope` and `resources` read what
comes back. Where the real API differs from the published document, a comment beside the code
that copes with it says so.
"""
