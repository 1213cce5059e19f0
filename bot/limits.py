"""Every time-out, retry, back-off and cap, in one place.

A name says its unit (`_S` seconds, `_BYTES`, `_CHARS`) or what it counts (`MAX_…`), and the
comment beside it says why the number is what it is.
"""

from __future__ import annotations

# --- HTTP endpoint and listeners ------------------------------------------------------------

# `auth.test` at the start tells who the bot is; if it takes longer, the first request calls it.
WARM_UP_LIMIT_S = 30.0
# A PaaS kills a process half a minute after SIGTERM: 1 s of lingering, 5 s for open requests,
# and this much for the work that they started.
DRAIN_LIMIT_S = 10.0

# Slack's largest payloads are about 250 kB.
MAX_BODY_BYTES = 1024 * 1024
# A command, a press of one of Ext's buttons or an event with a question has a few kilobytes.
# Each open connection may hold a body of this size, so that Slack never waits for memory.
SMALL_BODY_BYTES = 64 * 1024
# For all bodies beyond that together, because any client can send a body that isn't signed.
MAX_LARGE_BODIES_BYTES = 16 * 1024 * 1024
# Slack sends a dozen fields with a command.
MAX_FORM_FIELDS = 100
# Slack sends a body at once; a client that sends it slowly holds a connection.
BODY_LIMIT_S = 5.0
# Slack sends headers in one packet, and proxies add a few; nobody needs longer.
HEADERS_LIMIT_S = 5.0
# From the headers to the last byte of the response: 5 s for the body, 2 s for the answer, and time
# on a busy machine. It ends the connection of a client that doesn't read the response.
REQUEST_LIMIT_S = 20.0
# Headers of a request; Slack's and those of proxies have 1 or 2 kB.
MAX_HEADER_BYTES = 16 * 1024
# Read from one connection before others have their turn. Each read fills memory of its own.
MAX_READ_BYTES = 16 * 1024
# Open connections: more requests than one process answers in two seconds with a slow Vonage.
# An idle one takes some 15 kB, one with a small body five times as much.
MAX_CONNECTIONS = 512
# Connections accepted in one round of the event loop. Four rounds pass until one of them, or an
# older one in its place, is closed again, and meanwhile each takes a file descriptor.
MAX_ACCEPTS = 2
# Connections that wait in the kernel to be accepted: a burst of Slack's waits a few milliseconds.
MAX_QUEUED_CONNECTIONS = 512
# For a warning about a state that lasts: a flood of connections must not become a flood of lines.
REPEATED_WARNING_S = 60.0
# Slack recommends refusing requests that are older than five minutes.
# https://docs.slack.dev/authentication/verifying-requests-from-slack
MAX_REQUEST_AGE_S = 300

# Slack waits 3 s for an acknowledgement; the last second is for the network and for Slack.
# https://docs.slack.dev/interactivity/implementing-slash-commands
ACK_BUDGET_S = 2.0
# An answer, or a notice in its place, arrives within 12 s of the query: 2 s + 10 s.
ANSWER_LIMIT_S = 9.5
# JSON bodies of acknowledgements, each a few kilobytes, because people look up the same cards.
MAX_CACHED_ACK_BODIES = 1_000
# Slack can deliver an event again for 24 hours (Delayed Events); one more hour for clocks.
DEDUPLICATION_S = 25 * 3600.0
# Events and button presses of 25 hours at more than one a second; a key takes some 200 bytes.
MAX_DEDUPLICATION_KEYS = 100_000
# How long a listener waits until a key is on the disk. A write takes 0.1 ms, and a disk that hangs
# must leave most of the answer's 2 s.
BEGUN_KEYS_LIMIT_S = 0.5
# How long SQLite waits for another process that writes; it gives up before the listener does.
BEGUN_KEYS_LOCK_S = 0.3
# Keys between two removals of old ones. Each removal reads the index once.
BEGUN_KEYS_PRUNE_EVERY = 1_000
# When a long export reports its progress: a response_url accepts only five messages in all.
EXPORT_PROGRESS_S = (6.0, 30.0, 120.0)

# --- Lookup ---------------------------------------------------------------------------------

