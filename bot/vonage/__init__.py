"""The Vonage Business Communications provisioning API, and only it.

`client` has the operations and `calls` makes them; below, `transport` is the network,
`replies` and `grants` say what an answer means, `hal` and `resources` read it, `auth` and
`quota` keep the token and the allowance, `outage` and `pause` keep from asking in vain. What
the API really does, where the published document says otherwise, is written beside the line
that copes with it.
"""
