"""The `chat.*` methods: post to a channel, post to one person, and update."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.json_types import JsonObject
from bot.sandbox.slack import channels
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.members import BOT_ID, BOT_USER_ID
from bot.sandbox.slack.message_posting import Destination, post
from bot.sandbox.slack.message_rules import MAX_TEXT_CHARS, check_message, error_name
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.methods.conversations import visible_channel
from bot.sandbox.slack.signing import APP_ID, TEAM_ID
from bot.sandbox.slack.web_api import Args, Method, SlackError
from bot.sandbox.slack.workspace import Workspace

_MAX_UPDATE_TEXT_CHARS = 4_000
_BOOLEAN_ARGS = ("link_names", "mrkdwn", "unfurl_links", "unfurl_media")


def _post_message(workspace: Workspace, args: Args) -> JsonObject:
    channel = _writable_channel(workspace, args)
    content = _content(workspace, "chat.postMessage", args)
    destination = Destination(channel.id, args.get("thread_ts", ""))
    message = post(
        workspace.messages, workspace.violations, content, destination, "chat.postMessage"
    )
    return {"channel": channel.id, "ts": message.ts, "message": _message_object(message)}


def _post_ephemeral(workspace: Workspace, args: Args) -> JsonObject:
    channel = _writable_channel(workspace, args)
    user = args.get("user", "")
    if user not in channel.members:
        # People ask in public channels that they haven't joined, which an app can't see in
        # advance. A call without a user is the app's mistake.
        violation = "" if user else f"no user is given for a message in {channel.id}."
        raise SlackError("user_not_in_channel", violation)
    content = _content(workspace, "chat.postEphemeral", args)
    destination = Destination(channel.id, args.get("thread_ts", ""), visible_to=user)
    message = post(
        workspace.messages, workspace.violations, content, destination, "chat.postEphemeral"
    )
    return {"message_ts": message.ts}


def _update(workspace: Workspace, args: Args) -> JsonObject:
    channel = _writable_channel(workspace, args)
    message = workspace.messages.get(channel.id, args.get("ts", ""))
    if message is None or message.is_ephemeral:
        raise SlackError("message_not_found", "there's no such message, or it is ephemeral.")
    if message.author != BOT_USER_ID:
        raise SlackError("cant_update_message", f"{message.ts} was posted by {message.author}.")
    args_with_blocks = args if "blocks" in args else {**args, "blocks": json.dumps(message.blocks)}
    content = _content(
        workspace, "chat.update", args_with_blocks, max_text_chars=_MAX_UPDATE_TEXT_CHARS
    )
    workspace.messages.edit(message, content)
    edited = {"edited": {"user": BOT_ID, "ts": workspace.messages.new_ts()}}
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": _message_object(message) | edited,
    }


METHODS = {
    "chat.postMessage": Method(_post_message, ("chat:write",)),
    "chat.postEphemeral": Method(_post_ephemeral, ("chat:write",)),
    "chat.update": Method(_update, ("chat:write",)),
}


def _writable_channel(workspace: Workspace, args: Args) -> Channel:
    """The channel of the call, if the app may write there. A user's id stands for the direct
    one.
    """
    channel_id = args.get("channel", "")
    if channel_id in workspace.members:
        channel_id = channels.direct_channel_id(channel_id)
    channel = visible_channel(
        workspace, channel_id, f"the app can't see a channel {channel_id or '(none)'}."
    )
    if channel.is_archived:
        raise SlackError("is_archived", f"{channel.id} is archived.")
    if not channel.has_bot and "chat:write.public" not in workspace.scopes:
        raise SlackError("not_in_channel", f"the app is not in {channel.id}.")
    return channel


def _content(
    workspace: Workspace, method: str, args: Args, *, max_text_chars: int = MAX_TEXT_CHARS
) -> JsonObject:
    """The content of a message that Slack accepts. Raises SlackError."""
    content: JsonObject = {**args}
    content.pop("token", None)
    content |= {name: args[name] in ("true", "1") for name in _BOOLEAN_ARGS if name in args}
    if not content.get("blocks"):
        content.pop("blocks", None)
    else:
        content["blocks"] = _parse_blocks(content["blocks"])
    if content.get("blocks") == []:
        del content["blocks"]  # an empty list removes the blocks in chat.update
    problems = check_message(workspace.violations, method, content, max_text_chars=max_text_chars)
    if problems:
        messages = [f"[ERROR] {problem}" for problem in problems]
        metadata = {"messages": messages}
        raise SlackError(error_name(problems[0]), errors=problems, response_metadata=metadata)
    return content


def _parse_blocks(text: str) -> list[Any]:
    try:
        blocks = json.loads(text)
    except ValueError:
        blocks = None
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format", "blocks must be a list in JSON.")
    return blocks


def _message_object(message: Message) -> JsonObject:
    """A message object, as the response repeats it."""
    message_object: JsonObject = {
        "type": "message",
        "user": message.author,
        "bot_id": BOT_ID,
        "app_id": APP_ID,
        "team": TEAM_ID,
        "ts": message.ts,
        "bot_profile": {
            "id": BOT_ID,
            "app_id": APP_ID,
            "name": "Ext",
            "deleted": False,
            "team_id": TEAM_ID,
            "updated": 1_700_000_000,
        },
        **message.payload,
    }
    if message.thread_ts:
        message_object["thread_ts"] = message.thread_ts
    return message_object