# Slack takes messages at a response_url for 30 minutes; the last minute is for sending.
# https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
FOLLOW_UP_LIMIT_S = 29 * 60.0
# Reserved before the deadline, so that the notice about a late answer is rendered in time.
RENDER_RESERVE_S = 0.2
# Lines of one message that are answered; the answer says that the others were dropped.
MAX_QUESTIONS_PER_MESSAGE = 10
# Waiting longer for the name of a location would delay the whole card.
LOCATIONS_WAIT_S = 1.0
# Rendered cards, kept because people look up the same extensions; each takes a few kilobytes.
MAX_CACHED_CARDS = 1_000
# People whose lookups of the last minute are counted; beyond that the least recent is forgotten.
MAX_PEOPLE_COUNTED = 10_000

# Lines of the audit log that wait for a slow disk; each takes some 300 bytes.
MAX_QUEUED_AUDIT_LINES = 10_000

# --- Slack's Web API ------------------------------------------------------------------------

# A person waits for the result of such a call; Slack answers it within half a second.
CALL_LIMIT_S = 3.0
# A message may take longer than a call: if it is given up and arrives after all, it comes twice.
POST_LIMIT_S = 6.0
RESPONSE_URL_LIMIT_S = 5.0
# Pauses before another try after a fault of Slack's. Two are enough for a short fault, and a
# response_url takes five messages in all.
RESPONSE_URL_PAUSES_S = (0.3, 1.0)
# The event was acknowledged, so Slack will not send it again: the message is tried three times.
MESSAGE_PAUSES_S = (1.0, 2.0)
# For the bytes of a file: an export of 100,000 extensions is tens of megabytes.
UPLOAD_LIMIT_S = 120.0
# Read from the disk at a time, so that a file of any size takes little memory.
UPLOAD_CHUNK_BYTES = 65_536

# The rights of a person change slowly …
MEMBER_TTL_S = 600.0
# … so without Slack the last answer holds for a day.
MEMBER_STALE_IF_ERROR_S = 24 * 3600.0
# An email keeps its user for years: the old id is used while the new one is loaded.
USER_ID_STALE_S = 3600.0
# The workspace of a token never changes, only its name does.
WORKSPACE_TTL_S = 3600.0
WORKSPACE_STALE_S = 24 * 3600.0
# While Slack fails, the bot's own workspace is remembered for a month.
WORKSPACE_STALE_IF_ERROR_S = 30 * 24 * 3600.0
# A channel can be shared with another organization at any time.
CHANNEL_TTL_S = 60.0
# When many people ask at once, a failed users.info or auth.test is not repeated for each.
SLACK_FAILURE_TTL_S = 10.0

# --- Directory: live lookups and warm-up ----------------------------------------------------

# How long a query waits for the next page of the first reading before the answer is "still
# reading". Together with Slack's and our own overhead it stays below the 2 s budget of an ack.
WARMUP_WAIT_S = 1.4
# For the last call of a query that waited for the first reading: the quota may be busy a minute.
FIND_WHEN_READY_S = 60.0
# Rows requested by a live lookup: one person or number has a handful of extensions at most, and
# an account that ignores the filter must not send its whole directory.
LIVE_LOOKUP_MAX_ROWS = 25
# Numbers missing from the snapshot that may be checked with Vonage each minute. Most are typos;
# more checks would take the quota (10 a minute by default) from the sync.
MAX_CONFIRMATIONS_PER_MINUTE = 2

# An answer that contradicts a card (nobody is assigned) counts if a second one agrees after this
# pause, in which a short fault of Vonage's ends, and soon enough to be about the same event.
CONTRADICTION_PAUSE_S = 60.0
CONTRADICTION_VALID_S = 600.0
MAX_CONTRADICTIONS = 1_000  # remembered; an account with more isn't answering sensibly
MAX_PENDING_CONTRADICTIONS = 3  # that wait for Ext's own second call, which the quota must allow

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

