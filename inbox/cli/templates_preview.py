"""`inbox templates preview`: what a template says, with example facts or those of a stored conversation as they are now."""

from dataclasses import asdict, replace
from enum import StrEnum
from typing import Annotated

import typer

from inbox.cli.context import FINDINGS, Context, of
from inbox.cli.conversations import found
from inbox.cli.templates_check import problem, told
from inbox.cli.templates_vars import Name, known
from inbox.pipeline.previewing import facts_now
from inbox.render.drafts import Answer, Try
from inbox.render.messages import Origin, Rendered
from inbox.runtime.drafts import ask
from inbox.store.unit import Unit


class Part(StrEnum):
    """One form of a message."""

    SUBJECT = "subject"
    TEXT = "text"
    HTML = "html"
    CHAT = "chat"


Channel = Annotated[str, typer.Option(help="cli.templates.preview.option.channel")]
Team = Annotated[str, typer.Option(help="cli.templates.preview.option.team")]
Policy = Annotated[str, typer.Option(help="cli.templates.preview.option.policy")]
Shown = Annotated[Part | None, typer.Option("--part", help="cli.templates.preview.option.part")]
Of = Annotated[str, typer.Option("--of", metavar="REF|example", help="cli.templates.preview.option.of")]
Number = Annotated[int, typer.Option("--example", min=1, help="cli.templates.preview.option.example")]


def preview(
    ctx: typer.Context,
    name: Name,
    channel: Channel = "",
    team: Team = "",
    policy: Policy = "",
    part: Shown = None,
    of_: Of = "example",
    example: Number = 1,
) -> None:
    """In the language of `--lang`. With `--of REF --as AGENT` as that agent's answer; exit code 1 where it is broken."""
    context = of(ctx)
    plain, _, variant = known(context, name), *name.partition("@")[1:]
    given = tuple(filter(None, (variant, channel, team, policy)))
    asked = Try(
        context.site.templates, context.settings.site.language, plain, context.language, given, None, example - 1
    )
    answer = ask(asked if of_ == "example" else _of_conversation(context, asked, of_))
    _print(context, answer, part)
    if answer.faults:
        raise typer.Exit(FINDINGS)


def _of_conversation(context: Context, asked: Try, reference: str) -> Try:
    """With its facts; channel, team and policy are its own where none was named."""
    whole, playbook = found(context, reference), context.playbook()
    agent = context.acting() if context.chosen.agent else None

    def unit(reading: Unit) -> Try:
        given = facts_now(reading, asked.name, asked.language, whole, playbook, context.now(), agent)
        return replace(asked, facts=given.facts, variants=asked.variants or given.variants)

    return context.store.read_now(unit)


def _print(context: Context, answer: Answer, part: Part | None) -> None:
    printer = context.printer
    if printer.json:
        made = asdict(answer.rendered) if answer.rendered else None
        faults = [{"level": one.level, "told": context.told(problem(one))} for one in answer.faults]
        printer.document({"rendered": made, "origins": [asdict(one) for one in answer.origins], "faults": faults})
        return
    for fault in answer.faults:
        printer.line(told(context, fault))
    if answer.rendered is None:
        return
    if part is not None:
        printer.line(_form(answer.rendered, part))
        return
    for one in answer.origins:
        printer.line(_origin(context, one))
    for each in Part:
        if words := _form(answer.rendered, each):
            printer.line(f"\n== {context.say(f'cli.templates.form.{each.value}')} ==\n{words}")


def _form(rendered: Rendered, part: Part) -> str:
    words = {
        Part.SUBJECT: rendered.subject,
        Part.TEXT: rendered.text,
        Part.HTML: rendered.html,
        Part.CHAT: rendered.chat,
    }
    return words[part] or ""


def _origin(context: Context, one: Origin) -> str:
    where = context.say("cli.templates.own" if one.own else "cli.templates.shipped")
    which = f", @{one.variant}" if one.variant else ""
    return f"{one.what}: {one.file} ({where}{which})"
