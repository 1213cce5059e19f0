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

CONNECT_TIMEOUT_S = 4.0  # a host that takes no connection by then is down

# --- Cache ----------------------------------------------------------------------------------

# --- Directory: CSV file --------------------------------------------------------------------

MAX_NUMBER_DIGITS = 15  # of an extension number, as HIDDEN_EXTENSIONS takes it
MAX_CSV_BYTES = 64 * 1024 * 1024  # 100,000 extensions have some 20 MB; the file is held whole
CSV_PAGE_SIZE = 1_000  # rows that are handed over at a time: each page is one write to the disk
CSV_SETTLE_S = 1.0  # an editor or copy that still writes the file changes it within this time
MAX_LOGGED_PROBLEMS = 5  # of one CSV file; the doctor lists all

# --- Cards and export -----------------------------------------------------------------------

# --- Grammar --------------------------------------------------------------------------------

# --- Command line ---------------------------------------------------------------------------
