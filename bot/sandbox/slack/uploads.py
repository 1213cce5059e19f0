"""The files of the workspace: declared, uploaded, and then shared."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from bot.sandbox.json_types import JsonObject


@dataclass(slots=True, eq=False)
class File:
    """A file. `content` is `None` until its bytes arrive; `channel` is where it is shared."""

    id: str
    name: str
    size: int
    url: str
    title: str = ""
    content: bytes | None = None
    channel: str = ""

    @property
    def mimetype(self) -> str:
        """The type that Slack derives from the name."""
        return "text/csv" if self.name.endswith(".csv") else "application/octet-stream"

    def file_object(self) -> JsonObject:
        """The file object in a message."""
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title or self.name,
            "size": self.size,
            "mimetype": self.mimetype,
            "url_private_download": self.url,
        }


class Files:
    """All files. `origin` is the stand-in's address, as the latest request used it."""

    def __init__(self, number: Callable[[], int]) -> None:
        self._number = number
        self._by_id: dict[str, File] = {}
        self.origin = "http://slack"

    def expect(self, name: str, size: int) -> File:
        """Create a file whose bytes are still to be uploaded."""
        file_id = f"F0FILE{self._number():04d}"
        file = File(file_id, name, size, f"{self.origin}/files/{file_id}/download")
        self._by_id[file_id] = file
        return file

    def upload_url(self, file: File) -> str:
        """The address to upload the bytes of a file to."""
        return f"{self.origin}/upload/{file.id}"

    def get(self, file_id: str) -> File | None:
        """The file with this id."""
        return self._by_id.get(file_id)

    @property
    def shared(self) -> list[File]:
        """The files that were shared, oldest first."""
        return [file for file in self._by_id.values() if file.channel]


def download_response(file: File) -> Response:
    """The bytes of a file, as an attachment that browsers save instead of showing."""
    name = re.sub(r"[^\w .-]", "_", file.name, flags=re.ASCII)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(file.content, media_type=file.mimetype, headers=headers)
