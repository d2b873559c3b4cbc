"""Contacts and their identities; the roster, read whole and cached by its generation."""

from dataclasses import replace
from datetime import time

import pytest

from inbox.domain.ids import AgentId, TeamId
from inbox.domain.people import Absence, Agent, Shift
from inbox.ports.wake import SETTINGS
from inbox.store import people
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.store.race import race
from tests.store.rows import NOW, later, meet

SARA = Agent(
    AgentId(0),
    "sara",
    "سارا",
    "sara@example.org",
    "fa",
    ("fa", "en"),
    ("billing",),
    capacity=3,
    lead=True,
    disabled=False,
)


# -- contacts ----------------------------------------------------------------------------------------------------------
def test_whoever_writes_first_becomes_a_contact_with_a_claimed_address(store: Store) -> None:
    contact, identity = store.write_now(meet, "ali@example.org", "علی", "fa")
    assert (contact.name, contact.language) == ("علی", "fa")
    assert (identity.contact, identity.address, identity.kind, identity.verified_at) == (
        contact.id,
        "ali@example.org",
        "email",
        None,
    )
    assert store.read_now(people.known, "email", "ali@example.org") == (contact, identity)
    assert store.read_now(people.known, "telegram", "ali@example.org") is None
    assert store.read_now(people.contact, contact.id) == contact
    assert store.read_now(people.identities, contact.id) == [identity]


def test_a_claimed_name_never_replaces_the_one_we_have_and_the_last_language_holds(store: Store) -> None:
    first, _ = store.write_now(meet, "ali@example.org")
    named, _ = store.write_now(meet, "ali@example.org", "Ali", "fa")
    again, _ = store.write_now(meet, "ali@example.org", "The Boss", "en")
    quiet, _ = store.write_now(meet, "ali@example.org", "", None)
    assert (first.name, named.name, named.language) == ("", "Ali", "fa")
    assert again == quiet == replace(named, language="en")
    assert store.read_now(people.contact, first.id) == again


def test_an_address_that_writes_twice_at_once_is_one_contact(store: Store, other: Store) -> None:
    found = race((store, lambda u: meet(u, "a@b")[0].id), (other, lambda u: meet(u, "a@b")[0].id))
    known = store.read_now(people.known, "email", "a@b")
    assert known is not None
    assert known[0].id in found
    assert all(one == known[0].id or isinstance(one, Exception) for one in found), "the loser is told, and tried again"


def test_an_address_that_bounces_is_marked_until_it_can_be_reached(store: Store) -> None:
    store.write_now(meet, "ali@example.org")
    for reason in ("5.1.1", ""):
        store.write_now(people.set_unreachable, "email", "ali@example.org", reason)
        known = store.read_now(people.known, "email", "ali@example.org")
        assert known is not None
        assert known[1].unreachable == reason


# -- the roster --------------------------------------------------------------------------------------------------------
def test_the_roster_holds_everyone_of_us(store: Store) -> None:
    def work(unit: Unit) -> None:
        sara = people.put_agent(unit, SARA)
        people.put_team(unit, "support", "پشتیبانی", [sara])
        people.put_shift(unit, Shift(sara, 5, time(8, 30), time(17), "Asia/Tehran"))
        people.add_absence(unit, Absence(sara, NOW, later(days=1), "سفر"))
        assert unit.wakes == {SETTINGS}

    store.write_now(work)
    roster = store.read_now(people.roster)
    (agent,), (team,) = roster.agents, roster.teams
    assert agent == replace(SARA, id=agent.id)
    assert (team.name, team.title, team.members) == ("support", "پشتیبانی", (agent.id,))
    assert roster.shifts == (Shift(agent.id, 5, time(8, 30), time(17), "Asia/Tehran"),)
    assert roster.absences == (Absence(agent.id, NOW, later(days=1), "سفر"),)
    assert roster.agent("sara") is roster.agent("sara@example.org") is agent
    assert roster.agent_by_id(agent.id) is agent
    assert roster.team_by_id(team.id) is team
    assert (roster.agent("nobody"), roster.agent_by_id(AgentId(9)), roster.team_by_id(TeamId(9))) == (None, None, None)


def test_an_agent_without_an_address_is_not_found_by_an_empty_one(store: Store) -> None:
    store.write_now(people.put_agent, replace(SARA, address=""))
    assert store.read_now(people.roster).agent("") is None


def test_putting_again_changes_the_one_that_is_there(store: Store) -> None:
    id = store.write_now(people.put_agent, SARA)
    assert store.write_now(people.put_agent, replace(SARA, name="Sara", disabled=True)) == id
    team = store.write_now(people.put_team, "support", "Support", [id])
    assert store.write_now(people.put_team, "support", "Help", []) == team
    for end in (time(16), time(17)):
        store.write_now(people.put_shift, Shift(id, 5, time(8), end, "UTC"))
    roster = store.read_now(people.roster)
    assert [(a.name, a.disabled) for a in roster.agents] == [("Sara", True)]
    assert [(t.title, t.members) for t in roster.teams] == [("Help", ())]
    assert [s.end for s in roster.shifts] == [time(17)]
    assert store.write_now(people.remove_shifts, id) == 1
    assert store.read_now(people.roster).shifts == ()


def test_the_roster_is_read_again_only_when_its_generation_is_another(store: Store, other: Store) -> None:
    store.write_now(people.put_agent, SARA)
    seen = store.read_now(people.roster)
    assert store.read_now(people.roster) is seen
    other.write_now(people.put_agent, replace(SARA, handle="reza"))
    fresh = store.read_now(people.roster)
    assert fresh.generation > seen.generation
    assert [a.handle for a in fresh.agents] == ["sara", "reza"]


def test_a_roster_that_was_never_committed_is_nobodys_roster(store: Store, other: Store) -> None:
    """Another process' change may get the very generation that a unit drew in vain."""

    def in_vain(unit: Unit) -> None:
        people.put_agent(unit, SARA)
        assert [a.handle for a in people.roster(unit).agents] == ["sara"]
        raise ValueError("taken back")

    with pytest.raises(ValueError, match="taken back"):
        store.write_now(in_vain)
    other.write_now(people.put_agent, replace(SARA, handle="reza"))
    assert [a.handle for a in store.read_now(people.roster).agents] == ["reza"]
