"""Tests of bot/directory/search."""
