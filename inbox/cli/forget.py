"""`inbox forget`: what is personal of a contact is removed, after it was told what that is."""

from typing import Annotated

import typer

from inbox.cli.contacts_known import Who, actor, found
from inbox.cli.context import of
from inbox.domain.problems import Problem
from inbox.pipeline import forget as verbs


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("forget", help="cli.forget.help")(forget)


def forget(
    ctx: typer.Context,
    who: Who,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="cli.forget.option.dry_run")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="cli.forget.option.yes")] = False,
) -> None:
    """Names, addresses, words, files and originals go for good; counts, clocks and the audit log stay."""
    context = of(ctx)
    id = found(context, who)
    looked = context.store.read_now(verbs.looked, id)
    rows = [{"what": name, "count": getattr(looked.counted, name)} for name in verbs.TOLD]
    name = looked.contact.called
    if dry_run or not context.printer.json:
        context.printer.rows(("what", "count"), rows, {"what": "forget"})
    if dry_run:
        context.printer.line(context.say("cli.forget.would"))
        return
    if not yes and not (context.interactive and typer.confirm(context.say("cli.forget.ask", name=name), err=True)):
        raise Problem("forget.not_sure", name=name)
    book = context.playbook()
    done = context.store.write_now(verbs.forget, id, actor(context), "cli", context.by(), book, context.now())
    context.printer.done("cli.forget.done", name=f"#{done.contact.id}", messages=done.counted.messages)
