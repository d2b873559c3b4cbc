"""`inbox kb freshness`: what there is to be done so that articles go on answering what people ask; the same numbers as the page."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import typer

from inbox.cli.context import Context, of
from inbox.domain.scope import Scope
from inbox.pipeline import articles_fresh
from inbox.pipeline.articles_fresh import LISTS, Freshness
from inbox.text.dates import table

MOST = 200
Row = dict[str, object]


def freshness(
    ctx: typer.Context,
    only: Annotated[str, typer.Option("--list", help="cli.kb.option.list", metavar="LIST")] = "",
    most: Annotated[int, typer.Option(help="cli.kb.option.most", min=1, max=MOST)] = 20,
) -> None:
    """Of each list how much there is, and the worst of it. The exit code is 0 whatever there is: it is work, and no fault."""
    context = of(ctx)
    if only and only not in LISTS:
        raise typer.BadParameter(context.say("cli.kb.no_such_list", name=only, known=", ".join(LISTS)))
    now = context.now()
    today = now.astimezone(context.zone).date()
    found = context.store.read_now(articles_fresh.gather, Scope.house(), today, now, most, only)
    shown = [only] if only else [name for name in LISTS if found.counts[name]]
    if context.printer.json:
        rows = [{"list": name, **row} for name in shown for row in _rows(context, found, name, most)]
        context.printer.document({"counts": {name: found.counts[name] for name in shown}, "rows": rows})
        return
    for name in shown:
        count = f"{found.counts[name]}{'+' if name == 'uncovered' and found.more else ''}"
        context.printer.line(context.say("cli.kb.fresh", list=context.say(f"web.freshness.list.{name}"), count=count))
        context.printer.rows(("what", "language", "count", "note"), list(_rows(context, found, name, most)))
        context.printer.line("")
    if not shown:
        context.printer.done("cli.kb.all_fresh")


def _rows(context: Context, found: Freshness, name: str, most: int) -> Iterator[Row]:
    slugs = {id: one.slug for id, one in found.articles.items()}
    if name == "overdue":
        for id in found.overdue:
            about = found.articles[id].about
            yield _row(about.slug, note=f"{about.review_on} {about.owner}".strip())
    elif name == "left":
        for each in found.left:
            matters = " ".join(reference for reference, _ in found.behind.get(each.id, ()))
            yield _row(slugs[each.id], count=f"{each.left}/{each.opened}", note=matters)
    elif name == "missed":
        for one in found.missed:
            yield _row(one.words, one.language, one.count, _moment(context, one.last_at))
    elif name == "uncovered":
        for group in found.uncovered[:most]:
            kind = context.say("web.freshness.rest") if group.kind == "rest" else f"{group.kind}: {group.about}"
            yield _row(kind, count=group.count, note=" ".join(one.reference for one in group.matters[:5]))
    elif name == "drafts":
        for draft in found.drafts:
            state = context.say(f"kb.standing.{draft.standing.value}")
            yield _row(slugs[draft.id], draft.language, note=f"{state}, {_moment(context, draft.since)}")
    elif name == "links":
        for dead in found.links:
            yield _row(slugs[dead.id], dead.language, note=f"{dead.kind}: {dead.target}")
    else:
        for id, language in found.languages:
            yield _row(slugs[id], language)


def _row(what: str, language: str = "", count: object = "", note: str = "") -> Row:
    return {"what": what, "language": language, "count": count, "note": note}


def _moment(context: Context, at: datetime) -> str:
    return at.isoformat() if context.printer.json else table(at, context.language, context.zone)
