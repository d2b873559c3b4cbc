"""`inbox contacts`: who writes to us from which addresses, and what is done about it."""

from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from inbox.actions.contacts import contact_of
from inbox.cli import contacts_known
from inbox.cli.acting import act
from inbox.cli.composing import said
from inbox.cli.contacts_table import bring, export
from inbox.cli.context import Context, of
from inbox.cli.conversations import Ref, scope
from inbox.cli.identified import identity_told
from inbox.cli.typed_fields import Fields
from inbox.domain.people import Contact, Identity, Link
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.store import answering, blocking, links, people, persons, sights
from inbox.store.answering import Wish
from inbox.store.persons import Past, PersonNote
from inbox.store.unit import Unit
from inbox.text.dates import table

Which = Annotated[str, typer.Option("--identity", help="cli.contacts.option.identity", metavar="KIND:ADDRESS")]


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.contacts.help")
    group.command("show", help="cli.contacts.show.help")(show)
    contacts_known.add(group)
    group.command("link", help="cli.contacts.link.help")(link)
    group.command("unlink", help="cli.contacts.unlink.help")(unlink)
    group.command("prove", help="cli.contacts.prove.help")(prove)
    group.command("change", help="cli.contacts.change.help")(change)
    group.command("sight", help="cli.contacts.sight.help")(sight)
    group.command("note", help="cli.contacts.note.help")(note)
    group.command("block", help="cli.contacts.block.help")(block)
    group.command("unblock", help="cli.contacts.unblock.help")(unblock)
    group.command("blocked", help="cli.contacts.blocked.help")(blocked)
    group.command("export", help="cli.contacts.export.help")(export)
    group.command("import", help="cli.contacts.import.help")(bring)
    app.add_typer(group, name="contacts")


