"""`inbox organizations`: the companies that contacts belong to, their domains, and what is known of them."""

from dataclasses import asdict
from typing import Annotated

import typer

from inbox.cli.contacts_known import actor
from inbox.cli.context import Context, of
from inbox.cli.typed_fields import Fields, fields
from inbox.domain.people import Organization
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.pipeline import company
from inbox.pipeline.company import Better, Doing
from inbox.store import directory, organizations
from inbox.store.directory import Known
from inbox.store.organizations import Said
from inbox.store.unit import Unit
from inbox.text.dates import table

Which = Annotated[str, typer.Argument(help="cli.organizations.argument.which", metavar="NAME")]


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.organizations.help")
    group.command("list", help="cli.organizations.list.help")(listed)
    group.command("show", help="cli.organizations.show.help")(show)
    group.command("add", help="cli.organizations.add.help")(added)
    group.command("change", help="cli.organizations.change.help")(change)
    group.command("note", help="cli.organizations.note.help")(note)
    group.command("merge", help="cli.organizations.merge.help")(merge)
    app.add_typer(group, name="organizations")


def listed(
    ctx: typer.Context,
    sought: Annotated[str, typer.Argument(help="cli.organizations.argument.sought", metavar="[WORDS]")] = "",
    most: Annotated[int, typer.Option("--limit", min=1, max=1000, help="cli.option.limit")] = 50,
    after: Annotated[int, typer.Option("--after", min=0, help="cli.contacts.option.after")] = 0,
) -> None:
    """With how many people each has."""
    context = of(ctx)
    found = context.store.read_now(organizations.listing, Scope.house(), sought, after, most)
    rows = [
        {
            "number": one.id,
            "name": one.name,
            "tags": list(one.tags),
            "fields": [f"{name}={value}" for name, value in one.fields],
            "people": count,
        }
        for one, count in found
    ]
    context.printer.rows(("number", "name", "tags", "fields", "people"), rows)


def show(ctx: typer.Context, which: Which) -> None:
    """Domains, people, fields, notes."""
    context = of(ctx)
    its = named(context, which)
    domains, known, notes = context.store.read_now(_whole, its)
    if context.printer.json:
        whole = {"domains": domains, "people": [asdict(one.contact) for one in known]}
        context.printer.document({**asdict(its), **whole, "notes": [asdict(one) for one in notes]})
        return
    line, roster = context.printer.line, context.roster()
    line(f"#{its.id} {its.name}  {', '.join(its.tags)}".rstrip())
    for name, value in its.fields:
        line(f"{name}={value}")
    for domain in domains:
        line(f"@{domain}")
    for one in known:
        parts = (f"#{one.contact.id}", one.contact.name, one.contact.role, *(i.name_in_full for i in one.identities))
        line("  ".join(part for part in parts if part))
    for said in notes:
        at = table(said.at, context.language, context.zone)
        facts = {"who": roster.called(said.agent), "number": said.id, "text": said.text}
        line(context.say("cli.contacts.noted", at=at, **facts))


def added(ctx: typer.Context, name: Which) -> None:
    """A new organization."""
    context = of(ctx)
    its = context.store.write_now(company.add, name, doing(context))
    context.printer.done("cli.organizations.added", name=its.name, number=its.id)


def change(
    ctx: typer.Context,
    which: Which,
    name: Annotated[str | None, typer.Option(help="cli.organizations.option.name")] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="cli.contacts.option.tag", metavar="TAG")] = None,
    untag: Annotated[list[str] | None, typer.Option("--untag", help="cli.contacts.option.untag", metavar="TAG")] = None,
    field: Fields = None,
    domain: Annotated[
        list[str] | None, typer.Option("--domain", help="cli.organizations.option.domain", metavar="DOMAIN")
    ] = None,
    undomain: Annotated[
        list[str] | None, typer.Option("--undomain", help="cli.organizations.option.undomain", metavar="DOMAIN")
    ] = None,
) -> None:
    """What is left out stays as it is; all of it is done, or none."""
    context = of(ctx)
    better = Better(name, tuple(tag or ()), tuple(untag or ()), fields(field or ()))
    its, act = named(context, which), doing(context)
    now_is, came = context.store.write_now(_changed, its, better, domain or [], undomain or [], act)
    context.printer.done("cli.organizations.changed", name=now_is.name, joined=came)


def note(
    ctx: typer.Context,
    which: Which,
    text: Annotated[str, typer.Argument(help="cli.argument.text", metavar="[TEXT]")] = "",
    end: Annotated[int | None, typer.Option("--end", help="cli.contacts.option.end", metavar="NOTE")] = None,
) -> None:
    """Something that every agent should know of it, or does not hold any more."""
    context = of(ctx)
    its, agent, now = named(context, which), context.acting(), context.now()
    if end is not None:
        if not context.store.write_now(organizations.end_note, its.id, end, now):
            raise Problem("organization.no_such_note", number=end)
    elif not text.strip():
        raise Problem("reply.empty")
    else:
        context.store.write_now(organizations.add_note, its.id, agent.id, text.strip(), now)
    context.printer.done("cli.organizations.noted", name=its.name)


def merge(
    ctx: typer.Context,
    which: Which,
    into: Annotated[str, typer.Option("--into", help="cli.organizations.option.into", metavar="NAME")],
) -> None:
    """All that it has is the other's from now on."""
    context = of(ctx)
    one, other = named(context, which), named(context, into)
    now_is = context.store.write_now(company.merge, one.id, other.id, doing(context))
    context.printer.done("cli.organizations.merged", name=now_is.name, gone=one.name)


def named(context: Context, which: str) -> Organization:
    """By name, or by number. Raises Problem."""
    found = context.store.read_now(organizations.named, which)
    if found is not None:
        return found
    if which.lstrip("#").isdecimal():
        return context.store.read_now(company.standing, int(which.lstrip("#")))
    raise Problem("organization.unknown", name=which[:60])


def doing(context: Context) -> Doing:
    """Who does it."""
    return Doing(actor(context), "cli", context.by(), context.playbook(), context.now())


def _whole(unit: Unit, its: Organization) -> tuple[list[str], list[Known], list[Said]]:
    known = directory.known(unit, organizations.people(unit, its.id))
    return organizations.domains(unit, its.id), known, organizations.notes(unit, its.id)


def _changed(
    unit: Unit, its: Organization, better: Better, domains: list[str], undomains: list[str], act: Doing
) -> tuple[Organization, int]:
    now_is = company.change(unit, its.id, better, act)
    for domain in undomains:
        company.take_domain(unit, its.id, domain, act)
    return now_is, sum(company.add_domain(unit, its.id, domain, act) for domain in domains)
