"""Delivers to the app what people do outside messages: modals, the Home tab, shortcuts, lists.

https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.json_types import JsonObject
from bot.sandbox.slack import block_actions
from bot.sandbox.slack.block_kit import problems
from bot.sandbox.slack.channels import direct_channel_id
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.payloads import view_object
from bot.sandbox.slack.signing import APP_ID, TEAM_DOMAIN, TEAM_ID, VERIFICATION_TOKEN
from bot.sandbox.slack.transports import INTERACTIVE, AppResponse
from bot.sandbox.slack.views import View

FAILED = "That didn't work: the app did not respond, or not as expected."


class Dialogs:
    """Delivers interactions with views, over the transport of a `Delivery`."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._workspace = delivery.workspace

    async def view_action(self, user: str, request: JsonObject) -> JsonObject:
        """A user presses an element of a view, submits it, or closes it."""
        view = self._workspace.views.find(str(request.get("view_id", "")))
        if view is None or view.user != user:
            raise LookupError("That window is already closed.")
        match request.get("action"):
            case "press":
                return await self._press(view, request)
            case "submit":
                return await self._submit(view, request.get("values") or {})
            case _:
                return await self._close(view)

    async def home(self, user: str) -> JsonObject:
        """A user opens the Home tab, which an app learns from an event."""
        channel_id = direct_channel_id(user)
        event_ts = self._workspace.messages.new_ts()
        home = self._workspace.views.homes.get(user)
        home_view = {"view": view_object(self._workspace, home)} if home else {}
        event = {"type": "app_home_opened", "user": user, "channel": channel_id, "tab": "home"}
        await self._delivery.event({**event, "event_ts": event_ts, **home_view})
        return {}

    async def shortcut(self, user: str, request: JsonObject) -> JsonObject:
        """A user chooses a shortcut, of the workspace or of one message."""
        callback_id, ts = str(request.get("callback_id")), str(request.get("ts", ""))
        fields: JsonObject = {"type": "shortcut", "action_ts": self._workspace.messages.new_ts()}
        if ts:
            message = self._workspace.messages.get(str(request.get("channel")), ts)
            if message is None:
                raise LookupError("That message no longer exists.")
            channel = self._workspace.channels[message.channel]
            message_object = {
                "type": "message",
                "user": message.author,
                "ts": ts,
                **message.payload,
            }
            fields |= {
                "type": "message_action", "message_ts": ts, "message": message_object,
                "channel": {"id": channel.id, "name": channel.name_in_payloads},
                "response_url": self._delivery.new_response_url(user, message.channel),
            }  # fmt: skip
        await self._send(user, {**fields, "callback_id": callback_id})
        return {}

    async def options(self, user: str, request: JsonObject) -> list[Any]:
        """A user types into a list whose options come from the app."""
        query = {name: request.get(name) for name in ("action_id", "block_id", "value")}
        view = self._workspace.views.find(str(request.get("view_id", "")))
        source = {"view": view_object(self._workspace, view)} if view else {}
        response = await self._send(user, {"type": "block_suggestion", **query, **source})
        groups = response.payload.get("option_groups") or [response.payload]
        return [option for group in groups for option in group.get("options") or []]

    async def _press(self, view: View, request: JsonObject) -> JsonObject:
        blocks = view.content.get("blocks") or []
        choice = request.get("choice", "")
        action = block_actions.action_payload(
            blocks, str(request["action_id"]), request.get("index", 0), choice
        )
        action["action_ts"] = self._workspace.messages.new_ts()
        body = {
            "type": "block_actions", "actions": [action],
            "view": view_object(self._workspace, view),
            "container": {"type": "view", "view_id": view.id},
        }  # fmt: skip
        await self._send(view.user, body)
        return {}

    async def _submit(self, view: View, values: JsonObject) -> JsonObject:
        state: JsonObject = {}
        for element in block_actions.interactive_elements(view.content.get("blocks") or []):
            choice = values.get(element["action_id"], "")
            block = state.setdefault(element["block_id"], {})
            block[element["action_id"]] = block_actions.element_state(element, choice)
        view_payload = view_object(self._workspace, view) | {"state": {"values": state}}
        response = await self._send(
            view.user, {"type": "view_submission", "view": view_payload, "response_urls": []}
        )
        return (
            self._apply_response_action(view, response.payload)
            if response.is_ok
            else {"error": FAILED}
        )

    def _apply_response_action(self, view: View, ack: JsonObject) -> JsonObject:
        """Apply the app's response to a submitted modal; an empty response closes it."""
        views = self._workspace.views
        if "view" in ack and (view_problems := problems(ack["view"], "modal")):
            self._workspace.violations.record(
                "invalid_arguments", f"response_action: {view_problems[0]}"
            )
            return {"error": FAILED}
        match ack.get("response_action"):
            case "errors":
                return {"errors": ack.get("errors") or {}}
            case "update":
                views.update(view, ack["view"])
            case "push":
                views.push(view.user, ack["view"])
            case "clear":
                views.stacks[view.user].clear()
            case _:
                views.pop(view.user)
        return {}

    async def _close(self, view: View) -> JsonObject:
        self._workspace.views.pop(view.user)
        if view.content.get("notify_on_close"):
            view_payload = view_object(self._workspace, view)
            await self._send(
                view.user, {"type": "view_closed", "view": view_payload, "is_cleared": False}
            )
        return {}

    async def _send(self, user: str, fields: JsonObject) -> AppResponse:
        member = self._workspace.members[user]
        body = {
            "user": {"id": user, "username": member.name, "team_id": member.team_id},
            "api_app_id": APP_ID,
            "token": VERIFICATION_TOKEN,
            "trigger_id": self._workspace.triggers.issue(user),
            "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
            "enterprise": None,
            "is_enterprise_install": False,
            **fields,
        }
        response = await self._delivery.transport.send(INTERACTIVE, body)
        self._delivery.check_acknowledged(response, f"A {fields['type']}")
        return response
