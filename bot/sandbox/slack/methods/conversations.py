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
    channel = workspace.channels.get(channel_id)
    if channel is None or not (channel.is_public or channel.has_bot):
        raise SlackError("channel_not_found", violation)
    return channel


def _info(workspace: Workspace, args: Args) -> JsonObject:
    channel = visible_channel(workspace, args.get("channel", ""))
    if channel.scope not in workspace.scopes:
        raise missing_scope(workspace, (channel.scope,))  # an id doesn't show the kind of channel
    with_members = args.get("include_num_members") in ("true", "1")
    return {"channel": channels.channel_object(channel, with_members=with_members)}


def _open(workspace: Workspace, args: Args) -> JsonObject:
    user_ids = [user_id for user_id in args.get("users", "").split(",") if user_id]
    if len(user_ids) != 1:
        raise SlackError("users_list_not_supplied", "exactly one user is expected.")
    member = workspace.members.get(user_ids[0])
    if member is None:
        raise SlackError("user_not_found")
    if member.is_bot:
        raise SlackError("cannot_dm_bot", f"{member.id} is a bot.")
    if member.deleted:
        raise SlackError("user_disabled")
    channel = workspace.channels[channels.direct_channel_id(member.id)]
    is_full = args.get("return_im") in ("true", "1")
    fields = channels.channel_object(channel, with_members=False) if is_full else {"id": channel.id}
    return {"no_op": True, "already_open": True, "channel": fields}


METHODS = {
    "conversations.info": Method(_info, READ_SCOPES),
    "conversations.open": Method(_open, ("im:write", "mpim:write")),
}
