"""`inbox contacts export|import`: everybody who writes to us, as a table that spreadsheets open, and back."""

from enum import StrEnum
from typing import Annotated

import typer

from inbox.cli.context import Context, of
from inbox.cli.tables import File, Tried, brought, content, written
from inbox.domain.acts import Act
from inbox.domain.events import HOUSE, Actor
from inbox.domain.scope import Scope
from inbox.pipeline import contacts_cards
from inbox.pipeline import contacts_table as verbs
from inbox.pipeline.contacts_table import Outcome
from inbox.store import audit
from inbox.text.vcards import Version


class Vcard(StrEnum):
    """The versions in which cards are written."""

    THREE = "3.0"
    FOUR = "4.0"


def export(
    ctx: typer.Context,
    path: File,
    vcard: Annotated[Vcard | None, typer.Option("--vcard", help="cli.contacts.option.vcard")] = None,
) -> None:
    """All contacts, as a table in the language of the command, or as vCards where the file is called `.vcf` or a version of them is
    named; `-` writes to standard output."""
    context = of(ctx)
    known = context.store.read_now(verbs.every, Scope.house())
    book = context.playbook()
    if vcard is not None or path.suffix.lower() == ".vcf":
        version: Version = "3.0" if vcard is Vcard.THREE else "4.0"
        text = contacts_cards.cards(known, book, version)
    else:
        text = verbs.table(known, context.language, [field.name for field in book.contact_fields])
    written(context, path, text, "cli.contacts.exported", len(known))
    context.store.write_now(audit.record, Act.CONTACTS_READ, context.by(), context.now(), detail=[str(len(known))])


def bring(ctx: typer.Context, path: File, dry_run: Tried = False) -> None:
    """What is new is made, what is better known is changed. Exit code 1 where a row was refused: the others are taken."""
    context = of(ctx)
    rows = contacts_cards.rows(content(path), context.playbook())
    agent = context.acting() if context.chosen.agent else None
    actor = HOUSE if agent is None else Actor("agent", agent.id, agent.name)
    intake = verbs.Intake(context.playbook(), actor, "cli")
    columns = ("row", "state", "contact", "error")
    brought(context, intake, rows, Act.CONTACTS_WRITTEN, columns, lambda one: _row(context, one), dry_run=dry_run)


def _row(context: Context, one: Outcome) -> dict[str, object]:
    why = "" if one.why is None else context.told(one.why)
    return {"row": one.number, "state": one.what, "contact": one.contact, "error": why}
