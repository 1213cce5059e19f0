"""What people see: every message within Slack's limits, and as it reads."""
