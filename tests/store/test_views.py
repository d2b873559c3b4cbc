"""Lists and single conversations: order, paging, and nothing from outside the scope."""

import contextlib
import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbox.domain.conversations import Priority, State
from inbox.domain.ids import AgentId, ContactId, ConversationId, OrganizationId, TeamId
from inbox.domain.scope import Scope
from inbox.store import tables as t
from inbox.store import views
from inbox.store.scoped import subjects
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.rig.postgres import Postgres
from tests.store.plans import plan

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
SARA, OMID = AgentId(1), AgentId(2)
BILLING, SUPPORT = TeamId(1), TeamId(2)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = "sqlite:///views.db"
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        url = server.database()
    opened = Store(url, tmp_path)
    t.metadata.create_all(opened.engine)
    opened.write_now(people)
    yield opened
    opened.close()


def people(unit: Unit) -> None:
    unit.add(t.channel, {"name": "mail", "kind": "email"})
    unit.insert(t.agent, handle="sara", name="سارا")
    unit.insert(t.agent, handle="omid", name="")
    unit.insert(t.team, name="billing", title="Billing")
    unit.insert(t.team, name="support")
    unit.insert(t.organization, name="Acme")
    for name in ("Lena", ""):
        id = unit.insert(t.contact, name=name, tags=[], created_at=NOW)
        unit.insert(t.identity, contact_id=id, kind="email", address=f"{id}@example.org", created_at=NOW)


def conversation(unit: Unit, number: int, **values: object) -> ConversationId:
    row = {
        "reference": f"K{number}",
        "channel": "mail",
        "contact_id": 1,
        "tags": ["late-parcel"],
        "fields": [],
        "pinned": [],
        "priority": "high",
        "opened_at": NOW,
        "changed_at": NOW,
        "version": 1,
    }
    return ConversationId(unit.insert(t.conversation, **{**row, **values}))


def message(unit: Unit, matter: ConversationId, direction: str, **values: object) -> int:
    row = {"conversation_id": matter, "direction": direction, "at": NOW, "channel": "mail"}
    lists = {"sender": ["a@example.org", "A"], "to": [], "cc": [], "reply_to": [], "defects": []}
    return unit.insert(t.message, **{**row, **lists, **values})


def minutes(n: int | None) -> datetime | None:
    return None if n is None else NOW + timedelta(minutes=n)


# -- order and paging --------------------------------------------------------------------------------------------------
def test_due_soonest_then_waiting_longest_then_newest(store: Store) -> None:
    def fill(unit: Unit) -> None:
        for number, (due, waiting) in enumerate([(None, None), (9, 0), (None, 5), (3, 1), (None, 2), (None, None)]):
            conversation(unit, number, due_at=minutes(due), waiting_since=minutes(waiting))

    store.write_now(fill)
    assert [r.reference for r in store.read_now(views.listing, Scope.house())] == ["K3", "K1", "K4", "K2", "K5", "K0"]


def test_old_mail_that_is_brought_in_stands_where_it_belongs(store: Store) -> None:
    def fill(unit: Unit) -> None:
        for number, opened in enumerate([-5, -3, -9, -4]):
            conversation(unit, number, state="done", opened_at=minutes(opened))

    store.write_now(fill)
    rows = store.read_now(views.listing, Scope.house(), states=(State.DONE,))
    assert [r.reference for r in rows] == ["K1", "K3", "K0", "K2"]


@pytest.mark.parametrize("states", [(State.OPEN,), (State.OPEN, State.WAITING), tuple(State)])
def test_pages_hold_everything_once_and_in_order(store: Store, states: tuple[State, ...]) -> None:
    chance = random.Random(7)

    def fill(unit: Unit) -> None:
        for number in range(120):
            due, waiting = chance.choice([None, 1, 2, 3]), chance.choice([None, 1, 2])
            state = chance.choice(list(State)).value
            opened = minutes(chance.choice([-1, -2, -3]))
            times = {"due_at": minutes(due), "waiting_since": minutes(waiting), "opened_at": opened}
            conversation(unit, number, state=state, **times)

    store.write_now(fill)
    whole = [
        r
        for state in State
        for r in store.read_now(views.listing, Scope.house(), states=(state,), most=100)
        if state in states
    ]
    seen: list[views.Row] = []
    while page := store.read_now(
        views.listing, Scope.house(), states=states, most=7, after=seen[-1].place if seen else None
    ):
        seen += page
    assert len(seen) == len({r.id for r in seen})
    assert {r.id for r in seen} == {r.id for r in whole}
    assert seen == sorted(seen, key=_expected)


