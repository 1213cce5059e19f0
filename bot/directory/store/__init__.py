"""Snapshots of the account in SQLite: schema, files, queries and history."""
