"""Whether an answer is shared with a channel at once, or its asker is asked first.

Ext asks first where people of other organizations can read the channel, because a slip there
would show them the directory.
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
    """Return the answer for the channel, or the question whether it is to be shared.

    What is not found stays with the asker. A terminal has no `channels`. Raises `MustWait`.
    """
    if answer.outcome is not Outcome.FOUND:
        return answer
    if channels and not request.options.confirmed:
        outsiders = await channels.has_outsiders(
            request.asker.channel_id, deadline=request.wait_deadline
        )
        if outsiders is not False:  # where Slack doesn't say, the channel counts as shared
            return _confirmation(query, has_outsiders=outsiders is True)
    return as_shared(answer, request.asker)


def _confirmation(query: SingleQuery | Several | List, *, has_outsiders: bool) -> Answer:
    text = query_text(query)
    # `who` keeps a name such as "Status" from being read as the command.
    line = f"who {text}" if isinstance(query, Name) else text
    return Answer(notices.share_question(line, text, has_outsiders=has_outsiders), Outcome.INFO)
