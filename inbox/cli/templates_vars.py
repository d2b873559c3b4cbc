"""`inbox templates vars`: the reference of what a template may use, made from the code that gives it."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from inbox.cli.context import Context, of
from inbox.domain.facts import facts_of
from inbox.domain.problems import Problem
from inbox.render import reference
from inbox.render.drafts import full
from inbox.render.messages import Templates
from inbox.render.reference import Fact, Made

Name = Annotated[str, typer.Argument(help="cli.templates.argument.name", metavar="NAME")]
Any = Annotated[str, typer.Argument(help="cli.templates.argument.name", metavar="NAME", show_default=False)]
Filters = Annotated[bool, typer.Option("--filters", help="cli.templates.vars.option.filters")]
EXAMPLE_ZONE = ZoneInfo("Asia/Tehran")


def variables(ctx: typer.Context, name: Any = "", filters: Filters = False) -> None:
    """The facts of one template; with `--filters` the filters, which are the same for all."""
    context = of(ctx)
    if filters:
        rows = [_filter(context, one) for one in reference.made(context.language)]
        context.printer.rows(("name", "written", "said", "meaning"), rows)
        return
    if not name:
        raise Problem("cli.templates.which")
    plain = known(context, name)
    rows = [_fact(context, one) for one in reference.facts(plain, context.language)]
    context.printer.line(context.say("cli.templates.vars.head", name=plain, facts=facts_of(plain).__name__))
    context.printer.rows(("name", "type", "meaning", "example"), rows)


def known(context: Context, name: str) -> str:
    """The template that is meant, without its variant. Raises Problem with what there is."""
    names = Templates(context.site.templates).names()
    plain = full(name.partition("@")[0])
    if plain not in names:
        raise Problem("template.unknown", name=name, known=", ".join(one for one in names if "@" not in one))
    return plain


def _fact(context: Context, fact: Fact) -> dict[str, object]:
    words, language, value = context.wording, context.language, fact.example
    as_it_is = context.printer.json and isinstance(value, datetime | bool | int)
    return {
        "name": fact.name,
        "type": reference.kind(words, language, fact),
        "meaning": reference.meaning(words, language, fact),
        "example": value if as_it_is else reference.shown(value, words, language, EXAMPLE_ZONE),
    }


def _filter(context: Context, one: Made) -> dict[str, object]:
    return {"name": one.name, "written": one.written, "said": one.said, "meaning": context.say(f"filter.{one.name}")}
