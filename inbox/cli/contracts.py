"""`inbox contracts`: what was agreed with whom, how it stands, and what is done about it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from inbox.cli.check import lost
from inbox.cli.context import FINDINGS, Context, Format, of
from inbox.cli.statements import statement
from inbox.domain.contracts import Contract
from inbox.domain.problems import Misconfigured
from inbox.pipeline import contract_acts as verbs
from inbox.pipeline.contract_document import agreed_document, document
from inbox.pipeline.contract_typed import Typed, day, draft, first_wrong, renewed
from inbox.pipeline.statements import all_lost
from inbox.pipeline.terms_told import Telling
from inbox.store import contracts, people, persons
from inbox.store.unit import Unit
from inbox.text.dates import day_of

Made = TypeVar("Made")
Name = Annotated[str, typer.Argument(help="cli.contracts.argument.name")]
Organization = Annotated[str, typer.Option(help="cli.contracts.option.organization")]
Tier = Annotated[str, typer.Option(help="cli.contracts.option.tier")]
Terms = Annotated[Path | None, typer.Option(help="cli.contracts.option.terms", metavar="FILE")]
First = Annotated[str, typer.Option("--from", help="cli.contracts.option.first", metavar="DAY")]
Last = Annotated[str, typer.Option("--until", help="cli.contracts.option.last", metavar="DAY")]
Period = Annotated[str, typer.Option(help="cli.contracts.option.period", metavar="month|quarter|year")]
Almanac = Annotated[str, typer.Option(help="cli.contracts.option.almanac", metavar="gregorian|jalali")]
Pays = Annotated[str, typer.Option(help="cli.contracts.option.pays", metavar="AMOUNT")]
Currency = Annotated[str, typer.Option(help="cli.contracts.option.currency", metavar="CODE")]
SendTo = Annotated[str, typer.Option(help="cli.contracts.option.send_to", metavar="leads|contact")]
COLUMNS = ("name", "contact", "organization", "tier", "first", "last", "in_force")


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.contracts.help")
    group.command("list", help="cli.contracts.list.help")(listed)
    group.command("show", help="cli.contracts.show.help")(show)
    group.command("add", help="cli.contracts.add.help")(new)
    group.command("end", help="cli.contracts.end.help")(end)
    group.command("renew", help="cli.contracts.renew.help")(renew)
    group.command("tiers", help="cli.contracts.tiers.help")(tiers)
    group.command("statement", help="cli.contracts.statement.help")(statement)
    group.command("check", help="cli.contracts.check.help")(check)
    app.add_typer(group, name="contracts")


def listed(ctx: typer.Context) -> None:
    """All, the latest to begin first."""
    context = plain(ctx)
    today = context.now().astimezone(context.zone).date()
    found = context.store.read_now(_listed)
    rows = [
        {
            "name": one.name,
            "contact": contact,
            "organization": organization,
            "tier": one.tier,
            "first": _day(context, one.first),
            "last": _day(context, one.until),
            "in_force": one.in_force(today),
        }
        for one, contact, organization in found
    ]
    context.printer.rows(COLUMNS, rows)


def _listed(unit: Unit) -> list[tuple[Contract, str, str]]:
    return [
        (
            one,
            people.contact(unit, one.contact).name or str(one.contact),
            persons.organization_name(unit, one.organization),
        )
        for one in contracts.listing(unit)
    ]


def show(ctx: typer.Context, name: Name) -> None:
    """What is agreed, in words, and its days."""
    context = plain(ctx)
    found = context.store.read_now(verbs.named, name)
    told = Telling(context.say, context.language)
    if context.printer.json:
        context.printer.document(document(found))
        return
    line = context.printer.line
    since, until = _day(context, found.first), _day(context, found.until) or context.say("cli.contracts.no_end")
    line(context.say("cli.contracts.head", name=found.name, tier=found.tier or "-", since=since, until=until))
    for one in told.terms(found):
        line(f"  {one}")


def new(
    ctx: typer.Context,
    name: Name,
    contact: Annotated[str, typer.Option("--with", help="cli.contracts.option.with", metavar="CONTACT")],
    first: First,
    organization: Organization = "",
    tier: Tier = "",
    terms: Terms = None,
    last: Last = "",
    period: Period = "month",
    almanac: Almanac = "",
    pays: Pays = "",
    currency: Currency = "",
    send_to: SendTo = "",
) -> None:
    """A new one. Its terms never change: who agrees on others ends it, and adds one that follows."""
    context = plain(ctx)
    text = _text(terms)
    typed = Typed(name, contact, organization, tier, text, first, last, period, almanac, pays, currency, send_to)
    book, by, now = context.playbook(), context.by(), context.now()

    def unit(unit: Unit) -> Contract:
        return verbs.add(unit, draft(unit, typed, book, str(terms or "terms")), by, book, now)

    made = _written(context, unit)
    context.printer.done("cli.contracts.added", name=made.name, since=_day(context, made.first))


def end(
    ctx: typer.Context,
    name: Name,
    last: Annotated[str, typer.Argument(help="cli.contracts.argument.last", metavar="DAY")] = "",
) -> None:
    """That day, or today, is its last."""
    context = plain(ctx)
    book, by, now = context.playbook(), context.by(), context.now()
    on = day(last) if last else book.day(now)
    context.store.write_now(verbs.end, name, on, by, book, now)
    context.printer.done("cli.contracts.ended", name=name, last=_day(context, on))


def renew(
    ctx: typer.Context,
    name: Name,
    called: Annotated[str, typer.Option("--name", help="cli.contracts.option.name", metavar="NAME")] = "",
    first: First = "",
    last: Last = "",
    tier: Tier = "",
    terms: Terms = None,
    period: Period = "",
    pays: Pays = "",
    currency: Currency = "",
) -> None:
    """One that follows it, from the day after its last; what is left out stays as it was."""
    context = plain(ctx)
    text = _text(terms)
    typed = Typed(called, tier=tier, terms=text, first=first, last=last, period=period, pays=pays, currency=currency)
    book, by, now = context.playbook(), context.by(), context.now()

    def unit(unit: Unit) -> Contract:
        was = verbs.named(unit, name)
        return verbs.renew(unit, name, renewed(unit, was, typed, book, str(terms or "terms")), by, book, now)

    made = _written(context, unit)
    context.printer.done("cli.contracts.renewed", name=made.name, was=name, since=_day(context, made.first))


def tiers(ctx: typer.Context) -> None:
    """The sets of terms that the site offers, in words."""
    context = plain(ctx)
    known = context.playbook().tiers
    if context.printer.json:
        rows = [
            {"name": one.name, "title": one.called(context.language), "agreed": agreed_document(one.agreed)}
            for one in known.values()
        ]
        context.printer.document(rows)
        return
    told = Telling(context.say, context.language)
    for one in known.values():
        context.printer.line(f"{one.name}  {one.called(context.language)}")
        for term in told.agreed(one.agreed):
            context.printer.line(f"  {term}")


def check(ctx: typer.Context) -> None:
    """Contracts that name what is gone; exit code 1 where one does."""
    context = plain(ctx)
    found = context.store.read_now(all_lost, context.playbook(), context.now())
    problems = [lost(context, one.name, kind, name) for one, kind, name in found]
    if context.printer.json:
        context.printer.document([{"contract": p.facts["name"], "told": context.told(p)} for p in problems])
    for problem in problems:
        context.printer.line(context.told(problem))
    if problems:
        raise typer.Exit(FINDINGS)
    if not context.printer.json:
        context.printer.done("cli.contracts.well")


def plain(ctx: typer.Context) -> Context:
    """The context of a command that prints words or JSON alone."""
    context = of(ctx)
    if context.chosen.format in (Format.MD, Format.CSV):
        raise typer.BadParameter(context.say("cli.only_board", value=context.chosen.format.value))
    return context


def _written(context: Context, unit: Callable[[Unit], Made]) -> Made:
    """Of several things that are wrong with terms, all are told."""
    try:
        return context.store.write_now(unit)
    except ExceptionGroup as group:
        wrong = [one for one in group.exceptions if isinstance(one, Misconfigured)]
        for one in wrong[1:]:
            typer.echo(context.told(one), err=True)
        raise first_wrong(group) from group


def _text(terms: Path | None) -> str:
    if terms is None:
        return ""
    try:
        return terms.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise Misconfigured("config.unreadable", where=str(terms), reason=reason) from error


def _day(context: Context, on: date | None) -> str:
    return day_of(on, context.language) if on else ""
