"""The playground in a real browser: tried as a new user would, looked at, and measured."""
