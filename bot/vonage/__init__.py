"""The Vonage Business Communications provisioning API, and only it.

`client` has the operations; below it `transport` is the network, `replies` says what an
answer means, `hal` and `resources` read it, `auth` and `quota` keep the token and the
allowance. What the API really does, where the published document says otherwise, is
written beside the line that copes with it.
"""
