"""The Vonage Business Communications (VBC) provisioning API, and nothing else.

`client` has the API's operations, and `api_caller` makes their calls. `auth` provides the access
token, `rate_limiter` and `call_log` keep within the quota, `circuit_breaker` fails fast during an
outage, and `transport` uses the network. `responses`, `token_response`, `envelope` and `resources`
parse what comes back. Where the real API differs from the published document, a comment next to
the code that handles the difference says so.
"""