# Results kept until the snapshot changes, for the next person with the same query; each is a
# few references to extensions.
MAX_RECENT_FINDINGS = 2_000
# An answer from a copy of this many refresh intervals (DIRECTORY_TTL) says why the last sync
# failed, if it did. A smaller age can be the jitter between two syncs.
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
# Refusals of one page until the reading is given up. They will not change (bad parameters, not
# found, unreadable), but a gateway may send one by mistake.
SYNC_MAX_REFUSALS = 3
# Until a reading that was given up, or one that looks suspect, is repeated: a minute brings a
# new quota.
SYNC_RETRY_S = 60.0
# The same if its first page was refused, which one call finds out: recovery within 30 seconds.
SYNC_PROBE_PAUSE_S = 20.0
SYNC_MAX_RETRY_S = 3_600.0  # where repeating can't help quickly, the pause doubles up to this
# The random part of the interval (±), so that several bots don't all call at the same time.
SYNC_JITTER = 0.1
# A reading can be brought forward, but not before this part of the interval has passed, so that
# people who press Refresh do not use up the quota.
SYNC_MIN_INTERVAL_SHARE = 1 / 3
# A reading with less than this share of the current extensions, users, email addresses and so on
# is suspect: it must be confirmed by a second one before it replaces the current snapshot.
SYNC_MIN_SHARE_KEPT = 0.5
# A page or a reading with a larger share of unreadable rows is unreadable as a whole.
MAX_UNREADABLE_SHARE_OF_PAGE = 0.5
# A reading replaces no copy that had fewer unreadable rows by more than this share of all rows …
MAX_UNREADABLE_SHARE = 0.05
# … and this number: two rows may be all of a short last page, or of a small company's update.
MAX_TOLERATED_BAD_ROWS = 2
# Share of the numbers that two suspect readings must have in common to confirm each other.
SYNC_MIN_SHARE_CONFIRMED = 0.9

# Page requests in flight at the same time. More would gain little and arrive as a burst.
MAX_PARALLEL_PAGES = 5
# Passes over a list until its paging is given up: an account rarely changes during all four.
MAX_LIST_PASSES = 4
# The same limit while each pass finds extensions that no earlier pass had.
MAX_GROWING_LIST_PASSES = 16
# Pages in a row without a new row, after which the API is assumed to repeat its pages forever.
MAX_PAGES_WITHOUT_NEW_ROWS = 3
# No company has as many extensions, so a longer list has no end.
MAX_EXTENSIONS = 1_000_000

# --- Directory: search and store ------------------------------------------------------------

# Written to a disk that failed, to see whether it works again: the copy of a small company.
DISK_PROBE_BYTES = 1024 * 1024
# The disk must also take this many times the size of the latest copy: SQLite's log comes on top.
DISK_RESERVE_SHARE = 1.25

# Days of changes that are kept: `changes` answers for a month.
HISTORY_DAYS = 30

# Characters and words of a search text that are used; nobody types more to find a person.
MAX_SEARCH_CHARS = 300
MAX_SEARCH_TERMS = 10
# Characters of one word that are compared; no name has a longer one.
MAX_WORD_CHARS = 64
# Rows that are ranked by all weights, in Python, which is slow. Rows after them stay in the
# order of the layers in which SQLite finds them.
MAX_RANKED_ROWS = 160
# Rows offered when nobody has all the words: one page of a list.
MAX_NEAR_MISSES = 8
# Longest search of which each word in turn may be left out: every word costs one more query.
MAX_TERMS_TO_LEAVE_ONE_OUT = 4
# Interpretations of a text with words joined or split; each makes the query longer.
MAX_RESPACINGS = 4
# Related names that are tried for one name; *chris* has twenty.
MAX_NICKNAMES = 40
# Words of the directory that one misspelled word is corrected to, and how many of each length
# are considered: people mean one of the likeliest, and each word makes the query longer.
MAX_CORRECTIONS = 12
MAX_CORRECTIONS_PER_LENGTH = 24
# Rows checked to decide whether a word still occurs; a word in this many rows surely does.
MAX_ROWS_TO_PROVE_A_WORD = 50
# Words kept in normalized form: a directory has many people with the same first name.
MAX_CACHED_WORDS = 8_192
# Tags and names of locations kept as words: many extensions have the same.
MAX_CACHED_TEXTS = 512
# Names whose nicknames are kept; the common names of any directory fit.
MAX_CACHED_NICKNAMES = 4_096

# --- Directory: CSV file --------------------------------------------------------------------

# Digits of an extension number: HIDDEN_EXTENSIONS takes as many, and E.164 has no more.
MAX_NUMBER_DIGITS = 15
# 100,000 extensions have some 20 MB; the whole file is held in memory.
MAX_CSV_BYTES = 64 * 1024 * 1024
# Rows that are handed over at a time: each page is one write to the disk.
CSV_PAGE_SIZE = 1_000
# An editor or a copy that still writes the file changes it within this time.
CSV_SETTLE_S = 1.0
# Problems of one file that the log repeats; `doctor` lists more.
MAX_LOGGED_PROBLEMS = 5