def show(ctx: typer.Context, who: Annotated[str, typer.Argument(help="cli.contacts.argument.who")]) -> None:
    """Addresses, how each came to be this contact's, and the conversations."""
    context = of(ctx)
    found = context.store.read_now(_found, who)
    if found is None:
        raise Problem("link.nobody", who=who)
    contact, identities, linked = found
    known = context.store.read_now(_known, scope(context), contact)
    if context.printer.json:
        context.printer.document(
            {
                "contact": asdict(contact),
                "identities": [asdict(one) for one in identities],
                "links": [asdict(one) for one in linked],
                **asdict(known),
            }
        )
        return
    line = context.printer.line
    line(context.say("cli.contacts.head", id=contact.id, name=contact.name or "-", language=contact.language or "-"))
    for identity in identities:
        wished = known.wish is not None and known.wish.identity == identity.id
        told = (identity_told(context, identity), *([context.say("web.wished")] if wished else []))
        line(f"{identity.name_in_full}  {' · '.join(told)}")
    if known.wish is not None and known.wish.identity is None:
        line(context.say("web.wished_portal"))
    names = {one.id: one.name_in_full for one in context.store.read_now(_named, linked)}
    for one in linked:
        line(_link(context, one, names[one.identity]))
    _tell(context, contact, known)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody besides their addresses."""

    organization: str
    sees: bool
    """Whether they may see what others of it ask."""
    wish: Wish | None
    """Where they want to be answered."""
    notes: tuple[PersonNote, ...]
    blocked: tuple[str, ...]
    past: tuple[Past, ...]


def _known(unit: Unit, whole: Scope, contact: Contact) -> Known:
    return Known(
        persons.organization_name(unit, contact.organization),
        sights.sees(unit, contact.id) is not None,
        answering.of(unit, contact.id),
        tuple(persons.notes(unit, [contact.id])),
        tuple(one.identity.address for one in blocking.blocks(unit, contact=contact.id)),
        tuple(persons.past(unit, whole, contact.id)),
    )


def _tell(context: Context, contact: Contact, known: Known) -> None:
    line, roster = context.printer.line, context.roster()
    if known.organization or contact.tags:
        tags = ", ".join(contact.tags) or "-"
        line(context.say("cli.contacts.known", organization=known.organization or "-", tags=tags))
    if contact.role or contact.fields:
        told = ", ".join(f"{name}={value}" for name, value in contact.fields) or "-"
        line(context.say("cli.contacts.more", role=contact.role or "-", fields=told))
    if known.sees:
        line(context.say("cli.contacts.sees", organization=known.organization))
    for one in known.notes:
        agent = roster.agent_by_id(one.agent)
        facts = {"who": agent.name or agent.handle if agent else "-", "number": one.id, "text": one.text}
        line(context.say("cli.contacts.noted", at=table(one.at, context.language, context.zone), **facts))
    for address in known.blocked:
        line(context.say("cli.contacts.blocked_one", address=address))
    for past in known.past:
        line(f"{past.reference}  {context.say(f'state.{past.state.value}')}  {past.subject}")


def _found(unit: Unit, who: str) -> tuple[Contact, list[Identity], list[Link]] | None:
    id = contact_of(unit, who, Scope.house())
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


def change(
    ctx: typer.Context,
    reference: Ref,
    name: Annotated[str | None, typer.Option(help="cli.contacts.option.name")] = None,
    language: Annotated[str | None, typer.Option(help="cli.contacts.option.language", metavar="fa|en")] = None,
    organization: Annotated[str | None, typer.Option(help="cli.contacts.option.organization")] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="cli.contacts.option.tag", metavar="TAG")] = None,
    untag: Annotated[list[str] | None, typer.Option("--untag", help="cli.contacts.option.untag", metavar="TAG")] = None,
    role: Annotated[str | None, typer.Option(help="cli.contacts.option.role")] = None,
    field: Fields = None,
) -> None:
    """What is known better of the customer of a conversation."""
    known = {
        "name": name,
        "language": language,
        "organization": organization,
        "role": role,
        "fields": tuple(field or ()),
    }
    act(of(ctx), "contact", reference, {**known, "add": tuple(tag or ()), "remove": tuple(untag or ())})


def sight(
    ctx: typer.Context,
    reference: Ref,
    take: Annotated[bool, typer.Option("--take", help="cli.contacts.option.take")] = False,
) -> None:
    """They see on the portal what others of their organization ask; or no more."""
    act(of(ctx), "sight", reference, {"right": "take" if take else "give"})


def note(
    ctx: typer.Context,
    reference: Ref,
    text: Annotated[str, typer.Argument(help="cli.argument.text", metavar="[TEXT]")] = "",
    end: Annotated[int | None, typer.Option("--end", help="cli.contacts.option.end", metavar="NOTE")] = None,
) -> None:
    """Something that every agent should know of them, or does not hold any more."""
    act(of(ctx), "contact_note", reference, {"text": said(text) if text == "-" else text, "ended": end})


def block(ctx: typer.Context, reference: Ref, identity: Which = "") -> None:
    """Take nothing up any more that comes from there."""
    act(of(ctx), "block", reference, {"identity": identity})


def unblock(ctx: typer.Context, reference: Ref, identity: Which = "") -> None:
    """Take it up again."""
    act(of(ctx), "unblock", reference, {"identity": identity})


def blocked(ctx: typer.Context) -> None:
    """The addresses from which nothing is taken up."""
    context = of(ctx)
    roster = context.roster()
    rows = []
    for one in context.store.read_now(blocking.blocks):
        agent = roster.agent_by_id(one.agent) if one.agent is not None else None
        who = agent.handle if agent else "-"
        rows.append(
            {"address": one.identity.name_in_full, "contact": one.identity.contact, "agent": who, "since": one.at}
        )
    context.printer.rows(("address", "contact", "agent", "since"), rows)
    if not rows:
        context.printer.line(context.say("cli.contacts.nobody_blocked"))
