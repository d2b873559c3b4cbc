"""Finding on both databases: words and filters, scope and notes, what moves and changes, and pages that go both ways."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from inbox.domain.happenings import Attachment
from inbox.domain.ids import AgentId, ArrivalId, ConversationId, MessageId
from inbox.domain.messages import Direction
from inbox.domain.people import Agent
from inbox.domain.scope import Scope
from inbox.store import conversations, edits, finding, found, links, merging, people, search, seen, words
from inbox.store import tables as t
from inbox.store.found import Answer
from inbox.store.messages import OUTSIDE
from inbox.store.store import Store
from inbox.store.unit import Unit
from inbox.text.queries import read
from tests.store.rows import MAIL, NOW, contact, meet, said

ZONE = ZoneInfo("Asia/Tehran")
HOUSE = Scope.house()


def matter(unit: Unit, number: int, address: str = "ali@example.org", **values: object) -> ConversationId:
    """A conversation's row."""
    who = contact(unit, address)
    row = {"reference": f"K{number}ZZ", "contact_id": who, "channel": MAIL, "tags": [], "fields": [], "pinned": []}
    given = {"opened_at": NOW, "changed_at": NOW, **values}
    return ConversationId(unit.insert(t.conversation, **{**row, **given}))


def asked(store: Store, query: str, scope: Scope = HOUSE, **more: object) -> Answer:
    """The answer to a query."""
    return store.read_now(found.answer, scope, read(query), NOW, ZONE, **more)  # type: ignore[arg-type]  # one table for all


def references(store: Store, query: str, scope: Scope = HOUSE) -> list[str]:
    """The conversations that a query finds, in their order."""
    return [row.reference for row in asked(store, query, scope).rows]


@pytest.fixture
def talk(store: Store) -> Store:
    """Three conversations."""

    def fill(unit: Unit) -> None:
        first = matter(unit, 1, tags=["refund"], state="done", fields=[["plan", "gold"]])
        second = matter(unit, 2, "lena@example.com", subject="Invoice 17", due_at=NOW + timedelta(hours=1))
        third = matter(unit, 3, due_at=NOW - timedelta(hours=1), priority="high")
        said(unit, first, "سفارش من نمی‌رسد و كيفيت شماره ۱۲۳ بد است")
        files = (Attachment("report-final.pdf", "application/pdf", 1, start=0, length=0),)
        said(unit, second, "The invoice is wrong, please refund me", subject="Invoice 17", files=files)
        said(unit, third, "Only we know the invoice story", direction=Direction.NOTE, channel=None)
        said(unit, third, "We have received your message", purpose="acknowledgement")

    store.write_now(fill)
    return store


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("invoice", ["K3ZZ", "K2ZZ"]),
        ("INVOICE refund", ["K2ZZ"]),
        ('"wrong please"', ["K2ZZ"]),
        ('"please wrong"', []),
        ("inv*", ["K3ZZ", "K2ZZ"]),
        ("inv", []),
        ("invoice -refund", ["K3ZZ"]),
        ("report", ["K2ZZ"]),
        ("کیفیت 123", ["K1ZZ"]),
        ("نمیرسد", ["K1ZZ"]),
        ('"نمی رسد"', ["K1ZZ"]),
        ("نمی‌رسد", ["K1ZZ"]),
        ("received", []),
        ("lena", ["K2ZZ"]),
        ("lena@example.com", ["K2ZZ"]),
        ("from:lena", ["K2ZZ"]),
        ("-from:lena", ["K3ZZ", "K1ZZ"]),
        ("k2zz", ["K2ZZ"]),
        ("ref:K2", ["K2ZZ"]),
        ("tag:refund", ["K1ZZ"]),
        ("-tag:refund", ["K3ZZ", "K2ZZ"]),
        ("field:plan=gold", ["K1ZZ"]),
        ("is:done", ["K1ZZ"]),
        ("is:open", ["K3ZZ", "K2ZZ"]),
        ("-is:open", ["K1ZZ"]),
        ("وضعیت:باز", ["K3ZZ", "K2ZZ"]),
        ("is:late", ["K3ZZ"]),
        ("is:open due:<2h", ["K3ZZ", "K2ZZ"]),
        ("due:>30m", ["K2ZZ"]),
        ("priority:high", ["K3ZZ"]),
        ("has:file", ["K2ZZ"]),
        ("has:note", ["K3ZZ"]),
        ("invoice has:file", ["K2ZZ"]),
        ("channel:email after:2026-11-21", ["K3ZZ", "K2ZZ", "K1ZZ"]),
        ("before:1405/08/30", []),
        ("assignee:none", ["K3ZZ", "K2ZZ", "K1ZZ"]),
        ("team:none -invoice", ["K1ZZ"]),
        ("", ["K3ZZ", "K2ZZ", "K1ZZ"]),
    ],
)
def test_what_a_query_finds(talk: Store, query: str, expected: list[str]) -> None:
    assert references(talk, query) == expected
    assert asked(talk, query).count == len(expected)


