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

# --- Grammar --------------------------------------------------------------------------------

# --- Command line ---------------------------------------------------------------------------

# `ask`: as long as the slowest answer takes in Slack. Reading the whole directory comes on top.
ASK_ANSWER_S = 12.0

# `demo`: Slack's announcement (2 s) and the answer that follows it (10 s), and a reserve.
DEMO_ANSWER_S = 15.0
# The invented company is read in a fraction of a second; a demo without it still starts.
DEMO_SNAPSHOT_WAIT_S = 2.0
DEMO_SNAPSHOT_POLL_S = 0.01

# One delivery to the bot, which acknowledges in 3 s at most.
DEMO_REQUEST_S = 10.0

# `serve` shuts down in 1 + 5 + DRAIN seconds, within the 30 s that most platforms give.
# Routers go on sending requests for a moment after /readyz has turned 503.
SERVE_LINGER_S = 1.0
# For requests that are still open after that; uvicorn takes whole seconds only.
SERVE_GRACE_S = 5

# `socket`: how often the connection is checked, and how soon a new address is asked for.
SOCKET_PING_S = 5
# Slack waits no longer than this for an acknowledgement, so neither does the shutdown.
SOCKET_GRACE_S = 3.0

# `doctor`: Slack refuses signatures that are more than 300 s off; warn well before that.
DOCTOR_MAX_CLOCK_SKEW_S = 60.0
# One `users.info` call each; a long list would only repeat what the first ones show.
DOCTOR_MAX_ADMINS = 10
# For the login and for each call of the API: above the slowest good answer that was seen.
DOCTOR_VONAGE_S = 20.0
DOCTOR_CONNECT_S = 4.0
# Each hidden number that is not on the first page costs one call of a quota of ten a minute.
DOCTOR_MAX_HIDDEN_CALLS = 3
# To connect to an address that did not answer, only to say why.
DOCTOR_REACH_S = 5.0
# A platform may have to wake the process up before it answers /healthz.
DOCTOR_PUBLIC_URL_S = 10.0
