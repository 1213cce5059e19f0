"""The events of the audit log: lookups, shares and exports, with who asked and where."""

from __future__ import annotations

from collections.abc import Sequence

from bot.audit_log import AuditLog
from bot.lookup.request import Answer, Request


class AuditTrail:
    """Writes events to the audit log."""

    def __init__(self, audit_log: AuditLog) -> None:
        self._audit_log = audit_log

    def answered(self, request: Request, answer: Answer, kind: str) -> None:
        """Record the answer to a request, refusals included. `kind` is the kind of query."""
        self._write(
            "lookup",
            request,
            kind=kind,
            outcome=answer.outcome.value,
            reason=answer.refusal,
            extensions=answer.numbers,
        )

    def shared(self, request: Request, answer: Answer) -> None:
        """Record that an answer is shared with its channel."""
        self._write("share", request, extensions=answer.numbers)

    def exported(self, request: Request, count: int) -> None:
        """Record that a file with `count` extensions was sent to the asker."""
        self._write("export", request, count=count)

    def _write(self, event: str, request: Request, **details: str | int | Sequence[str]) -> None:
        asker, options = request.asker, request.options
        self._audit_log.write(
            event,
            user=asker.user_id,
            team=asker.team_id,
            channel=asker.channel_id,
            surface=options.surface,
            public=options.public,
            **details,
        )
