"""The Vonage Business Communications (VBC) provisioning API, and nothing else.

`client` has the API's operations, and `api_caller` makes their calls. `auth` and `login_store`
provide the access token, `rate_limiter` and `call_log` keep within the quota, `circuit_breaker`
fails fast during an outage, and `transport` uses the network. `shared_file` and `shared_clock` are
what processes on one DATA_DIR share quota and login by. `responses`, `token_response`, `envelope`
and `resources` parse what comes back. Where the real API differs from the published document, a
comment next to the code that handles the difference says so.
"""
