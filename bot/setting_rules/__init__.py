"""What `bot.settings` needs to read one setting: the `.env` file, names, secrets, URLs, regions.

These modules say what is wrong and what to do; they read neither the environment nor each other.
"""
