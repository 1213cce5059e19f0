"""From a line of text and its asker to an answer. Start with `service.py`."""
