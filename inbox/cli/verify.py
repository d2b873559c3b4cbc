"""`inbox verify`: everything that is kept for speed, computed again from the events and compared."""

from dataclasses import asdict
from typing import Annotated

import typer

from inbox.cli.context import FINDINGS, Context, of
from inbox.domain.ids import ConversationId
from inbox.pipeline import measured
from inbox.pipeline.verify import Difference, differences
from inbox.store import arrivals, conversations, invariants, outbox, search
from inbox.store import measured as store_measured

AT_ONCE = 200
REPORTS = "reports"
HELD = ("name", "what", "checked", "broken", "which")
COLUMNS = ("reference", "what", "stored", "computed")


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify", help="cli.verify.help")(verify)


def verify(
    ctx: typer.Context,
    rebuild: Annotated[str, typer.Option(help="cli.verify.option.rebuild", metavar="reports")] = "",
) -> None:
    """What must hold of every store, and each conversation's events folded again; exit code 1 where a row or a clock says something else."""
    context = of(ctx)
    if rebuild:
        _rebuild(context, rebuild)
        return
    terms = context.playbook().terms
    found: list[Difference] = []
    seen, after = 0, ConversationId(0)
    while ids := context.store.read_now(conversations.ids, after, AT_ONCE):
        for id in ids:
            found += context.store.read_now(differences, id, terms, context.now())
            found += context.store.read_now(measured.differences, id, context.zone)
        seen, after = seen + len(ids), ids[-1]
    verdicts = context.store.read_now(arrivals.verdicts)
    deliveries = context.store.read_now(outbox.tally)
    said, indexed = context.store.read_now(search.standing)
    sums = context.store.read_now(store_measured.misrolled)
    counted, behind = context.store.read_now(store_measured.counted)
    held = context.store.read_now(invariants.invariants, context.blobs.holds, context.now())
    broken = sum(one.broken for one in held)
    if context.printer.json:
        differing = [asdict(one) for one in found]
        context.printer.document(
            {
                "conversations": seen,
                "invariants": [asdict(one) for one in held],
                "differences": differing,
                "arrivals": verdicts,
                "deliveries": deliveries,
                "search": {"messages": said, "indexed": indexed},
                "reports": {"measured": counted, "behind": behind, "sums": sums},
            }
        )
    else:
        context.printer.rows(
            HELD,
            [{**asdict(one), "what": context.say(f"verify.{one.name}"), "which": ", ".join(one.which)} for one in held],
        )
        context.printer.rows(COLUMNS, [asdict(one) for one in found])
        context.printer.line(context.say("cli.verify.done", conversations=seen, differences=len(found)))
        for title, word, counts in (
            ("cli.verify.arrivals", "verdict", verdicts),
            ("cli.verify.deliveries", "delivery", deliveries),
        ):
            listed = (
                ", ".join(f"{context.say(f'{word}.{name}')} {number}" for name, number in sorted(counts.items())) or "-"
            )
            context.printer.line(context.say(title, listed=listed))
        context.printer.line(context.say("cli.verify.search", messages=said, indexed=indexed))
        context.printer.line(context.say("cli.verify.reports", measured=counted, behind=behind, sums=sums))
        if said != indexed:
            context.printer.line(context.say("cli.verify.search_differs"))
    if found or sums or broken or said != indexed:
        raise typer.Exit(FINDINGS)


def _rebuild(context: Context, what: str) -> None:
    """Count anew what reports read; a daemon that runs takes part in it."""
    if what != REPORTS:
        raise typer.BadParameter(context.say("cli.verify.unknown_rebuild", name=what))
    context.store.write_now(measured.begin, context.zone)
    done = 0
    while (found := context.store.read_now(measured.following, context.zone)).to is not None:
        context.store.write_now(measured.record, found)
        done += len(found.found)
    context.store.write_now(store_measured.roll_up)
    if context.printer.json:
        context.printer.document({"rebuilt": REPORTS, "conversations": done})
    else:
        context.printer.line(context.say("cli.verify.rebuilt", conversations=done))
