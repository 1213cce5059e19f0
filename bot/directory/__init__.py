"""What the bot knows of one VBC account: query in, findings out. No word of Slack here."""
