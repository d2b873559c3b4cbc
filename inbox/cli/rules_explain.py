"""`inbox rules explain`: why a conversation went where it went, from the facts and decisions as they were stored."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from inbox.cli.context import Context, of
from inbox.cli.conversations import Ref, found
from inbox.cli.revisions import SHORT
from inbox.cli.rulebooks import laid
from inbox.rulebook.decision import Decision
from inbox.rulebook.explain import Explanation, Line, explain
from inbox.rulebook.match import evaluate
from inbox.rulebook.plain import plain
from inbox.rulebook.replay import Change, changes
from inbox.rulebook.rulebook import Rulebook
from inbox.rulebook.told import told
from inbox.store import decisions
from inbox.store.decisions import Stored
from inbox.store.shown import Shown
from inbox.text.dates import table

All = Annotated[bool, typer.Option("--all", help="cli.rules.explain.option.all")]


@dataclass(frozen=True, slots=True)
class Run:
    """One stored decision, what it says in words, and what the present rules would make of the same facts (None: unknown)."""

    stored: Stored
    decision: Decision
    explanation: Explanation
    now: tuple[Change, ...] | None


def explained(ctx: typer.Context, reference: Ref, everything: All = False) -> None:
    """Each decision on the conversation, oldest first: the rules that matched, why, what they did and what was left."""
    context = of(ctx)
    whole = found(context, reference)
    rulebook = _present(context)
    runs = list(_runs(context, whole, rulebook, everything=everything))
    if context.printer.json:
        live = rulebook.revision if rulebook else None
        rows = [_row(run) for run in runs]
        context.printer.document({"reference": whole.conversation.reference, "live": live, "decisions": rows})
        return
    for run in runs:
        _print(context, whole, run, rulebook)
    if not runs:
        context.printer.line(context.say("cli.rules.explain.none", reference=whole.conversation.reference))


def _present(context: Context) -> Rulebook | None:
    """The rules as the files have them now; None while these are wrong: what was decided is explained all the same."""
    try:
        return laid(context, None).book.rulebook
    except ExceptionGroup:
        return None


def _runs(context: Context, whole: Shown, rulebook: Rulebook | None, *, everything: bool) -> Iterator[Run]:
    for stored in context.store.read_now(decisions.of, whole.conversation.id):
        decision = Decision.from_json(stored.body)
        now = (
            None
            if rulebook is None
            else changes(decision.facts, decision.effects, evaluate(rulebook, decision.facts).effects)
        )
        said = explain(decision, context.wording, context.language, everything=everything)
        yield Run(stored, decision, said, now)


def _row(run: Run) -> dict[str, object]:
    decision = run.decision
    return {
        "id": run.stored.id,
        "at": run.stored.at,
        "message": run.stored.message,
        "revision": decision.revision,
        "rules": decision.matched,
        "effects": plain(decision.effects),
        "lines": [asdict(line) for line in run.explanation.lines],
        "facts": plain(decision.facts),
        "choice": run.explanation.choice,
        "changes": None if run.now is None else [asdict(one) for one in run.now],
    }


def _print(context: Context, whole: Shown, run: Run, rulebook: Rulebook | None) -> None:
    line, say = context.printer.line, context.say
    head = say(
        "cli.rules.explain.head",
        reference=whole.conversation.reference,
        at=table(run.stored.at, context.language, context.zone),
        channel=run.decision.facts.channel or "-",
        revision=run.decision.revision[:SHORT],
    )
    line(f"{head} ({_today(context, run, rulebook)})")
    for one in run.explanation.lines:
        _line(context, one)
    if run.explanation.choice:
        line(f"  {run.explanation.choice}")
    if run.explanation.summary:
        line(f"  {run.explanation.summary}")
    for change in run.now or ():
        line(f"  {say('cli.rules.explain.today', change=told(context.say, change))}")
    line("")


def _today(context: Context, run: Run, rulebook: Rulebook | None) -> str:
    if rulebook is None or run.now is None:
        return context.say("cli.rules.explain.unknown")
    key = "other" if run.now else "same"
    return context.say(f"cli.rules.explain.{key}", revision=rulebook.revision[:SHORT])


def _line(context: Context, one: Line) -> None:
    line = context.printer.line
    line(f"  {'✓' if one.matched else '–'}  {one.rule} ({one.place})")
    for said in (" · ".join(one.because), "  ".join(one.did), *one.left, one.stops):
        if said:
            line(f"       {said}")
