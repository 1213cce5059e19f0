"""Files in the Slack stand-in: declared, uploaded, shared and downloaded."""

from __future__ import annotations

import json

import pytest

from tests.sandbox.slack.slack_calls import call, call_with_json

ANNOUNCE, COMPLETE = "files.getUploadURLExternal", "files.completeUploadExternal"
BYTES = b"Extension\r\n789\r\n"
SIZE = len(BYTES)


async def get_upload_url(web, size=SIZE, name="directory.csv"):
    """Ask for an upload: the file's id and the address."""
    response = await call(web, ANNOUNCE, filename=name, length=size)
    assert response["ok"], response
    return response["file_id"], response["upload_url"]


async def test_file_shared_in_direct_message_can_be_downloaded(web, slack):
    """The reader of the direct message sees the file with its comment."""
    file_id, url = await get_upload_url(web)
    assert (await web.post(url, content=BYTES)).text == f"OK - {len(BYTES)}"
    response = await call_with_json(
        web,
        COMPLETE,
        files=[{"id": file_id, "title": "The directory"}],
        channel_id="D0JOHN",
        initial_comment="1 extension",
    )
    assert (response["ok"], response["files"][0]["title"]) == (True, "The directory")
    [message] = slack.visible_messages("U0JOHN", "D0JOHN")
    assert message.text == "1 extension"
    [file] = message.payload["files"]
    assert (file["id"], file["name"], file["size"], file["mimetype"]) == (
        file_id,
        "directory.csv",
        len(BYTES),
        "text/csv",
    )
    assert (await web.get(file["url_private_download"])).content == BYTES
    assert [file.content for file in slack.files.shared] == [BYTES]
    assert slack.visible_messages("U0ANNA", "D0JOHN") == []
    slack.check()


async def test_file_without_channel_is_shared_with_nobody(web, slack):
    """The upload is complete, but no message has the file."""
    file_id, url = await get_upload_url(web)
    await web.post(url, content=BYTES)
    assert (await call(web, COMPLETE, files=json.dumps([{"id": file_id}])))["ok"]
    assert slack.files.shared == []
    assert (await web.get(f"/files/{file_id}/download")).status_code == 404


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"length": 3}, "missing_argument"),
        ({"filename": "a.csv"}, "missing_argument"),
        ({"filename": "a.csv", "length": 0}, "invalid_arguments"),
        ({"filename": "a.csv", "length": "3.5"}, "invalid_arguments"),
        ({"filename": "a.csv", "length": 2_000_000_000}, "file_upload_size_restricted"),
    ],
)
async def test_upload_without_name_or_size_is_refused(web, slack, args, error):
    """The refusal is recorded as a violation."""
    assert (await call(web, ANNOUNCE, **args))["error"] == error
    assert slack.violations.rules == [error]


@pytest.mark.parametrize("content", [b"", BYTES[:-1], BYTES + b"x"])
async def test_upload_of_other_size_is_refused(web, slack, content):
    """Neither more nor fewer bytes are accepted."""
    _, url = await get_upload_url(web)
    assert (await web.post(url, content=content)).status_code == 400
    assert slack.violations.rules == ["upload"]


async def test_second_upload_to_address_is_refused(web, slack):
    """An upload to an unknown address is refused as well."""
    _, url = await get_upload_url(web)
    assert (await web.post(url, content=BYTES)).status_code == 200
    assert (await web.post(url, content=BYTES)).status_code == 404
    assert (await web.post("/upload/F0NOTHING", content=BYTES)).status_code == 404
    assert slack.violations.rules == ["upload", "upload"]


async def test_upload_as_form_is_refused(web, slack):
    """Slack accepts forms; the stand-in doesn't, and says so."""
    _, url = await get_upload_url(web)
    assert (await web.post(url, files={"file": BYTES})).status_code == 415
    assert slack.violations.rules == ["upload"]


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("U0JOHN", "invalid_arguments"),
        ("general", "invalid_arguments"),
        ("C0NOWHERE", "channel_not_found"),
        ("D0FRIENDS", "channel_not_found"),
        ("C0RANDOM", "not_in_channel"),
    ],
)
async def test_file_for_user_id_or_foreign_channel_is_refused(web, slack, channel, error):
    """Unlike a message, a file can't be sent to a user's id."""
    file_id, url = await get_upload_url(web)
    await web.post(url, content=BYTES)
    response = await call_with_json(web, COMPLETE, files=[{"id": file_id}], channel_id=channel)
    assert response["error"] == error
    assert slack.violations.rules == [error]
    assert slack.files.shared == []


@pytest.mark.parametrize("files", ["", "x", "{}", "[]", '["F0FILE0001"]', '[{"id": 1}]'])
async def test_complete_without_list_of_ids_is_refused(web, slack, files):
    """Each file needs its id."""
    assert (await call(web, COMPLETE, files=files))["error"] == "invalid_arguments"
    assert slack.violations.rules == ["invalid_arguments"]


async def test_complete_before_upload_or_twice_is_refused(web, slack):
    """The two refusals have different errors."""
    file_id, url = await get_upload_url(web)
    files = [{"id": file_id}]
    response = await call_with_json(web, COMPLETE, files=files, channel_id="D0JOHN")
    assert response["error"] == "file_not_found"
    await web.post(url, content=BYTES)
    assert (await call_with_json(web, COMPLETE, files=files, channel_id="D0JOHN"))["ok"]
    again = await call_with_json(web, COMPLETE, files=files, channel_id="D0JOHN")
    assert again["error"] == "file_update_failed"
    assert slack.violations.rules == ["file_not_found", "file_update_failed"]


@pytest.mark.parametrize("method", [ANNOUNCE, COMPLETE])
async def test_upload_without_scope_is_refused(web, slack, method):
    """The missing files:write is recorded."""
    slack.scopes = ("chat:write", "im:write")
    assert (await call(web, method))["needed"] == "files:write"
    assert slack.violations.rules == ["missing_scope"]
