"""`inbox kb`: the knowledge base as files, its articles, what is found among them, and what is not well with them."""

from pathlib import Path
from typing import Annotated

import typer

from inbox.cli.context import FINDINGS, Context, of
from inbox.cli.kb_freshness import freshness
from inbox.cli.kb_measure import measure
from inbox.daemon import article_files
from inbox.domain.articles import AGENT, STRANGER, Article, Standing
from inbox.knowledge.files import Fault
from inbox.knowledge.markup import markup
from inbox.pipeline import articles_checked
from inbox.pipeline.articles import Editor
from inbox.pipeline.articles_filed import NotTaken, Outcome
from inbox.store import articles, articles_found
from inbox.store.articles import Asked
from inbox.text.excerpts import LISTED, excerpt

Folder = Annotated[Path, typer.Argument(help="cli.kb.argument.folder", metavar="DIR")]
LISTED_MOST = 10_000


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.kb.help")
    group.command("list", help="cli.kb.list.help")(listing)
    group.command("search", help="cli.kb.search.help")(search)
    group.command("check", help="cli.kb.check.help")(check)
    group.command("freshness", help="cli.kb.freshness.help")(freshness)
    group.command("measure", help="cli.kb.measure.help")(measure)
    group.command("export", help="cli.kb.export.help")(export)
    group.command("import", help="cli.kb.import.help")(bring)
    app.add_typer(group, name="kb")


def listing(
    ctx: typer.Context,
    folder: Annotated[str, typer.Option(help="cli.kb.option.folder", metavar="PATH")] = "",
    state: Annotated[Standing | None, typer.Option(help="cli.kb.option.state")] = None,
) -> None:
    """By folder and address."""
    context = of(ctx)
    found = context.store.read_now(articles.listing, Asked(folder.strip("/"), state), most=LISTED_MOST)
    columns = ("folder", "slug", "title", "languages", "audience", "owner", "review_on")
    context.printer.rows(columns, [_row(context, one) for one in found], {"audience": "kb.audience"})


def search(
    ctx: typer.Context,
    words: Annotated[list[str], typer.Argument(help="cli.kb.argument.words")],
    public: Annotated[bool, typer.Option("--public", help="cli.kb.option.public")] = False,
) -> None:
    """The best first, those in the language of the command before the others. Exit code 1 where nothing is found."""
    context = of(ctx)
    reader = STRANGER if public else AGENT
    found = context.store.read_now(articles_found.search, reader, " ".join(words), context.language)
    rows = [
        {
            "slug": hit.article.slug,
            "language": hit.language,
            "title": hit.words.title,
            "text": excerpt(markup().plain(hit.words.body), LISTED),
        }
        for hit in found
    ]
    context.printer.rows(("slug", "language", "title", "text"), rows)
    if not found:
        context.printer.line(context.say("cli.kb.nothing"))
        raise typer.Exit(FINDINGS)


def check(ctx: typer.Context) -> None:
    """Exit code 1 where there is anything to do."""
    context = of(ctx)
    today = context.now().astimezone(context.zone).date()
    found = context.store.read_now(articles_checked.check, today)
    rows = [{"slug": one.article.slug, "language": one.language, "what": one.what, "note": one.detail} for one in found]
    context.printer.rows(("slug", "language", "what", "note"), rows, {"what": "kb.finding"})
    if found:
        raise typer.Exit(FINDINGS)
    context.printer.done("cli.kb.well")


def export(ctx: typer.Context, folder: Folder) -> None:
    """All articles; a folder that an export wrote before is brought up to date."""
    context = of(ctx)
    count = article_files.write(context.store, context.blobs, folder)
    context.printer.done("cli.kb.exported", count=count, path=str(folder))


def bring(
    ctx: typer.Context,
    folder: Folder,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="cli.kb.option.dry_run")] = False,
) -> None:
    """All of it or nothing. Exit code 1 where anything is wrong with a file: each is told with its line."""
    context = of(ctx)
    agent = context.acting() if context.chosen.agent else None
    editor = Editor.of(agent, context.by())
    gathered = article_files.gather(folder)
    try:
        outcomes = article_files.take(context.store, context.blobs, gathered, editor, context.now(), rehearse=dry_run)
    except NotTaken as not_taken:
        context.printer.rows(("file", "error"), [_fault(context, one) for one in not_taken.faults])
        context.printer.line(context.say("cli.kb.not_taken", count=len(not_taken.faults)))
        raise typer.Exit(FINDINGS) from None
    rows = [_outcome(one) for one in outcomes if one.what != "same" or context.printer.json]
    context.printer.rows(("article", "state"), rows, {"state": "kb.taken"})
    counts = {what: sum(one.what == what for one in outcomes) for what in ("new", "changed", "same")}
    context.printer.line(context.say("cli.kb.rehearsed" if dry_run else "cli.kb.brought", **counts))


def _row(context: Context, one: Article) -> dict[str, object]:
    about = one.about
    languages = [f"{text.language} {context.say(f'kb.standing.{text.standing.value}')}" for text in one.texts]
    return {
        "folder": about.folder,
        "slug": about.slug,
        "title": one.best(context.language).title,
        "languages": languages,
        "audience": about.audience.value,
        "owner": about.owner,
        "review_on": about.review_on.isoformat() if about.review_on else "",
    }


def _fault(context: Context, one: Fault) -> dict[str, object]:
    return {"file": f"{one.path}:{one.line}" if one.line else one.path, "error": context.told(one.problem)}


def _outcome(one: Outcome) -> dict[str, object]:
    return {"article": one.place, "state": one.what}
