"""The action ids of buttons, and the block id that listeners look for."""

from __future__ import annotations

SHARE = "ext_share"  # posts the answer to the channel; asks first if outsiders may be in it
SHARE_ANYWAY = "ext_share_anyway"  # confirms that the answer is to be shared with outsiders
CANCEL = "ext_cancel"
REFRESH = "ext_refresh"
MESSAGE = "ext_message"  # links to the person's Slack profile
SHOW = "ext_show"  # opens the card of a row
PREVIOUS = "ext_previous"
NEXT = "ext_next"

ALL = (SHARE, SHARE_ANYWAY, CANCEL, REFRESH, MESSAGE, SHOW, PREVIOUS, NEXT)

SHARED_BY = "ext_shared_by"  # the block id of the line with the name of who shared an answer
