"""A stand-in for Slack on loopback that keeps its rules and records what the app does."""