def _expected(row: views.Row) -> tuple[int, float, int]:
    if row.due_at:
        return 0, row.due_at.timestamp(), row.id
    if row.waiting_since:
        return 1, row.waiting_since.timestamp(), row.id
    assert row.opened_at is not None
    return 2, -row.opened_at.timestamp(), -row.id


def test_a_page_is_bounded_whatever_is_asked(store: Store) -> None:
    store.write_now(lambda unit: [conversation(unit, n) for n in range(views.MOST + 20)])
    assert len(store.read_now(views.listing, Scope.house(), most=10_000)) == views.MOST
    assert len(store.read_now(views.listing, Scope.house(), most=-1)) == 1


@given(st.builds(views.Place, st.sampled_from([0, 1, 2]), st.integers(0, 10**16), st.integers(1, 10**9)))
def test_a_place_survives_its_text(place: views.Place) -> None:
    assert views.Place.parse(str(place)) == place


@given(st.text() | st.from_regex(r"\A-?\d{1,30}(\.-?\d{1,30}){2}\Z"))
def test_any_other_text_is_a_value_error_or_a_place(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert views.Place.parse(text).instant.tzinfo is not None


def test_a_row_tells_names_and_trouble(store: Store) -> None:
    def fill(unit: Unit) -> None:
        first = conversation(unit, 1, assignee_id=SARA, team_id=BILLING, due_at=minutes(1))
        conversation(unit, 2, contact_id=2, assignee_id=OMID, team_id=SUPPORT)
        said = message(unit, first, "outbound")
        row = {"message_id": said, "conversation_id": first, "channel": "mail", "purpose": "reply", "rank": 0}
        more = {"part": 0, "lane": "a@example.org", "cause": "x", "recipients": [], "state": "failed"}
        unit.insert(t.delivery, **row, **more, not_before=NOW, created_at=NOW)

    store.write_now(fill)
    first, second = store.read_now(views.listing, Scope.house())
    assert (first.contact, first.assignee, first.team, first.trouble) == ("Lena", "سارا", "Billing", True)
    assert (second.contact, second.assignee, second.team, second.trouble) == ("2@example.org", "omid", "support", False)
    assert (first.kind, first.priority, first.tags) == ("email", Priority.HIGH, ("late-parcel",))


def test_what_was_merged_is_not_listed_and_leads_to_where_it_went(store: Store) -> None:
    def fill(unit: Unit) -> None:
        into = conversation(unit, 1)
        conversation(unit, 2, merged_into_id=into)

    store.write_now(fill)
    assert [r.reference for r in store.read_now(views.listing, Scope.house())] == ["K1"]
    found = store.read_now(views.shown, Scope.house(), "K2")
    assert found is not None
    assert found.conversation.reference == "K1"


def test_counts_add_up(store: Store) -> None:
    def fill(unit: Unit) -> None:
        conversation(unit, 1, assignee_id=SARA, due_at=minutes(-1))
        conversation(unit, 2, due_at=minutes(1))
        conversation(unit, 3, state="waiting")
        conversation(unit, 4, state="spam")

    store.write_now(fill)
    counted = store.read_now(views.counts, Scope.of_agent(SARA), NOW)
    assert counted == views.Counts(open=2, waiting=1, snoozed=0, mine=1, unassigned=1, late=1, empty=False)
    assert store.read_now(views.counts, Scope.house(), NOW).mine == 0
    assert store.read_now(views.counts, Scope.of_contact(ContactId(2)), NOW).empty


def test_the_numbers_are_counted_in_indexes_alone(tmp_path: Path) -> None:
    """Up to a thousand conversations for each number, on every page: none of their rows is fetched."""
    steps = plan(tmp_path, lambda unit: views.counts(unit, Scope.of_agent(SARA), NOW))
    of_conversations = [step for step in steps if "conversation" in step]
    assert len(of_conversations) == 7
    assert all("USING COVERING INDEX" in step for step in of_conversations), steps


def test_counts_stop_at_many_and_are_right_below_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MANY", 4)

    def fill(unit: Unit) -> None:
        for number in range(9):
            last = number == 8
            conversation(unit, number, assignee_id=SARA if last else OMID, due_at=minutes(-1) if number > 5 else None)

    store.write_now(fill)
    counted = store.read_now(views.counts, Scope.of_agent(SARA), NOW)
    assert (counted.open, counted.mine, counted.unassigned, counted.late) == (4, 1, 0, 3)


# -- one conversation --------------------------------------------------------------------------------------------------
def test_a_conversation_is_shown_whole(store: Store) -> None:
    def fill(unit: Unit) -> None:
        matter = conversation(unit, 1, assignee_id=SARA, due_at=minutes(5))
        said = message(unit, matter, "inbound", contact_id=1, text="q" * 30_000, html="<b>x</b>")
        file = {"filename": "a.pdf", "content_type": "application/pdf", "size": 9, "start": 0, "length": 9}
        unit.insert(t.attachment, message_id=said, **file)
        message(unit, matter, "note", agent_id=SARA, text="between us")
        unit.insert(t.clock, conversation_id=matter, metric="first_reply", cycle=1, started_at=NOW, pauses=[])
        event = {"conversation_id": matter, "version": 1, "at": NOW, "actor_kind": "house", "kind": "noted"}
        unit.insert(t.event, **event, payload={"message": 2, "excerpt": "between us"})

    store.write_now(fill)
    found = store.read_now(views.shown, Scope.house(), "K1")
    assert found is not None
    question, note = found.messages
    assert (question.author, note.author) == ("Lena", "سارا")
    assert [f.file.filename for f in question.files] == ["a.pdf"]
    assert (len(question.message.text), question.shortened, question.message.html) == (20_000, True, None)
    assert [c.metric for c in found.clocks] == ["first_reply"]
    assert [e.payload.kind for e in found.events] == ["noted"]
    assert found.due_at == minutes(5)


def test_a_long_conversation_is_shown_from_its_end(store: Store) -> None:
    def fill(unit: Unit) -> None:
        matter = conversation(unit, 1)
        for n in range(130):
            message(unit, matter, "inbound", text=str(n))
        message(unit, matter, "inbound", text="brought in", at=minutes(-60))

    store.write_now(fill)
    found = store.read_now(views.shown, Scope.house(), "K1")
    assert found is not None
    assert (found.earlier, found.messages[0].message.text, found.messages[-1].message.text) == (31, "30", "129")


def test_a_customer_sees_nothing_that_is_between_us(store: Store) -> None:
    def fill(unit: Unit) -> None:
        matter = conversation(unit, 1, assignee_id=SARA, team_id=BILLING, due_at=minutes(5), fields=[["plan", "gold"]])
        message(unit, matter, "inbound", text="hello", sender=["1@example.org", "Lena"])
        message(unit, matter, "note", agent_id=SARA, text="SECRET")
        unit.insert(t.clock, conversation_id=matter, metric="first_reply", cycle=1, started_at=NOW, pauses=[])

    store.write_now(fill)
    found = store.read_now(views.shown, Scope.of_contact(ContactId(1)), "K1")
    assert found is not None
    assert [m.message.text for m in found.messages] == ["hello"]
    assert (found.clocks, found.events, found.assignee, found.team, found.due_at) == ((), (), "سارا", "", None)
    assert (found.conversation.tags, found.conversation.fields, found.conversation.priority) == ((), (), "normal")
    (row,) = store.read_now(views.listing, Scope.of_contact(ContactId(1)))
    assert (row.tags, row.assignee, row.team, row.due_at) == ((), "", "", None)


def test_a_customer_sees_what_they_said_and_what_has_gone_out_to_them(store: Store) -> None:
    def fill(unit: Unit) -> None:
        matter = conversation(unit, 1)
        message(unit, matter, "inbound", text="mine", sender=["1@example.org", ""])
        message(unit, matter, "inbound", text="a stranger who knows the reply address", sender=["x@slack.example", ""])
        message(unit, matter, "inbound", text="another contact", sender=["2@example.org", ""])
        for n, (text, purpose, state, lane) in enumerate(OUTWARD):
            id = message(unit, matter, "outbound", text=text, purpose=purpose, agent_id=SARA)
            handed = {"message_id": id, "conversation_id": matter, "channel": "mail", "purpose": purpose, "rank": 0}
            more = {"part": 0, "lane": lane, "cause": str(n), "recipients": [lane], "state": state}
            unit.insert(t.delivery, **handed, **more, not_before=NOW, created_at=NOW)

    store.write_now(fill)
    found = store.read_now(views.shown, Scope.of_contact(ContactId(1)), "K1", most=3)
    assert found is not None
    assert [m.message.text for m in found.messages] == ["answer", "acknowledged", "nobody knows"]
    assert found.earlier == 1


OUTWARD = [
    ("answer", "reply", "sent", "1@example.org"),
    ("can be taken back", "reply", "queued", "1@example.org"),
    ("never left", "reply", "failed", "1@example.org"),
    ("acknowledged", "acknowledgement", "sent", "1@example.org"),
    ("a code", "notice", "sent", "1@example.org"),
    ("asked of a supplier", "forward", "sent", "1@example.org"),
    ("to somebody else", "reply", "sent", "2@example.org"),
    ("nobody knows", "reply", "unknown", "1@example.org"),
]


# -- the matrix --------------------------------------------------------------------------------------------------------
MATTERS = list(itertools.product((1, 2), (None, 1), (None, 1, 2), (None, 1, 2)))
"""contact, organization, team, assignee: every combination is one conversation."""

ids = st.sampled_from([1, 2])
sets = st.none() | st.frozensets(ids)
scopes = st.builds(
    Scope,
    kind=st.sampled_from(["house", "agent", "contact", "token"]),
    agent=st.none() | ids.map(AgentId),
    contact=st.none() | ids.map(ContactId),
    teams=sets.map(lambda s: None if s is None else frozenset(map(TeamId, s))),
    organizations=sets.map(lambda s: None if s is None else frozenset(map(OrganizationId, s))),
    conversations=st.none() | st.frozensets(st.integers(1, len(MATTERS) + 5).map(ConversationId), max_size=12),
    notes=st.booleans(),
)


def allowed(scope: Scope, number: int) -> bool:
    """The law of scopes, said once more and otherwise."""
    contact, organization, team, assignee = MATTERS[number]
    mine = {
        "house": scope.teams is None or team in scope.teams,
        "agent": scope.agent is not None
        and (scope.teams is None or team in scope.teams or (assignee is not None and assignee == scope.agent)),
        "contact": scope.contact is not None and scope.contact == contact,
        "token": scope.conversations is not None,
    }[scope.kind]
    inside = scope.organizations is None or organization in scope.organizations
    return mine and inside and (scope.conversations is None or number + 1 in scope.conversations)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scope=scopes)
def test_nothing_from_outside_a_scope_and_all_from_inside(store: Store, scope: Scope) -> None:
    if not store.read_now(views.listing, Scope.house()):
        store.write_now(_every_matter)
    expected = {f"K{n}" for n in range(len(MATTERS)) if allowed(scope, n)}
    rows = store.read_now(views.listing, scope, most=100)
    assert {r.reference for r in rows} == expected
    assert store.read_now(views.counts, scope, NOW).open == len(expected)
    assert store.read_now(subjects, scope, ["NONE", *(f"K{n}" for n in range(len(MATTERS)))]).keys() == expected
    for n in range(0, len(MATTERS), 5):
        assert (store.read_now(views.shown, scope, f"K{n}") is not None) == (f"K{n}" in expected)
    assert store.read_now(views.shown, scope, "NONE") is None


def _every_matter(unit: Unit) -> None:
    for number, (contact, organization, team, assignee) in enumerate(MATTERS):
        whose = {"contact_id": contact, "organization_id": organization, "team_id": team, "assignee_id": assignee}
        assert conversation(unit, number, **whose) == number + 1
