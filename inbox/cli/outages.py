"""`inbox outage`: something is down, and customers who write about it are told at once what we know and when there is news."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated

import typer

from inbox.cli.context import Context, of
from inbox.domain.problems import Problem
from inbox.pipeline import outages as verbs
from inbox.pipeline.times import instant
from inbox.store import outages
from inbox.store.outages import Outage
from inbox.text.dates import moment

Tag = Annotated[str, typer.Argument(help="cli.outage.argument.tag")]
Words = Annotated[str, typer.Argument(help="cli.outage.argument.words", metavar="[TEXT]")]
Persian = Annotated[str, typer.Option("--fa", help="cli.outage.option.fa", metavar="TEXT")]
English = Annotated[str, typer.Option("--en", help="cli.outage.option.en", metavar="TEXT")]


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.outage.help")
    group.command("start", help="cli.outage.start.help")(start)
    group.command("news", help="cli.outage.news.help")(news)
    group.command("end", help="cli.outage.end.help")(end)
    group.command("list", help="cli.outage.list.help")(listed)
    app.add_typer(group, name="outage")


def start(
    ctx: typer.Context,
    tag: Tag,
    text: Words = "",
    until: Annotated[str, typer.Option("--next", help="cli.outage.option.next", metavar="TIME")] = "",
    fa: Persian = "",
    en: English = "",
) -> None:
    """From now on acknowledgements of conversations with this tag tell it."""
    context = of(ctx)
    book, now, words = context.playbook(), context.now(), _words(context, text, fa, en)
    at = instant(until, book, now)
    context.store.write_now(verbs.begin, tag, words, at, now)
    context.printer.done("cli.outage.started", tag=tag, next=moment(at, context.language, context.zone))


def news(
    ctx: typer.Context,
    tag: Tag,
    text: Words = "",
    until: Annotated[str, typer.Option("--next", help="cli.outage.option.next", metavar="TIME")] = "",
    fa: Persian = "",
    en: English = "",
) -> None:
    """Tell everybody who was promised news, and promise the next."""
    context = of(ctx)
    book, now, words = context.playbook(), context.now(), _words(context, text, fa, en)
    at = instant(until, book, now)
    known = context.store.write_now(verbs.news, tag, words, at, now)
    context.printer.done("cli.outage.told", tag=tag, count=_tell(context, known))


def end(ctx: typer.Context, tag: Tag, text: Words = "", fa: Persian = "", en: English = "") -> None:
    """It is over: tell everybody who was promised news."""
    context = of(ctx)
    words, now = _words(context, text, fa, en), context.now()
    known = context.store.write_now(verbs.news, tag, words, None, now)
    context.printer.done("cli.outage.ended", tag=tag, count=_tell(context, known))


def listed(ctx: typer.Context) -> None:
    """All outages, the latest first."""
    context = of(ctx)
    rows = [
        {
            "tag": one.tag,
            "text": one.told(context.language),
            "since": one.began_at,
            "next": None if one.ended_at else one.news_at,
            "until": one.ended_at,
        }
        for one in context.store.read_now(outages.every)
    ]
    context.printer.rows(("tag", "text", "since", "next", "until"), rows)


def _tell(context: Context, known: Outage) -> int:
    """To one after the other; how many."""
    book = context.playbook()
    told = 0
    for id, promised in context.store.read_now(outages.waiting, known.tag):
        tell = partial(verbs.tell, told=promised, known=known, playbook=book, now=context.now())
        told += context.store.write_now(tell, id)
    return told


def _words(context: Context, text: str, fa: str, en: str) -> Mapping[str, str]:
    """By language; a text without one is in the site's. Raises Problem where there is none."""
    given = {context.playbook().language: text} | {name: said for name, said in (("fa", fa), ("en", en)) if said}
    words = {language: said.strip() for language, said in given.items() if said.strip()}
    if not words:
        raise Problem("cli.no_text")
    return words
