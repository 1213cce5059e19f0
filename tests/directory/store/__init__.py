"""Tests of bot/directory/store."""
