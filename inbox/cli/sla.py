"""`inbox sla explain`: how every due time and every promise of a conversation came about, day by day."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

import typer

from inbox.cli.context import Context, of
from inbox.cli.conversations import Ref, basis_of, found
from inbox.domain.problems import Misconfigured
from inbox.domain.promises import Promise
from inbox.sla.clocks import ClockState
from inbox.sla.hours import Calendar
from inbox.sla.promise import reproduce
from inbox.sla.walk import Step, walk
from inbox.store import clocks
from inbox.text.dates import day_of, duration, table


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.sla.help")
    group.command("explain", help="cli.sla.explain.help")(explain)
    app.add_typer(group, name="sla")


def explain(ctx: typer.Context, reference: Ref) -> None:
    """Walk every clock from its start to its due time, and compute every promise again from what it rested on."""
    context = of(ctx)
    whole = found(context, reference)
    book = context.playbook()
    states = context.store.read_now(clocks.of, whole.conversation.id)
    if context.printer.json:
        document = {
            "reference": whole.conversation.reference,
            "clocks": [_clock(state, book.calendars) for state in states],
            "promises": [_promise(promise, book.calendars) for promise in whole.promises],
        }
        context.printer.document(document)
        return
    context.printer.line(f"#{whole.conversation.reference}  {whole.conversation.subject}")
    for state in states:
        _tell_clock(context, state, book.calendars)
    for promise in whole.promises:
        _tell_promise(context, promise, book.calendars)


def _steps(state: ClockState, calendars: Mapping[str, Calendar]) -> list[Step]:
    calendar = calendars.get(state.target.hours) if state.target else None
    if calendar is None or state.target is None:
        return []
    return walk(calendar, state.started_at, state.target.duration)


def _clock(state: ClockState, calendars: Mapping[str, Calendar]) -> dict[str, object]:
    return {
        "metric": state.metric.value,
        "cycle": state.cycle,
        "started_at": state.started_at,
        "target": str(state.target.duration) if state.target else None,
        "hours": state.target.hours if state.target else None,
        "walk": [asdict(step) for step in _steps(state, calendars)],
        "pauses": [asdict(pause) for pause in state.pauses],
        "due_at": state.due_at,
        "stopped_at": state.stopped_at,
        "ended": state.ended.value if state.ended else None,
        "breached_at": state.breached_at,
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


def _tell_clock(context: Context, state: ClockState, calendars: Mapping[str, Calendar]) -> None:
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
            target=str(state.target.duration),
            hours=state.target.hours,
            start=_at(context, state.started_at),
        )
    )
    for step in _steps(state, calendars):
        _tell_step(context, step)
    for pause in state.pauses:
        until = _at(context, pause.until) if pause.until else say("cli.sla.still")
        line(say("cli.sla.pause", since=_at(context, pause.since), until=until))
    line(say("cli.sla.due", due=_at(context, state.due_at)))
    if state.stopped_at is not None and state.ended is not None:
        line(say("cli.sla.stopped", at=_at(context, state.stopped_at), why=say(f"clock_ended.{state.ended.value}")))
    if state.breached_at is not None:
        line(say("cli.sla.breached", at=_at(context, state.breached_at)))


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
