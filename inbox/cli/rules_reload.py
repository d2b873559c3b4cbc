"""`inbox rules reload`: the daemon reads its files again, and it is told what is live, or what is wrong with what it refused."""

import time
from collections.abc import Callable

import typer

from inbox.cli.check import row
from inbox.cli.configured import problems
from inbox.cli.context import FINDINGS, Context, of
from inbox.cli.revisions import SHORT
from inbox.cli.rulebooks import laid
from inbox.daemon.lock import LOCK, held
from inbox.domain.problems import Problem, Temporary
from inbox.store import live

PATIENCE = 30.0
"""Seconds that a daemon has to answer: it reads everything again, and renders each template once."""
LOOK_EVERY = 0.1


def reload(ctx: typer.Context) -> None:
    """Exit code 1 where the files are refused, and the rules before them go on; 75 where the daemon does not answer."""
    reloaded(of(ctx))


def reloaded(context: Context) -> None:
    """Ask the daemon to read its files again, and tell what came of it; where none runs, whether the files are right."""
    asked = context.store.write_now(live.ask)
    if not running(context):
        _without_daemon(context)
        return
    state = _answered(context, asked, time.monotonic, time.sleep)
    if state.refused_at is not None:
        _refused(context, state.problems, state.live.revision if state.live else "-")
    revision = state.live.revision if state.live else "-"
    since = state.live.at if state.live else None
    _done(context, "cli.rules.reload.live", revision, since=since, restart=state.restart)


def running(context: Context) -> bool:
    """Whether a daemon of this site runs on this machine, or the database is one that others may serve."""
    if not context.settings.store.url.startswith("sqlite:"):
        return True
    return held(context.site.data / LOCK)


def _answered(context: Context, asked: int, clock: Callable[[], float], sleep: Callable[[float], None]) -> live.State:
    until = clock() + PATIENCE
    while (state := context.store.read_now(live.state)).answered < asked:
        if clock() > until:
            raise Temporary("cli.rules.reload.silent", seconds=round(PATIENCE))
        sleep(LOOK_EVERY)
    return state


def _without_daemon(context: Context) -> None:
    try:
        found = laid(context, None)
    except ExceptionGroup as error:
        _refused(context, tuple(problems(error)), "-")
    else:
        _done(context, "cli.rules.reload.nobody", found.book.rulebook.revision)


def _done(context: Context, key: str, revision: str, **facts: object) -> None:
    if context.printer.json:
        context.printer.document({"done": key, "revision": revision, **facts})
    elif not context.printer.quiet:
        context.printer.line(context.say(key, revision=revision[:SHORT]))
        if facts.get("restart"):
            context.printer.line(context.say("cli.rules.reload.restart"))


def _refused(context: Context, found: tuple[Problem, ...], revision: str) -> None:
    """Tell why, and end with exit code 1."""
    if context.printer.json:
        rows = [row(context, "error", one) for one in found]
        context.printer.document({"done": "cli.rules.reload.refused", "revision": revision, "findings": rows})
    for one in found:
        context.printer.line(f"{context.say('cli.level.error')}: {context.told(one)}")
    key = "cli.rules.reload.refused" if revision != "-" else "cli.rules.reload.wrong"
    context.printer.line(context.say(key, revision=revision[:SHORT]))
    raise typer.Exit(FINDINGS)
