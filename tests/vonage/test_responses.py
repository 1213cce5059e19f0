"""What a response means, by status, shape and code."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import (
    BadParameters,
    Forbidden,
    InvalidParameter,
    NotAuthorized,
    NotFound,
    OverQuota,
    Unavailable,
    UnexpectedReply,
    WrongPath,
)
from bot.limits import MAX_JSON_MARKS, MAX_RETRY_AFTER_S
from bot.vonage import responses
from bot.vonage.transport import HttpResponse
from tests.vonage.samples import fault, live_list, reply

NOW = 1_788_624_000.0  # 2026-09-05 16:00:00 UTC
XML = b'<ams:fault xmlns:ams="http://wso2.org/apimanager/security"><ams:code>900902</ams:code>'


def read(status, body=b"", **headers):
    """Read a response."""
    sample = reply(status, body, **headers)
    return responses.read(HttpResponse(sample.status_code, sample.headers, sample.content), now=NOW)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (404, {"msg": "Extension not found", "status": 404}, NotFound),
        (404, {"msg": "Extension not found"}, NotFound),
        (404, {"msg": "Extension not found", "status": "404"}, NotFound),
        (404, fault(900906), WrongPath),
        (404, fault(404, flat=True), WrongPath),
        (404, fault(101503), WrongPath),
        (403, fault(900906), WrongPath),
        (401, fault(900901), NotAuthorized),
        (401, fault(900901, flat=True), NotAuthorized),
        (401, XML, NotAuthorized),
        (401, b"missing user data", NotAuthorized),
        (401, {"title": "Problem with provided token"}, NotAuthorized),
        (200, fault(900902), NotAuthorized),
        (200, XML, NotAuthorized),
        (200, {"fault": {"code": 900901.0}}, NotAuthorized),
        (503, XML.replace(b"900902", b"900801"), OverQuota),
        (403, XML.replace(b"900902", b"900906"), WrongPath),
        (403, fault(900908), Forbidden),
        (200, fault(900908), Forbidden),
        (403, b"", Forbidden),
        (429, b"", OverQuota),
        (429, fault(900803), OverQuota),
        (503, fault(900801), OverQuota),
        (200, fault(900800, flat=True), OverQuota),
        (503, fault(700700), Unavailable),
        (500, b"", Unavailable),
        (502, b"<html>Bad gateway</html>", Unavailable),
        (400, b"", BadParameters),
        (302, b"", UnexpectedReply),
        (418, b"", UnexpectedReply),
        (200, b"", UnexpectedReply),
        (200, b"[]", UnexpectedReply),
        (200, b"null", UnexpectedReply),
        (200, b'{"_embedded": {', UnexpectedReply),
        (200, b"[" * 100_000, UnexpectedReply),
        (200, fault(101503), UnexpectedReply),
        (200, fault(700700), Unavailable),
        (400, fault(900901), BadParameters),
        (404, fault(900901), WrongPath),
        (500, fault(900901), Unavailable),
        (199, {"page": 1}, UnexpectedReply),
        (300, {"page": 1}, UnexpectedReply),
        (399, {"page": 1}, UnexpectedReply),
        (418, {"page": 1}, UnexpectedReply),
        (499, {"page": 1}, UnexpectedReply),
    ],
)
def test_refusal_becomes_one_error(status, body, error):
    """A status, a body's shape and a gateway's code together say what went wrong."""
    with pytest.raises(error) as raised:
        read(status, body)
    assert type(raised.value) is error


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"404 page not found",
        b"<html>Not Found</html>",
        b"<Error><Code>NoSuchKey</Code></Error>",
        {},
        {"status": 404},
        {"timestamp": "2026-09-05", "status": 404, "error": "Not Found", "path": "/extensions/789"},
        {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "No route"},
        {"message": "no Route matched with those values"},
        {"statusCode": 404, "message": "Resource not found"},
        {"error_msg": "404 Route Not Found"},
        {"msg": None, "status": 404},
        {"msg": "", "status": 404},
        {"msg": "  ", "status": 404},
        {"msg": {"text": "Extension not found"}, "status": 404},
        {"msg": "Extension not found", "status": 200},
        {"msg": "Not Found", "status": 404, "path": "/extensions/789"},
        [{"msg": "Extension not found", "status": 404}],
    ],
)
def test_404_without_the_documents_msg_is_a_wrong_path(body):
    """Only the service itself says "Extension not found"; all others don't know the path."""
    with pytest.raises(WrongPath, match="VONAGE_BASE_URL"):
        read(404, body)


