"""`inbox templates list` and `check`: which message templates there are, and everything that is wrong with them."""

from collections.abc import Sequence
from typing import Annotated

import typer

from inbox.cli.check import row
from inbox.cli.context import FINDINGS, Context, of
from inbox.domain.problems import Misconfigured
from inbox.render.drafts import Answer, Fault, Look, Standing, about
from inbox.render.shelf import is_parts
from inbox.runtime.drafts import ask

Strict = Annotated[bool, typer.Option("--strict", help="cli.templates.check.option.strict")]
COLUMNS = ("name", "languages", "variants", "origin", "faults")


def listed(ctx: typer.Context) -> None:
    """One row a template, its variants and faults with it; the parts of all of them last."""
    context = of(ctx)
    found = looked(context)
    ordered = sorted(found.templates, key=lambda one: (is_parts(one.name), one.name))
    context.printer.rows(COLUMNS, [_row(context, one, found.faults) for one in ordered])


def check(ctx: typer.Context, strict: Strict = False) -> None:
    """Exit code 1 where something is wrong; with `--strict` a warning counts as well."""
    context = of(ctx)
    found = looked(context)
    levels = {fault.level for fault in found.faults}
    if context.printer.json:
        context.printer.document([row(context, one.level, problem(one)) for one in found.faults])
    for fault in found.faults:
        context.printer.line(told(context, fault))
    if not found.faults and not context.printer.json:
        count = sum(not is_parts(one.name) for one in found.templates)
        context.printer.done("cli.templates.check.well", templates=count)
    if "error" in levels or (strict and levels):
        raise typer.Exit(FINDINGS)


def looked(context: Context) -> Answer:
    """All templates as their files are now, looked at by a limited child."""
    return ask(Look(context.site.templates, context.settings.site.language))


def problem(fault: Fault) -> Misconfigured:
    """A fault as the problem that it was."""
    return Misconfigured(fault.key, **{"where": "", **fault.facts})


def told(context: Context, fault: Fault) -> str:
    """A fault as a line."""
    return f"{context.say(f'cli.level.{fault.level}')}: {context.told(problem(fault))}"


def _row(context: Context, one: Standing, faults: Sequence[Fault]) -> dict[str, object]:
    where = [word for word, there in (("own", one.own), ("shipped", one.shipped)) if there]
    return {
        "name": one.name,
        "languages": sorted({language for spoken in one.languages.values() for language in spoken}),
        "variants": [f"@{variant}" for variant in one.languages if variant],
        "origin": where if context.printer.json else [context.say(f"cli.templates.{word}") for word in where],
        "faults": len(about(faults, one.name)),
    }
