"""The `conversations.*` methods: information on a channel, and opening direct messages."""

from __future__ import annotations

from bot.sandbox.json_types import JsonObject
from bot.sandbox.slack import channels
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.web_api import Args, Method, SlackError, missing_scope
from bot.sandbox.slack.workspace import Workspace

READ_SCOPES = ("channels:read", "groups:read", "mpim:read", "im:read")


def visible_channel(workspace: Workspace, channel_id: str, violation: str = "") -> Channel:
    """A channel that the app can see: a public one, or one that it is a member of.

    `violation` is the sentence to record where there is no such channel.
    """
    room = workspace.channels.get(channel_id)
    if room is None or not (room.is_public or room.has_bot):
        raise SlackError("channel_not_found", violation)
    return room


def _info(workspace: Workspace, args: Args) -> JsonObject:
    room = visible_channel(workspace, args.get("channel", ""))
    if room.scope not in workspace.scopes:
        raise missing_scope(workspace, (room.scope,))  # an id does not tell the kind
    with_members = args.get("include_num_members") in ("true", "1")
    return {"channel": channels.channel_object(room, with_members=with_members)}


def _open(workspace: Workspace, args: Args) -> JsonObject:
    people = [each for each in args.get("users", "").split(",") if each]
    if len(people) != 1:
        raise SlackError("users_list_not_supplied", "one user is meant to be given.")
    member = workspace.members.get(people[0])
    if member is None:
        raise SlackError("user_not_found")
    if member.is_bot:
        raise SlackError("cannot_dm_bot", f"{member.id} is a bot.")
    if member.deleted:
        raise SlackError("user_disabled")
    room = workspace.channels[channels.direct_channel_id(member.id)]
    whole = args.get("return_im") in ("true", "1")
    channel = channels.channel_object(room, with_members=False) if whole else {"id": room.id}
    return {"no_op": True, "already_open": True, "channel": channel}


METHODS = {
    "conversations.info": Method(_info, READ_SCOPES),
    "conversations.open": Method(_open, ("im:write", "mpim:write")),
}
