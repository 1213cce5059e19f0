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
CALL_TIMEOUT_S = 10.0  # from the sending of a call to its answer; nobody waits longer
MAX_BODY_BYTES = 8 * 1024 * 1024  # a page of 100 extensions has some 60 kB

# Retries. A person waits 12 seconds at most, so there is time for one.
MAX_ATTEMPTS = 2
RETRY_WAIT_S = 0.1
RETRY_JITTER_S = 0.3
MIN_RETRY_S = 1.0  # with less time left a second call would be cut off
MIN_RECONNECT_S = 0.5  # the same after a failed connection, which took no time

# Outages. Recovery must be noticed within 30 seconds: a login's pause, a probe's, and its call.
MIN_PATIENCE_S = 5.0  # a call that is cut off sooner says nothing about Vonage
MAX_FAILURES = 4  # in a row, until calls fail at once
PROBE_PAUSES_S = (2.0, 5.0, 10.0, 15.0)  # before each probe; the last one repeats
PROBE_TIMEOUT_S = 10.0
MAX_BEST_EFFORT_FAILURES = 2  # in a row: one call and its retry
FAIL_FAST_S = 20.0  # seconds for which best-effort calls fail at once after one failed

# The quota: calls in any minute by Vonage's clock.
QUOTA_PERIOD_S = 60.0
CLOCK_MARGIN_S = 0.05  # by which two clocks may differ over a minute
RESTORED_CALL_S = 2.0  # how long a call may have lasted of which the file has only the start
MAX_RESTORED_PER_MINUTE = 10_000  # whoever is allowed more is not throttled after a restart
MAX_CALL_LOG_ENTRIES = 8_192  # then what is older than a minute is removed from the file
DEFAULT_RETRY_AFTER_S = 60.0  # after a 429 without a time: a quota by the minute is free by then
MAX_RETRY_AFTER_S = 3600.0  # a longer time is taken for a mistake

# The login.
LOGIN_TIMEOUT_S = 10.0
LOGIN_PAUSE_S = 5.0  # without a login after one that failed, but was not refused
LOCK_OUT_S = 30 * 60.0  # how long Vonage locks a user, counted from the last refused login
RENEWED_REFUSAL_S = 25.0  # for which no login is made after a renewed token was refused
RENEW_EARLY_S = 180.0  # before a token expires
DEFAULT_TOKEN_LIFE_S = 3600.0  # where the response does not say

# --- Cache ----------------------------------------------------------------------------------

MAX_CACHED = 10_000  # keys of one cache; more are evicted, the least recently used first
CACHE_RETRY_PAUSE_S = 5.0  # after a failed load, so that a failing source is not hammered

# --- Directory: CSV file --------------------------------------------------------------------

MAX_NUMBER_DIGITS = 15  # of an extension number, as HIDDEN_EXTENSIONS takes it
MAX_CSV_BYTES = 64 * 1024 * 1024  # 100,000 extensions have some 20 MB; the file is held whole
CSV_PAGE_SIZE = 1_000  # rows that are handed over at a time: each page is one write to the disk
CSV_SETTLE_S = 1.0  # an editor or copy that still writes the file changes it within this time
MAX_LOGGED_PROBLEMS = 5  # of one CSV file; the doctor lists all

# --- Cards and export -----------------------------------------------------------------------

# --- Grammar --------------------------------------------------------------------------------

# --- Command line ---------------------------------------------------------------------------
