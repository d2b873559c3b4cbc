"""`inbox doctor`: looks at everything that the daemon stands on, and says what to do about what it finds."""

import asyncio
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.text import Text

from inbox.cli.context import FINDINGS, Context, of
from inbox.cli.looks import blobs, channels, house, store
from inbox.ports.channel import Finding

MARKS = {"pass": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red"), "unknown": ("?", "dim")}


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor", help="cli.doctor.help")(doctor)


def doctor(
    ctx: typer.Context, online: Annotated[bool, typer.Option("--online", help="cli.doctor.option.online")] = False
) -> None:
    """Offline nothing leaves this machine; online it logs in everywhere and sends nothing. Exit code 1 where anything fails."""
    context = of(ctx)
    found = [(place, finding) for place, finding in _looked(context, online)]
    if context.printer.json:
        context.printer.document([row(context, place, finding) for place, finding in found])
    for place, finding in found:
        if finding.status != "pass" or not context.printer.quiet:
            tell(context, place, finding)
    if any(finding.status == "fail" for _, finding in found):
        raise typer.Exit(FINDINGS)


def _looked(context: Context, online: bool) -> Iterator[tuple[str, Finding]]:
    for finding in (*house(context), *store(context), *blobs(context, online)):
        yield "", finding
    for name, findings in asyncio.run(channels(context, online)).items():
        for finding in findings:
            yield name, finding


def tell(context: Context, place: str, finding: Finding) -> None:
    """One finding for people: a mark, what was looked at and seen; below it what is wrong and what to do."""
    mark, style = MARKS[finding.status]
    line = Text(f"{mark} ", style=style)
    name = context.say(finding.check)
    line.append(f"{place}: {name}" if place else name, style="bold" if finding.status == "fail" else "")
    if finding.observed:
        line.append(f"  {finding.observed}", style="dim")
    context.printer.styled(line)
    if finding.problem is not None:
        context.printer.line(f"  {context.told(finding.problem)}")


def row(context: Context, place: str, finding: Finding) -> dict[str, object]:
    """One finding for programs."""
    return {
        "check": finding.check,
        "channel": place,
        "status": finding.status,
        "observed": finding.observed,
        "why": context.say_if(f"{finding.check}.why"),
        "problem": finding.problem.key if finding.problem else "",
        "remedy": context.told(finding.problem) if finding.problem else "",
    }
