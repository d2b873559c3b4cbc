"""What we owe: clocks as rows beside their events, the promise ledger, decisions, and what falls due next."""

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from inbox.domain.ids import AgentId, ConversationId, MessageId, PromiseId, TeamId
from inbox.domain.people import Agent
from inbox.domain.promises import Promise, PromiseKind, PromiseState
from inbox.sla.clocks import ClockState, Ending, Pause
from inbox.sla.durations import parse
from inbox.sla.policy import Metric, Target
from inbox.store import clocks, conversations, decisions, live, people, promises, tables
from inbox.store.store import Store
from inbox.store.unit import Unit
from tests.store.rows import CHAT, MAIL, NOW, conversation, later, promised, said

TARGET = Target(parse("4 working hours", "test"), "support")
RUNNING = ClockState(Metric.FIRST_REPLY, 1, NOW, TARGET, later(hours=4))
PAUSED = ClockState(
    Metric.RESOLUTION, 1, NOW, TARGET, later(hours=1), (Pause(NOW, later(hours=1)), Pause(later(hours=2)))
)
BARE = ClockState(Metric.UPDATE, 3, NOW)


def worked(state: ClockState) -> float | None:
    return None if state.stopped_at is None else (state.stopped_at - state.started_at).total_seconds()


def put(store: Store, matter: ConversationId, *after: ClockState, before: tuple[ClockState, ...] = ()) -> None:
    store.write_now(clocks.put, matter, before, after, worked)


# -- clocks ------------------------------------------------------------------------------------------------------------
def test_clocks_come_back_as_they_were(store: Store) -> None:
    matter = store.write_now(conversation)
    put(store, matter, RUNNING, PAUSED, BARE)
    assert store.read_now(clocks.of, matter) == (RUNNING, PAUSED, BARE)


def test_of_clocks_that_changed_only_these_are_written(store: Store) -> None:
    matter = store.write_now(conversation)
    put(store, matter, RUNNING, PAUSED)
    stopped = replace(
        RUNNING,
        stopped_at=later(hours=1),
        ended=Ending.REPLY,
        reply="7",
        provisional=True,
        breached_at=later(minutes=1),
    )
    put(store, matter, stopped, PAUSED, BARE, before=(RUNNING, PAUSED))
    assert store.read_now(clocks.of, matter) == (stopped, PAUSED, BARE)


def test_a_clock_that_never_was_is_removed(store: Store) -> None:
    """A reply that failed started it; gone through again without that reply, the events know nothing of it."""
    matter = store.write_now(conversation)
    put(store, matter, RUNNING, BARE)
    put(store, matter, RUNNING, before=(RUNNING, BARE))
    assert store.read_now(clocks.of, matter) == (RUNNING,)


def test_what_falls_due_is_found_once(store: Store) -> None:
    matter = store.write_now(conversation)
    put(store, matter, RUNNING, PAUSED, BARE)
    assert store.read_now(clocks.next_due) == later(hours=4), "neither what is paused nor what has no target"
    assert store.read_now(clocks.overdue, later(hours=4)) == [], "met exactly then, it is in time"
    (found,) = store.read_now(clocks.overdue, later(hours=5))
    assert (found.conversation, found.metric, found.cycle, found.due_at) == (matter, "first_reply", 1, later(hours=4))
    store.write_now(clocks.mark_breached, found)
    assert store.read_now(clocks.overdue, later(hours=5)) == []
    assert store.read_now(clocks.next_due) is None
    assert store.read_now(clocks.of, matter)[0].breached_at == later(hours=4)


def test_overdue_ones_come_oldest_first_and_not_too_many(store: Store) -> None:
    for n in range(4):
        matter = store.write_now(conversation, f"K{n}")
        put(store, matter, replace(RUNNING, due_at=later(minutes=9 - n)))
    found = store.read_now(clocks.overdue, later(hours=1), 3)
    assert [f.due_at for f in found] == [later(minutes=m) for m in (6, 7, 8)]


def test_experience_is_what_people_replied_lately(store: Store) -> None:
    for n, (stopped, ended) in enumerate(
        [(60, Ending.REPLY), (120, Ending.REPLY), (180, Ending.DONE), (-100 * 86400, Ending.REPLY), (None, None)]
    ):
        matter = store.write_now(conversation, f"K{n}")
        started = NOW if stopped is None or stopped > 0 else later(seconds=stopped - 5)
        state = replace(RUNNING, started_at=started, ended=ended)
        put(store, matter, state if stopped is None else replace(state, stopped_at=later(seconds=stopped)))
    found = store.read_now(clocks.first_replies, MAIL, later(hours=1))
    assert [(one.since, one.at, one.priority) for one in found] == [
        (NOW, later(seconds=120), "normal"),
        (NOW, later(seconds=60), "normal"),
    ]
    assert [(one.since, one.at) for one in store.read_now(clocks.still_waiting, MAIL)] == [(NOW, None)]
    assert store.read_now(clocks.first_replies, CHAT, later(hours=1)) == []
    assert store.read_now(clocks.still_waiting, CHAT) == []


def test_experience_brings_what_the_first_time_rested_on(store: Store) -> None:
    matter = store.write_now(conversation)
    put(store, matter, replace(RUNNING, stopped_at=later(seconds=60), ended=Ending.REPLY))
    store.write_now(promised, matter, inputs='{"queue":3}')
    store.write_now(promised, matter, inputs='{"queue":9}')
    (found,) = store.read_now(clocks.first_replies, MAIL, later(hours=1))
    assert found.inputs == '{"queue":3}'


