"""`inbox blobs copy`: large bytes brought from another folder to where the config says they are now, each verified."""

from pathlib import Path
from typing import Annotated

import typer

from inbox.blobs import digest_of
from inbox.cli.context import FINDINGS, Context, of
from inbox.cli.progress import bar
from inbox.domain.arrivals import Spooled
from inbox.store import loose_blobs

AT_ONCE = 500


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True)
    app.add_typer(group, name="blobs", help="cli.blobs.help")
    group.command("copy", help="cli.blobs.copy.help")(copy)


def copy(
    ctx: typer.Context,
    source: Annotated[Path, typer.Option("--from", help="cli.blobs.copy.option.from", metavar="DIR")] = Path(
        "data/blobs"
    ),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="cli.option.dry_run")] = False,
) -> None:
    """Whatever a row refers to; safe to repeat, also while the daemon runs. Exit code 1 where bytes are missing or wrong."""
    context = of(ctx)
    folder = context.site.root / source
    copied, lacking, damaged, after = 0, list[str](), list[str](), ""
    with bar(context) as line:
        told = line.begin("cli.blobs.copying", context.store.read_now(loose_blobs.count))
        while digests := context.store.read_now(loose_blobs.listed, after, AT_ONCE):
            for digest in digests:
                found = _one(context, folder, digest, dry_run)
                copied += found is None
                (lacking if found == "lacking" else damaged if found else []).append(digest)
                told(copied + len(lacking) + len(damaged))
            after = digests[-1]
    if context.printer.json:
        context.printer.document({"copied": copied, "lacking": lacking, "damaged": damaged})
    else:
        for what, names in (("lacking", lacking), ("damaged", damaged)):
            for digest in names:
                context.printer.line(context.say(f"cli.blobs.copy.{what}", digest=digest))
        key = "cli.blobs.copy.would" if dry_run else "cli.blobs.copy.done"
        context.printer.line(context.say(key, copied=copied, lacking=len(lacking), damaged=len(damaged)))
    if lacking or damaged:
        raise typer.Exit(FINDINGS)


def _one(context: Context, folder: Path, digest: str, dry_run: bool) -> str | None:
    """Bring one; what is wrong with it, if anything. What is not in the folder may be there already."""
    path = folder / digest[:2] / digest[2:]
    try:
        raw = Spooled(path, path.stat().st_size)
        if digest_of(raw) != digest:
            return "damaged"
        if not dry_run:
            context.blobs.put(raw)
    except FileNotFoundError:
        try:
            found = context.blobs.find(digest)
        except FileNotFoundError:
            return "lacking"
        return None if digest_of(found) == digest else "damaged"
    return None
