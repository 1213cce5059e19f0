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

# --- Grammar --------------------------------------------------------------------------------

# --- Command line ---------------------------------------------------------------------------
