"""`inbox contacts list`, `edit`, `merge`, `unmerge`, `duplicates`, `apart`: contacts themselves, whatever they write about."""

from functools import partial
from typing import Annotated

import typer

from inbox.actions.contacts import contact_of
from inbox.cli.context import Context, of
from inbox.cli.typed_fields import Fields, fields
from inbox.domain.acts import Act
from inbox.domain.events import HOUSE, Actor
from inbox.domain.ids import ContactId
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.pipeline import person, same
from inbox.store import audit, contact_merges, directory, duplicates, people
from inbox.store.unit import Unit

Who = Annotated[str, typer.Argument(help="cli.contacts.argument.who", metavar="WHO")]


def add(group: typer.Typer) -> None:
    """Add the commands to the group."""
    group.command("list", help="cli.contacts.list.help")(listed)
    group.command("edit", help="cli.contacts.edit.help")(edit)
    group.command("merge", help="cli.contacts.merge.help")(merge)
    group.command("unmerge", help="cli.contacts.unmerge.help")(unmerge)
    group.command("duplicates", help="cli.contacts.duplicates.help")(alike)
    group.command("apart", help="cli.contacts.apart.help")(apart)


def listed(
    ctx: typer.Context,
    sought: Annotated[str, typer.Argument(help="cli.contacts.argument.sought", metavar="[NAME]")] = "",
    most: Annotated[int, typer.Option("--limit", min=1, max=1000, help="cli.option.limit")] = 50,
    after: Annotated[int, typer.Option("--after", min=0, help="cli.contacts.option.after")] = 0,
) -> None:
    """By name or address, the newest first; without words all, by number."""
    context = of(ctx)
    if sought.strip():
        found = context.store.read_now(directory.called, Scope.house(), sought)[:most]
    else:
        found = context.store.read_now(directory.contacts, Scope.house(), after, most)
    rows = [
        {
            "contact": one.contact.id,
            "name": one.contact.name,
            "organization": one.organization,
            "role": one.contact.role,
            "tags": list(one.contact.tags),
            "fields": [f"{name}={value}" for name, value in one.contact.fields],
            "address": [identity.name_in_full for identity in one.identities],
        }
        for one in found
    ]
    context.printer.rows(("contact", "name", "organization", "role", "tags", "fields", "address"), rows)


def edit(
    ctx: typer.Context,
    who: Who,
    name: Annotated[str | None, typer.Option(help="cli.contacts.option.name")] = None,
    language: Annotated[str | None, typer.Option(help="cli.contacts.option.language", metavar="fa|en")] = None,
    organization: Annotated[str | None, typer.Option(help="cli.contacts.option.organization")] = None,
    role: Annotated[str | None, typer.Option(help="cli.contacts.option.role")] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="cli.contacts.option.tag", metavar="TAG")] = None,
    untag: Annotated[list[str] | None, typer.Option("--untag", help="cli.contacts.option.untag", metavar="TAG")] = None,
    field: Fields = None,
) -> None:
    """What is known better of a contact; what is left out stays as it is."""
    context = of(ctx)
    if language not in (None, "fa", "en"):
        raise Problem("contacts.bad_language", value=language[:20])
    company = "" if organization == "-" else organization
    better = person.Better(name, language, company, tuple(tag or ()), tuple(untag or ()), role, fields(field or ()))
    id, book = found(context, who), context.playbook()
    now_is = context.store.write_now(
        person.improve, id, better, actor(context), "cli", context.by(), book, context.now()
    )
    context.printer.done("cli.contacts.edited", name=now_is.called, contact=id)


def merge(
    ctx: typer.Context,
    gone: Who,
    into: Annotated[str, typer.Option("--into", help="cli.contacts.option.into", metavar="WHO")],
) -> None:
    """They are one from now on; it can be undone."""
    context = of(ctx)
    one, other = found(context, gone), found(context, into)
    book, by = context.playbook(), context.by()
    now_is = context.store.write_now(same.merge, one, other, actor(context), "cli", by, book, context.now())
    context.printer.done("cli.contacts.merged", name=now_is.called, contact=other, gone=one)


def unmerge(
    ctx: typer.Context, gone: Annotated[int, typer.Argument(help="cli.contacts.argument.gone", metavar="NUMBER")]
) -> None:
    """Whoever went into somebody else is themselves again."""
    context = of(ctx)
    if context.store.read_now(people.contact_by_number, gone) is None:
        raise Problem("contact.unknown", who=str(gone)[:20])
    book, by = context.playbook(), context.by()
    back = context.store.write_now(same.unmerge, ContactId(gone), actor(context), "cli", by, book, context.now())
    context.printer.done("cli.contacts.unmerged", name=back.called, contact=back.id)


def alike(ctx: typer.Context) -> None:
    """Pairs who may be one person, with the reason."""
    context = of(ctx)
    pairs = context.store.read_now(partial(_pairs, most=500))
    rows = [
        {"contact": older, "name": name, "other": newer, "reason": why, "shared": shared}
        for older, name, newer, why, shared in pairs
    ]
    context.printer.rows(("contact", "name", "other", "reason", "shared"), rows, {"reason": "contact.why"})
    if not rows:
        context.printer.line(context.say("web.directory.none_alike"))


def apart(ctx: typer.Context, one: Who, other: Who) -> None:
    """They are two people, whatever they share."""
    context = of(ctx)
    first, second = found(context, one), found(context, other)
    if first == second:
        raise Problem("contact.merged_already", name=one, other=other)
    context.store.write_now(_set_apart, context, first, second)
    context.printer.done("cli.contacts.set_apart", contact=first, other=second)


def found(context: Context, who: str) -> ContactId:
    """The contact that people mean, or whom they went into. Raises Problem."""
    id = context.store.read_now(_standing, who)
    if id is None:
        raise Problem("contact.unknown", who=who[:60])
    return id


def actor(context: Context) -> Actor:
    """The agent of `--as`; without one the house acts for the owner of the site's files."""
    if context.chosen.agent is None:
        return HOUSE
    agent = context.acting()
    return Actor("agent", agent.id, agent.name)


def _standing(unit: Unit, who: str) -> ContactId | None:
    id = contact_of(unit, who, Scope.house())
    return None if id is None else contact_merges.stands(unit, id)


def _pairs(unit: Unit, most: int) -> list[tuple[int, str, int, str, str]]:
    return [
        (pair.older, people.contact(unit, pair.older).called, pair.newer, pair.why, pair.shared)
        for pair in duplicates.pairs(unit, Scope.house(), most)
    ]


def _set_apart(unit: Unit, context: Context, one: ContactId, other: ContactId) -> None:
    by, now = context.by(), context.now()
    if contact_merges.set_apart(unit, one, other, by.agent, now):
        audit.record(unit, Act.CONTACTS_APART, by, now, name=f"#{one}", detail=(f"#{other}",))
