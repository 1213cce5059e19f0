"""Tests of bot/sandbox/vonage."""
