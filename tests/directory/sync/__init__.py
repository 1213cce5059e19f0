"""Tests of bot/directory/sync."""
