"""Reads the whole account and decides which readings to believe."""
