"""`inbox list` and `inbox show`: what waits for us, and one conversation whole."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from inbox.cli.context import Context, of
from inbox.cli.identified import identity_told
from inbox.domain import events as ev
from inbox.domain.conversations import State
from inbox.domain.messages import Direction, StoredAttachment
from inbox.domain.problems import Problem
from inbox.domain.promises import Promise, PromiseKind
from inbox.domain.rule_events import RuleSilent
from inbox.domain.scope import Scope
from inbox.pipeline.outcome import recall
from inbox.pipeline.routes import Route, routes
from inbox.store import views
from inbox.store.shown import Shown, ShownMessage
from inbox.text.dates import table
from inbox.text.references import normalise

Ref = Annotated[str, typer.Argument(help="cli.argument.reference", metavar="REF")]
COLUMNS = ("reference", "state", "priority", "contact", "subject", "assignee", "due_at", "waiting_since")
WORDS = {"state": "state", "priority": "priority"}


def add(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("list", help="cli.list.help")(listed)
    app.command("show", help="cli.show.help")(show)


def listed(
    ctx: typer.Context,
    state: Annotated[list[State] | None, typer.Option(help="cli.list.option.state")] = None,
    mine: Annotated[bool, typer.Option("--mine", help="cli.list.option.mine")] = False,
    most: Annotated[int, typer.Option("--limit", min=1, max=views.MOST, help="cli.option.limit")] = 50,
) -> None:
    """What is due soonest comes first, then who has waited longest."""
    context = of(ctx)
    whose: views.Assignee = context.acting().id if mine else "anybody"
    rows = context.store.read_now(
        views.listing, scope(context), states=tuple(state or (State.OPEN,)), assignee=whose, most=most
    )
    context.printer.rows(COLUMNS, [_row(row) for row in rows], WORDS)
    if not rows:
        context.printer.line(context.say("cli.list.empty"))


def _row(row: views.Row) -> dict[str, object]:
    left_out = ("id", "place")
    return {k: v for k, v in asdict(row).items() if k not in left_out}


def show(
    ctx: typer.Context,
    reference: Ref,
    why: Annotated[bool, typer.Option("--why", help="cli.show.option.why")] = False,
) -> None:
    """Who said what, what was promised, and what is due."""
    context = of(ctx)
    whole = found(context, reference)
    ways = _ways(context, whole)
    if context.printer.json:
        context.printer.document({**asdict(whole), "routes": [_way(one) for one in ways]})
        return
    _head(context, whole)
    _people(context, whole, ways)
    for said in whole.messages:
        _message(context, said)
        if why:
            _before(context, said)
    _owed(context, whole)
    if why:
        _why(context, whole)


def found(context: Context, reference: str) -> Shown:
    """The conversation of a typed reference. Raises Problem."""
    whole = context.store.read_now(views.shown, scope(context), normalise(reference) or reference)
    if whole is None:
        raise Problem("cli.no_such_conversation", reference=reference)
    return whole


def scope(context: Context) -> Scope:
    """The owner of the site's files sees all; with --as, what that agent sees."""
    return Scope.house() if context.chosen.agent is None else context.roster().scope(context.acting().id)


def _head(context: Context, whole: Shown) -> None:
    c, line = whole.conversation, context.printer.line
    line(f"#{c.reference}  {c.subject}")
    line(
        context.say(
            "cli.show.head",
            state=context.say(f"state.{c.state.value}"),
            priority=context.say(f"priority.{c.priority.value}"),
            assignee=whole.assignee or "-",
            team=whole.team or "-",
            tags=", ".join(c.tags) or "-",
            contact=whole.contact.name or (whole.identities[0].address if whole.identities else "-"),
            channel=c.channel,
            version=c.version,
        )
    )


def _ways(context: Context, whole: Shown) -> tuple[Route, ...]:
    """Where an answer can go; nowhere that could be told while the configuration is wrong."""
    try:
        book = context.playbook()
    except ExceptionGroup:
        return ()
    return context.store.read_now(routes, whole.conversation, book)


def _way(route: Route) -> dict[str, object]:
    told = {"name": route.name, "to": route.to.address, "channel": route.channel}
    return {**told, "default": route.default, "why": route.why}


