"""The playground behind its page: whom it answers, what it takes, and what it tells."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.sandbox.change_signal import ChangeSignal
from bot.sandbox.company.fixtures import FIXTURES
from bot.sandbox.company.sizes import CompanySize
from bot.sandbox.playground.app import PAGE, create_playground
from bot.sandbox.playground.demo_env import DemoEnv, DirectoryStatus
from bot.sandbox.playground.feed import Feed
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.transports import HttpTransport
from tests.sandbox.slack.slack_app import App, Reply

HERE = "http://127.0.0.1:8790"
OWN = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}
COMMAND = {"command": "/ext", "description": "Who?", "usage_hint": "789"}


@pytest.fixture
def ext() -> App:
    """An app that acknowledges."""
    return App()


class Actor:
    """The bot on stage, which is started anew as often as one likes."""

    def __init__(self) -> None:
        self.starts: list[CompanySize] = []

    async def restart(self, size: CompanySize) -> None:
        """Remember it."""
        self.starts.append(size)

    def directory_status(self) -> DirectoryStatus:
        """It knows nobody."""
        return DirectoryStatus()


@pytest.fixture
def actor() -> Actor:
    """The bot on stage."""
    return Actor()


@pytest.fixture
def demo_env(ext, slack, sandbox, actor) -> DemoEnv:
    """The playground's inside, with that app."""
    http = httpx.AsyncClient(transport=httpx.ASGITransport(ext.asgi), base_url="http://app")
    carrier = HttpTransport(http, "/slack/events", ack_timeout_s=0.3, keep_exchanges=True)
    delivery = Delivery(slack, carrier, "http://slack")
    offers = {"commands": [COMMAND], "shortcuts": [], "home": False}
    return DemoEnv(slack, sandbox, delivery, carrier, ChangeSignal(), actor, offers)


@pytest.fixture
async def page(demo_env) -> AsyncIterator[httpx.AsyncClient]:
    """The page's own requests."""
    transport = httpx.ASGITransport(create_playground(demo_env))
    async with httpx.AsyncClient(transport=transport, base_url=HERE, headers=OWN) as client:
        yield client


async def act(page, what, user="U0JOHN", **asked):
    """Ask for something as the page does; returns status and answer."""
    reply = await page.post(f"/api/{what}", json={"user": user, **asked})
    return reply.status_code, reply.json()


async def test_the_page_is_all_its_own(page):
    """Every file is there, and the policy lets nothing else in and no inline script run."""
    index = await page.get("/")
    policy = index.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    files = re.findall(r'(?:href|src)="(/[^"]+)"', index.text)
    assert len(files) >= 5
    for file in files:
        assert (await page.get(file)).status_code == 200
    assert not re.search(r"<style|style=|<script>|\son\w+=", index.text)