def test_a_wrong_name_is_told_and_the_rest_holds(talk: Store) -> None:
    answer = asked(talk, "invoice assignee:nobody-like-that team:x channel:y foo:bar")
    assert [row.reference for row in answer.rows] == ["K3ZZ", "K2ZZ"]
    assert {bad.key for bad in answer.bad} == {
        "query.unknown_agent",
        "query.unknown_team",
        "query.unknown_channel",
        "query.unknown_name",
    }


def test_a_beginning_of_too_many_words_says_so(talk: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "BEGUN", 2)
    assert [bad.key for bad in asked(talk, "i*").bad] == (["query.begun_many"] if talk.sqlite else [])
    assert asked(talk, "inv*").bad == ()
    assert references(talk, "inv*") == ["K3ZZ", "K2ZZ"]


def test_a_customer_finds_no_notes_and_nothing_that_is_between_us(talk: Store) -> None:
    lena = talk.read_now(people.known, "email", "lena@example.com")
    ali = talk.read_now(people.known, "email", "ali@example.org")
    assert lena is not None
    assert ali is not None
    assert references(talk, "invoice", Scope.of_contact(lena[0].id)) == ["K2ZZ"]
    assert references(talk, "invoice", Scope.of_contact(ali[0].id)) == []
    assert references(talk, "story", Scope.of_contact(ali[0].id)) == []
    assert asked(talk, "has:note", Scope.of_contact(ali[0].id)).bad
    assert references(talk, "invoice", Scope.of_agent(AgentId(1), frozenset())) == []


def test_what_was_found_is_shown_where_it_stands(talk: Store) -> None:
    answer = asked(talk, "invoice refund")
    (row,) = answer.rows
    assert [piece.text for piece in answer.passages[row.id] if piece.hit] == ["invoice", "refund"]
    assert [piece.text for piece in answer.subjects[row.id] if piece.hit] == ["Invoice"]


def test_what_moves_and_changes_is_found_where_it_is(talk: Store) -> None:
    def change(unit: Unit) -> None:
        merging.move(unit, ConversationId(2), ConversationId(1))
        unit.execute(t.conversation.update().where(t.conversation.c.id == 2).values(merged_into_id=1))
        arrival = unit.insert(t.arrival, channel=MAIL, key="e", received_at=NOW)
        edits.add(unit, MessageId(1), ArrivalId(arrival), "f", "And a bicycle", None, NOW)

    talk.write_now(change)
    assert references(talk, "invoice") == ["K3ZZ", "K1ZZ"]
    assert references(talk, "has:file") == ["K1ZZ"]
    assert references(talk, "bicycle سفارش") == ["K1ZZ"]
    assert references(talk, "k2zz") == ["K1ZZ"]


def test_a_person_is_found_by_what_they_are_called_now(talk: Store) -> None:
    def link(unit: Unit) -> None:
        now = meet(unit, "lena@example.com", "Lena Berger")[0]
        other = meet(unit, "l.berger@example.net")[1]
        held = links.held(unit, other.id)
        links.put(unit, held, now.id, "agent", None, NOW, verified=False)

    talk.write_now(link)
    assert references(talk, "berger") == ["K2ZZ"]
    assert references(talk, "from:l.berger@example.net") == ["K2ZZ"]


def test_whoever_wrote_in_a_conversation_is_whom_it_is_from(talk: Store) -> None:
    def write(unit: Unit) -> None:
        colleague = meet(unit, "mina@example.org", "Mina")[1]
        conversations.add_participant(unit, ConversationId(2), colleague.id, NOW)
        supplier = meet(unit, "depot@supplier.example", "Depot")[0]
        id = said(unit, ConversationId(1), "It left us yesterday", direction=Direction.INBOUND)
        unit.execute(t.message.update().values(purpose=OUTSIDE, contact_id=supplier.id).where(t.message.c.id == id))

    talk.write_now(write)
    assert references(talk, "from:mina") == ["K2ZZ"]
    assert references(talk, "from:depot@supplier.example") == ["K1ZZ"]
    assert references(talk, "-from:mina -from:depot") == ["K3ZZ"]
    assert references(talk, "from:mina from:lena") == ["K2ZZ"], "both of them wrote in it"
    assert references(talk, "from:mina from:ali") == []
    assert references(talk, "invoice from:mina") == ["K2ZZ"]
    assert references(talk, "is:open from:mina") == ["K2ZZ"]


