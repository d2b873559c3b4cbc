"""`inbox rules rollback`: the rule files of an earlier revision put back, the present ones kept beside."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

import typer

from inbox.cli.check import known_people
from inbox.cli.context import Context, of
from inbox.cli.revisions import SHORT, meant
from inbox.cli.rulefolder import replaced
from inbox.cli.rules_diff import spoken
from inbox.cli.rules_reload import reloaded
from inbox.daemon.playbooks import playbook
from inbox.daemon.written import RULES
from inbox.domain.problems import Problem
from inbox.rulebook.differences import Differing, differences
from inbox.store.decisions import Revision

Rev = Annotated[str, typer.Argument(help="cli.rules.argument.revision", metavar="REV")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="cli.rules.rollback.option.yes")]


def rollback(ctx: typer.Context, revision: Rev, yes: Yes = False) -> None:
    """Nothing is touched where the earlier rules would be refused as things are now, or where nobody says yes."""
    context = of(ctx)
    old = meant(context, revision)
    present = present_files(context)
    if _bare(old.files) == _bare(present):
        context.printer.done("cli.rules.rollback.same", revision=old.digest)
        return
    playbook(context.site, context.settings, known_people(context)[0], files=old.files, all_templates=False)
    differing = differences(present, old.files)
    _ask(context, old, differing, yes=yes)
    saved = replaced(context.site, old.files, f"before-{context.now():%Y%m%dT%H%M%SZ}")
    beside = str(saved) if saved is not None else "-"
    told = [asdict(one) for one in differing] if context.printer.json else len(differing)
    context.printer.done("cli.rules.rollback.done", revision=old.digest, saved=beside, differences=told)
    if not context.printer.json:
        reloaded(context)


def present_files(context: Context) -> dict[str, str]:
    """The rule files as they are, right or wrong; of one that is no text nothing is known."""
    found = {}
    for path in sorted(context.site.rules.glob("*.toml")):
        if RULES.fullmatch(path.name):
            try:
                found[context.site.named(path)] = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                found[context.site.named(path)] = ""
    return found


def _bare(files: Mapping[str, str]) -> dict[str, str]:
    """By the names within the folder: rules that were shipped once lay elsewhere."""
    return {name.rpartition("/")[2]: text for name, text in files.items()}


def _ask(context: Context, old: Revision, differing: tuple[Differing, ...], *, yes: bool) -> None:
    """Show what would be otherwise, and go on only where somebody wants it. Raises Problem, or Abort."""
    if not context.printer.quiet:
        for one in differing:
            for line in spoken(context, one):
                context.printer.line(line)
    if yes:
        return
    if not context.interactive:
        raise Problem("cli.nobody_to_ask", option="--yes")
    if not typer.confirm(context.say("cli.rules.rollback.ask", revision=old.digest[:SHORT]), default=False, err=True):
        raise typer.Abort
