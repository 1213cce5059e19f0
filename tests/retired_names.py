"""Names that this code no longer uses, with the term to use instead.

An earlier version had a vocabulary of its own, which only its author understood. CONTRIBUTING
has the terms of today; this list keeps the earlier ones out. `python -m tests.retired_names`
prints every name of bot/ and tests/ that breaks the list, or those below the given paths.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
THIS_FILE = Path(__file__)

# Words that may not be part of any name: `shelf` also stands for `open_shelf` and `TheShelf`.
WORDS = {
    "allowance": "the rate limiter, or its limit",
    "anew": "again, refresh or force",
    "backwards": "reversed",
    "bell": "change_signal",
    "breach": "violation",
    "breaches": "violations",
    "carrier": "transport",
    "carriers": "transports",
    "cast": "fixtures",
    "desk": "listener context",
    "doings": "page_actions",
    "eastern": "cjk",
    "entrance": "endpoint",
    "framing": "headings or paging",
    "hasten": "disable_fsync",
    "heard": "recorded, or the response recorder",
    "hood": "inspector",
    "hurry": "bring_forward",
    "landed": "published, or read",
    "landing": "a change, or the change signal",
    "landings": "change_signal",
    "misspelt": "misspelled",
    "reticent": "redacted",
    "rig": "the running bot",
    "rigged": "the running bot",
    "scene": "demo_env",
    "shelf": "snapshot store",
    "shelves": "snapshot stores",
    "spelt": "correctable, or spelled",
    "spine": "the lookup service",
    "spoken": "plain text",
    "stage": "demo_env",
    "surely": "exact_match",
    "telling": "render",
    "told": "the thing's own name: payload, message, answer",
    "veil": "digest_key",
    "veiled": "keyed digest",
    "whisper": "post_ephemeral",
    "winding": "simulated_time",
    # British spelling; Slack's own texts are American.
    "authorised": "authorized",
    "behaviour": "behavior",
    "colour": "color",
    "coloured": "colored",
    "dialled": "dialed",
    "licence": "license",
    "neighbour": "the service's own name: vonage, slack",
    "neighbours": "services",
    "normalised": "normalized",
    "organisation": "organization",
    "organisations": "organizations",
    "recognised": "recognized",
    "serialised": "serialized",
    "unauthorised": "unauthorized",
    "unrecognised": "unrecognized",
}

# Names that say nothing by themselves, but may be part of a longer name.
WHOLE_NAMES = {
    "asked": "query, or the request",
    "beside": "the thing's own name",
    "early": "warm-up lookup",
    "failing": "error messages",
    "held": "entry",
    "how": "options",
    "instead": "response_faults",
    "it": "the thing's own name",
    "known": "cached, or found",
    "kept": "stale_if_error, or entry",
    "mark": "lookup_key, reference, digest or placeholder",
    "minor": "best_effort",
    "near": "similar",
    "offices": "locations",
    "outage": "circuit breaker",
    "points": "live lookups",
    "sharing_decided": "share_or_confirm",
    "spent": "call log, or calls made",
    "things": "items",
}

# Classes and modules that have another name now; the words are fine for variables.
CLASSES = {
    "Allowance": "RateLimiter",
    "Ask": "ApiRequest",
    "Asking": "LiveRefresh",
    "Calls": "ApiCaller",
    "Early": "WarmupLookup",
    "Encoded": "AckBodyCache",
    "Folder": "SnapshotFiles",
    "Held": "Entry",
    "Life": "TtlPolicy",
    "Lost": "FileDamaged",
    "Narrowed": "RowFilter",
    "NotSent": "ConnectFailed",
    "Offices": "LocationCache",
    "Once": "Deduplicator",
    "Outage": "CircuitBreaker",
    "Pause": "Cooldown",
    "Player": "BotControl",
    "Points": "LiveLookup",
    "Rest": "Cooldown",
    "Spent": "CallLog",
    "Stopping": "ShuttingDown",
    "Tell": "Reply",
    "TooLate": "TimedOut",
    "TooOften": "RateLimited",
}
MODULES = {
    "answering": "snapshot_queries",
    "answers": "lookup/request",
    "cells": "text_width",
    "columns": "search_document",
    "eastern": "cjk",
    "ends": "reversed_digits",
    "exporting": "exports",
    "expressions": "fts",
    "failing": "error_messages",
    "finding": "search",
    "fitting": "blocks",
    "folding": "normalize",
    "following": "follow_ups",
    "forms": "name_variants",
    "grants": "token_response",
    "matching": "compare",
    "narrowing": "row_filter",
    "ops": "web/endpoints",
    "posting": "slack/messages",
    "records": "codec",
    "replies": "responses",
    "saying": "notice_builder",
    "sharing": "lookup/share",
    "subject": "targets",
    "trouble": "source_errors",
    "webapi": "slack/api",
    "writing": "unparse",
}


@dataclass(frozen=True, slots=True)
class RetiredName:
    """A name that breaks the list: where it is, and what to use instead."""

    path: Path
    line: int
    name: str
    instead_use: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.name}: use {self.instead_use}"


def python_files() -> list[Path]:
    """Return the modules of bot/ and tests/, without this one: it holds the retired names."""
    files = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    return sorted(path for path in files if path != THIS_FILE)


def retired_names(path: Path) -> list[RetiredName]:
    """Return the retired names that a module defines, its own name included."""
    findings = []
    module = path.parent.name if path.stem == "__init__" else path.stem
    if term := _term(module) or MODULES.get(module, ""):
        findings.append(RetiredName(path, 1, module, term))
    for line, name, is_class in sorted(set(_defined(path))):
        if term := _term(name) or (CLASSES.get(name, "") if is_class else ""):
            findings.append(RetiredName(path, line, name, term))
    return findings


def _term(name: str) -> str:
    """Return what to use instead of a name, or an empty text if it is fine."""
    words = _words(name)
    whole = WHOLE_NAMES.get("_".join(words), "")
    return whole or next((WORDS[word] for word in words if word in WORDS), "")


def _words(name: str) -> list[str]:
    """Split at underscores and camel case: `_openHTTPServer_2` → open, http, server, 2."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return [word.lower() for word in spaced.split("_") if word]


def _defined(path: Path) -> Iterator[tuple[int, str, bool]]:
    """Yield line, name and whether it is a class, for everything that a module gives a name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.ClassDef(name=name):
                yield node.lineno, name, True
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield node.lineno, name, False
            case ast.arg(arg=name):
                yield node.lineno, name, False
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name, False
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                yield node.lineno, name, False
            case ast.MatchStar(name=str(name)) | ast.alias(asname=str(name)):
                yield node.lineno, name, False


def main(arguments: list[str]) -> int:
    """Print the retired names below the given paths, or everywhere; return 1 if there are any."""
    below = [Path(argument).resolve() for argument in arguments] or [ROOT]
    files = [path for path in python_files() if any(path.is_relative_to(top) for top in below)]
    findings = [finding for path in files for finding in retired_names(path)]
    print("\n".join(map(str, findings)))
    return int(bool(findings))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
