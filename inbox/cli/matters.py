"""`inbox merge`, `split`, `forward`, `write` and the like: what an agent does with whole conversations from the command line."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from inbox.actions.action import Doing, Done, Surface
from inbox.actions.registry import perform
from inbox.actions.writing import NOWHERE
from inbox.cli.acting import Once, Words, act, speak, told
from inbox.cli.attached import enclosed
from inbox.cli.composing import Saying, begun_anew, said
from inbox.cli.context import of
from inbox.cli.conversations import Ref
from inbox.cli.watching import Wanted, watched
from inbox.store.unit import Unit
from inbox.store.views import MOST

Subject = Annotated[str, typer.Option(help="cli.matters.option.subject")]
Channel = Annotated[str, typer.Option(help="cli.matters.option.channel", metavar="CHANNEL")]
Assignee = Annotated[str, typer.Option(help="cli.matters.option.assignee", metavar="AGENT")]
Numbers = Annotated[list[int], typer.Argument(help="cli.split.argument.messages", metavar="MESSAGE...")]


def add(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("write", help="cli.write.help")(write)
    app.command("forward", help="cli.forward.help")(forward)
    app.command("followup", help="cli.follow_up.help")(follow_up)
    app.command("merge", help="cli.merge.help")(merge)
    app.command("split", help="cli.split.help")(split)
    app.command("relate", help="cli.relate.help")(relate)
    app.command("watch", help="cli.watch.help")(watch)
    app.command("unwatch", help="cli.unwatch.help")(unwatch)
    app.command("undo", help="cli.undo.help")(undo)


def write(
    ctx: typer.Context,
    to: Annotated[str, typer.Argument(help="cli.write.argument.to", metavar="TO")],
    text: Words = None,
    subject: Subject = "",
    channel: Channel = "",
    assignee: Assignee = "",
    attach: Annotated[
        list[Path] | None, typer.Option("--attach", help="cli.reply.option.attach", metavar="FILE")
    ] = None,
    once: Once = "",
) -> None:
    """Begin a conversation; the text comes from the argument, from standard input, or from an editor."""
    context, words, files = of(ctx), said(text), enclosed(attach or [])
    agent, book = context.acting(), context.playbook()
    chosen: dict[str, object] = {"to": to, "subject": subject, "channel": channel, "assignee": assignee, "files": files}

    def written(arguments: Mapping[str, object]) -> Done:
        def unit(unit: Unit) -> Done:
            doing = Doing(agent, NOWHERE, Surface.CLI, book, context.now())
            return perform(unit, "write", {**chosen, **arguments}, doing, once=once)

        return context.store.write_now(unit)

    told(context, begun_anew(context, to, subject, written) if words is None else written({"text": words}))


def forward(
    ctx: typer.Context,
    reference: Ref,
    to: Annotated[str, typer.Argument(help="cli.forward.argument.to", metavar="ADDRESS")],
    text: Annotated[str | None, typer.Argument(help="cli.forward.argument.text", metavar="[TEXT]")] = None,
    message: Annotated[list[int] | None, typer.Option(help="cli.forward.option.message", metavar="MESSAGE")] = None,
    without_files: Annotated[bool, typer.Option("--without-files", help="cli.forward.option.without_files")] = False,
    channel: Channel = "",
    once: Once = "",
) -> None:
    """To somebody outside; the customer learns nothing of it."""
    words = said(text, needed=False)
    chosen = {"messages": tuple(message or ()), "without_files": without_files, "channel": channel}
    speak(of(ctx), reference, words, Saying("forward", {"to": to, **chosen}), once)


def follow_up(
    ctx: typer.Context,
    reference: Ref,
    text: Annotated[str | None, typer.Argument(help="cli.follow_up.argument.text", metavar="[TEXT]")] = None,
    subject: Subject = "",
    assignee: Assignee = "",
) -> None:
    """A new conversation with the same customer, which names the old one."""
    words = said(text, needed=False)
    speak(of(ctx), reference, words, Saying("follow_up", {"subject": subject, "assignee": assignee}))


def merge(
    ctx: typer.Context, reference: Ref, into: Annotated[str, typer.Argument(help="cli.merge.argument.into")]
) -> None:
    """Two conversations are one matter."""
    act(of(ctx), "merge", reference, {"into": into})


def split(ctx: typer.Context, reference: Ref, messages: Numbers, subject: Subject = "") -> None:
    """One conversation is two matters."""
    act(of(ctx), "split", reference, {"messages": tuple(messages), "subject": subject})


def relate(
    ctx: typer.Context, reference: Ref, to: Annotated[str, typer.Argument(help="cli.relate.argument.to")]
) -> None:
    """Two conversations have to do with one another."""
    act(of(ctx), "relate", reference, {"to": to})


def watch(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(help="cli.watch.argument.reference", metavar="[REF]")] = "",
    mine: Annotated[bool, typer.Option("--mine", help="cli.list.option.mine")] = False,
    team: Annotated[str, typer.Option(help="cli.watch.option.team", metavar="TEAM")] = "",
    query: Annotated[str, typer.Option(help="cli.watch.option.query", metavar="QUERY")] = "",
    once: Annotated[bool, typer.Option("--once", help="cli.watch.option.once")] = False,
    most: Annotated[int, typer.Option("--limit", min=1, max=MOST - 1, help="cli.option.limit")] = 50,
) -> None:
    """Be told of what is written in a conversation; without one, see the list of them follow what happens."""
    context = of(ctx)
    if not reference:
        watched(context, Wanted(query, team, mine, most), once=once)
    elif mine or team or query or once:
        raise typer.BadParameter(context.say("cli.watch.one_or_list", reference=reference))
    else:
        act(context, "watch", reference, {})


def unwatch(ctx: typer.Context, reference: Ref) -> None:
    """Be told no more."""
    act(of(ctx), "unwatch", reference, {})


def undo(ctx: typer.Context, reference: Ref) -> None:
    """Take back your last act on it."""
    act(of(ctx), "undo", reference, {})
