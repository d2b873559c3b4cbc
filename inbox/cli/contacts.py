"""`inbox contacts`: who writes to us from which addresses, and what is done about it."""

from dataclasses import asdict
from typing import Annotated

import typer

from inbox.actions.contacts import contact_of
from inbox.cli.acting import act
from inbox.cli.context import Context, of
from inbox.cli.conversations import Ref
from inbox.cli.identified import identity_told
from inbox.domain.people import Contact, Identity, Link
from inbox.domain.problems import Problem
from inbox.store import links, people
from inbox.store.unit import Unit
from inbox.text.dates import table

Which = Annotated[str, typer.Option("--identity", help="cli.contacts.option.identity", metavar="KIND:ADDRESS")]


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.contacts.help")
    group.command("show", help="cli.contacts.show.help")(show)
    group.command("link", help="cli.contacts.link.help")(link)
    group.command("unlink", help="cli.contacts.unlink.help")(unlink)
    group.command("prove", help="cli.contacts.prove.help")(prove)
    app.add_typer(group, name="contacts")


def show(ctx: typer.Context, who: Annotated[str, typer.Argument(help="cli.contacts.argument.who")]) -> None:
    """Addresses, how each came to be this contact's, and the conversations."""
    context = of(ctx)
    found = context.store.read_now(_found, who)
    if found is None:
        raise Problem("link.nobody", who=who)
    contact, identities, linked = found
    if context.printer.json:
        context.printer.document(
            {
                "contact": asdict(contact),
                "identities": [asdict(one) for one in identities],
                "links": [asdict(one) for one in linked],
            }
        )
        return
    line = context.printer.line
    line(context.say("cli.contacts.head", id=contact.id, name=contact.name or "-", language=contact.language or "-"))
    for identity in identities:
        line(f"{identity.name_in_full}  {identity_told(context, identity)}")
    names = {one.id: one.name_in_full for one in context.store.read_now(_named, linked)}
    for one in linked:
        line(_link(context, one, names[one.identity]))


def _found(unit: Unit, who: str) -> tuple[Contact, list[Identity], list[Link]] | None:
    id = contact_of(unit, who)
    if id is None:
        return None
    return people.contact(unit, id), people.identities(unit, id), links.of_contact(unit, id)


def _named(unit: Unit, linked: list[Link]) -> list[Identity]:
    return [links.held(unit, id, lock=False) for id in {one.identity for one in linked}]


def _link(context: Context, one: Link, address: str) -> str:
    facts = {"address": address, "how": context.say(f"linked.{one.how}"), "had": one.had, "now": one.now}
    at = table(one.at, context.language, context.zone)
    return context.say("cli.contacts.link" if one.undone_at is None else "cli.contacts.link_undone", at=at, **facts)


def link(
    ctx: typer.Context,
    reference: Ref,
    to: Annotated[str, typer.Option(help="cli.contacts.option.to")],
    identity: Which = "",
    everything: Annotated[bool, typer.Option("--everything", help="cli.contacts.option.everything")] = False,
) -> None:
    """The customer of a conversation is somebody whom we know, or has one more address."""
    act(of(ctx), "link", reference, {"to": to, "identity": identity, "everything": everything})


def unlink(ctx: typer.Context, reference: Ref, identity: Which = "") -> None:
    """They are not: everything is as it was before."""
    act(of(ctx), "unlink", reference, {"identity": identity})


def prove(
    ctx: typer.Context,
    reference: Ref,
    address: Annotated[str, typer.Argument(help="cli.contacts.argument.address")],
) -> None:
    """Whoever types the code that went there, where the conversation is, has the address."""
    act(of(ctx), "prove", reference, {"address": address})
