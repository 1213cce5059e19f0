"""Every time-out, retry, back-off and cap, in one place.

A name says its unit (`_S` seconds, `_BYTES`, `_CHARS`) or what it counts (`MAX_…`), and the
comment beside it says why the number is what it is.
"""

from __future__ import annotations

# --- HTTP endpoint and listeners ------------------------------------------------------------

# A PaaS kills a process half a minute after SIGTERM: 1 s of lingering, 5 s for open requests,
# and this much for the work that they started.
DRAIN_LIMIT_S = 10.0
# auth.test at the start, before the first question; without it the first question asks.
WARM_UP_LIMIT_S = 30.0
# Slack's largest payloads have some 250 kB.
MAX_BODY_BYTES = 1024 * 1024
MAX_FORM_FIELDS = 100
# Slack sends a body at once; a client that dribbles holds a connection.
BODY_LIMIT_S = 5.0
# Slack recommends to refuse requests that are older than five minutes.
# https://docs.slack.dev/authentication/verifying-requests-from-slack
MAX_REQUEST_AGE_S = 300

# Slack waits 3 s for an acknowledgement; the last second is for the network and for Slack.
# https://docs.slack.dev/interactivity/implementing-slash-commands
ACK_BUDGET_S = 2.0
# An answer, or a notice in its place, arrives within 12 s of the question: 2 s + 10 s.
ANSWER_LIMIT_S = 9.5
# JSON bodies of acknowledgements, each a few kilobytes, kept because cards are asked for again.
MAX_CACHED_ACK_BODIES = 1_000
# Slack can deliver an event again for 24 hours (Delayed Events); one more hour for clocks.
DEDUPLICATION_S = 25 * 3600.0
# Events and presses of 25 hours at more than one a second; each key takes some 200 bytes.
MAX_DEDUPLICATION_KEYS = 100_000
# When a long export says how far it is: a response_url takes five messages in all.
EXPORT_PROGRESS_S = (6.0, 30.0, 120.0)

# --- Lookup ---------------------------------------------------------------------------------

# Slack takes messages at a response_url for 30 minutes.
# https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
FOLLOW_UP_LIMIT_S = 29 * 60.0
# Kept of the deadline, so that the notice about a late answer is rendered in time.
RENDER_RESERVE_S = 0.2
# More questions than this do not fit in one message.
MAX_QUESTIONS_PER_MESSAGE = 10
# A card is worth this much waiting for the name of its location.
LOCATIONS_WAIT_S = 1.0
# Rendered cards that are kept; each takes a few kilobytes.
MAX_CACHED_CARDS = 1_000
# People whose lookups of the last minute are counted; beyond that the least recent is forgotten.
MAX_PEOPLE_COUNTED = 10_000

# --- Slack's Web API ------------------------------------------------------------------------

# A question that a person waits for; Slack answers these within half a second.
CALL_LIMIT_S = 3.0
# A message may take longer: nobody is told twice if it arrives late.
POST_LIMIT_S = 6.0
RESPONSE_URL_LIMIT_S = 5.0
# Before another try after a fault of Slack's; a response_url takes five messages in all.
RESPONSE_URL_PAUSES_S = (0.3, 1.0)
# The event was acknowledged, so Slack will not send it again: the message is tried three times.
MESSAGE_PAUSES_S = (1.0, 2.0)
# The bytes of a file: an export of 100,000 extensions is tens of megabytes.
UPLOAD_LIMIT_S = 120.0
UPLOAD_CHUNK_BYTES = 65_536
# Rights of a person change slowly; without Slack the last answer holds for a day.
MEMBER_TTL_S = 600.0
# Without Slack the bot still knows its own workspace for a month.
WORKSPACE_STALE_IF_ERROR_S = 30 * 24 * 3600.0
# A failed users.info or auth.test is not asked again for each question of a crowd.
SLACK_FAILURE_TTL_S = 10.0
# A channel can be shared with another organization at any time.
CHANNEL_TTL_S = 60.0

# --- Directory: live lookups and warm-up ----------------------------------------------------

# Matches that are kept until the copy changes, for the next person who asks the same.
MAX_RECENT_FINDINGS = 2_000
# A question that has waited for the first reading gets this long for its last call.
FIND_WHEN_READY_S = 60.0
# A copy this many refresh intervals old is answered with the reason why it is not newer.
OLD_COPY_INTERVALS = 1.5

# --- Directory: sync ------------------------------------------------------------------------

# --- Directory: search and store ------------------------------------------------------------

# --- Vonage API -----------------------------------------------------------------------------

# Connecting takes one round trip; a host that needs longer is not there.
CONNECT_LIMIT_S = 4.0

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
