"""A fake Vonage API that answers as the real one does, with faults to switch on."""
