"""What people do beside messages, delivered to the app: modals, the Home tab, shortcuts, lists.

https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack import block_actions
from bot.sandbox.slack.block_kit import problems
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.methods.views import told
from bot.sandbox.slack.signing import APP_ID, TEAM_DOMAIN, TEAM_ID, VERIFICATION_TOKEN
from bot.sandbox.slack.transports import INTERACTIVE, Answer
from bot.sandbox.slack.views import View

Told = dict[str, Any]

FAILED = "We had some trouble connecting: the app did not answer as it should."


class Dialogs:
    """Delivers by the same way as `Delivery`, of which it is the rest."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._workspace = delivery.workspace

    async def does(self, user: str, asked: Told) -> Told:
        """Somebody presses something in a view, submits it, or closes it."""
        view = self._workspace.views.find(str(asked.get("view_id", "")))
        if view is None or view.user != user:
            raise LookupError("That window is closed.")
        match asked.get("does"):
            case "press":
                return await self._press(view, asked)
            case "submit":
                return await self._submit(view, asked.get("values") or {})
            case _:
                return await self._close(view)

    async def home(self, user: str) -> Told:
        """Somebody opens the Home tab, of which an app is told with an event."""
        room = f"D{user[1:]}"
        stamp = self._workspace.messages.stamp()
        home = self._workspace.views.homes.get(user)
        shown = {"view": told(self._workspace, home)} if home else {}
        event = {"type": "app_home_opened", "user": user, "channel": room, "tab": "home"}
        await self._delivery.event({**event, "event_ts": stamp, **shown})
        return {}

    async def shortcut(self, user: str, asked: Told) -> Told:
        """Somebody chooses a shortcut, of the workspace or of one message."""
        callback_id, ts = str(asked.get("callback_id")), str(asked.get("ts", ""))
        extra: Told = {"type": "shortcut", "action_ts": self._workspace.messages.stamp()}
        if ts:
            message = self._workspace.messages.get(str(asked.get("channel")), ts)
            if message is None:
                raise LookupError("That message is gone.")
            room = self._workspace.channels[message.channel]
            written = {"type": "message", "user": message.by, "ts": ts, **message.payload}
            extra |= {
                "type": "message_action", "message_ts": ts, "message": written,
                "channel": {"id": room.id, "name": room.name_in_payloads},
                "response_url": self._delivery.opened(user, message.channel),
            }  # fmt: skip
        await self._carry(user, {**extra, "callback_id": callback_id})
        return {}

    async def options(self, user: str, asked: Told) -> list[Any]:
        """Somebody types into a list whose options come from the app."""
        about = {name: asked.get(name) for name in ("action_id", "block_id", "value")}
        view = self._workspace.views.find(str(asked.get("view_id", "")))
        where = {"view": told(self._workspace, view)} if view else {}
        answer = await self._carry(user, {"type": "block_suggestion", **about, **where})
        groups = answer.payload.get("option_groups") or [answer.payload]
        return [option for group in groups for option in group.get("options") or []]

    async def _press(self, view: View, asked: Told) -> Told:
        blocks = view.content.get("blocks") or []
        chosen = asked.get("chosen", "")
        action = block_actions.action(
            blocks, str(asked["action_id"]), asked.get("index", 0), chosen
        )
        action["action_ts"] = self._workspace.messages.stamp()
        body = {
            "type": "block_actions", "actions": [action], "view": told(self._workspace, view),
            "container": {"type": "view", "view_id": view.id},
        }  # fmt: skip
        await self._carry(view.user, body)
        return {}

    async def _submit(self, view: View, values: Told) -> Told:
        state: Told = {}
        for element in block_actions.elements(view.content.get("blocks") or []):
            chosen = values.get(element["action_id"], "")
            block = state.setdefault(element["block_id"], {})
            block[element["action_id"]] = block_actions.state(element, chosen)
        written = told(self._workspace, view) | {"state": {"values": state}}
        answer = await self._carry(
            view.user, {"type": "view_submission", "view": written, "response_urls": []}
        )
        return self._answered(view, answer.payload) if answer.is_ok else {"error": FAILED}

    def _answered(self, view: View, says: Told) -> Told:
        """What the app does with a modal that was submitted; without a word it is closed."""
        views = self._workspace.views
        if "view" in says and (found := problems(says["view"], "modal")):
            self._workspace.broken.note("invalid_arguments", f"response_action: {found[0]}")
            return {"error": FAILED}
        match says.get("response_action"):
            case "errors":
                return {"errors": says.get("errors") or {}}
            case "update":
                views.update(view, says["view"])
            case "push":
                views.push(view.user, says["view"])
            case "clear":
                views.stacks[view.user].clear()
            case _:
                views.pop(view.user)
        return {}

    async def _close(self, view: View) -> Told:
        self._workspace.views.pop(view.user)
        if view.content.get("notify_on_close"):
            written = told(self._workspace, view)
            await self._carry(
                view.user, {"type": "view_closed", "view": written, "is_cleared": False}
            )
        return {}

    async def _carry(self, user: str, about: Told) -> Answer:
        member = self._workspace.members[user]
        body = {
            "user": {"id": user, "username": member.name, "team_id": member.team_id},
            "api_app_id": APP_ID,
            "token": VERIFICATION_TOKEN,
            "trigger_id": self._workspace.triggers.issue(user),
            "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
            "enterprise": None,
            "is_enterprise_install": False,
            **about,
        }
        answer = await self._delivery.carrier.carry(INTERACTIVE, body)
        self._delivery.acknowledged(answer, f"A {about['type']}")
        return answer
