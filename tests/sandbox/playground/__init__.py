"""Tests of bot/sandbox/playground."""