def _nested(depth):
    return b"[" * depth + b"]" * depth


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":[' + b",".join([b"null"] * MAX_JSON_MARKS) + b"]}",
        b'{"a":[' + b",".join([b"{}"] * MAX_JSON_MARKS) + b"]}",
        b'{"a":[' + b",".join([_nested(900)] * 200) + b"]}",
        b"{" + b",".join(b'"%d":1' % each for each in range(MAX_JSON_MARKS)) + b"}",
    ],
    ids=["nulls", "objects", "nested", "keys"],
)
def test_body_with_too_many_values_is_not_parsed(body):
    """The parser stops the event loop while it works, so its work is bounded."""
    with pytest.raises(UnexpectedReply, match="more values"):
        read(200, body)


@pytest.mark.parametrize("digits", [400, 4000, 100_000])
def test_body_with_a_long_integer_is_not_read(digits):
    """Thousands of integers of thousands of digits would take as long as a whole directory."""
    with pytest.raises(UnexpectedReply):
        read(200, b'{"page": ' + b"9" * digits + b"}")


def test_good_response_is_its_json():
    """A JSON object with status 200 is returned as it is."""
    assert read(200, live_list()) == live_list()


def test_bad_parameters_have_the_apis_own_words():
    """The title, the reasons and the track id of a 400 are kept for whoever must act on them."""
    body = {
        "status": 400,
        "title": "Invalid parameters",
        "instance": "track-1",
        "invalid_parameters": [{"name": "page", "reason": "must be above 0"}, "odd", {}],
    }
    with pytest.raises(BadParameters) as raised:
        read(400, body)
    assert raised.value.title == "Invalid parameters"
    assert raised.value.track_id == "track-1"
    assert raised.value.reasons[0] == InvalidParameter("page", "must be above 0")


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"retry_after": "7"}, {}, 7.0),
        ({"retry_after": "1.5"}, {}, 1.5),
        ({"retry_after": "0"}, {}, 0.0),
        ({"retry_after": "-3"}, {}, None),
        ({"retry_after": "Sat, 05 Sep 2026 16:00:30 GMT"}, {}, 30.0),
        ({"retry_after": "Sat, 05 Sep 2026 18:00:30 +0200"}, {}, 30.0),
        ({"retry_after": "Sat, 05 Sep 2026 15:00:30 GMT"}, {}, 0.0),
        ({"retry_after": "999999999"}, {}, MAX_RETRY_AFTER_S),
        ({"retry_after": "nan"}, {}, None),
        ({"retry_after": "soon"}, {}, None),
        ({}, {"nextAccessTime": "2026-Sep-05 16:00:20+0000 UTC"}, 20.0),
        (
            {},
            {"fault": {"description": "You can access API after 2026-Sep-05 16:01:00+0000 UTC"}},
            60.0,
        ),
        ({}, {"nextAccessTime": "2026-Foo-05 16:00:20+0000 UTC"}, None),
        ({}, {"nextAccessTime": "2026-Sep-35 16:00:20+0000 UTC"}, None),
        ({}, {}, None),
    ],
)
def test_retry_after_is_read_in_every_format(headers, body, seconds):
    """`Retry-After` as seconds or date, and the gateway's own time, all give seconds to wait."""
    sample = reply(429, body, **headers)
    assert responses.retry_after(sample.headers, body, now=NOW) == seconds


def test_throttle_without_a_time_names_no_time():
    """Without a time in the response, `bot.vonage.throttle` decides how long to wait."""
    with pytest.raises(OverQuota) as raised:
        read(429)
    assert raised.value.retry_after is None


