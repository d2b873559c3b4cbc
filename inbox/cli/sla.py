"""`inbox sla`: how every due time and every promise of a conversation came about, day by day; and counting clocks anew."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import typer

from inbox.cli.context import Context, of
from inbox.cli.conversations import Ref, basis_of, found
from inbox.cli.sla_recalc import recalc
from inbox.domain.clock_events import Escalated
from inbox.domain.conversations import Conversation
from inbox.domain.problems import Misconfigured
from inbox.domain.promises import Promise
from inbox.pipeline.playbook import Playbook
from inbox.sla.clocks import ClockState
from inbox.sla.escalation import worded
from inbox.sla.hours import Calendar
from inbox.sla.metrics import Metric
from inbox.sla.promise import reproduce
from inbox.sla.reaching import coming
from inbox.sla.walk import Step
from inbox.sla.walked import walked
from inbox.store import clocks, events
from inbox.text.dates import day_of, duration, table
from inbox.text.durations import spoken


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.sla.help")
    group.command("explain", help="cli.sla.explain.help")(explain)
    group.command("recalc", help="cli.sla.recalc.help")(recalc)
    app.add_typer(group, name="sla")


def explain(ctx: typer.Context, reference: Ref) -> None:
    """Walk every clock from its start to its due time, and compute every promise again from what it rested on."""
    context = of(ctx)
    whole = found(context, reference)
    book = context.playbook()
    states = context.store.read_now(clocks.of, whole.conversation.id)
    steps = _escalation(context, whole.conversation, states, book)
    if context.printer.json:
        document = {
            "reference": whole.conversation.reference,
            "clocks": [_clock(state, book.calendars, steps) for state in states],
            "promises": [_promise(promise, book.calendars) for promise in whole.promises],
        }
        context.printer.document(document)
        return
    context.printer.line(f"#{whole.conversation.reference}  {whole.conversation.subject}")
    for state in states:
        _tell_clock(context, state, book.calendars, steps)
    for promise in whole.promises:
        _tell_promise(context, promise, book.calendars)


@dataclass(frozen=True, slots=True)
class _Climb:
    """One step of a clock's escalation: when it was or will be reached; `done_at` where it did what it says."""

    metric: Metric
    cycle: int
    step: str
    at: datetime
    done_at: datetime | None = None


def _escalation(context: Context, matter: Conversation, states: Sequence[ClockState], book: Playbook) -> list[_Climb]:
    """What was done by the events, then what is still to come."""
    log = context.store.read_now(events.of, matter.id)
    done = {
        (p.metric, p.cycle, p.step): _Climb(Metric(p.metric), p.cycle, p.step, event.at, event.at)
        for event in log
        if isinstance(p := event.payload, Escalated)
    }
    policy = book.policies.get(matter.policy)
    found = coming(states, policy.steps if policy else (), matter.priority, book.calendars)
    left = [_Climb(state.metric, state.cycle, step.name, at) for at, state, step in found]
    return [*done.values(), *(one for one in left if (one.metric.value, one.cycle, one.step) not in done)]


def _of(state: ClockState, steps: Sequence[_Climb]) -> list[_Climb]:
    return [one for one in steps if (one.metric, one.cycle) == (state.metric, state.cycle)]


def _clock(state: ClockState, calendars: Mapping[str, Calendar], steps: Sequence[_Climb]) -> dict[str, object]:
    return {
        "metric": state.metric.value,
        "cycle": state.cycle,
        "started_at": state.started_at,
        "target": str(state.target.duration) if state.target else None,
        "hours": state.target.hours if state.target else None,
        "walk": [asdict(step) for step in walked(state, calendars)],
        "pauses": [asdict(pause) for pause in state.pauses],
        "due_at": state.due_at,
        "stopped_at": state.stopped_at,
        "ended": state.ended.value if state.ended else None,
        "breached_at": state.breached_at,
        "escalation": [{"step": one.step, "at": one.at, "done_at": one.done_at} for one in _of(state, steps)],
    }


