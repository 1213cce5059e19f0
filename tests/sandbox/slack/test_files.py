"""Files in the stand-in for Slack: announced, sent, shared, and read again."""

from __future__ import annotations

import json

import pytest

from tests.sandbox.slack.slack_calls import called, posted

ANNOUNCE, COMPLETE = "files.getUploadURLExternal", "files.completeUploadExternal"
BYTES = b"Extension\r\n789\r\n"
SIZE = len(BYTES)


async def announced(web, size=SIZE, name="directory.csv"):
    """A place for a file: its id, and where its bytes go."""
    told = await called(web, ANNOUNCE, filename=name, length=size)
    assert told["ok"], told
    return told["file_id"], told["upload_url"]


async def test_a_file_comes_whole_in_a_direct_message(web, slack):
    """What is sent is seen by whom it is for, with its words, and can be read again."""
    file_id, url = await announced(web)
    assert (await web.post(url, content=BYTES)).text == f"OK - {len(BYTES)}"
    told = await posted(
        web,
        COMPLETE,
        files=[{"id": file_id, "title": "The directory"}],
        channel_id="D0JOHN",
        initial_comment="1 extension",
    )
    assert (told["ok"], told["files"][0]["title"]) == (True, "The directory")
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
    assert [each.content for each in slack.files.shared] == [BYTES]
    assert slack.visible_messages("U0ANNA", "D0JOHN") == []
    slack.check()


async def test_a_file_without_a_channel_is_nobodys(web, slack):
    """It is complete, but no one is sent it."""
    file_id, url = await announced(web)
    await web.post(url, content=BYTES)
    assert (await called(web, COMPLETE, files=json.dumps([{"id": file_id}])))["ok"]
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
async def test_a_place_needs_a_name_and_a_size(web, slack, args, error):
    """A mistake of the app's, and noted."""
    assert (await called(web, ANNOUNCE, **args))["error"] == error
    assert slack.violations.rules == [error]


@pytest.mark.parametrize("content", [b"", BYTES[:-1], BYTES + b"x"])
async def test_the_size_must_be_what_was_announced(web, slack, content):
    """No more and no less."""
    _, url = await announced(web)
    assert (await web.post(url, content=content)).status_code == 400
    assert slack.violations.rules == ["upload"]


async def test_an_address_takes_one_file(web, slack):
    """A second one, and one for nothing, find nobody."""
    _, url = await announced(web)
    assert (await web.post(url, content=BYTES)).status_code == 200
    assert (await web.post(url, content=BYTES)).status_code == 404
    assert (await web.post("/upload/F0NOTHING", content=BYTES)).status_code == 404
    assert slack.violations.rules == ["upload", "upload"]


async def test_a_form_is_not_taken(web, slack):
    """Slack would, the stand-in does not, and says so."""
    _, url = await announced(web)
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
async def test_a_file_goes_to_a_channel_that_the_app_is_in(web, slack, channel, error):
    """A user's id is no channel's, though a message could be sent there."""
    file_id, url = await announced(web)
    await web.post(url, content=BYTES)
    told = await posted(web, COMPLETE, files=[{"id": file_id}], channel_id=channel)
    assert told["error"] == error
    assert slack.violations.rules == [error]
    assert slack.files.shared == []


@pytest.mark.parametrize("files", ["", "x", "{}", "[]", '["F0FILE0001"]', '[{"id": 1}]'])
async def test_what_is_completed_is_a_list_of_files(web, slack, files):
    """Each with its id."""
    assert (await called(web, COMPLETE, files=files))["error"] == "invalid_arguments"
    assert slack.violations.rules == ["invalid_arguments"]


async def test_only_what_was_sent_can_be_completed_and_once(web, slack):
    """Before, there is no file; after, it was completed."""
    file_id, url = await announced(web)
    files = [{"id": file_id}]
    told = await posted(web, COMPLETE, files=files, channel_id="D0JOHN")
    assert told["error"] == "file_not_found"
    await web.post(url, content=BYTES)
    assert (await posted(web, COMPLETE, files=files, channel_id="D0JOHN"))["ok"]
    again = await posted(web, COMPLETE, files=files, channel_id="D0JOHN")
    assert again["error"] == "file_update_failed"
    assert slack.violations.rules == ["file_not_found", "file_update_failed"]


@pytest.mark.parametrize("method", [ANNOUNCE, COMPLETE])
async def test_files_need_a_scope(web, slack, method):
    """Without files:write both are refused and noted."""
    slack.scopes = ("chat:write", "im:write")
    assert (await called(web, method))["needed"] == "files:write"
    assert slack.violations.rules == ["missing_scope"]