@pytest.mark.parametrize("path", sorted(PAGE.glob("*.js")), ids=lambda path: path.name)
def test_no_module_makes_html_of_text(path: Path):
    """Elements are built; files are small, say what they are for, and load from here alone."""
    text = path.read_text("utf-8")
    assert text.startswith("// ")
    assert text.count("\n") <= 300
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|Function\(", text
    )
    assert all(each.startswith("./") for each in re.findall(r'from "([^"]+)"', text))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:8790", "Origin": "http://localhost:8790"}, 200),
        ({"Host": "rebound.example:8790", "Origin": "http://rebound.example:8790"}, 403),
        ({"Host": "127.0.0.1:9999", "Origin": "http://127.0.0.1:9999"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
async def test_only_its_own_page_changes_anything(page, sandbox, headers, status):
    """A rebound name and another site's page are turned away."""
    asked = {"name": "down", "on": True}
    reply = await page.post("/api/switch", json=asked, headers=headers)
    assert reply.status_code == status
    on = [each["name"] for each in sandbox.faults.describe() if each["on"]]
    assert on == (["down"] if status == 200 else [])


async def test_without_an_origin_nothing_is_changed(demo_env):
    """Browsers name it at every change."""
    transport = httpx.ASGITransport(create_playground(demo_env))
    async with httpx.AsyncClient(transport=transport, base_url=HERE) as bare:
        assert (await bare.post("/api/expire", json={})).status_code == 403
        assert (await bare.get("/")).status_code == 200


async def test_what_is_said_is_sorted(page, ext, slack):
    """A command, a mention and a direct message reach the app; plain words do not."""
    for channel, text in [
        ("C0GENERAL", "/ext 789"),
        ("C0GENERAL", "@Ext 789"),
        ("D0JOHN", "789"),
        ("C0GENERAL", "lunch?"),
    ]:
        assert await act(page, "send", channel=channel, text=text) == (200, {})
    assert [each.get("command") or each["event"]["type"] for each in ext.bodies] == [
        *("/ext", "app_mention", "message")
    ]
    assert [each.text for each in slack.visible_messages("U0ANNA", "C0GENERAL")] == [
        "<@U0EXTBOT> 789",
        "lunch?",
    ]


@pytest.mark.parametrize(
    ("user", "asked", "says"),
    [
        ("U0JOHN", {"channel": "C0GENERAL", "text": " "}, "nothing to send"),
        ("U0JOHN", {"channel": "C0GENERAL", "text": "/nothing"}, "/nothing isn't a command"),
        ("U0JOHN", {"channel": "C0GENERAL", "text": "/ext 1", "thread_ts": "1.1"}, "threads"),
        ("U0JOHN", {"channel": "C0SECRET", "text": "789"}, "aren't in that channel"),
        ("U0STRANGER", {"channel": "C0GENERAL", "text": "789"}, "aren't in that channel"),
        ("U0STRANGER", {"channel": "C0PARTNERS", "text": "/ext 1"}, "workspace that installed it"),
        ("U0EXTBOT", {"channel": "C0GENERAL", "text": "789"}, "nobody by that name"),
    ],
)
async def test_what_slack_would_not_do_is_refused_in_words(page, ext, user, asked, says):
    """Nothing of it reaches the app."""
    status, told = await act(page, "send", user, **asked)
    assert (status, says in told["error"]) == (400, True)
    assert ext.bodies == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"people": 7}', b"x" * 200_000])
async def test_nonsense_is_refused_too(page, body):
    """With words, not with a traceback."""
    reply = await page.post("/api/resize", content=body)
    assert (reply.status_code, bool(reply.json()["error"])) == (400, True)


async def test_an_app_that_fails_is_told_of(page, ext):
    """As Slack tells the person who typed."""
    ext.replies = [Reply(500)]
    _, told = await act(page, "send", channel="C0GENERAL", text="/ext 789")
    assert told["error"].startswith("/ext failed")


async def test_a_press_is_delivered_or_refused(page, ext, slack):
    """Of a message that is there, and a button that it has."""
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [{"type": "actions", "elements": [button]}]
    message = slack.messages.add("C0GENERAL", {"text": "x", "blocks": blocks})
    asked = {"channel": "C0GENERAL", "ts": message.ts, "action_id": "go"}
    assert await act(page, "press", **asked) == (200, {})
    assert ext.bodies[0]["actions"][0]["action_id"] == "go"
    assert (await act(page, "press", **asked | {"action_id": "stop"}))[0] == 400
    assert (await act(page, "press", **asked | {"ts": "1.1"}))[1] == {
        "error": "That message no longer exists."
    }


async def test_a_feed_tells_everything_and_then_what_is_new(page, demo_env, slack):
    """A message that is changed or deleted is told again, one that others see only is not."""
    feed = Feed(demo_env, "U0JOHN")
    begun = feed.first_update()
    assert begun["start"]["you"] == "U0JOHN"
    channel_ids = [channel["id"] for channel in begun["start"]["channels"]]
    assert channel_ids == ["C0GENERAL", "C0PARTNERS", "D0JOHN"]
    assert feed.next_update() == {}
    message = slack.messages.add("C0GENERAL", {"text": "a"})
    slack.messages.add("C0GENERAL", {"text": "hers"}, visible_to="U0ANNA")
    assert [each["text"] for each in feed.next_update()["messages"]] == ["a"]
    slack.messages.edit(message, {"text": "b"})
    assert [(each["text"], each["edits"]) for each in feed.next_update()["messages"]] == [("b", 1)]
    message.is_deleted = True
    assert [each["is_deleted"] for each in feed.next_update()["messages"]] == [True]
    assert feed.next_update() == {}
    assert [each["text"] for each in Feed(demo_env, "U0ANNA").first_update()["messages"]] == [
        "hers"
    ]


async def test_the_wire_is_told_with_its_answers(page, demo_env, client):
    """The request, how it was answered, and Vonage's calls with the id that leads to them."""
    feed = Feed(demo_env, "U0JOHN")
    feed.first_update()
    await act(page, "send", channel="C0GENERAL", text="/ext 789")
    await client.get("/t/vbc.prod/provisioning/api/accounts/self", headers={"X-Request-Id": "r1"})
    request, call = sorted(feed.next_update()["traffic"], key=lambda each: str(each["kind"]))
    assert (request["kind"], request["status"]) == ("request", 200)
    assert request["headers"]["X-Slack-Signature"].startswith("v0=")
    assert (call["kind"], call["status"], call["request_id"]) == ("vonage", 401, "r1")
    assert json.dumps([request, call])


async def test_the_company_gets_another_size(page, demo_env, sandbox, actor):
    """With the quota that goes with it, and a bot that begins anew."""
    assert await act(page, "resize", people=5_000) == (200, {})
    assert (len(sandbox.entries), sandbox.options.quota, demo_env.size.people) == (
        5_000,
        120,
        5_000,
    )
    assert await act(page, "restart") == (200, {})
    assert [size.people for size in actor.starts] == [5_000, 5_000]
    assert (await act(page, "resize", people=[]))[0] == 400


async def test_people_come_and_go(page, sandbox):
    """One joins, one leaves, one moves; others each time, and never those with a part to play."""
    before = {entry.number: entry for entry in sandbox.entries}
    for _ in range(3):
        status, told = await act(page, "turnover")
        assert (status, " joined as 9000" in told["summary"]) == (200, True)
    after = {entry.number: entry for entry in sandbox.entries}
    assert (len(after), len(after.keys() - before.keys())) == (250, 3)
    assert len(before.keys() - after.keys()) == 3
    moved = [n for n in after.keys() & before.keys() if after[n] != before[n]]
    assert len(moved) == 3
    assert list(after)[: len(FIXTURES)] == [entry.number for entry in FIXTURES]


async def test_a_file_is_for_those_who_see_it(page, demo_env, slack):
    """At the page's own address, to be kept; others have nothing there."""
    file = slack.files.expect("a <b>.csv", 9)
    file.content, file.channel = b"Name\r\nAnn\r\n", "D0ADMIN"
    slack.messages.add("D0ADMIN", {"text": "x", "files": [file.file_object()]})
    (told,) = Feed(demo_env, "U0ADMIN").first_update()["messages"][0]["files"]
    assert told["preview"] == [["Name"], ["Ann"]]
    reply = await page.get(told["url_private_download"])
    assert (reply.status_code, reply.content) == (200, file.content)
    assert reply.headers["content-disposition"] == 'attachment; filename="a _b_.csv"'
    for user in ("U0JOHN", "U0STRANGER", "U0EXTBOT", ""):
        path = told["url_private_download"].replace("U0ADMIN", user)
        assert (await page.get(path)).status_code == 404
    assert (await page.get("/api/file/F0?user=U0ADMIN")).status_code == 404


async def test_somebody_from_elsewhere_has_no_commands(demo_env):
    """And one room, which is shared."""
    told = Feed(demo_env, "U0STRANGER").first_update()["start"]
    assert told["app"]["commands"] == []
    assert [channel["id"] for channel in told["channels"]] == ["C0PARTNERS"]


async def test_nobody_else_has_a_stream(page):
    """Only those who are on the page."""
    assert (await page.get("/api/stream", params={"user": "U0EXTBOT"})).status_code == 404


async def test_a_bell_wakes_those_who_wait():
    """A ring that came before is not lost, and the wait has an end."""
    bell = ChangeSignal()
    bell.notify()
    assert await bell.wait(0, timeout_s=5) == 1
    assert await bell.wait(1, timeout_s=0.01) == 1