# --- Vonage API -----------------------------------------------------------------------------

# Connecting takes one round trip; a host that needs longer than this is unreachable.
CONNECT_LIMIT_S = 4.0
# From the sending of a call to its response; nobody waits longer.
VONAGE_CALL_TIMEOUT_S = 10.0
# A page of 100 extensions has 60 kB and 6,000 values. 8 MB of empty objects take 200 MB of memory.
MAX_RESPONSE_BYTES = 8 * 1024 * 1024
# Brackets, colons and commas of one body: a page of 1,000 extensions has 40,000. The parser stops
# the event loop, for 50 ms at most with this many.
MAX_JSON_MARKS = 100_000
MAX_INTEGER_DIGITS = 18  # of an integer in a record; no number of a directory is longer
MAX_INLINE_BODY_BYTES = 128 * 1024  # a larger one is read in a thread; 100 extensions take 5 ms
MAX_ROWS_PER_PAGE = 10_000  # ten times the largest VONAGE_PAGE_SIZE is a mistake
# Above these a record is unreadable: with 20,000 direct numbers one card took 7 s.
MAX_DIDS_PER_EXTENSION = 500
MAX_HANDSETS_PER_EXTENSION = 200
MAX_RECORD_TEXT_CHARS = 1_000
MAX_HEAD_BYTES = 256 * 1024  # the HTTP library itself takes headers of 100 kB
# 8 MB in network packets are 6,000 parts; single bytes would take minutes of the processor.
MAX_RESPONSE_CHUNKS = 10_000
# A token longer than this does not fit into the headers that servers accept.
MAX_TOKEN_CHARS = 8_000
# The gateway's code stands in the first tags of an XML error.
MAX_XML_ERROR_BYTES = 1_000
# Of one reason that Vonage gives for a refusal; its own reasons are shorter.
MAX_REASON_CHARS = 300

# Attempts of one call, the first included: a person waits 12 s at most, which allows one retry.
MAX_CALL_ATTEMPTS = 2
# The pause before the retry, and its random part, so that many callers don't retry at once.
CALL_RETRY_PAUSE_S = 0.1
CALL_RETRY_JITTER_S = 0.3
# With less time left a second call would be cut off.
MIN_RETRY_S = 1.0
# The same after a failed connection, which took no time.
MIN_RECONNECT_S = 0.5

# Outages. Recovery must be noticed within 30 seconds: a login's pause, a probe's, and its call.
# A call that is cut off sooner than this says nothing about Vonage.
MIN_PATIENCE_S = 5.0
# Failures in a row until calls fail at once; fewer can be a coincidence.
MAX_FAILURES = 4
# Pauses before each probe; the last one repeats.
PROBE_PAUSES_S = (2.0, 5.0, 10.0, 15.0)
PROBE_TIMEOUT_S = 10.0
# Failures in a row of best-effort calls until these fail at once: one call and its retries.
MAX_BEST_EFFORT_FAILURES = MAX_CALL_ATTEMPTS
# For how long they do: cards come without the name of a location instead of late.
FAIL_FAST_S = 20.0

# The quota counts the calls in any minute by Vonage's clock.
QUOTA_PERIOD_S = 60.0
# Two clocks may differ by this much over a minute.
CLOCK_MARGIN_S = 0.05
# Up to this quota, the file of calls is written twice at each call, so that restarts and other
# processes count together. Whoever is allowed more calls a minute is never near the limit.
MAX_SHARED_PER_MINUTE = 1_000
# After a throttle without a time: pauses before each probe; a quota by the minute is free then.
THROTTLE_PAUSES_S = (5.0, 10.0, 20.0, 40.0, 60.0)
# While such a probe is in flight, other callers look this often whether it was answered.
THROTTLE_RECHECK_S = 0.5
MAX_RETRY_AFTER_S = 3600.0  # a longer time is a mistake, or the bot would be silent for days

# Between two tries to lock a file that another process holds, which logs in for half a second.
LOCK_POLL_S = 0.02
# A process logs in twice at most, by refresh token and by password; one that takes longer hangs.
LOGIN_LOCK_TIMEOUT_S = 25.0
# The files of calls and logins have some 30 kB; what is larger is not Ext's.
MAX_SHARED_FILE_BYTES = 1024 * 1024
# Credentials whose token or refusal is kept: a few, for operators who try some and go back.
MAX_STORED_LOGINS = 8

