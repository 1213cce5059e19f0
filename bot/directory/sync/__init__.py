"""Reads the whole account again and again, and decides which readings to believe."""