def _promise(promise: Promise, calendars: Mapping[str, Calendar]) -> dict[str, object]:
    again = _again(promise, calendars)
    return {
        "told_at": promise.told_at,
        "due_at": promise.due_at,
        "kind": promise.kind.value,
        "text": promise.text,
        "state": promise.state.value,
        "basis": promise.basis,
        "inputs": json.loads(promise.inputs),
        "computed_again": again,
        "reproduced": again == promise.due_at if promise.computed else None,
    }


def _again(promise: Promise, calendars: Mapping[str, Calendar]) -> datetime | None:
    """The same instant from the stored inputs; None where the hours have changed since."""
    inputs = json.loads(promise.inputs)
    if not promise.computed:
        return None
    try:
        return reproduce(inputs, calendars.get(inputs["hours"]) if inputs["hours"] else None).at
    except Misconfigured:
        return None


def _tell_clock(
    context: Context, state: ClockState, calendars: Mapping[str, Calendar], steps: Sequence[_Climb]
) -> None:
    say, line = context.say, context.printer.line
    line("")
    name = say(f"clock.{state.metric.value}")
    if state.target is None or state.due_at is None:
        line(say("cli.sla.no_target", clock=name, start=_at(context, state.started_at)))
        return
    line(
        say(
            "cli.sla.clock",
            clock=name,
            target=spoken(state.target.duration, context.language),
            hours=state.target.hours,
            start=_at(context, state.started_at),
        )
    )
    for step in walked(state, calendars):
        _tell_step(context, step)
    for pause in state.pauses:
        until = _at(context, pause.until) if pause.until else say("cli.sla.still")
        line(say("cli.sla.pause", since=_at(context, pause.since), until=until))
    line(say("cli.sla.due", due=_at(context, state.due_at)))
    if state.stopped_at is not None and state.ended is not None:
        line(say("cli.sla.stopped", at=_at(context, state.stopped_at), why=say(f"clock_ended.{state.ended.value}")))
    if state.breached_at is not None:
        line(say("cli.sla.breached", at=_at(context, state.breached_at)))
    for one in _of(state, steps):
        key = "cli.sla.escalated" if one.done_at else "cli.sla.escalates"
        line(say(key, step=worded(one.step, context.language, say), at=_at(context, one.at)))


def _tell_step(context: Context, step: Step) -> None:
    note = context.say(f"sla_day.{step.note.value}", name=step.name)
    counted = duration(step.counted.total_seconds(), context.language)
    since, until = _at(context, step.since), _at(context, step.until)
    day = day_of(step.day, context.language)
    key = "cli.sla.step" if step.counted else "cli.sla.step_closed"
    context.printer.line(context.say(key, day=day, note=note, since=since, until=until, counted=counted))


def _tell_promise(context: Context, promise: Promise, calendars: Mapping[str, Calendar]) -> None:
    say, line = context.say, context.printer.line
    inputs = json.loads(promise.inputs)
    line("")
    line(say("cli.sla.promise", text=promise.text, told=_at(context, promise.told_at)))
    line(say("cli.sla.basis", basis=basis_of(context, promise)))
    if not promise.computed:
        line(say("cli.sla.said", due=_at(context, promise.due_at), state=say(f"promise.{promise.state.value}")))
        return
    line(
        say(
            "cli.sla.inputs",
            queue=inputs["queue"],
            on_shift=inputs["on_shift"],
            percentile=round(promise.percentile * 100) if promise.percentile else 0,
            samples=promise.sample_size,
        )
    )
    again = _again(promise, calendars)
    key = (
        "cli.sla.hours_changed"
        if again is None
        else "cli.sla.reproduced"
        if again == promise.due_at
        else "cli.sla.differs"
    )
    line(say(key, due=_at(context, again or promise.due_at), state=say(f"promise.{promise.state.value}")))


def _at(context: Context, instant: datetime) -> str:
    return table(instant, context.language, context.zone)
