"""`inbox init DIR`: makes a site, on the shipped defaults or on an account that was asked for and tried."""

import asyncio
import os
import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from inbox.cli.account import asked, filled, secrets
from inbox.cli.context import FINDINGS, Context, of
from inbox.cli.doctor import tell
from inbox.domain.problems import Problem
from inbox.ports.channel import Finding
from inbox.settings import parse
from inbox.site import Site

KEPT_OUT = "/data/\n/secrets/\n"
"""What a site under version control must never hold."""


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("init", help="cli.init.help")(init)


def init(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="cli.init.argument.folder", metavar="DIR")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="cli.init.option.yes")] = False,
) -> None:
    """Never overwrites: a folder with a config.toml is refused, and rules that are there stay."""
    context = of(ctx)
    site = Site(folder)
    if site.config.exists():
        raise Problem("cli.site_exists", folder=site.root)
    shipped = (site.shipped / "config.toml").read_text(encoding="utf-8")
    if yes:
        write(site, shipped, {})
    else:
        if not context.interactive:
            raise Problem("cli.nobody_to_ask", option="--yes")
        account = asked(context.say)
        config = filled(shipped, account)
        failed = tried(context, config, secrets(account))
        if failed and not typer.confirm(context.say("cli.init.ask.anyway"), default=False, err=True):
            raise typer.Exit(FINDINGS)
        write(site, config, secrets(account))
    context.printer.done("cli.init.done", folder=site.root)


def write(site: Site, config: str, secret_files: dict[str, str]) -> None:
    """The site's files; config.toml comes last, because a folder that has one is a site."""
    try:
        site.root.mkdir(parents=True, exist_ok=True)
        if not (site.root / "rules").exists():
            shutil.copytree(
                site.shipped / "rules", site.root / "rules", ignore=shutil.ignore_patterns("__pycache__", "macros")
            )
        (site.root / "templates").mkdir(exist_ok=True)
        if not (site.root / ".gitignore").exists():
            (site.root / ".gitignore").write_text(KEPT_OUT, encoding="utf-8")
        _ = site.data
        for name, secret in secret_files.items():
            private(site.root / name, secret)
        with site.config.open("x", encoding="utf-8") as file:
            file.write(config)
    except FileExistsError as error:
        if site.config.exists():
            raise Problem("cli.site_exists", folder=site.root) from error
        raise Problem("site.not_writable", path=error.filename, reason=error.strerror) from error
    except OSError as error:
        raise Problem("site.not_writable", path=error.filename or site.root, reason=error.strerror) from error


def private(path: Path, secret: str) -> None:
    """A file that nobody else may read, not even for a moment. FileExistsError where there is one."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secret + "\n")


def tried(context: Context, config: str, secret_files: dict[str, str]) -> bool:
    """Log in everywhere as the site would, from a folder that is gone afterwards; whether anything failed."""
    with tempfile.TemporaryDirectory(prefix="inbox-init-") as folder:
        root = Path(folder)
        for name, secret in secret_files.items():
            private(root / name, secret)
        channel = next(iter(parse(config).channels.values()))
        place = channel.place(root, root, bytes(32))
        findings: list[Finding] = asyncio.run(channel.adapter.examine(place, channel.options, True))
    for finding in findings:
        tell(context, "", finding)
    return any(finding.status == "fail" for finding in findings)
