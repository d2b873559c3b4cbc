"""`inbox rules`: the rules looked over, tested, explained, tried on the real history, compared, and put live or back."""

import typer

from inbox.cli.rules_backtest import backtest
from inbox.cli.rules_cases import try_cases
from inbox.cli.rules_check import check
from inbox.cli.rules_diff import diff
from inbox.cli.rules_explain import explained
from inbox.cli.rules_history import history
from inbox.cli.rules_reload import reload
from inbox.cli.rules_rollback import rollback


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.rules.help")
    group.command("check", help="cli.rules.check.help")(check)
    group.command("test", help="cli.rules.test.help")(try_cases)
    group.command("explain", help="cli.rules.explain.help")(explained)
    group.command("backtest", help="cli.rules.backtest.help")(backtest)
    group.command("diff", help="cli.rules.diff.help")(diff)
    group.command("history", help="cli.rules.history.help")(history)
    group.command("reload", help="cli.rules.reload.help")(reload)
    group.command("rollback", help="cli.rules.rollback.help")(rollback)
    app.add_typer(group, name="rules")
