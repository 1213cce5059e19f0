"""Files of messages on the page: served from the page's own address, with a preview of tables.

A browser doesn't let the page read another origin, and Slack's files are on an origin of their own.
"""

from __future__ import annotations

import csv
import io
from urllib.parse import quote, urlencode

from bot.sandbox.json_types import JsonObject
from bot.sandbox.slack.uploads import File
from bot.sandbox.slack.workspace import Workspace

PATH = "/api/file"
PREVIEW_ROWS, PREVIEW_COLUMNS = 4, 6
MAX_PREVIEW_BYTES = 4_000


def file_for_page(workspace: Workspace, file: JsonObject, user: str) -> JsonObject:
    """A file object for the page: its address there, and the first rows of a table."""
    address = f"{PATH}/{quote(str(file.get('id')))}?{urlencode({'user': user})}"
    uploaded = workspace.files.get(str(file.get("id")))
    preview = _preview(uploaded) if uploaded else []
    return {**file, "url_private_download": address, "preview": preview}


def find_readable_file(workspace: Workspace, file_id: str, channel_ids: list[str]) -> File | None:
    """The file with this id, if it was shared in one of these channels."""
    file = workspace.files.get(file_id)
    return file if file and file.content is not None and file.channel in channel_ids else None


def _preview(file: File) -> list[list[str]]:
    if file.mimetype != "text/csv" or not file.content:
        return []
    start = file.content[:MAX_PREVIEW_BYTES].decode("utf-8-sig", "ignore")
    # The last line can be cut in the middle, so it is left out.
    text = start if len(file.content) <= MAX_PREVIEW_BYTES else start[: start.rfind("\n") + 1]
    rows = list(csv.reader(io.StringIO(text)))
    return [row[:PREVIEW_COLUMNS] for row in rows[: PREVIEW_ROWS + 1]]
