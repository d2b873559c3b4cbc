"""`inbox templates`: which message templates there are, what is wrong with them, what they may use, and what they say."""

import typer

from inbox.cli.templates_check import check, listed
from inbox.cli.templates_preview import preview
from inbox.cli.templates_vars import variables


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.templates.help")
    group.command("list", help="cli.templates.list.help")(listed)
    group.command("check", help="cli.templates.check.help")(check)
    group.command("vars", help="cli.templates.vars.help")(variables)
    group.command("preview", help="cli.templates.preview.help")(preview)
    app.add_typer(group, name="templates")