# As long as any other call; nobody waits longer.
LOGIN_TIMEOUT_S = 10.0
# Until the next login after one that failed, but was not refused.
LOGIN_PAUSE_S = 5.0
# How long Vonage locks a user, counted from the last refused login.
LOCK_OUT_S = 30 * 60.0
# No login is made for this long after a renewed token was refused: a new one would be too.
RENEWED_REFUSAL_S = 25.0
# Before a token expires it is renewed, so that no call is made with an expired one.
RENEW_EARLY_S = 180.0
# Where the response does not say how long a token is valid, and the most that is believed.
DEFAULT_TOKEN_LIFE_S = 3600.0
MAX_TOKEN_LIFE_S = 24 * 3600.0

# --- Cache and clocks -----------------------------------------------------------------------

# The wall clock was set if it moves this far from the monotonic one; people see minutes.
CLOCK_STEP_S = 1.0
# Keys of one cache; more are evicted, the least recently used first.
MAX_CACHED = 10_000
# Where the caller gives no other span: a value is current for minutes, and one that is missing
# may be added at any time.
CACHE_FOUND_S = 300.0
CACHE_MISSING_S = 60.0
# After that the value is still used while it is loaded again …
CACHE_STALE_S = 300.0
# … and stands in for a failed load, because yesterday's answer is better than none.
CACHE_STALE_IF_ERROR_S = 24 * 3600.0
# After a failed load, so that a failing source does not get a call for every query.
CACHE_RETRY_PAUSE_S = 5.0

# --- Cards and export -----------------------------------------------------------------------

# Slack may split a longer `text`.
# https://docs.slack.dev/reference/methods/chat.postMessage
MAX_MESSAGE_TEXT_CHARS = 4_000
# Of that, for the rows of each kind of list; the rest is for the sentences around them.
MAX_ROWS_TEXT_CHARS = MAX_MESSAGE_TEXT_CHARS - 600
MAX_LOCATIONS_TEXT_CHARS = MAX_MESSAGE_TEXT_CHARS - 1_200
MAX_CHANGES_TEXT_CHARS = MAX_MESSAGE_TEXT_CHARS - 200
# Slack refuses the whole message above these.
# https://docs.slack.dev/reference/block-kit/blocks
MAX_MESSAGE_BLOCKS = 50
MAX_BLOCKS_JSON_CHARS = 11_000  # the limit is unpublished, somewhere above 12,000
MAX_SECTION_CHARS = 2_900  # the limit is 3,000
MAX_SECTION_FIELDS = 10
MAX_BUTTON_VALUE_CHARS = 2_000
MAX_ACCESSIBILITY_LABEL_CHARS = 75
# The query in a button's value; the grammar refuses a line as long as this.
MAX_BUTTON_LINE_CHARS = 400

MAX_VALUE_CHARS = 1_000  # of one directory value; no real one is longer
MAX_EMAIL_CHARS = 200  # a longer address is cut and gets no link
# Of a person's own words, when a notice repeats them: enough to recognize them.
MAX_QUOTED_CHARS = 150
MAX_CONTACT_CHARS = 200  # of SUPPORT_CONTACT: a name and a channel or an address
MAX_CONTACT_ADMINS = 3  # admins that a notice names; a longer list would hide what to do
MAX_REFUSED_PARAMETERS = 5  # of Vonage's reasons that a notice repeats; the log has them all
# Answers in one message that are whole cards; more are a row each, or the message is too long.
MAX_FULL_CARDS = 3
# These three keep a whole card, blocks and text, below 12,000 characters of JSON.
MAX_CARD_TEXT_CHARS = 3_680
MAX_FACTS_TEXT_CHARS = 3_450
MAX_FACTS_JSON_CHARS = 7_000
MAX_DIDS_CHARS = 1_950  # of mrkdwn on a card; a section's field holds 2,000
MAX_HANDSETS_CHARS = 2_400  # of mrkdwn on a card; the context block with all small rows holds 3,000
MAX_LIST_CHARS_TIGHT = 1_000  # of each of these two on a card whose other rows are long as well
MAX_CHANGE_CHARS = 1_000  # of what changed on one extension; a page has eight such lines
# Of the name and of one value in such a line, so that no value pushes the others out.
MAX_CHANGE_NAME_CHARS = 80
MAX_CHANGE_VALUE_CHARS = 160
MAX_CHANGE_NUMBERS = 5  # direct numbers that one line of changes names; the others are counted
# Phone numbers kept as formatted: phonenumbers is slow, and people see the same ones again.
MAX_CACHED_PHONE_FORMATS = 8_192
# Time zones kept: there are some 600, and each is read from the disk once.
MAX_CACHED_TIME_ZONES = 1_024
MAX_CSV_CELL_CHARS = 32_000  # of a list in one cell; Excel cuts a cell at 32,767
EXPORT_CHUNK_ROWS = 50  # rows written before the event loop runs again: a few milliseconds of work

