"""The `chat.*` methods: post to a channel, post to one person, and update."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.json_types import JsonObject
from bot.sandbox.slack import channels
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.members import BOT_ID, BOT_USER_ID
from bot.sandbox.slack.message_rules import MAX_TEXT_CHARS, check_message, error_name
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.methods.conversations import visible_channel
from bot.sandbox.slack.posting import Destination, post
from bot.sandbox.slack.signing import APP_ID, TEAM_ID
from bot.sandbox.slack.web_api import Args, Method, SlackError
from bot.sandbox.slack.workspace import Workspace

_MAX_UPDATE_TEXT_CHARS = 4_000  # characters of a text
_BOOLEAN_ARGS = ("link_names", "mrkdwn", "unfurl_links", "unfurl_media")


def _post_message(workspace: Workspace, args: Args) -> JsonObject:
    room = _writable_channel(workspace, args)
    content = _content(workspace, "chat.postMessage", args)
    place = Destination(room.id, args.get("thread_ts", ""))
    message = post(workspace.messages, workspace.violations, content, place, "chat.postMessage")
    return {"channel": room.id, "ts": message.ts, "message": _message_object(message)}


def _post_ephemeral(workspace: Workspace, args: Args) -> JsonObject:
    room = _writable_channel(workspace, args)
    user = args.get("user", "")
    if user not in room.members:
        raise SlackError("user_not_in_channel", f"{user or 'nobody'} is not in {room.id}.")
    content = _content(workspace, "chat.postEphemeral", args)
    place = Destination(room.id, args.get("thread_ts", ""), visible_to=user)
    message = post(workspace.messages, workspace.violations, content, place, "chat.postEphemeral")
    return {"message_ts": message.ts}


def _update(workspace: Workspace, args: Args) -> JsonObject:
    room = _writable_channel(workspace, args)
    message = workspace.messages.get(room.id, args.get("ts", ""))
    if message is None or message.is_ephemeral:
        raise SlackError("message_not_found", "there is no such message, or only one person's.")
    if message.author != BOT_USER_ID:
        raise SlackError("cant_update_message", f"{message.ts} was said by {message.author}.")
    kept = args if "blocks" in args else {**args, "blocks": json.dumps(message.blocks)}
    content = _content(workspace, "chat.update", kept, max_text_chars=_MAX_UPDATE_TEXT_CHARS)
    workspace.messages.edit(message, content)
    edited = {"edited": {"user": BOT_ID, "ts": workspace.messages.new_ts()}}
    return {
        "channel": room.id,
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
    wanted = args.get("channel", "")
    if wanted in workspace.members:
        wanted = channels.direct_channel_id(wanted)
    room = visible_channel(workspace, wanted, f"the app cannot see a channel {wanted or '(none)'}.")
    if room.is_archived:
        raise SlackError("is_archived", f"{room.id} is archived.")
    if not room.has_bot and "chat:write.public" not in workspace.scopes:
        raise SlackError("not_in_channel", f"the app is not in {room.id}.")
    return room


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
        del content["blocks"]  # how chat.update takes them away
    refused = check_message(workspace.violations, method, content, max_text_chars=max_text_chars)
    if refused:
        messages = [f"[ERROR] {each}" for each in refused]
        metadata = {"messages": messages}
        raise SlackError(error_name(refused[0]), errors=refused, response_metadata=metadata)
    return content


def _parse_blocks(text: str) -> list[Any]:
    try:
        blocks = json.loads(text)
    except ValueError:
        blocks = None
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format", "blocks are not a list in JSON.")
    return blocks


def _message_object(message: Message) -> JsonObject:
    """A message object, as the response repeats it."""
    told: JsonObject = {
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
        told["thread_ts"] = message.thread_ts
    return told
