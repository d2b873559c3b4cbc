"""`inbox sla recalc`: the clocks of open conversations by the hours and policies of now, and what differs from before."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated

import typer

from inbox.cli.context import Context, of
from inbox.cli.conversations import found
from inbox.domain.clock_events import Recount
from inbox.domain.ids import ConversationId
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.recount import AT_ONCE, differing, recount
from inbox.store import clocks, conversations
from inbox.store.clocks import Place
from inbox.store.unit import Unit
from inbox.text.dates import table

Refs = Annotated[list[str] | None, typer.Argument(help="cli.sla.recalc.argument.refs", metavar="[REF]...")]
Dry = Annotated[bool, typer.Option("--dry-run", help="cli.sla.recalc.option.dry_run")]
Found = list[tuple[str, tuple[Recount, ...]]]


def recalc(ctx: typer.Context, refs: Refs = None, dry_run: Dry = False) -> None:
    """Slice by slice, each stored as a whole: whoever stops it in the middle has the rest done by the next run."""
    context = of(ctx)
    book, seen, changed = context.playbook(), 0, 0
    rows: list[dict[str, object]] = []
    for ids in _slices(context, refs or ()):
        told = _look(context, ids, book) if dry_run else context.store.write_now(_count, ids, book, context.now())
        seen, changed = seen + len(ids), changed + sum(bool(differences) for _, differences in told)
        for reference, differences in told:
            rows += [_row(reference, one) for one in differences]
            for one in differences:
                context.printer.line(_line(context, reference, one))
    if context.printer.json:
        context.printer.document({"conversations": seen, "changed": changed, "stored": not dry_run, "clocks": rows})
    elif not context.printer.quiet:
        key = "cli.sla.recalc.would" if dry_run else "cli.sla.recalc.done"
        context.printer.line(context.say(key, conversations=seen, changed=changed))


def _slices(context: Context, refs: Sequence[str]) -> Iterator[list[ConversationId]]:
    if refs:
        yield list(dict.fromkeys(found(context, ref).conversation.id for ref in refs))
        return
    after: Place | None = None
    while places := context.store.read_now(clocks.running, after, AT_ONCE):
        yield [place.conversation for place in places]
        after = places[-1]


def _look(context: Context, ids: Sequence[ConversationId], book: Playbook) -> Found:
    terms, now = book.terms, context.now()

    def look(unit: Unit) -> Found:
        return [(conversations.peek(unit, id).reference, differing(unit, id, terms, now)) for id in ids]

    return context.store.read_now(look)


def _count(unit: Unit, ids: Sequence[ConversationId], book: Playbook, now: datetime) -> Found:
    return [(conversations.peek(unit, id).reference, recount(unit, id, book, now)) for id in ids]


def _row(reference: str, one: Recount) -> dict[str, object]:
    return {"reference": reference, "metric": one.metric, "cycle": one.cycle, "old": one.old, "new": one.new}


def _line(context: Context, reference: str, one: Recount) -> str:
    old, new = (table(at, context.language, context.zone) if at else "-" for at in (one.old, one.new))
    return context.say(
        "cli.sla.recalc.clock", reference=reference, clock=context.say(f"clock.{one.metric}"), old=old, new=new
    )
