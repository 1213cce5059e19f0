"""Ext: a Slack bot that tells you who is behind a phone extension or number."""

__version__ = "0.2.0"
