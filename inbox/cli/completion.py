"""`inbox completion SHELL`: the script that lets a shell complete commands and options."""

from enum import StrEnum

import typer
from typer._completion_shared import get_completion_script

from inbox.cli.context import of


class Shell(StrEnum):
    """The shells that can be taught."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("completion", help="cli.completion.help")(completion)


def completion(ctx: typer.Context, shell: Shell) -> None:
    """Print the script; the shell reads it, and nothing is installed."""
    script = get_completion_script(prog_name="inbox", complete_var="_INBOX_COMPLETE", shell=shell.value)
    of(ctx).printer.line(script)
