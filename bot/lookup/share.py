"""Shares an answer with a channel, or asks for confirmation first.

Ext asks first if people of other organizations can read the channel, because a mistake would
show them the directory.
"""

from __future__ import annotations

from bot.cards import notices
from bot.lookup.request import Answer, Outcome, Request, as_shared, query_text
from bot.query.model import List, Name, Several, SingleQuery
from bot.slack.channels import SlackChannels


async def share_or_confirm(
    answer: Answer,
    query: SingleQuery | Several | List,
    request: Request,
    channels: SlackChannels | None,
) -> Answer:
    """Return the answer for the channel, or a question that asks the person to confirm.

    An answer without a result stays with the asker: only they can correct the query. A terminal
    has no `channels`. Raises `MustWait` if the request has no deadline.
    """
    if answer.outcome is not Outcome.FOUND:
        return answer
    if channels and not request.options.confirmed:
        outsiders = await channels.has_outsiders(
            request.asker.channel_id, deadline=request.wait_deadline
        )
        if outsiders is not False:  # if Slack can't tell, the channel may have outsiders
            return _confirmation(query, has_outsiders=outsiders is True)
    return as_shared(answer, request.asker)


def _confirmation(query: SingleQuery | Several | List, *, has_outsiders: bool) -> Answer:
    text = query_text(query)
    # Without `who` the button would run a person's name such as "Status" as the command.
    line = f"who {text}" if isinstance(query, Name) else text
    return Answer(notices.share_question(line, text, has_outsiders=has_outsiders), Outcome.INFO)
