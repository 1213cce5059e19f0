"""The `users.*`, `auth.*` and `apps.*` methods."""

from __future__ import annotations

from bot.sandbox.json_types import JsonObject
from bot.sandbox.slack import members
from bot.sandbox.slack.members import BOT_ID, BOT_USER_ID, Member
from bot.sandbox.slack.signing import APP_ID, TEAM_DOMAIN, TEAM_ID
from bot.sandbox.slack.web_api import Args, Method, SlackError
from bot.sandbox.slack.workspace import Workspace


def _auth_test(workspace: Workspace, args: Args) -> JsonObject:
    if args["token"] == workspace.app_token:
        return {"app_name": "Ext", "app_id": APP_ID}
    enterprise_fields = (
        {"enterprise_id": workspace.enterprise_id} if workspace.enterprise_id else {}
    )
    return {
        "url": f"https://{TEAM_DOMAIN}.slack.com/",
        "team": "Blue Lantern",
        "user": "ext",
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
        **enterprise_fields,
    }


def _users_info(workspace: Workspace, args: Args) -> JsonObject:
    member = workspace.members.get(args.get("user", ""))
    if member is None:
        raise SlackError("user_not_found")
    return {"user": _user_object(workspace, member)}


def _users_lookup_by_email(workspace: Workspace, args: Args) -> JsonObject:
    if not args.get("email"):
        raise SlackError("invalid_arguments", "no email was given.")
    member = workspace.member_by_email(args["email"])
    if member is None:
        raise SlackError("users_not_found")
    return {"user": _user_object(workspace, member)}


def _user_object(workspace: Workspace, member: Member) -> JsonObject:
    return members.user_object(
        member,
        with_email="users:read.email" in workspace.scopes,
        is_stranger=workspace.is_stranger(member),
    )


def _connections_open(workspace: Workspace, _args: Args) -> JsonObject:
    """The address of a WebSocket, which exists only while Socket Mode is served."""
    unused_address = f"wss://wss-primary.slack.invalid/link/?ticket=0&app_id={APP_ID}"
    return {"url": workspace.socket_url() if workspace.socket_url else unused_address}


METHODS = {
    "auth.test": Method(_auth_test, tokens=("bot", "app")),
    "users.info": Method(_users_info, ("users:read",)),
    "users.lookupByEmail": Method(_users_lookup_by_email, ("users:read.email",)),
    "apps.connections.open": Method(_connections_open, tokens=("app",)),
}
