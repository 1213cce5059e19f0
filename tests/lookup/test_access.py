"""Who may ask, how often, and what they see."""

from __future__ import annotations

import pytest

from bot.errors import NotAllowed, RateLimited, SlackUnavailable
from bot.lookup.access import Access, Rules
from bot.slack.people import Asker, Member, Workspace
from tests.clock import Clock

OURS = "T0OURS"


class Profiles:
    """A Slack that knows one person, or does not answer."""

    def __init__(self, member: Member | Exception | None, workspace: Workspace) -> None:
        self._member = member
        self._workspace = workspace

    async def member(self, user_id, *, deadline):
        """Tell who somebody is."""
        if isinstance(self._member, Exception):
            raise self._member
        return self._member

    async def workspace(self, *, deadline):
        """Tell where Ext is installed."""
        return self._workspace


def access_of(member, *, organisation="", clock=None, **rules):
    """The rules, applied to one person."""
    profiles = Profiles(member, Workspace(OURS, enterprise_id=organisation))
    return Access(profiles, Rules(**rules), clock=clock or Clock())  # type: ignore[arg-type]


FULL = Member("U1", team_id=OURS)


@pytest.mark.parametrize(
    ("member", "team", "organisation"),
    [
        (FULL, OURS, ""),
        (FULL, "", ""),
        (Member("U1"), OURS, ""),
        (Member("U1", team_id="T0SISTER", enterprise_id="E1"), "T0SISTER", "E1"),
    ],
)
async def test_members_may_ask(member, team, organisation):
    """Full members of the workspace, and of its Enterprise organisation, get answers."""
    await access_of(member, organisation=organisation).check_allowed(Asker("U1", team), deadline=0)


@pytest.mark.parametrize(
    ("member", "team", "organisation", "reason"),
    [
        (None, OURS, "", "outsider"),
        (Member("U1", team_id=OURS, is_stranger=True), OURS, "", "outsider"),
        (Member("U1", team_id="T0OTHER"), OURS, "", "outsider"),
        (Member("U1"), "T0OTHER", "", "outsider"),
        (Member("U1", team_id="T0OTHER", enterprise_id="E2"), OURS, "E1", "outsider"),
        (Member("U1", team_id="T0OTHER", enterprise_id=""), OURS, "", "outsider"),
        (Member("U1", team_id=OURS, deleted=True), OURS, "", "deleted"),
        (Member("U1", team_id=OURS, is_bot=True), OURS, "", "bot"),
        (Member("U1", team_id=OURS, is_guest=True), OURS, "", "guest"),
    ],
)
async def test_others_may_not(member, team, organisation, reason):
    """Guests, strangers, bots, people who left and other workspaces get nothing."""
    access = access_of(member, organisation=organisation)
    with pytest.raises(NotAllowed) as raised:
        await access.check_allowed(Asker("U1", team), deadline=0)
    assert raised.value.reason == reason


async def test_guests_may_where_they_are_let_in():
    """`ALLOW_GUESTS` opens the door to guests, and to nobody else."""
    guest = Member("U1", team_id=OURS, is_guest=True)
    await access_of(guest, allow_guests=True).check_allowed(Asker("U1", OURS), deadline=0)
    stranger = Member("U1", team_id="T0OTHER", is_guest=True, is_stranger=True)
    with pytest.raises(NotAllowed):
        await access_of(stranger, allow_guests=True).check_allowed(Asker("U1", OURS), deadline=0)


async def test_nobody_is_nobody():
    """A request without a user is refused without asking Slack."""
    with pytest.raises(NotAllowed):
        await access_of(FULL).check_allowed(Asker(""), deadline=0)


async def test_the_door_is_not_open_when_slack_is_silent():
    """Who somebody is must be known; not knowing is no yes."""
    with pytest.raises(SlackUnavailable):
        await access_of(SlackUnavailable()).check_allowed(Asker("U1", OURS), deadline=0)


def test_one_person_has_so_many_lookups_a_minute():
    """Beyond their number a person is told when again; others are not affected."""
    clock = Clock()
    access = access_of(FULL, lookups_per_minute=3, clock=clock)
    for _ in range(3):
        access.charge(Asker("U1"))
        clock.advance(10)
    with pytest.raises(RateLimited) as raised:
        access.charge(Asker("U1"))
    assert raised.value.retry_after == pytest.approx(30)
    access.charge(Asker("U2"))
    clock.advance(31)
    access.charge(Asker("U1"))


@pytest.mark.parametrize(
    ("user", "public", "hidden"),
    [("U1", False, True), ("U1", True, True), ("UADMIN", False, False), ("UADMIN", True, True)],
)
def test_what_others_see_is_what_a_plain_member_sees(user, public, hidden):
    """Admin-only fields are for admins alone, and not where others read along."""
    access = access_of(FULL, admins=frozenset({"UADMIN"}), admin_only_fields=frozenset({"login"}))
    assert access.hidden_fields(Asker(user), public=public) == ({"login"} if hidden else set())
    assert access.is_admin(Asker(user)) is (user == "UADMIN")
