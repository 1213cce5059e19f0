"""The fields of an extension: one row for each, read by everything that handles fields.

The table is filled in by a later change; see `models.FIELDS` until then.
"""
