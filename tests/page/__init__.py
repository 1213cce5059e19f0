"""The playground in a real browser: used as a new user would, looked at, and checked."""