def test_those_who_take_part_lead_both_ways_through_their_pages(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "CHUNK", 4)

    def fill(unit: Unit) -> None:
        colleague = meet(unit, "mina@example.org", "Mina")[1]
        for number in range(20):
            id = matter(unit, number + 100)
            if number % 2:
                conversations.add_participant(unit, id, colleague.id, NOW)

    store.write_now(fill)
    first = asked(store, "from:mina", most=3)
    assert [row.reference for row in first.rows] == ["K119ZZ", "K117ZZ", "K115ZZ"]
    second = asked(store, "from:mina", most=3, cursor=str(first.after))
    assert [row.reference for row in second.rows] == ["K113ZZ", "K111ZZ", "K109ZZ"]
    again = asked(store, "from:mina", most=3, cursor=str(second.before), back=True)
    assert [row.reference for row in again.rows] == [row.reference for row in first.rows]


def test_the_index_is_filled_anew_and_goes_on_where_it_was(talk: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "AT_ONCE", 2)
    talk.write_now(search.begin)
    assert references(talk, "invoice") == []
    assert references(talk, "from:lena") == ["K2ZZ"], "contacts are there at once"
    talk.write_now(search.fill)
    assert references(talk, "invoice") == ["K3ZZ"]
    talk.write_now(merging.move, ConversationId(2), ConversationId(1))
    while talk.write_now(search.fill) is not None:
        pass
    assert references(talk, "invoice") == ["K3ZZ", "K1ZZ"]
    assert talk.read_now(search.left) is None


def test_unread_is_what_came_since_the_agent_looked(talk: Store) -> None:
    def look(unit: Unit) -> AgentId:
        people.put_agent(unit, Agent(AgentId(0), "sara", "Sara"))
        agent = people.roster(unit).agents[0].id
        unit.execute(t.conversation.update().values(messages=2))
        seen.look(unit, agent, ConversationId(1), 2, NOW)
        seen.look(unit, agent, ConversationId(2), 1, NOW)
        return agent

    agent = talk.write_now(look)
    assert references(talk, "is:unread", Scope.of_agent(agent)) == ["K3ZZ", "K2ZZ"]
    assert [row.unread for row in asked(talk, "", Scope.of_agent(agent)).rows] == [True, True, False]
    assert references(talk, "is:unread") == []


@pytest.mark.parametrize("query", ["parcel", "is:open", "from:ali", "", "parcel -lamp"])
def test_pages_go_both_ways_over_everything_once(store: Store, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MESSAGES", 5)
    monkeypatch.setattr(finding, "CHUNK", 4)
    monkeypatch.setattr(finding, "WALK", 9)
    monkeypatch.setattr(finding, "CLOSE", 3)
    monkeypatch.setattr(finding, "ONE_BY_ONE", 5)

    def fill(unit: Unit) -> None:
        for number in range(40):
            due = NOW + timedelta(minutes=number % 7) if number % 3 else None
            id = matter(unit, number + 100, due_at=due, opened_at=NOW + timedelta(minutes=number))
            for _ in range(number % 4 + 1):
                said(unit, id, "the parcel")

    store.write_now(fill)
    forth: list[list[str]] = []
    cursor, page = "", None
    while page is None or page.after is not None:
        page = asked(store, query, most=7, cursor=cursor)
        forth.append([row.reference for row in page.rows])
        cursor = str(page.after)
    everything = [one for rows in forth for one in rows]
    assert len(everything) == len(set(everything)) == 40
    back: list[list[str]] = [forth[-1]]
    while page.before is not None:
        page = asked(store, query, most=7, cursor=str(page.before), back=True)
        back.insert(0, [row.reference for row in page.rows])
    assert [one for rows in back for one in rows] == everything


def test_a_query_that_finds_little_among_much_says_how_far_it_looked(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MESSAGES", 10)
    monkeypatch.setattr(finding, "LOOKED", 20)

    def fill(unit: Unit) -> None:
        for number in range(60):
            said(unit, matter(unit, number + 100, tags=["rare"] if not number else []), "the parcel")

    store.write_now(fill)
    page = asked(store, "parcel tag:rare")
    assert (page.rows, page.whole) == ((), False)
    tries = 0
    while page.after is not None and not page.rows:
        page, tries = asked(store, "parcel tag:rare", cursor=str(page.after)), tries + 1
    assert [row.reference for row in page.rows] == ["K100ZZ"]
    assert tries == 2
