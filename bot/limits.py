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

# Ten phone numbers or names fit. Every pattern of the grammar is safe on text of this length.
MAX_QUERY_CHARS = 300
# Slack's markup makes a query longer, but what is longer than this was never a query.
MAX_RAW_QUERY_CHARS = 2_000
# Each item of `789 790 1001` is a lookup, and this many cards still fit in one message.
MAX_ITEMS_PER_QUERY = 10
# A page of the largest directory has fewer digits; more would be a mistyped number.
MAX_PAGE_DIGITS = 6
# One line asks phonenumbers about the same digits several times over.
MAX_CACHED_PHONE_NUMBERS = 32

# --- Command line ---------------------------------------------------------------------------
