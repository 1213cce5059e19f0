"""Invented stand-ins for the two outside services, Vonage and Slack.

They are written from what the real services do and import nothing of the bot: a stand-in that
shares code with what it tests cannot catch that code's mistakes.
"""