def _people(context: Context, whole: Shown, ways: tuple[Route, ...]) -> None:
    """The contact's addresses with what is known of each, and where answers go."""
    if len(whole.identities) > 1 or any(one.verified_at or one.unreachable for one in whole.identities):
        for identity in whole.identities:
            context.printer.line(f"{identity.name_in_full}  {identity_told(context, identity)}")
    if len(ways) > 1 or any(one.why for one in ways):
        for route in ways:
            key = "route.default" if route.default else f"route.{route.why or 'open'}"
            facts = {"name": f"{route.identity.kind}:{route.to.address}", "channel": route.channel or "-"}
            context.printer.line(context.say("cli.show.route", told=context.say(key), **facts))


def _message(context: Context, said: ShownMessage) -> None:
    m, line = said.message, context.printer.line
    kind = context.say(f"cli.show.{m.direction.value}")
    states = ", ".join(context.say(f"delivery.{d.state.value}") for d in said.deliveries)
    author = said.author or context.say("nameless" if m.direction is Direction.INBOUND else "cli.show.house")
    line("")
    edited = context.say("message.edited") if said.edits else ""
    line(" · ".join(part for part in (f"-- {kind}", author, _time(context, m.at), states, edited) if part))
    line(m.text if m.direction is Direction.NOTE else said.words.rstrip())
    for warning in m.warnings:
        line(context.say(f"defect.{warning}"))
    for file in said.files:
        told = context.say("cli.show.file", name=file.file.filename, size=str(file.file.size))
        if file.file.state != "here":
            told = " · ".join(
                filter(None, (told, context.say(f"web.file_{file.file.state}"), _why_gone(context, said, file)))
            )
        line(told)


def _why_gone(context: Context, said: ShownMessage, file: StoredAttachment) -> str:
    """Why a file cannot be had; nothing for one that is only late."""
    if said.kept_back(file):
        return context.say("file.never_given_out")
    problem = recall(file.error) if file.file.state == "gone" and file.error else None
    return "" if problem is None else context.told(problem)


def _before(context: Context, said: ShownMessage) -> None:
    """What a message said before its sender changed it."""
    if said.edits:
        context.printer.line(context.say("message.before_edits"))
        for text in (said.message.reply_text or said.message.text, *(e.text for e in said.edits[:-1])):
            context.printer.line("> " + text.rstrip().replace("\n", "\n> "))


def _owed(context: Context, whole: Shown) -> None:
    line = context.printer.line
    line("")
    for promise in whole.promises:
        state = context.say(f"promise.{promise.state.value}")
        basis = basis_of(context, promise)
        line(context.say("cli.show.promise", due=_time(context, promise.due_at), state=state, basis=basis))
    for clock in whole.clocks:
        if clock.due_at is not None and clock.stopped_at is None:
            name = context.say(f"clock.{clock.metric}")
            line(context.say("cli.show.clock", clock=name, due=_time(context, clock.due_at)))


def _why(context: Context, whole: Shown) -> None:
    """The evidence of every message, and the rules of every decision."""
    for event in whole.events:
        if isinstance(event.payload, ev.Received):
            evidence = _evidence(context, event.payload.joined_by)
            context.printer.line(context.say("cli.show.joined", version=event.version, evidence=evidence))
        elif isinstance(event.payload, ev.Decided):
            rules = ", ".join(event.payload.rules) or "-"
            context.printer.line(
                context.say("cli.show.decided", version=event.version, rules=rules, revision=event.payload.revision)
            )
        elif isinstance(event.payload, ev.NotAcknowledged):
            context.printer.line(context.say("web.event.not_acknowledged", reason=context.say(event.payload.reason)))
        elif isinstance(event.payload, RuleSilent):
            reason, template = context.say(event.payload.reason), event.payload.template
            context.printer.line(context.say("web.event.rule_silent", template=template, reason=reason))


def basis_of(context: Context, promise: Promise) -> str:
    """What a promise rests on; where no answer was promised, why not."""
    kind = "sla_basis" if promise.kind is PromiseKind.ANSWER else "sla_unsure"
    return context.say(f"{kind}.{promise.basis}")


def _evidence(context: Context, joined_by: str) -> str:
    """`reference <...>`, `thread ...` and the others in words; an older or newer kind as it stands."""
    for kind in ("opened", "token", "reference", "thread", "awaited reference", "refused reference", "forwarded by"):
        if joined_by == kind or joined_by.startswith(f"{kind} "):
            key = joined_by.removeprefix(kind).strip()
            return context.say(f"joined.{kind.replace(' ', '_')}", key=key)
    return joined_by


def _time(context: Context, at: datetime) -> str:
    return table(at, context.language, context.zone)
