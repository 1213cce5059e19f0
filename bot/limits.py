"""Every time-out, retry, back-off and cap, in one place.

A name says its unit (`_S` seconds, `_BYTES`, `_CHARS`) or what it counts (`MAX_…`), and the
comment beside it says why the number is what it is.
"""

from __future__ import annotations

# --- HTTP endpoint and listeners ------------------------------------------------------------

# A PaaS kills a process half a minute after SIGTERM: 1 s of lingering, 5 s for open requests,
# and this much for the work that they started.
DRAIN_LIMIT_S = 10.0
# For the auth.test call at the start. If it fails, the first question repeats it.
WARM_UP_LIMIT_S = 30.0
# Slack's largest payloads are about 250 kB.
MAX_BODY_BYTES = 1024 * 1024
MAX_FORM_FIELDS = 100
# Slack sends a body at once; a client that sends slowly would keep a connection busy.
BODY_LIMIT_S = 5.0
# Slack recommends refusing requests that are older than five minutes.
# https://docs.slack.dev/authentication/verifying-requests-from-slack
MAX_REQUEST_AGE_S = 300

# Slack waits 3 s for an acknowledgement; the last second is for the network and for Slack.
# https://docs.slack.dev/interactivity/implementing-slash-commands
ACK_BUDGET_S = 2.0
# An answer, or a notice in its place, arrives within 12 s of the question: 2 s + 10 s.
ANSWER_LIMIT_S = 9.5
# JSON bodies of acknowledgements, each a few kilobytes, because people look up the same cards.
MAX_CACHED_ACK_BODIES = 1_000
# Slack can deliver an event again for 24 hours (Delayed Events); one more hour for clocks.
DEDUPLICATION_S = 25 * 3600.0
# Enough for 25 hours of events and clicks at one a second; each key takes about 200 bytes.
MAX_DEDUPLICATION_KEYS = 100_000
# When a long export reports its progress: a response_url accepts only five messages in all.
EXPORT_PROGRESS_S = (6.0, 30.0, 120.0)

# --- Lookup ---------------------------------------------------------------------------------

# Slack accepts messages at a response_url for 30 minutes.
# https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
FOLLOW_UP_LIMIT_S = 29 * 60.0
# Subtracted from the deadline, so that the notice about a late answer is rendered in time.
RENDER_RESERVE_S = 0.2
# More questions than this do not fit in one message.
MAX_QUESTIONS_PER_MESSAGE = 10
# How long a card waits for the name of its location, which is useful but not essential.
LOCATIONS_WAIT_S = 1.0
# Rendered cards that are kept; each takes a few kilobytes.
MAX_CACHED_CARDS = 1_000
# People whose lookups of the last minute are counted; beyond that the least recent is forgotten.
MAX_PEOPLE_COUNTED = 10_000

# --- Slack's Web API ------------------------------------------------------------------------

# For a call that a person waits for; Slack answers these within half a second.
CALL_LIMIT_S = 3.0
# Posting a message may take longer than a question: a late message is still useful.
POST_LIMIT_S = 6.0
RESPONSE_URL_LIMIT_S = 5.0
# Pauses before a retry after an error of Slack; a response_url accepts five messages in all.
RESPONSE_URL_PAUSES_S = (0.3, 1.0)
# The event was acknowledged, so Slack will not send it again: the message is tried three times.
MESSAGE_PAUSES_S = (1.0, 2.0)
# For the upload of a file: an export of 100,000 extensions is tens of megabytes.
UPLOAD_LIMIT_S = 120.0
UPLOAD_CHUNK_BYTES = 65_536
# A person's role changes rarely. While Slack fails, the last answer is used for a day.
MEMBER_TTL_S = 600.0
# While Slack fails, the bot's own workspace is remembered for a month.
WORKSPACE_STALE_IF_ERROR_S = 30 * 24 * 3600.0
# How long a failed users.info or auth.test is not repeated, however many people ask.
SLACK_FAILURE_TTL_S = 10.0
# A channel can be shared with another organization at any time.
CHANNEL_TTL_S = 60.0

# --- Directory: live lookups and warm-up ----------------------------------------------------

# How long a query waits for the next page of the first reading before the answer is "still
# reading". Together with Slack's and our own overhead it stays below the 2 s budget of an ack.
WARMUP_WAIT_S = 1.4
# Rows requested by a live lookup: one person or number has a handful of extensions at most, and
# an account that ignores the filter must not send its whole directory.
LIVE_LOOKUP_MAX_ROWS = 25
# Numbers missing from the snapshot that may be checked with Vonage each minute. Most are typos;
# more checks would take the quota (10 a minute by default) from the sync.
MAX_CONFIRMATIONS_PER_MINUTE = 2
# A load of the locations is shared by all callers, so it has its own limit.
LOCATIONS_TIMEOUT_S = 10.0
# Locations change rarely; an hour-old name on a card does no harm, a day-old one is still
# better than an id.
LOCATIONS_FRESH_S = 3_600.0
LOCATIONS_STALE_S = 24 * 3_600.0
# After a failed load: how soon the command `locations` may cause another one. Somebody waits …
LOCATIONS_RETRY_S = 5.0
# … how soon a card may, which is useful without the name …
LOCATIONS_CARD_RETRY_S = 60.0
# … and how soon a card may if waiting won't help (no permission, no such endpoint). An account
# without locations is also asked again after this time.
LOCATIONS_PERMANENT_RETRY_S = 600.0
# Matches kept until the copy changes, for the next person who looks up the same.
MAX_RECENT_FINDINGS = 2_000
# After the first reading, a query that waited for it gets this long for one more call.
FIND_WHEN_READY_S = 60.0
# A copy older than this many refresh intervals is overdue: answers say why it is not newer.
OLD_COPY_INTERVALS = 1.5

