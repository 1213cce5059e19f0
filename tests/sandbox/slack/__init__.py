"""Tests of bot/sandbox/slack."""
