"""`inbox contacts export|import`: everybody who writes to us, as a table that spreadsheets open, and back."""

import sys
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from inbox.cli.context import FINDINGS, Context, of
from inbox.domain.acts import Act, By
from inbox.domain.events import HOUSE, Actor
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.pipeline import contacts_cards
from inbox.pipeline import contacts_table as verbs
from inbox.pipeline.contacts_table import Line, Outcome
from inbox.store import audit
from inbox.text.vcards import Version

File = Annotated[Path, typer.Argument(help="cli.contacts.argument.file", metavar="FILE")]


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
        text = contacts_cards.cards(known, book.contact_fields, contacts_cards.mails(book), version)
    else:
        text = verbs.table(known, context.language, [field.name for field in book.contact_fields])
    if str(path) == "-":
        sys.stdout.buffer.write(text.encode())
    else:
        path.write_bytes(text.encode())
    detail = [str(len(known))]
    context.store.write_now(audit.record, Act.CONTACTS_READ, context.by(), context.now(), detail=detail)
    if str(path) != "-":
        context.printer.done("cli.contacts.exported", count=len(known), path=str(path))


def bring(
    ctx: typer.Context,
    path: File,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="cli.contacts.option.dry_run")] = False,
) -> None:
    """What is new is made, what is better known is changed. Exit code 1 where a row was refused: the others are taken."""
    context = of(ctx)
    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise Problem("archive.unreadable", path=str(path), reason=error.strerror or type(error).__name__) from error
    rows = contacts_cards.rows(content, context.playbook())
    outcomes = _taken(context, rows, rehearse=dry_run)
    counts: Counter[str] = Counter(one.what for one in outcomes)
    by = context.by()
    if not dry_run:
        _record(context, by, counts)
    context.printer.rows(
        ("row", "state", "contact", "error"), [_row(context, one) for one in outcomes], {"state": "contacts.row"}
    )
    told = {name: counts[name] for name in ("new", "changed", "same", "refused")}
    context.printer.line(context.say("cli.contacts.rehearsed" if dry_run else "cli.contacts.brought", **told))
    if counts["refused"]:
        raise typer.Exit(FINDINGS)


def _taken(context: Context, rows: list[Line], *, rehearse: bool) -> list[Outcome]:
    agent = context.acting() if context.chosen.agent else None
    actor = HOUSE if agent is None else Actor("agent", agent.id, agent.name)
    intake, earlier = verbs.Intake(context.playbook(), actor, "cli"), verbs.firsts(rows)
    found: list[Outcome] = []
    for some in verbs.batches(rows):
        try:
            found += context.store.write_now(intake.take, some, earlier, context.now(), rehearse=rehearse)
        except verbs.Rehearsed as tried:
            found += tried.outcomes
    return found


def _record(context: Context, by: By, counts: Counter[str]) -> None:
    detail = [f"{name} {counts[name]}" for name in ("new", "changed", "refused")]
    context.store.write_now(audit.record, Act.CONTACTS_WRITTEN, by, context.now(), detail=detail)


def _row(context: Context, one: Outcome) -> dict[str, object]:
    why = "" if one.why is None else context.told(one.why)
    return {"row": one.number, "state": one.what, "contact": one.contact, "error": why}
