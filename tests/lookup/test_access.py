"""Who may ask, how often, and which fields they see."""

from __future__ import annotations

import pytest

from bot.errors import AskerUnknown, NotAllowed, RateLimited, SlackUnavailable
from bot.lookup.access import Access, Rules
from bot.slack.api import SlackRefused
from bot.slack.people import Asker, Member, Workspace
from tests.clock import Clock

TEAM = "T0OURS"
MEMBER = Member("U1", team_id=TEAM)


class StubUsers:
    """Slack with one user, or one that raises; `is_cached` says whether the user is known."""

    def __init__(
        self, member: Member | Exception | None, workspace: Workspace, *, is_cached: bool = False
    ) -> None:
        self._member = member
        self._workspace = workspace
        self._is_cached = is_cached

    async def member(self, user_id, *, deadline):
        """Return the user, or raise."""
        if isinstance(self._member, Exception):
            raise self._member
        return self._member

    async def workspace(self, *, deadline):
        """Return where Ext is installed."""
        return self._workspace

    def known_member(self, user_id):
        """Return the user if it is cached."""
        return self._member if self._is_cached else None

    def known_workspace(self):
        """Return the workspace."""
        return self._workspace


def access_of(member, *, enterprise_id="", clock=None, is_cached=False, **rules) -> Access:
    """Return the rules, applied to one user."""
    users = StubUsers(member, Workspace(TEAM, enterprise_id=enterprise_id), is_cached=is_cached)
    return Access(users, Rules(**rules), clock=clock or Clock())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("member", "team_id", "enterprise_id"),
    [
        (MEMBER, TEAM, ""),
        (MEMBER, "", ""),
        (Member("U1"), TEAM, ""),
        (Member("U1", team_id="T0SISTER", enterprise_id="E1"), "T0SISTER", "E1"),
    ],
)
async def test_full_member_may_ask(member, team_id, enterprise_id):
    """Full members of the workspace, and of its Enterprise organization, get answers."""
    access = access_of(member, enterprise_id=enterprise_id, is_cached=True)
    await access.check_allowed(Asker("U1", team_id), deadline=0)
    assert access.is_allowed_cached(Asker("U1", team_id))


@pytest.mark.parametrize(
    ("member", "team_id", "enterprise_id", "reason"),
    [
        (None, TEAM, "", "outsider"),
        (Member("U1", team_id=TEAM, is_stranger=True), TEAM, "", "outsider"),
        (Member("U1", team_id="T0OTHER"), TEAM, "", "outsider"),
        (Member("U1"), "T0OTHER", "", "outsider"),
        (Member("U1", team_id="T0OTHER", enterprise_id="E2"), TEAM, "E1", "outsider"),
        (Member("U1", team_id="T0OTHER", enterprise_id=""), TEAM, "", "outsider"),
        (Member("U1", team_id=TEAM, deleted=True), TEAM, "", "deleted"),
        (Member("U1", team_id=TEAM, is_bot=True), TEAM, "", "bot"),
        (Member("U1", team_id=TEAM, is_guest=True), TEAM, "", "guest"),
    ],
)
async def test_anybody_else_is_refused(member, team_id, enterprise_id, reason):
    """Guests, strangers, bots, people who left and other workspaces get nothing."""
    access = access_of(member, enterprise_id=enterprise_id, is_cached=True)
    with pytest.raises(NotAllowed) as raised:
        await access.check_allowed(Asker("U1", team_id), deadline=0)
    assert raised.value.reason == reason
    assert not access.is_allowed_cached(Asker("U1", team_id))


def test_user_who_is_not_cached_is_not_allowed_yet():
    """Without a call of Slack's API, only users who were asked for before may ask."""
    assert not access_of(MEMBER).is_allowed_cached(Asker("U1", TEAM))


async def test_guest_may_ask_where_the_setting_allows_it():
    """`ALLOW_GUESTS` lets guests of the workspace ask, and nobody else."""
    guest = Member("U1", team_id=TEAM, is_guest=True)
    await access_of(guest, allow_guests=True).check_allowed(Asker("U1", TEAM), deadline=0)
    stranger = Member("U1", team_id="T0OTHER", is_guest=True, is_stranger=True)
    with pytest.raises(NotAllowed):
        await access_of(stranger, allow_guests=True).check_allowed(Asker("U1", TEAM), deadline=0)


async def test_request_without_user_is_refused():
    """A request that names nobody is refused without asking Slack."""
    with pytest.raises(NotAllowed):
        await access_of(MEMBER).check_allowed(Asker(""), deadline=0)


@pytest.mark.parametrize(
    ("error", "is_refused"),
    [
        (SlackUnavailable(), False),
        (SlackRefused("ratelimited"), False),
        (SlackRefused("missing_scope"), True),
        (SlackRefused("invalid_auth"), True),
    ],
)
async def test_asker_is_unknown_while_slack_does_not_say_who_they_are(error, is_refused):
    """Nobody is let in unknown; a refusal that stays is told apart from one that passes."""
    with pytest.raises(AskerUnknown) as raised:
        await access_of(error).check_allowed(Asker("U1", TEAM), deadline=0)
    assert raised.value.is_refused is is_refused


def test_lookups_beyond_the_limit_are_refused_for_a_minute():
    """Beyond their limit a person reads when to ask again; others are not affected."""
    clock = Clock()
    access = access_of(MEMBER, lookups_per_minute=3, clock=clock)
    for _ in range(3):
        access.charge(Asker("U1"))
        clock.advance(10)
    with pytest.raises(RateLimited) as raised:
        access.charge(Asker("U1"))
    assert raised.value.retry_after == pytest.approx(30)
    assert raised.value.per_minute == 3
    access.charge(Asker("U2"))
    clock.advance(31)
    access.charge(Asker("U1"))


def test_first_message_of_a_minute_may_exceed_the_limit():
    """A message of more parts than the limit can be answered at all, and then nothing more."""
    access = access_of(MEMBER, lookups_per_minute=3)
    access.charge(Asker("U1"), parts=10)
    with pytest.raises(RateLimited):
        access.charge(Asker("U1"))


@pytest.mark.parametrize(
    ("user", "public", "is_hidden"),
    [("U1", False, True), ("U1", True, True), ("UADMIN", False, False), ("UADMIN", True, True)],
)
def test_admin_only_fields_are_shown_to_admins_in_private(user, public, is_hidden):
    """A public answer holds only what a plain member may see."""
    access = access_of(MEMBER, admins=frozenset({"UADMIN"}), admin_only_fields=frozenset({"login"}))
    expected = {"login"} if is_hidden else set()
    assert access.excluded_fields(Asker(user), public=public) == expected
    assert access.is_admin(Asker(user)) is (user == "UADMIN")


def test_asker_is_not_allowed_from_the_cache_before_the_workspace_is_known():
    """Without the workspace nobody can be told from an outsider, so Slack is asked first."""
    users = StubUsers(MEMBER, Workspace(TEAM), is_cached=True)
    access = Access(users, Rules(), clock=Clock())  # type: ignore[arg-type]
    assert access.is_allowed_cached(Asker("U1", TEAM))
    users.known_workspace = lambda: None  # type: ignore[method-assign]
    assert not access.is_allowed_cached(Asker("U1", TEAM))
