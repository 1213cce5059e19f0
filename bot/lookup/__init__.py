"""Turns a line of text and the person who typed it into an answer. Start with `service.py`."""
