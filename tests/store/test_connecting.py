"""Tokens, endpoints and what is owed to them: kept once, fed in order, settled by one. On both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from inbox.domain.access import Access, Caller, Reach
from inbox.domain.acts import By
from inbox.domain.conversations import Conversation
from inbox.domain.events import HOUSE, Opened, PrioritySet
from inbox.domain.ids import AccessId, AgentId, ConversationId, TeamId
from inbox.domain.people import Agent
from inbox.domain.problems import Problem
from inbox.domain.webhooks import Call, CallState
from inbox.pipeline import access as granting
from inbox.pipeline import webhooks as verbs
from inbox.pipeline.turn import Turn
from inbox.sla.board import Terms
from inbox.store import access, channels, conversations, directory, people, webhooks
from inbox.store import tables as t
from inbox.store.scoped import within
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.store.race import race
from tests.store.rows import MAIL, NOW, meet

OWNER = By("owner", via="command")
SARA = Agent(AgentId(0), "sara", "Sara")


def begun(unit: Unit, reference: str, *, history: bool = False) -> ConversationId:
    """A conversation of one event."""
    channels.ensure(unit, MAIL, "email")
    who, _ = meet(unit, f"{reference}@x")
    id = conversations.draft(unit, reference, MAIL, who.id)
    assert id is not None
    turn = Turn(unit, Conversation(id), MAIL, Terms({}, {}), NOW)
    turn.tell(Opened("opened", reference, MAIL, who.id, None, "Hello", None, history=history), HOUSE)
    turn.close()
    return id


def raised(unit: Unit, id: ConversationId, priority: str = "high") -> None:
    """One more event of it."""
    turn = Turn.of(unit, id, MAIL, Terms({}, {}), NOW)
    turn.tell(PrioritySet("priority_set", priority), HOUSE)
    turn.close()


def hooked(store: Store, name: str = "erp", *wanted: str) -> str:
    return store.write_now(verbs.add, name, f"https://{name}.example/hook", wanted, (), OWNER, NOW)


def owed(store: Store) -> list[Call]:
    return store.read_now(webhooks.due, NOW, (), 100)


# -- tokens ------------------------------------------------------------------------------------------------------------
def test_a_token_is_found_by_its_digest_with_what_it_was_given(store: Store) -> None:
    sara = store.write_now(people.put_agent, SARA)
    team = store.write_now(people.put_team, "orders", "", [sara])
    reach, ends = (Reach.READ, Reach.WRITE), NOW + timedelta(days=1)
    made = store.write_now(granting.grant, "inbox_t", "erp", "sara", reach, ("orders",), ends, OWNER, NOW)
    caller = store.read_now(access.caller, granting.digest("inbox_t"), NOW)
    assert caller is not None
    assert caller.access == made == Access(made.id, "erp", sara, reach, (TeamId(team),), NOW, ends)
    assert caller.scope.teams == frozenset({TeamId(team)})
    assert store.read_now(access.caller, granting.digest("inbox_u"), NOW) is None
    assert store.read_now(access.caller, granting.digest("inbox_t"), ends) is None


def test_a_disabled_agents_token_opens_nothing_and_an_admins_reach_goes_with_the_role(store: Store) -> None:
    admin = replace(SARA, admin=True)
    store.write_now(people.put_agent, admin)
    store.write_now(granting.grant, "inbox_t", "erp", "sara", tuple(Reach), (), None, OWNER, NOW)
    digest = granting.digest("inbox_t")

    def asked() -> Caller | None:
        return store.read_now(access.caller, digest, NOW)

    first = asked()
    assert first is not None
    assert first.may(Reach.ADMIN)
    store.write_now(people.put_agent, replace(admin, admin=False))
    second = asked()
    assert second is not None
    assert not second.may(Reach.ADMIN)
    store.write_now(people.put_agent, replace(admin, disabled=True))
    assert asked() is None


@pytest.mark.parametrize(
    ("name", "handle", "reach", "teams", "key"),
    [
        (" ", "", (), (), "access.no_name"),
        ("erp", "", (Reach.WRITE,), (), "access.nobody_acts"),
        ("erp", "sara", (Reach.ADMIN,), (), "access.no_admin"),
        ("erp", "nobody", (), (), "action.unknown_agent"),
        ("erp", "", (), ("legal",), "action.unknown_team"),
    ],
)
def test_what_cannot_be_given_is_refused(
    store: Store, name: str, handle: str, reach: tuple[Reach, ...], teams: tuple[str, ...], key: str
) -> None:
    store.write_now(people.put_agent, SARA)
    with pytest.raises(Problem) as refused:
        store.write_now(granting.grant, "inbox_t", name, handle, reach, teams, None, OWNER, NOW)
    assert refused.value.key == key


def test_a_token_is_revoked_once(store: Store) -> None:
    made = store.write_now(granting.grant, "inbox_t", "erp", "", (), (), None, OWNER, NOW)
    store.write_now(granting.revoke, made.id, OWNER, NOW)
    with pytest.raises(Problem):
        store.write_now(granting.revoke, made.id, OWNER, NOW)
    with pytest.raises(Problem):
        store.write_now(granting.revoke, AccessId(99), OWNER, NOW)


def test_a_program_of_one_team_sees_its_conversations_and_those_who_have_them(store: Store) -> None:
    first, second = store.write_now(begun, "K7Q2"), store.write_now(begun, "B4XY")
    team = store.write_now(people.put_team, "orders", "", [])
    c = t.conversation.c
    store.write_now(lambda u: u.execute(sa.update(t.conversation).where(c.id == first).values(team_id=team)).rowcount)
    store.write_now(granting.grant, "inbox_t", "erp", "", (), ("orders",), None, OWNER, NOW)
    caller = store.read_now(access.caller, granting.digest("inbox_t"), NOW)
    assert caller is not None
    scope = caller.scope
    seen = store.read_now(lambda u: [row[0] for row in u.execute(sa.select(c.id).where(*within(scope)))])
    assert seen == [first]
    assert second not in seen
    known = store.read_now(directory.contacts, scope, 0, 50)
    assert [one.identities[0].address for one in known] == ["K7Q2@x"]


# -- the feed ----------------------------------------------------------------------------------------------------------
def test_what_happened_before_an_endpoint_is_not_told_and_everything_after_once(store: Store) -> None:
    matter = store.write_now(begun, "K7Q2")
    hooked(store)
    assert store.write_now(verbs.feed, NOW) == 0
    store.write_now(raised, matter)
    assert store.write_now(verbs.feed, NOW) == 1
    assert store.write_now(verbs.feed, NOW) == 0
    (call,) = owed(store)
    assert (call.kind, call.state) == ("conversation.priority_set", CallState.QUEUED)
    assert '"reference":"K7Q2"' in call.body
    assert call.key.startswith("msg_")


def test_old_mail_that_is_brought_in_is_told_to_nobody(store: Store) -> None:
    hooked(store)
    store.write_now(begun, "K7Q2", history=True)
    assert store.write_now(verbs.feed, NOW) == 1
    assert owed(store) == []


def test_each_endpoint_hears_the_kinds_that_it_asked_for(store: Store) -> None:
    hooked(store, "all")
    hooked(store, "some", "opened")
    matter = store.write_now(begun, "K7Q2")
    store.write_now(raised, matter)
    store.write_now(verbs.feed, NOW)
    heard = {one.name: one.id for one in store.read_now(webhooks.every, NOW)}
    kinds = {name: [call.kind for call in owed(store) if call.webhook == id] for name, id in heard.items()}
    assert kinds == {
        "all": ["conversation.opened", "conversation.priority_set"],
        "some": ["conversation.opened"],
    }


def test_two_that_feed_at_once_owe_everything_once(store: Store, other: Store) -> None:
    hooked(store)
    matter = store.write_now(begun, "K7Q2")
    for priority in ("high", "low", "urgent"):
        store.write_now(raised, matter, priority)
    race((store, lambda unit: verbs.feed(unit, NOW)), (other, lambda unit: verbs.feed(unit, NOW)))
    assert len(owed(store)) == 4


def test_of_two_that_made_one_call_one_tells_what_came_of_it(store: Store) -> None:
    hooked(store)
    store.write_now(verbs.test, "erp", NOW)
    (call,) = owed(store)
    assert store.write_now(webhooks.settle, call, CallState.SENT, NOW, status=204)
    assert not store.write_now(webhooks.settle, call, CallState.FAILED, NOW)
    assert owed(store) == []


def test_what_an_endpoint_is_owed_waits_while_it_is_off_and_is_dropped_with_it(store: Store) -> None:
    hooked(store)
    store.write_now(verbs.test, "erp", NOW)
    store.write_now(verbs.switch, "erp", OWNER, NOW, off=True)
    assert owed(store) == []
    store.write_now(verbs.switch, "erp", OWNER, NOW, off=False)
    (call,) = owed(store)
    store.write_now(verbs.remove, "erp", OWNER, NOW)
    gone = store.read_now(webhooks.one, call.id)
    assert gone is not None
    assert gone.state is CallState.DROPPED
    assert store.read_now(webhooks.every, NOW) == []
    hooked(store)  # the name is free again


def test_after_a_change_two_secrets_sign_for_a_day(store: Store) -> None:
    old = hooked(store)
    new = store.write_now(verbs.rotate, "erp", OWNER, NOW)
    assert old != new
    assert store.read_now(webhooks.every, NOW)[0].secrets == (new, old)
    assert store.read_now(webhooks.every, NOW + verbs.BOTH)[0].secrets == (new,)


@pytest.mark.parametrize(
    ("name", "place", "event", "key"),
    [
        ("Ü", "https://a.example", "", "webhook.bad_name"),
        ("erp", "ftp://a.example", "", "webhook.bad_address"),
        ("erp", "https://user:pass@a.example", "", "webhook.bad_address"),
        ("erp", "https://[::1", "", "webhook.bad_address"),
        ("erp", "http://a.example", "", "webhook.in_the_open"),
        ("erp", "https://a.example", "nothing", "webhook.unknown_event"),
    ],
)
def test_an_endpoint_that_is_none_is_refused(store: Store, name: str, place: str, event: str, key: str) -> None:
    with pytest.raises(Problem) as refused:
        store.write_now(verbs.add, name, place, (event,) if event else (), (), OWNER, NOW)
    assert refused.value.key == key