@pytest.mark.parametrize(("status", "error"), [(429, OverQuota), (503, Unavailable)])
def test_refusal_has_the_time_that_the_response_names(status, error):
    """Whoever asks is told when to come again, and no call is made before."""
    with pytest.raises(error) as raised:
        read(status, retry_after="7")
    assert raised.value.retry_after == 7.0


@pytest.mark.parametrize(("code", "is_named"), [(101503, True), (10150, False), (1015030, False)])
def test_only_a_code_of_the_gateway_is_named_in_the_error(code, is_named):
    """Its codes have six digits; any other number could be somebody's, and goes in no log."""
    with pytest.raises(UnexpectedReply) as raised:
        read(200, fault(code))
    assert (str(code) in str(raised.value)) is is_named


def test_body_with_a_text_that_looks_like_an_xml_error_is_read():
    """Only a body that is XML can be the gateway's XML."""
    body = {"name": "<fault><code>900801</code></fault>"}
    assert read(200, body) == body


@pytest.mark.parametrize("value", [None, [], {"a": "b"}])
def test_bad_parameters_with_an_odd_title_have_none(value):
    """What is no text is not shown as one."""
    with pytest.raises(BadParameters) as raised:
        read(400, {"title": value, "instance": value})
    assert (raised.value.title, raised.value.track_id) == ("", "")


ODD_TIMES = [
    *("", "-", "-1", "-1e9", "nan", "-nan", "inf", "-inf", "1e400", "0x10", "1_000", "+5", "5 s"),
    *("５", "٥", "²", "\u0665\u0660", "9" * 5_000, "0." + "9" * 5_000, "." * 90_000, ":" * 90_000),
    *("Fri, 31 Dec 9999 23:59:59 GMT", "Fri, 31 Dec 9999 23:59:59 -2359"),
    *("Mon, 01 Jan 0001 00:00:00 GMT", "Mon, 01 Jan 0001 00:00:00 +2359"),
    *("Mon, 01 Jan 0001 00:00:00 +9999", "Sat, 05 Sep 2026 16:00:30 +99999999999999"),
    *("Sat, 05 Sep 2026 99:99:99 GMT", "Sat, 99 Sep 2026 16:00:30 GMT", "05 Sep", "Sep 2026 -0000"),
    *(f"Sat, 05 Sep {'9' * 5_000} 16:00:30 GMT", "Sat, 05 Sep -2026 16:00:30 GMT"),
]


@pytest.mark.parametrize("text", ODD_TIMES, ids=lambda each: each[:40])
@pytest.mark.parametrize("status", [429, 503])
def test_odd_time_is_a_plain_failure(text, status):
    """Whatever a response calls a time, its status decides, and the wait is an hour at most."""
    for headers, body in (
        ({"retry-after": text}, b""),
        ({}, {"nextAccessTime": text}),
        ({}, {"fault": {"nextAccessTime": [text], "description": {"x": text}}}),
    ):
        raw_headers = httpx.Headers([(name, value.encode()) for name, value in headers.items()])
        response = HttpResponse(status, raw_headers, reply(status, body).content)
        with pytest.raises((OverQuota, Unavailable)) as raised:
            responses.read(response, now=NOW)
        assert 0 <= (raised.value.retry_after or 0) <= MAX_RETRY_AFTER_S


@given(
    text=st.text(max_size=60)
    | st.from_regex(r"\w{3}, \d{2} \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4,9}")
)
def test_any_text_as_retry_after_is_read_or_ignored(text):
    """No text in the header, and none in the body, raises an exception."""
    for headers, body in (({"retry-after": text}, {}), ({}, {"nextAccessTime": text})):
        wait = responses.retry_after(headers, body, now=NOW)
        assert wait is None or 0 <= wait <= MAX_RETRY_AFTER_S


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_named_in_the_error(status):
    """The log says that the address redirects, because its setting has to be changed."""
    with pytest.raises(UnexpectedReply, match=f"redirects \\(status {status}\\)"):
        read(status)