# --- Directory: sync ------------------------------------------------------------------------

# How long the request of one page waits for a slot in the quota. Nobody waits for it, and
# people who do wait go first, so it may be long.
SYNC_PAGE_TIMEOUT_S = 600.0
# Slots of each minute's quota that the sync leaves to people. During the first reading every
# answer needs a live lookup, later hardly any does.
FIRST_SYNC_RESERVED_CALLS = 5
SYNC_RESERVED_CALLS = 3
# Pauses before the same page is requested again; the last one repeats. A short outage costs
# seconds, a long one does not flood the log.
SYNC_PAGE_RETRY_S = (2.0, 5.0, 10.0, 15.0, 20.0)
# Refusals of one page that won't change (bad parameters, not found, unreadable) before the
# reading is given up.
SYNC_MAX_REFUSALS = 3
# The pause before a reading that was given up, or that looks suspect, is repeated.
SYNC_RETRY_S = 60.0
# The random part of the interval (±), so that several bots don't all call at the same time.
SYNC_JITTER = 0.1
# A reading can be brought forward, but not before this part of the interval has passed.
SYNC_MIN_INTERVAL_SHARE = 1 / 3
# A reading with less than this share of the current extensions is suspect: it must be confirmed
# by a second one before it replaces the current snapshot.
SYNC_MIN_SHARE_KEPT = 0.5
# Share of the numbers that two suspect readings must have in common to confirm each other.
SYNC_MIN_SHARE_CONFIRMED = 0.9
# Page requests in flight at the same time. More would gain little and arrive as a burst.
MAX_PARALLEL_PAGES = 5
# Passes over an account's list before its paging is given up as inconsistent.
MAX_LIST_PASSES = 4
# The same limit while each pass finds extensions that no earlier pass had.
MAX_GROWING_LIST_PASSES = 16
# Pages in a row without a new row, after which the API is assumed to repeat its pages forever.
MAX_PAGES_WITHOUT_NEW_ROWS = 3
# No company has as many extensions, so a longer list has no end.
MAX_EXTENSIONS = 1_000_000

# --- Directory: search and store ------------------------------------------------------------

# Days of changes that are kept: `changes` answers for a month.
HISTORY_DAYS = 30
# Characters and words of a search text that are used; nobody types more to find a person.
MAX_SEARCH_CHARS = 300
MAX_SEARCH_TERMS = 10
# Characters of one word that are compared.
MAX_WORD_CHARS = 64
# Rows that are ranked by all weights, in Python. Any further rows keep the order in which SQLite
# finds them, layer by layer (see `search.Searcher`).
MAX_RANKED_ROWS = 160
# Rows offered if no row has all the words.
MAX_NEAR_MISSES = 8
# Longest search of which each word in turn may be left out: every word costs one more query.
MAX_TERMS_TO_LEAVE_ONE_OUT = 4
# Interpretations of a text with words joined or split.
MAX_RESPACINGS = 4
# Related names that are tried for one name; *chris* has twenty.
MAX_NICKNAMES = 40
# Words of the directory that one misspelled word is corrected to, and how many of each length
# are considered.
MAX_CORRECTIONS = 12
MAX_CORRECTIONS_PER_LENGTH = 24
# Rows checked to decide whether a word still occurs; a word in this many rows surely does.
MAX_ROWS_TO_PROVE_A_WORD = 50

# --- Vonage API -----------------------------------------------------------------------------

# Connecting takes one round trip; a host that needs longer than this is unreachable.
CONNECT_LIMIT_S = 4.0
VONAGE_CALL_TIMEOUT_S = 10.0  # from the sending of a call to its answer; no person waits longer
MAX_RESPONSE_BYTES = 8 * 1024 * 1024  # a page of 100 extensions is about 60 kB

# Retries. A person waits 12 seconds at most, so there is time for one retry.
MAX_ATTEMPTS = 2
RETRY_WAIT_S = 0.1
RETRY_JITTER_S = 0.3
MIN_RETRY_S = 1.0  # with less time left, a second call would be cut off
MIN_RECONNECT_S = 0.5  # the same after a failed connection, when nothing was sent yet

