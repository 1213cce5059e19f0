"""Whether an answer is shown to a channel at once, or its asker is asked first.

Where people of other organisations read along, a slip would tell them the directory.
"""

from __future__ import annotations

from bot.cards import notices
from bot.lookup.request import Answer, Outcome, Request, as_shared, query_text
from bot.query.model import List, Name, Several, SingleQuery
from bot.slack.channels import SlackChannels


async def share_or_confirm(
    answer: Answer,
    wanted: SingleQuery | Several | List,
    request: Request,
    channels: SlackChannels | None,
) -> Answer:
    """Return an answer for the channel, or the question whether that is meant.

    What is not found stays with the asker. In a terminal there are no `channels`.
    """
    if answer.outcome is not Outcome.FOUND:
        return answer
    if channels and not request.confirmed:
        where = request.asker.channel_id
        outsiders = await channels.has_outsiders(where, deadline=request.deadline)
        if outsiders is not False:  # not to know counts as yes
            return _question(wanted, known=outsiders is True)
    return as_shared(answer, request.asker)


def _question(wanted: SingleQuery | Several | List, *, known: bool) -> Answer:
    asked = query_text(wanted)
    # Somebody may be called Status: behind `who` nothing is a command.
    line = f"who {asked}" if isinstance(wanted, Name) else asked
    return Answer(notices.share_question(line, asked, has_outsiders=known), Outcome.INFO)
