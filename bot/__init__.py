"""Ext: who is behind a phone extension or number, told in Slack."""

__version__ = "0.1.0"
