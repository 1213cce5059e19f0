"""Tests of the rules for single settings."""