def test_replies_are_told_with_who_gave_them_from_the_oldest(store: Store) -> None:
    def work(unit: Unit) -> None:
        matter = conversation(unit)
        sara = people.put_agent(unit, Agent(AgentId(0), "sara", "Sara"))
        for n, (metric, who) in enumerate(
            [(Metric.NEXT_REPLY, sara), (Metric.FIRST_REPLY, sara), (Metric.UPDATE, sara)]
        ):
            message = said(unit, matter, agent=who)
            state = replace(
                RUNNING, metric=metric, stopped_at=later(minutes=9 - n), ended=Ending.REPLY, reply=str(message)
            )
            clocks.put(unit, matter, (), (state,), worked)

    store.write_now(work)
    found = store.read_now(clocks.replies, later(hours=1))
    assert [(one.since, one.at, one.team) for one in found] == [
        (NOW, later(minutes=8), None),
        (NOW, later(minutes=9), None),
    ]


def test_who_stands_before_one_in_the_queue_of_a_team(store: Store) -> None:
    def work(unit: Unit) -> tuple[TeamId, list[ConversationId]]:
        ids = [conversation(unit, f"K{n}") for n in range(4)]
        team = people.put_team(unit, "support", "Support", [])
        for n, id in enumerate(ids):
            waits = {"waiting_since": later(minutes=n), "team_id": team if n else None}
            unit.execute(sa.update(tables.conversation).where(tables.conversation.c.id == id).values(**waits))
        return team, ids

    team, ids = store.write_now(work)
    assert store.read_now(conversations.queue_length, None, later(hours=1)) == 4
    assert store.read_now(conversations.queue_length, team, later(hours=1)) == 3
    assert store.read_now(conversations.queue_length, team, later(minutes=2), ids[2]) == 1, (
        "the younger one stands behind"
    )
    assert store.read_now(conversations.queue_length, team, later(minutes=2)) == 2


# -- promises ----------------------------------------------------------------------------------------------------------
def told(unit: Unit, matter: ConversationId, hours: float = 4) -> Promise:
    message = said(unit, matter)
    return promises.add(
        unit,
        Promise(
            PromiseId(0),
            matter,
            message,
            PromiseKind.ANSWER,
            NOW,
            later(hours=hours),
            "امروز ۱۶:۳۰",
            "policy",
            0.85,
            30,
            "{}",
        ),
    )


def test_a_promise_is_entered_and_judged(store: Store) -> None:
    matter = store.write_now(conversation)
    entered = store.write_now(told, matter)
    assert entered.id
    assert store.read_now(promises.of, matter) == [entered]
    assert store.read_now(promises.open_ones, matter) == [entered]
    answer = store.write_now(said, matter)
    store.write_now(promises.judge, entered.id, PromiseState.KEPT, later(hours=1), answer)
    assert store.read_now(promises.open_ones, matter) == []
    (kept,) = store.read_now(promises.kept_by, answer)
    assert (kept.state, kept.judged_at) == (PromiseState.KEPT, later(hours=1))
    store.write_now(promises.judge, entered.id, PromiseState.OPEN, later(hours=2))
    assert store.read_now(promises.of, matter) == [entered], "open again, as if it had never been judged"
    assert store.read_now(promises.kept_by, answer) == []


def test_a_promise_falls_due_once(store: Store) -> None:
    matter = store.write_now(conversation)
    late, soon = store.write_now(told, matter, 9), store.write_now(told, matter, 2)
    assert store.read_now(promises.next_due) == soon.due_at
    assert store.read_now(promises.overdue, later(hours=2)) == []
    assert store.read_now(promises.overdue, later(hours=20)) == [soon, late]
    assert store.read_now(promises.overdue, later(hours=20), 1) == [soon]
    store.write_now(promises.judge, soon.id, PromiseState.LATE, later(hours=3))
    assert store.read_now(promises.overdue, later(hours=20)) == [late]
    assert store.read_now(promises.kept_by, MessageId(1)) == []


# -- decisions ---------------------------------------------------------------------------------------------------------
def test_a_decision_is_kept_as_it_was_made(store: Store) -> None:
    matter = store.write_now(conversation)
    message = store.write_now(said, matter)
    ids = [store.write_now(decisions.add, matter, m, "r1", '{"نام":1}', NOW) for m in (message, None)]
    found = store.read_now(decisions.of, matter)
    assert [(d.id, d.message, d.at, d.revision, d.body) for d in found] == [
        (ids[0], message, NOW, "r1", '{"نام":1}'),
        (ids[1], None, NOW, "r1", '{"نام":1}'),
    ]


def test_the_rulebook_that_went_live_last_is_known(store: Store) -> None:
    assert store.read_now(decisions.last_revision) is None
    for minute, (digest, text) in enumerate([("r1", "one"), ("r2", "two"), ("r1", "one")]):
        store.write_now(decisions.put_revision, digest, {"10-a.toml": text}, NOW + timedelta(minutes=minute))
    assert store.read_now(decisions.last_revision) == ("r1", {"10-a.toml": "one"})


def test_the_sites_own_templates_are_kept_with_what_went_live(store: Store) -> None:
    def go(unit: Unit, texts: dict[str, str] | None, minute: int) -> None:
        decisions.put_revision(unit, "r1", {}, NOW)
        live.went(unit, "r1", "files", {}, NOW + timedelta(minutes=minute), texts)

    for minute, texts in enumerate([None, {"a": "سلام"}, {"a": "سلام"}, {}, {"a": "سلام"}]):
        store.write_now(go, texts, minute)
    digests = [one.templates for one in store.read_now(live.came)]
    assert len(digests) == 4, "the same again is not told again"
    assert (digests[0], digests[3]) == (digests[2], "")
    assert [store.read_now(live.templates, digest) for digest in digests[1:]] == [{}, {"a": "سلام"}, None]
