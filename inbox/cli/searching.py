"""`inbox search` and `inbox views`: conversations by words and filters, and the queries that agents keep."""

from dataclasses import asdict
from typing import Annotated

import typer

from inbox.cli.context import Context, of
from inbox.cli.conversations import COLUMNS, WORDS, scope
from inbox.store import found, people, saved_views, search, views
from inbox.text.queries import read

VIEWS = ("number", "name", "whose", "query")


def add(app: typer.Typer) -> None:
    """Add the command that searches."""
    app.command("search", help="cli.search.help")(searched)


def add_views(app: typer.Typer) -> None:
    """Add the group of views."""
    group = typer.Typer(no_args_is_help=True, help="cli.views.help")
    group.command("list", help="cli.views.list.help")(listed)
    app.add_typer(group, name="views")


def searched(
    ctx: typer.Context,
    query: Annotated[list[str], typer.Argument(help="cli.search.argument.query", metavar="QUERY...")],
    most: Annotated[int, typer.Option("--limit", min=1, max=views.MOST - 1, help="cli.option.limit")] = 50,
    after: Annotated[str, typer.Option("--after", help="cli.search.option.after", metavar="CURSOR")] = "",
) -> None:
    """What is to be done: due soonest first; everything else: the newest first. What of the query cannot be read is told."""
    context = of(ctx)
    try:
        answer = context.store.read_now(
            found.answer, scope(context), read(" ".join(query)), context.now(), context.zone, most=most, cursor=after
        )
    except ValueError as error:
        raise typer.BadParameter(context.say("cli.search.bad_cursor", value=after)) from error
    rows = [_row(answer, row) for row in answer.rows]
    refused = [context.say(one.key, typed=one.typed, **_facts(one.facts)) for one in answer.bad]
    if context.printer.json:
        page = {"count": answer.count, "whole": answer.whole, "refused": refused, "after": _text(answer.after)}
        context.printer.document({"conversations": rows, **page})
        return
    for sentence in refused:
        context.printer.line(sentence)
    context.printer.rows(COLUMNS, rows, WORDS)
    _rest(context, answer)


def _rest(context: Context, answer: found.Answer) -> None:
    """How many there are, and how to go on."""
    if not answer.rows:
        context.printer.line(context.say("cli.search.nothing"))
    else:
        key = "cli.search.count" if answer.whole else "cli.search.about"
        context.printer.line(context.say(key, n=answer.count, shown=len(answer.rows)))
    if answer.after is not None:
        context.printer.line(context.say("cli.search.on", cursor=str(answer.after)))
    if context.store.read_now(search.left) is not None:
        context.printer.line(context.say("web.search.filling"))


def _facts(facts: object) -> dict[str, object]:
    return {"name": "", "value": "", "known": "", **(facts if isinstance(facts, dict) else {})}


def _text(cursor: found.Cursor | None) -> str | None:
    return None if cursor is None else str(cursor)


def _row(answer: found.Answer, row: views.Row) -> dict[str, object]:
    told = {name: value for name, value in asdict(row).items() if name not in ("id", "place")}
    pieces = answer.passages.get(row.id, ())
    return {**told, "found": "".join(piece.text for piece in pieces)}


def listed(ctx: typer.Context) -> None:
    """The views of all teams; with --as, those that this agent has beside the lists."""
    context = of(ctx)
    teams = {team.id: team.title or team.name for team in context.store.read_now(people.roster).teams}
    rows = [
        {
            "number": view.id,
            "name": view.name,
            "whose": context.say("cli.views.own") if view.team is None else teams.get(view.team, ""),
            "query": view.query,
        }
        for view in context.store.read_now(saved_views.of, scope(context))
    ]
    context.printer.rows(VIEWS, rows)
    if not rows:
        context.printer.line(context.say("cli.views.list.empty"))
