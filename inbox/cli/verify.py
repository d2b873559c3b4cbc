"""`inbox verify`: everything that is kept for speed, computed again from the events and compared."""

from dataclasses import asdict

import typer

from inbox.cli.context import FINDINGS, of
from inbox.domain.ids import ConversationId
from inbox.pipeline.verify import Difference, differences
from inbox.store import arrivals, conversations, outbox, search

AT_ONCE = 200
COLUMNS = ("reference", "what", "stored", "computed")


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify", help="cli.verify.help")(verify)


def verify(ctx: typer.Context) -> None:
    """Fold every conversation's events again; exit code 1 where a row or a clock says something else."""
    context = of(ctx)
    terms = context.playbook().terms
    found: list[Difference] = []
    seen, after = 0, ConversationId(0)
    while ids := context.store.read_now(conversations.ids, after, AT_ONCE):
        for id in ids:
            found += context.store.read_now(differences, id, terms, context.now())
        seen, after = seen + len(ids), ids[-1]
    verdicts = context.store.read_now(arrivals.verdicts)
    deliveries = context.store.read_now(outbox.tally)
    said, indexed = context.store.read_now(search.standing)
    if context.printer.json:
        differing = [asdict(one) for one in found]
        context.printer.document(
            {
                "conversations": seen,
                "differences": differing,
                "arrivals": verdicts,
                "deliveries": deliveries,
                "search": {"messages": said, "indexed": indexed},
            }
        )
    else:
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
        if said != indexed:
            context.printer.line(context.say("cli.verify.search_differs"))
    if found or said != indexed:
        raise typer.Exit(FINDINGS)
