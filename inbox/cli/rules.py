"""`inbox rules`: the rules looked over, tested, explained, tried on the real history, compared, and put live or back."""

import typer

from inbox.cli.rules_check import check


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.rules.help")
    group.command("check", help="cli.rules.check.help")(check)
    app.add_typer(group, name="rules")
