"""`inbox excuse` and `inbox unexcuse`: what is not held against us in the statement of a contract."""

from typing import Annotated

import typer

from inbox.cli.acting import act
from inbox.cli.context import of
from inbox.cli.conversations import Ref

Clock = Annotated[str, typer.Option("--clock", help="cli.excuse.option.clock", metavar="CLOCK")]


def add(app: typer.Typer) -> None:
    """Add both."""
    app.command("excuse", help="cli.excuse.help")(excuse)
    app.command("unexcuse", help="cli.unexcuse.help")(unexcuse)


def excuse(
    ctx: typer.Context,
    reference: Ref,
    reason: Annotated[str, typer.Argument(help="cli.excuse.argument.reason")],
    clock: Clock = "",
) -> None:
    """A miss, or all of a conversation, costs nothing."""
    act(of(ctx), "excuse", reference, {"reason": reason, "clock": clock})


def unexcuse(ctx: typer.Context, reference: Ref, clock: Clock = "") -> None:
    """It is held against us again."""
    act(of(ctx), "unexcuse", reference, {"clock": clock})
