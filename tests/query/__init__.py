"""The grammar: text as people type it and as Slack sends it, to queries."""