# --- Settings ---

MAX_ENV_FILE_BYTES = 1_000_000  # more is not a file of settings but a log, or has no end
MIN_DIRECTORY_TTL_S = 1.0  # with less, the source would be read without a pause
MAX_SETTING_S = 31 * 24 * 3600.0  # a month; moments far in the future are no dates

# --- Grammar --------------------------------------------------------------------------------

# Ten phone numbers or names fit. Every pattern of the grammar is safe on text of this length.
MAX_QUERY_CHARS = 300
# Slack's markup makes a query longer, but what is longer than this was never a query.
MAX_RAW_QUERY_CHARS = 2_000
# Each item of `789 790 1001` is a lookup, and this many rows still fit in one message.
MAX_ITEMS_PER_QUERY = 10
# A page of the largest directory has fewer digits; more would be a mistyped number.
MAX_PAGE_DIGITS = 6
# The parser tries the digits of one line several times; more lines need no memory.
MAX_CACHED_PHONE_NUMBERS = 32

# --- Command line ---------------------------------------------------------------------------

# `ask`: as long as the slowest answer takes in Slack. Reading the whole directory comes on top.
ASK_ANSWER_S = 12.0
ASK_POLL_S = 0.01  # between two looks whether a CSV file has been read; nobody notices 10 ms

# `demo`: Slack's announcement (2 s) and the answer that follows it (10 s), and a reserve.
DEMO_ANSWER_S = 15.0
# The invented company is read in a fraction of a second; a demo without it still starts.
DEMO_SNAPSHOT_WAIT_S = 2.0
DEMO_SNAPSHOT_POLL_S = 0.01
# One delivery to the bot, which acknowledges in 3 s at most.
DEMO_REQUEST_S = 10.0

# `serve` shuts down in 1 + 5 + DRAIN_LIMIT_S seconds, within the 30 s that most platforms give.
# Routers go on sending requests for a moment after /readyz has turned 503.
SERVE_LINGER_S = 1.0
# For requests that are still open after that; uvicorn takes whole seconds only.
SERVE_GRACE_S = 5
SERVE_BACKLOG = 2048  # connections that may wait until the bot has started or has time

# `socket`: between two checks of the connection, so that a dead one is replaced in seconds.
SOCKET_PING_S = 5
# Slack waits no longer than this for an acknowledgement, so neither does the shutdown.
SOCKET_GRACE_S = 3.0

# `doctor`: Slack refuses signatures that are more than 300 s off; warn well before that.
DOCTOR_MAX_CLOCK_SKEW_S = 60.0
# One `users.info` call each; a long list would only repeat what the first ones show.
DOCTOR_MAX_ADMINS = 10
# For the login and for each call of the API: above the slowest good answer that was seen.
DOCTOR_VONAGE_S = 20.0
# A host that takes longer to connect to is not there.
DOCTOR_CONNECT_S = 4.0
DOCTOR_MAX_LIST_PAGES = 2  # enough to see that every page has the same rows
# Each hidden number that is not on the first page costs one call of a quota of ten a minute.
DOCTOR_MAX_HIDDEN_CALLS = 3
# To connect to an address that did not answer, only to say why.
DOCTOR_REACH_S = 5.0
# A platform may have to wake the process up before it answers /healthz.
DOCTOR_PUBLIC_URL_S = 10.0
# Problems of the CSV file that are listed; whoever fixes as many runs doctor again.
DOCTOR_MAX_CSV_PROBLEMS = 20
DOCTOR_MIN_FREE_BYTES = 100_000_000  # two copies of 20,000 extensions, and room for the rest
