"""The directory of one VBC account: takes queries, returns findings, and knows nothing of Slack."""
