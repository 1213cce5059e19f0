"""Every time-out, retry, back-off and cap, in one place.

A name says its unit (`_S` seconds, `_BYTES`, `_CHARS`) or what it counts (`MAX_…`), and the
comment beside it says why the number is what it is.
"""

from __future__ import annotations

# --- HTTP endpoint and listeners ------------------------------------------------------------

# --- Lookup ---------------------------------------------------------------------------------

# --- Slack's Web API ------------------------------------------------------------------------

# --- Directory: live lookups and warm-up ----------------------------------------------------

# --- Directory: sync ------------------------------------------------------------------------

# --- Directory: search and store ------------------------------------------------------------

# --- Vonage API -----------------------------------------------------------------------------

# --- Cache ----------------------------------------------------------------------------------

# --- Cards and export -----------------------------------------------------------------------

MAX_DIDS_CHARS = 1_950  # of mrkdwn on a card; a section's field holds 2,000
MAX_HANDSETS_CHARS = 2_400  # of mrkdwn on a card; the context block with all small rows holds 3,000
MAX_LIST_CHARS_TIGHT = 1_000  # of each of the two on a card whose other rows are long as well
MAX_CSV_CELL_CHARS = 32_000  # of a list in one cell; Excel cuts a cell at 32,767
EXPORT_CHUNK_ROWS = 50  # written before the event loop runs again: a few milliseconds of work

# --- Grammar --------------------------------------------------------------------------------

# --- Command line ---------------------------------------------------------------------------
