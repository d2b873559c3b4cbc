"""`inbox reply`, `note`, `assign`, `done` and the other actions: what an agent does from the command line."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from inbox.actions.action import Doing, Done, Surface
from inbox.actions.registry import perform
from inbox.actions.told import worded
from inbox.cli.attached import enclosed
from inbox.cli.composing import Act, Saying, composed, said
from inbox.cli.context import Context, of
from inbox.cli.conversations import Ref
from inbox.domain.problems import Problem
from inbox.store import conversations
from inbox.store.unit import Unit
from inbox.text.references import normalise

Words = Annotated[str | None, typer.Argument(help="cli.argument.text", metavar="[TEXT]")]
Once = Annotated[str, typer.Option("--once", help="cli.option.once", metavar="KEY")]


def add(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("reply", help="cli.reply.help")(reply)
    app.command("promise", help="cli.promise.help")(promise)
    app.command("note", help="cli.note.help")(note)
    app.command("assign", help="cli.assign.help")(assign)
    app.command("take", help="cli.take.help")(take)
    app.command("done", help="cli.done.help")(done)
    app.command("reopen", help="cli.reopen.help")(reopen)
    app.command("spam", help="cli.spam.help")(spam)
    app.command("priority", help="cli.priority.help")(priority)
    app.command("tag", help="cli.tag.help")(tag)
    app.command("field", help="cli.field.help")(field)
    app.command("ack", help="cli.ack.help")(ack)
    app.command("snooze", help="cli.snooze.help")(snooze)


def reply(
    ctx: typer.Context,
    reference: Ref,
    text: Words = None,
    seen: Annotated[int | None, typer.Option(help="cli.reply.option.seen", metavar="VERSION")] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="cli.reply.option.anyway")] = False,
    then: Annotated[str, typer.Option(help="cli.reply.option.then", metavar="open|waiting|done")] = "waiting",
    attach: Annotated[
        list[Path] | None, typer.Option("--attach", help="cli.reply.option.attach", metavar="FILE")
    ] = None,
    over: Annotated[str, typer.Option("--over", help="cli.reply.option.over", metavar="ROUTE")] = "",
    cc: Annotated[list[str] | None, typer.Option("--cc", help="cli.reply.option.cc", metavar="ADDRESS")] = None,
    once: Once = "",
) -> None:
    """Answer the customer; the text comes from the argument, from standard input, or from an editor."""
    files, words = enclosed(attach or []), said(text)
    chosen = {"seen": seen, "anyway": anyway, "then": then}
    wanted: dict[str, object] = {**chosen, "files": files, "over": over, "cc": tuple(cc or ())}
    speak(of(ctx), reference, words, Saying("reply", wanted, "reply", guarded=True), once)


def promise(
    ctx: typer.Context,
    reference: Ref,
    by: Annotated[str, typer.Argument(help="cli.promise.argument.by")],
    text: Annotated[str | None, typer.Argument(help="cli.promise.argument.text", metavar="[TEXT]")] = None,
    seen: Annotated[int | None, typer.Option(help="cli.reply.option.seen", metavar="VERSION")] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="cli.reply.option.anyway")] = False,
    over: Annotated[str, typer.Option("--over", help="cli.reply.option.over", metavar="ROUTE")] = "",
    once: Once = "",
) -> None:
    """Tell the customer a time by which they are answered; it is kept and renewed as any other."""
    words = said(text, needed=False)
    wanted = {"by": by, "seen": seen, "anyway": anyway, "over": over}
    speak(of(ctx), reference, words, Saying("promise", wanted, "reply", guarded=True), once)


def note(ctx: typer.Context, reference: Ref, text: Words = None, once: Once = "") -> None:
    """Tell the other agents; the customer never sees it."""
    speak(of(ctx), reference, said(text), Saying("note", {}, "note"), once)


def assign(
    ctx: typer.Context, reference: Ref, to: Annotated[str, typer.Argument(help="cli.assign.argument.to")]
) -> None:
    """To an agent, to `me`, to `team:NAME`, or to `none`."""
    act(of(ctx), "assign", reference, {"to": to})


def take(ctx: typer.Context, reference: Ref) -> None:
    """Assign it to yourself."""
    act(of(ctx), "take", reference, {})


def done(ctx: typer.Context, reference: Ref) -> None:
    """The matter is closed."""
    act(of(ctx), "done", reference, {})


def reopen(ctx: typer.Context, reference: Ref) -> None:
    """The matter is open again."""
    act(of(ctx), "open", reference, {})


def spam(
    ctx: typer.Context,
    reference: Ref,
    block: Annotated[bool, typer.Option("--block", help="cli.spam.option.block")] = False,
) -> None:
    """Nobody should have to read this."""
    act(of(ctx), "spam", reference, {"block": block})


def priority(
    ctx: typer.Context,
    reference: Ref,
    level: Annotated[str, typer.Argument(help="cli.priority.argument.level", metavar="low|normal|high|urgent")],
) -> None:
    """How urgent it is; rules leave it alone from then on."""
    act(of(ctx), "priority", reference, {"priority": level})


def tag(
    ctx: typer.Context,
    reference: Ref,
    add: Annotated[list[str] | None, typer.Argument(help="cli.tag.argument.add", metavar="[TAG]...")] = None,
    remove: Annotated[list[str] | None, typer.Option("--remove", help="cli.tag.option.remove", metavar="TAG")] = None,
) -> None:
    """Add tags, and take some away."""
    act(of(ctx), "tag", reference, {"add": tuple(add or ()), "remove": tuple(remove or ())})


def field(
    ctx: typer.Context,
    reference: Ref,
    name: Annotated[str, typer.Argument(help="cli.field.argument.name", metavar="NAME")],
    value: Annotated[str, typer.Argument(help="cli.field.argument.value", metavar="[VALUE]")] = "",
) -> None:
    """Give a custom field a value, or take it away."""
    act(of(ctx), "field", reference, {"name": name, "value": value})


def ack(ctx: typer.Context, reference: Ref) -> None:
    """You have what a rule pages for; nobody is called any more."""
    act(of(ctx), "acknowledge", reference, {})


def snooze(
    ctx: typer.Context,
    reference: Ref,
    until: Annotated[str, typer.Argument(help="cli.snooze.argument.until", metavar="UNTIL")],
) -> None:
    """Out of sight until a time, or until the customer writes."""
    act(of(ctx), "snooze", reference, {"until": until})


def act(context: Context, name: str, reference: str, arguments: Mapping[str, object], once: str = "") -> None:
    """Perform an action of the registry as the agent of --as, and say what was done."""
    told(context, performing(context, name, reference, once)(arguments))


def speak(context: Context, reference: str, words: str | None, saying: Saying, once: str = "") -> None:
    """The same for what has words; they are written in an editor where there are none."""
    doing = performing(context, saying.name, reference, once)
    if words is not None:
        told(context, doing({**saying.wanted, "text": words}))
    else:
        told(context, composed(context, reference, saying, doing))


def performing(context: Context, name: str, reference: str, once: str = "") -> Act:
    """How an action is performed as the agent of --as, once its arguments are known. Raises Problem where it cannot be."""
    agent = context.acting()
    book = context.playbook()

    def performed(arguments: Mapping[str, object]) -> Done:
        def unit(unit: Unit) -> Done:
            id = conversations.by_reference(unit, normalise(reference) or reference)
            if id is None:
                raise Problem("cli.no_such_conversation", reference=reference)
            doing = Doing(agent, id, Surface.CLI, book, context.now())
            return perform(unit, name, arguments, doing, once=once)

        return context.store.write_now(unit)

    return performed


def told(context: Context, done: Done) -> None:
    """Say what was done."""
    plain = context.printer.json
    facts = done.facts if plain else worded(done, context.wording, context.language, context.zone)
    context.printer.done(done.key, **facts)
