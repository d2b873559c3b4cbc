"""`inbox trace`: everything that is known of a conversation, joined, in the order of time; from the database alone."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

import typer

from inbox.cli.context import Context, Format, of
from inbox.cli.conversations import Ref, basis_of, found, scope
from inbox.domain.problems import Problem
from inbox.pipeline.outcome import recall
from inbox.rulebook.decision import Decision
from inbox.rulebook.explain import explain
from inbox.store.shown import Shown
from inbox.store.traced import Came, Traced, Went, traced
from inbox.web.agents.timeline import Teller

ORDER = ("arrival", "verdict", "event", "decision", "promise", "clock", "delivery", "handed")
"""What of one instant comes first: the kinds of steps."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened. `trace` names the arrival that it is about, as the log does."""

    at: datetime
    kind: str
    told: str
    more: tuple[str, ...] = ()
    trace: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("trace", help="cli.trace.help")(trace)


def trace(ctx: typer.Context, reference: Ref) -> None:
    """Arrivals, events, decisions, promises, clocks and hand-overs, each with what came of it."""
    context = of(ctx)
    whole = found(context, reference)
    known = context.store.read_now(traced, scope(context), whole.conversation.id)
    if known is None:
        raise Problem("cli.no_such_conversation", reference=reference)
    steps = sorted(_steps(context, whole, known), key=lambda one: (one.at, ORDER.index(one.kind)))
    _print(context, whole, steps)


def _print(context: Context, whole: Shown, steps: list[Step]) -> None:
    reference, subject = whole.conversation.reference, whole.conversation.subject
    if context.printer.json:
        context.printer.document({"reference": reference, "subject": subject, "steps": [asdict(one) for one in steps]})
        return
    marked = context.chosen.format is Format.MD
    context.printer.line(f"# #{reference}  {subject}\n" if marked else f"#{reference}  {subject}")
    for step in steps:
        at, kind = _exact(context, step.at), context.say(f"cli.trace.kind.{step.kind}")
        context.printer.line(f"- {at} **{kind}** {step.told}" if marked else f"{at}  {kind}: {step.told}")
        for line in step.more:
            context.printer.line(f"  - {line}" if marked else f"{' ' * (len(at) + 2)}{line}")


def _steps(context: Context, whole: Shown, known: Traced) -> Iterator[Step]:
    for came in known.came:
        yield from _arrival(context, came)
    yield from _events(context, known)
    yield from _decisions(context, known)
    yield from _owed(context, whole)
    for went in known.went:
        yield from _delivery(context, went)


def _arrival(context: Context, came: Came) -> Iterator[Step]:
    name, facts = f"a{came.id}", asdict(came)
    told = context.say("cli.trace.arrival", trace=name, channel=came.channel, size=came.size)
    yield Step(came.received_at, "arrival", told, trace=name, facts=facts)
    verdict = context.say(f"verdict.{came.verdict}")
    why = (_reason(context, came.reason), came.machine and context.say("cli.trace.machine", kind=came.machine))
    if came.judged_at is not None:
        told = context.say("cli.trace.verdict", trace=name, verdict=verdict, message=came.message)
        yield Step(came.judged_at, "verdict", told, tuple(filter(None, why)), name, facts)


def _reason(context: Context, stored: str) -> str:
    """A stored problem or a key of the catalogue, in words."""
    problem = recall(stored)
    return context.told(problem) if problem is not None else (context.say_if(stored) or stored) if stored else ""


def _events(context: Context, known: Traced) -> Iterator[Step]:
    teller = Teller(context.say, context.language, context.zone, context.roster())
    for event, line in zip(known.events, reversed(teller.told(known.events)), strict=True):
        told = " · ".join(filter(None, (line.who, line.words, line.via)))
        facts = {"version": event.version, "kind": event.payload.kind, "actor": event.actor.kind, "via": event.via}
        yield Step(event.at, "event", told, facts=facts)


def _decisions(context: Context, known: Traced) -> Iterator[Step]:
    for stored in known.decisions:
        decision = Decision.from_json(stored.body)
        said = explain(decision, context.wording, context.language)
        more = [line for one in said.lines for line in _matched(one.rule, one.because, one.did, one.left)]
        rules = ", ".join(decision.matched) or "-"
        told = context.say("cli.trace.decision", number=stored.id, rules=rules, revision=stored.revision[:7])
        facts = {"decision": stored.id, "message": stored.message, "revision": stored.revision}
        kept = tuple(filter(None, (*more, said.choice)))
        yield Step(stored.at, "decision", told, kept, facts={**facts, "rules": decision.matched})


def _matched(rule: str, *said: tuple[str, ...]) -> list[str]:
    told = " · ".join(one for part in said for one in part)
    return [f"{rule}: {told}" if told else rule]


def _owed(context: Context, whole: Shown) -> Iterator[Step]:
    for promise in whole.promises:
        due, state = _exact(context, promise.due_at), context.say(f"promise.{promise.state.value}")
        told = context.say("cli.show.promise", due=due, state=state, basis=basis_of(context, promise))
        yield Step(promise.told_at, "promise", told, facts=asdict(promise))
    for clock in whole.clocks:
        due = "-" if clock.due_at is None else _exact(context, clock.due_at)
        told = context.say("cli.trace.clock", clock=context.say(f"clock.{clock.metric}"), cycle=clock.cycle, due=due)
        ends = (("stopped", clock.stopped_at), ("breached", clock.breached_at))
        more = [context.say(f"cli.trace.clock_{name}", at=_exact(context, at)) for name, at in ends if at is not None]
        yield Step(clock.started_at, "clock", told, tuple(more), facts=asdict(clock))


def _delivery(context: Context, went: Went) -> Iterator[Step]:
    facts = {"delivery": went.id, "purpose": context.say(f"purpose.{went.purpose.value}"), "channel": went.channel}
    told = context.say("cli.trace.delivery", **facts, message=went.message, part=went.part, lane=went.lane)
    yield Step(went.created_at, "delivery", told, facts=asdict(went))
    at = went.settled_at or went.stage_at
    if at is None:
        return
    problem = recall(went.error)
    said = context.told(problem) if problem is not None else went.error
    answers = (" ".join(filter(None, (one.address, one.state, one.code, one.text))) for one in went.answers)
    stage = context.say("cli.trace.stage", stage=went.stage) if went.stage else ""
    state = context.say(f"delivery.{went.state.value}")
    told = context.say("cli.trace.handed", delivery=went.id, state=state, attempts=went.attempts)
    yield Step(at, "handed", told, tuple(filter(None, (stage, said, went.receipt, *answers))), facts=asdict(went))


def _exact(context: Context, at: datetime) -> str:
    """To the millisecond, and with the offset: lines of logs are looked for by it."""
    return at.astimezone(context.zone).isoformat(" ", "milliseconds")
