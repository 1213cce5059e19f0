"""A stand-in for Slack on loopback that enforces Slack's rules and records what the app does."""
