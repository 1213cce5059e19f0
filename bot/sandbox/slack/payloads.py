"""The payloads that Slack sends to an app, with every field: events, buttons, commands, views.

https://docs.slack.dev/apis/events-api#event-type-structure
https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
https://docs.slack.dev/interactivity/implementing-slash-commands
"""

from __future__ import annotations

from bot.sandbox.json_types import JsonObject
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.members import BOT_ID, BOT_USER_ID, ENTERPRISE_NAME, Member
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.signing import (
    APP_ID,
    TEAM_DOMAIN,
    TEAM_ID,
    VERIFICATION_TOKEN,
    slash_fields,
)
from bot.sandbox.slack.views import View
from bot.sandbox.slack.workspace import Workspace


def event_callback(workspace: Workspace, event: JsonObject, event_id: str) -> JsonObject:
    """An event in its envelope."""
    channel = workspace.channels.get(str(event.get("channel", "")))
    enterprise_id = workspace.enterprise_id or None
    at = str(event.get("event_ts") or event.get("ts") or workspace.clock())
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        **({"enterprise_id": enterprise_id} if enterprise_id else {}),
        "context_team_id": TEAM_ID,
        "context_enterprise_id": enterprise_id,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(float(at)),
        "authorizations": [
            {
                "enterprise_id": enterprise_id,
                "team_id": TEAM_ID,
                "user_id": BOT_USER_ID,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": bool(channel and channel.is_ext_shared),
        "event_context": f"4-{event_id}",
    }


def message_event(
    member: Member, channel: Channel, text: str, *, ts: str, parent: Message | None = None
) -> JsonObject:
    """The fields that mentions and direct messages share; `parent` is the root of the thread."""
    thread = {"thread_ts": parent.ts, "parent_user_id": parent.author} if parent else {}
    team_fields = {"user_team": member.team_id, "source_team": member.team_id}
    return {
        "user": member.id,
        "client_msg_id": f"00000000-0000-4000-8000-{ts.partition('.')[2]:0>12}",
        "text": text,
        "ts": ts,
        "team": member.team_id,
        **(team_fields if channel.is_ext_shared or channel.is_org_shared else {}),
        **thread,
        "blocks": [
            {
                "type": "rich_text",
                "block_id": "typed",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
                ],
            }
        ],
        "channel": channel.id,
        "event_ts": ts,
    }


def slash_command(member: Member, channel: Channel, text: str, **fields: str) -> dict[str, str]:
    """The fields of a slash command; `fields` replace them."""
    defaults = {
        "user_id": member.id,
        "user_name": member.name,
        "channel_id": channel.id,
        "channel_name": channel.name_in_payloads,
        "team_id": member.team_id,
        "team_domain": TEAM_DOMAIN if member.team_id == TEAM_ID else "elsewhere",
        "enterprise_id": member.enterprise_id,
    }
    return slash_fields(text, **(defaults | fields))


def block_actions(
    workspace: Workspace,
    message: Message,
    action: JsonObject,
    *,
    member: Member,
    channel: Channel,
    response_url: str,
) -> JsonObject:
    """A button press in a message. An ephemeral message isn't included in the payload."""
    enterprise = {"id": workspace.enterprise_id, "name": ENTERPRISE_NAME}
    message_field = {} if message.is_ephemeral else {"message": _message_object(message)}
    team = {"id": TEAM_ID, "domain": TEAM_DOMAIN}
    if workspace.enterprise_id:
        team |= {"enterprise_id": workspace.enterprise_id, "enterprise_name": ENTERPRISE_NAME}
    return {
        "type": "block_actions",
        "user": {
            "id": member.id,
            "username": member.name,
            "name": member.name,
            "team_id": member.team_id,
        },
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "container": _container_object(message),
        "trigger_id": workspace.triggers.issue(member.id),
        "team": team,
        "enterprise": enterprise if workspace.enterprise_id else None,
        "is_enterprise_install": False,
        "channel": {"id": channel.id, "name": channel.name_in_payloads},
        **message_field,
        "state": {"values": {}},
        "response_url": response_url,
        "actions": [action],
    }


def _container_object(message: Message) -> JsonObject:
    thread = {"thread_ts": message.thread_ts} if message.thread_ts else {}
    return {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.is_ephemeral,
        **thread,
    }


def _message_object(message: Message) -> JsonObject:
    thread = {"thread_ts": message.thread_ts} if message.thread_ts else {}
    edited = {"edited": {"user": BOT_ID, "ts": message.ts}} if message.previous_payloads else {}
    return {
        "user": BOT_USER_ID,
        "type": "message",
        "ts": message.ts,
        "bot_id": BOT_ID,
        "app_id": APP_ID,
        "team": TEAM_ID,
        **message.payload,
        **thread,
        **edited,
    }


def view_object(workspace: Workspace, view: View) -> JsonObject:
    """A view object, as responses and payloads have it."""
    stack = workspace.views.stacks[view.user]
    position = stack.index(view) if view in stack else 0
    return {
        "id": view.id,
        "team_id": TEAM_ID,
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "state": {"values": {}},
        "clear_on_close": False,
        "notify_on_close": False,
        **view.content,
        "hash": view.hash,
        "root_view_id": stack[0].id if stack else view.id,
        "previous_view_id": stack[position - 1].id if position else None,
        "app_id": APP_ID,
        "bot_id": BOT_ID,
        "app_installed_team_id": TEAM_ID,
    }
