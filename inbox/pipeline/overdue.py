"""What time itself brings about: what fell due in conversations and beside them, all of it in one look."""

from datetime import datetime, timedelta

from inbox.domain.clock_events import ClockBreached
from inbox.pipeline.articles_told import tell_of_overdue
from inbox.pipeline.assets_ends import tell_of_terms
from inbox.pipeline.broadcast import broadcast_due
from inbox.pipeline.contract_ends import tell_of_end
from inbox.pipeline.daily import letters_of_the_day
from inbox.pipeline.delayed import tell_of_delays
from inbox.pipeline.hold_back import doubtful, held_back
from inbox.pipeline.mailing import mail_due
from inbox.pipeline.outcome import let_go_stale, sort_out_unknown
from inbox.pipeline.page import page_due
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.promising import at_risk, late
from inbox.pipeline.react import react
from inbox.pipeline.renew import renew
from inbox.pipeline.ring import remind, remind_ahead, ring
from inbox.pipeline.statements import issue_due
from inbox.pipeline.survey import survey_due
from inbox.pipeline.turn import Turn
from inbox.store import (
    alarms,
    articles_nudged,
    assets_warned,
    broadcasts,
    clocks,
    contracts,
    deliveries,
    digests,
    notifications,
    pages,
    promises,
    restored,
    statements,
    surveys,
    tasks,
)
from inbox.store.clock_set_back import set_right
from inbox.store.unit import Unit


def sweep(unit: Unit, playbook: Playbook, unknown_wait: timedelta, now: datetime) -> int:
    """Tell of everything that fell due before `now`; how many things that were. Run again at once, it finds nothing."""
    alarms.count_anew(unit, playbook.counted, now)
    found = (
        set_right(unit, now),
        _clocks(unit, playbook, now),
        _promises(unit, playbook, now),
        _unknown(unit, playbook, unknown_wait, now),
        let_go_stale(unit, playbook, now),
        tell_of_delays(unit, playbook, now),
        _waited(unit, playbook, now),
        page_due(unit, playbook, now),
        letters_of_the_day(unit, playbook, now),
        mail_due(unit, playbook, now),
        survey_due(unit, playbook, now),
        tell_of_overdue(unit, now),
        tell_of_end(unit, playbook, now),
        tell_of_terms(unit, playbook, now),
        issue_due(unit, playbook, now),
        broadcast_due(unit, playbook, now),
    )
    return sum(found)


def _clocks(unit: Unit, playbook: Playbook, now: datetime) -> int:
    """Clocks that ran out."""
    ran_out = clocks.overdue(unit, now)
    for clock in ran_out:
        turn = Turn.of(unit, clock.conversation, "time", playbook.terms, now)
        turn.tell(ClockBreached("clock_breached", clock.metric, clock.cycle, clock.due_at))
        react(turn, playbook)
        turn.close()
        clocks.mark_breached(unit, clock)
    return len(ran_out)


def _promises(unit: Unit, playbook: Playbook, now: datetime) -> int:
    """Promises at risk, and missed ones."""
    risky = promises.at_risk(unit, now)
    mark = restored.mark(unit) if risky else None
    for promise in risky:
        with held_back(unit, playbook, now, so=doubtful(unit, mark, promise.conversation)):
            turn = Turn.of(unit, promise.conversation, "time", playbook.terms, now)
            at_risk(turn, promise)
            react(turn, playbook)
            renew(turn, promise, playbook)
            turn.close()
    missed = promises.overdue(unit, now)
    for promise in missed:
        turn = Turn.of(unit, promise.conversation, "time", playbook.terms, now)
        late(turn, promise)
        react(turn, playbook)
        turn.close()
    return len(risky) + len(missed)


def _unknown(unit: Unit, playbook: Playbook, wait: timedelta, now: datetime) -> int:
    """Sends of which nobody heard."""
    unknown = deliveries.unknown_since(unit, now - wait)
    for delivery in unknown:
        sort_out_unknown(unit, delivery, playbook, now)
    return len(unknown)


def _waited(unit: Unit, playbook: Playbook, now: datetime) -> int:
    """Rules and snoozes that waited, and what is to be done."""
    rang = alarms.due(unit, now)
    for id in rang:
        ring(unit, id, playbook, now)
    todo = tasks.due(unit, now)
    for task in todo:
        remind(unit, task, playbook, now)
    soon = tasks.coming(unit, now)
    for task in soon:
        remind_ahead(unit, task, now)
    return len(rang) + len(todo) + len(soon)


def next_instant(unit: Unit) -> datetime | None:
    """When the next of it falls due."""
    due = (
        clocks.next_due(unit),
        promises.next_due(unit),
        promises.next_risk(unit),
        alarms.next_due(unit),
        tasks.next_due(unit),
        pages.next_due(unit),
        notifications.next_letter(unit),
        surveys.next_due(unit),
        digests.next_due(unit),
        articles_nudged.next_due(unit),
        contracts.next_due(unit),
        assets_warned.next_due(unit),
        broadcasts.next_due(unit),
        statements.next_due(unit),
    )
    found = [at for at in due if at is not None]
    return min(found, default=None)
