"""Tests of bot/sandbox/company."""
