"""Calls of Slack's Web API and of response URLs."""
