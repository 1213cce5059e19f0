"""The `files.*` methods, and the two routes that files are uploaded to and downloaded from.

An upload takes three steps: ask for an address, send the raw bytes there, and share the file.
"""

from __future__ import annotations

import json
import re

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.json_types import JsonObject
from bot.sandbox.slack.message_rules import check_message
from bot.sandbox.slack.methods.conversations import visible_channel
from bot.sandbox.slack.uploads import File, download_response
from bot.sandbox.slack.web_api import Args, Method, SlackError
from bot.sandbox.slack.workspace import Workspace

MAX_FILE_BYTES = 1_000_000_000

# https://github.com/slackapi/bolt-js/issues/2115: a user's id isn't accepted.
_CHANNEL_ID = re.compile(r"[CGDZ][A-Z0-9]+")
_WRITE_SCOPES = ("files:write",)


def _get_upload_url(workspace: Workspace, args: Args) -> JsonObject:
    name, length = args.get("filename", ""), args.get("length", "")
    if not name or not length:
        raise SlackError("missing_argument", "filename and length are needed.")
    if not length.isascii() or not length.isdigit() or int(length) == 0:
        raise SlackError("invalid_arguments", f"length is a number of bytes, not {length}.")
    if int(length) > MAX_FILE_BYTES:
        raise SlackError("file_upload_size_restricted", "that is more than 1 GB.")
    file = workspace.files.expect(name, int(length))
    return {"upload_url": workspace.files.upload_url(file), "file_id": file.id}


def _complete_upload(workspace: Workspace, args: Args) -> JsonObject:
    files = [_uploaded_file(workspace, entry) for entry in _parse_files(args.get("files", ""))]
    if channel_id := args.get("channel_id", ""):
        _share(workspace, files, channel_id, args)
    return {"files": [file.file_object() for file in files]}


METHODS = {
    "files.getUploadURLExternal": Method(_get_upload_url, _WRITE_SCOPES),
    "files.completeUploadExternal": Method(_complete_upload, _WRITE_SCOPES),
}


def _parse_files(text: str) -> list[JsonObject]:
    try:
        files = json.loads(text)
    except ValueError:
        files = None
    if not isinstance(files, list) or not files or not all(_has_id(entry) for entry in files):
        raise SlackError("invalid_arguments", "files is a list of objects with an id.")
    return files


def _has_id(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("id"), str)


def _uploaded_file(workspace: Workspace, entry: JsonObject) -> File:
    """The file with this id, if its bytes have arrived and it wasn't shared before."""
    file = workspace.files.get(entry["id"])
    if file is None or file.content is None:
        raise SlackError("file_not_found", f"nothing was uploaded for {entry['id']}.")
    if file.channel:
        raise SlackError("file_update_failed", f"{file.id} was completed before.")
    file.title = str(entry.get("title") or "")
    return file


def _share(workspace: Workspace, files: list[File], channel_id: str, args: Args) -> None:
    if not _CHANNEL_ID.fullmatch(channel_id):
        raise SlackError(
            "invalid_arguments", f"channel_id isn't the id of a channel: {channel_id}."
        )
    channel = visible_channel(workspace, channel_id, f"the app can't see a channel {channel_id}.")
    if not channel.has_bot:
        raise SlackError("not_in_channel", f"the app is not in {channel.id}.")
    content: JsonObject = {"files": [file.file_object() for file in files]}
    if comment := args.get("initial_comment", ""):
        content["text"] = comment
        if problems := check_message(
            workspace.violations, "files.completeUploadExternal", {"text": comment}
        ):
            raise SlackError("invalid_arguments", errors=problems)
    for file in files:
        file.channel = channel.id
    workspace.messages.add(
        channel.id,
        content,
        thread_ts=args.get("thread_ts", ""),
        origin="files.completeUploadExternal",
    )


async def _upload(request: Request) -> Response:
    """Store the bytes of a file: once, and as many as were declared."""
    workspace: Workspace = request.app.state.slack
    file = workspace.files.get(request.path_params["file_id"])
    if file is None or file.content is not None:
        workspace.violations.record("upload", "an upload address takes one file, once.")
        return PlainTextResponse("not found", 404)
    if request.headers.get("content-type", "").startswith("multipart/"):
        workspace.violations.record("upload", "only raw bytes are accepted, not a form.")
        return PlainTextResponse("unsupported", 415)
    body = await request.body()
    if len(body) != file.size:
        workspace.violations.record(
            "upload", f"{file.size} bytes were declared, but {len(body)} were sent."
        )
        return PlainTextResponse("size does not match", 400)
    file.content = body
    return PlainTextResponse(f"OK - {len(body)}")


async def _download(request: Request) -> Response:
    workspace: Workspace = request.app.state.slack
    file = workspace.files.get(request.path_params["file_id"])
    if file is None or file.content is None or not file.channel:
        return PlainTextResponse("not found", 404)
    return download_response(file)


ROUTES = [
    Route("/upload/{file_id}", _upload, methods=["POST"]),
    Route("/files/{file_id}/download", _download, methods=["GET"]),
]