# Outages. Recovery must be noticed within 30 seconds: a login's pause, a probe's, and its call.
MIN_PATIENCE_S = 5.0  # a call that is cut off sooner says nothing about Vonage
MAX_FAILURES = 4  # in a row, until calls fail at once
PROBE_PAUSES_S = (2.0, 5.0, 10.0, 15.0)  # before each probe; the last one repeats
PROBE_TIMEOUT_S = 10.0
MAX_BEST_EFFORT_FAILURES = 2  # in a row: one call and its retry
FAIL_FAST_S = 20.0  # seconds for which best-effort calls fail at once after one failed

# The quota: calls in any minute by Vonage's clock.
QUOTA_PERIOD_S = 60.0
CLOCK_MARGIN_S = 0.05  # by which two clocks may drift apart in a minute
RESTORED_CALL_S = 2.0  # assumed length of a logged call; the file has only the time of its start
MAX_RESTORED_PER_MINUTE = 10_000  # with a larger quota, calls are not logged for a restart
MAX_CALL_LOG_ENTRIES = 8_192  # at this size, entries older than a minute are removed
DEFAULT_RETRY_AFTER_S = 60.0  # after a 429 without a time: a quota per minute is free by then
MAX_RETRY_AFTER_S = 3600.0  # a longer time is assumed to be a mistake

# The login.
LOGIN_TIMEOUT_S = 10.0
LOGIN_PAUSE_S = 5.0  # before the next login, after one that failed but was not refused
LOCK_OUT_S = 30 * 60.0  # how long Vonage locks a user, counted from the last refused login
RENEWED_REFUSAL_S = 25.0  # without another login, after the API refused a renewed token
RENEW_EARLY_S = 180.0  # before a token expires
DEFAULT_TOKEN_LIFE_S = 3600.0  # if the response does not say

# --- Cache ----------------------------------------------------------------------------------

MAX_CACHED = 10_000  # keys of one cache; beyond that, the least recently used is evicted
CACHE_RETRY_PAUSE_S = 5.0  # after a failed load, so that a failing source is not hammered

# --- Directory: CSV file --------------------------------------------------------------------

MAX_NUMBER_DIGITS = 15  # of an extension number, as HIDDEN_EXTENSIONS takes it
MAX_CSV_BYTES = 64 * 1024 * 1024  # the whole file is in memory; 100,000 extensions take 20 MB
CSV_PAGE_SIZE = 1_000  # rows that the sync gets at a time: each page is one write to the disk
CSV_SETTLE_S = 1.0  # an editor or copy that still writes the file changes it within this time
MAX_LOGGED_PROBLEMS = 5  # of one CSV file; the doctor lists all

# --- Cards and export -----------------------------------------------------------------------

# https://docs.slack.dev/reference/block-kit/blocks and …/methods/chat.postMessage
MAX_MESSAGE_TEXT_CHARS = 4_000  # of a message's `text`; Slack may split a longer one
MAX_MESSAGE_BLOCKS = 50  # Slack refuses the whole message above it
MAX_BLOCKS_JSON_CHARS = 11_000  # Slack refuses somewhere above 12,000 characters of JSON
MAX_SECTION_CHARS = 2_900  # of the lines in one section; Slack refuses 3,000
MAX_SECTION_FIELDS = 10  # Slack refuses an 11th
MAX_BUTTON_VALUE_CHARS = 2_000  # Slack refuses a longer value
MAX_BUTTON_LINE_CHARS = 400  # of the query in a value; the grammar refuses a line as long as this
MAX_ACCESSIBILITY_LABEL_CHARS = 75  # Slack refuses a longer label
SLACK_ANSWER_WINDOW_S = 1_800.0  # Slack takes answers to a command for 30 minutes

MAX_VALUE_CHARS = 1_000  # of one directory value; the rest of a longer one is never shown
MAX_QUOTED_CHARS = 150  # of a person's own words, when a notice repeats them
MAX_CONTACT_CHARS = 200  # of SUPPORT_CONTACT: a name and a channel or an address
MAX_CONTACT_ADMINS = 3  # that a notice names; a longer list would hide what to do
MAX_REFUSED_PARAMETERS = 5  # of Vonage's reasons that a notice repeats; the log has them all
MAX_FULL_CARDS = 3  # answers in one message that are whole cards; more are a row each
# These three keep a whole card, blocks and text, below 12,000 characters of JSON.
MAX_CARD_TEXT_CHARS = 3_680
MAX_FACTS_TEXT_CHARS = 3_450
MAX_FACTS_JSON_CHARS = 7_000
MAX_CHANGE_CHARS = 1_000  # of what changed on one extension, in one line
MAX_CHANGE_NUMBERS = 5  # direct numbers that one line of changes names
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

# `ask`: as long as the slowest answer takes in Slack. Reading the whole directory comes on top.
ASK_ANSWER_S = 12.0
ASK_POLL_S = 0.01  # between two looks whether a CSV file has been read

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

# `socket`: how often the connection is checked, and how soon a new address is requested.
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
