"""The demo page: the real bot between the two stand-ins, in a browser."""
