"""The `views.*` methods: open, push and update a modal, and publish a Home tab.

https://docs.slack.dev/reference/methods/views.open
"""

from __future__ import annotations

import json

from bot.sandbox.json_types import JsonObject
from bot.sandbox.slack.block_kit import problems
from bot.sandbox.slack.payloads import view_object
from bot.sandbox.slack.views import MAX_STACKED_MODALS, View
from bot.sandbox.slack.web_api import Args, Method, SlackError
from bot.sandbox.slack.workspace import Workspace

MAX_VIEW_CHARS = 250_000


def _open(workspace: Workspace, args: Args) -> JsonObject:
    content = _parse_view(workspace, args, "modal")
    user = _exchange_trigger(workspace, args)
    return _view_response(workspace, workspace.views.open(user, content))


def _push(workspace: Workspace, args: Args) -> JsonObject:
    content = _parse_view(workspace, args, "modal")
    user = _exchange_trigger(workspace, args)
    stack = workspace.views.stacks[user]
    if not stack:
        raise SlackError("not_found", "views.push needs a modal that is open.")
    if len(stack) >= MAX_STACKED_MODALS:
        raise SlackError(
            "push_limit_reached", f"there are {MAX_STACKED_MODALS} stacked modals already."
        )
    return _view_response(workspace, workspace.views.push(user, content))


def _update(workspace: Workspace, args: Args) -> JsonObject:
    view = workspace.views.find(args.get("view_id", ""), args.get("external_id", ""))
    if view is None:
        raise SlackError("not_found", "there's no such view, or it was closed.")
    content = _parse_view(workspace, args, str(view.content.get("type")), current=view)
    _check_hash(view, args)
    workspace.views.update(view, content)
    return _view_response(workspace, view)


def _publish(workspace: Workspace, args: Args) -> JsonObject:
    user = args.get("user_id", "")
    if user not in workspace.members:
        raise SlackError("user_not_found", f"there's no user {user or '(none)'}.")
    home = workspace.views.homes.get(user)
    content = _parse_view(workspace, args, "home", current=home)
    if home:
        _check_hash(home, args)
    return _view_response(workspace, workspace.views.publish(user, content))


METHODS = {
    "views.open": Method(_open),
    "views.push": Method(_push),
    "views.update": Method(_update),
    "views.publish": Method(_publish),
}


def _exchange_trigger(workspace: Workspace, args: Args) -> str:
    """The user whose action the trigger belongs to; the trigger is used up."""
    trigger = args.get("trigger_id", "")
    if refusal := workspace.triggers.error_of(trigger):
        raise SlackError(
            refusal, f"trigger_id {trigger or '(none)'}: valid once, and for 3 seconds."
        )
    return workspace.triggers.use(trigger)


def _check_hash(view: View, args: Args) -> None:
    if args.get("hash", view.hash) != view.hash:
        raise SlackError("hash_conflict")


def _parse_view(
    workspace: Workspace, args: Args, surface: str, *, current: View | None = None
) -> JsonObject:
    """The view of the call, if Slack accepts it. Raises SlackError."""
    view_json = args.get("view", "")
    if len(view_json) > MAX_VIEW_CHARS:
        raise SlackError("view_too_large", f"a view has at most {MAX_VIEW_CHARS:,} characters.")
    try:
        content = json.loads(view_json)
    except ValueError:
        content = None
    if not isinstance(content, dict) or content.get("type") != surface:
        raise SlackError("invalid_arguments", f"view must be a {surface} in JSON.")
    if view_problems := problems(content, surface):
        metadata = {"messages": [f"[ERROR] {problem}" for problem in view_problems]}
        raise SlackError("invalid_arguments", "; ".join(view_problems), response_metadata=metadata)
    other = workspace.views.find(external_id=str(content.get("external_id") or ""))
    if other is not None and other is not current:
        raise SlackError("duplicate_external_id", "another view has this external_id.")
    return content


def _view_response(workspace: Workspace, view: View) -> JsonObject:
    return {"view": view_object(workspace, view)}
