"""`inbox status`: whether it runs, how its queues and channels stand, and what waits for a person; exit code 1 where something does."""

import http.client
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.text import Text

from inbox.cli.check import store_exists
from inbox.cli.context import FINDINGS, Context, of
from inbox.cli.looks import TOO_LITTLE
from inbox.daemon.lock import LOCK, Holder, held, holder
from inbox.daemon.measuring import running
from inbox.domain.problems import Problem
from inbox.pipeline.outcome import recall
from inbox.store.engine import LOG_LIMIT
from inbox.store.lagging import Behind
from inbox.store.overview import Overview, overview
from inbox.store.standing import Health
from inbox.text.dates import duration, table

LONG = timedelta(minutes=5)
"""Whatever waits longer to be received, or to leave when it may, stands still."""
ANSWER = 3.0
"""Seconds that the daemon may take to say whether it is ready."""
COLUMNS = ("channel", "state", "last_success", "unread", "unsent", "trouble")


@dataclass(frozen=True, slots=True)
class Seen:
    """All that is told. `daemon` None though it runs: it has not said yet who it is. `database` None: there is none yet, or it
    could not be read, and `trouble` says why."""

    runs: bool
    daemon: Holder | None
    ready: bool
    database: Overview | None
    trouble: Problem | None
    free: int


def add(app: typer.Typer) -> None:
    """Add the command."""
    app.command("status", help="cli.status.help")(status)


def status(
    ctx: typer.Context, ready: Annotated[bool, typer.Option("--ready", help="cli.status.option.ready")] = False
) -> None:
    """How it stands; with `--ready` only whether the daemon says that mail can be taken."""
    context = of(ctx)
    daemon = holder(context.site.data / LOCK)
    if ready:
        raise typer.Exit(0 if daemon is not None and is_ready(daemon.address) else FINDINGS)
    seen = look(context, daemon)
    wanted = list(attention(context, seen))
    if context.printer.json:
        context.printer.document(document(context, seen, wanted))
    else:
        _print(context, seen, wanted)
    if wanted:
        raise typer.Exit(FINDINGS)


def is_ready(address: str) -> bool:
    """What the daemon at that address says of itself."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=ANSWER)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def look(context: Context, daemon: Holder | None) -> Seen:
    """Nothing is made or changed for it."""
    runs, ready = held(context.site.data / LOCK), daemon is not None and is_ready(daemon.address)
    free = shutil.disk_usage(context.site.data).free
    database, trouble = _database_of(context)
    return Seen(runs, daemon, ready, database, trouble, free)


def _database_of(context: Context) -> tuple[Overview | None, Problem | None]:
    if not store_exists(context):
        return None, Problem("cli.status.no_store")
    try:
        return context.store.read_now(overview, context.now()), None
    except Problem as trouble:
        return None, trouble


def attention(context: Context, seen: Seen) -> Iterator[Problem]:
    """What somebody should see to, the gravest first; each says what to do."""
    if not seen.runs and not _elsewhere(seen):
        yield Problem("cli.status.not_running")
    elif seen.runs and not seen.ready:
        yield Problem("cli.status.not_ready")
    if seen.trouble is not None:
        yield seen.trouble
    if seen.free < TOO_LITTLE:
        yield Problem("doctor.disk_low", path=context.site.data, free=seen.free // 1_000_000)
    if seen.database is not None:
        if seen.database.log > LOG_LIMIT:
            told = {"url": context.settings.store.url, "size": seen.database.log // 1_000_000}
            yield Problem("doctor.log_grows", **told)
        yield from _channels(context, seen.database)
        yield from _waiting(context, seen.database)
        yield from _decisions(seen.database)


def _elsewhere(seen: Seen) -> bool:
    """Another node does the work."""
    return seen.database is not None and bool(seen.database.holders)


def _channels(context: Context, found: Overview) -> Iterator[Problem]:
    for one in _configured(context, found):
        if one.row.state in ("backing-off", "locked-out"):
            why = recall(one.row.problem or "")
            said = "-" if why is None else context.told(why)
            yield Problem(f"cli.status.channel_{one.row.state.replace('-', '_')}", name=one.row.name, why=said)
        if not one.row.first_sync_released and one.row.first_sync_due > _brake(context):
            yield Problem("cli.status.braked", name=one.row.name)


def _brake(context: Context) -> int:
    return context.settings.automatic.first_sync_acknowledgements


def _waiting(context: Context, found: Overview) -> Iterator[Problem]:
    now = context.now()
    for key, since in (("receiving", found.unread_since), ("sending", found.due_since)):
        if since is not None and now - since > LONG:
            yield Problem(f"cli.status.{key}_stands", span=duration((now - since).total_seconds(), context.language))
    if found.rules.refused_at is not None:
        yield Problem("cli.status.rules_refused", at=table(found.rules.refused_at, context.language, context.zone))
    elif found.rules.restart:
        yield Problem("doctor.live_restart")


def _decisions(found: Overview) -> Iterator[Problem]:
    for state, number in found.stuck.items():
        if number:
            yield Problem(f"cli.status.{state.value}", n=number)
    for verdict, number in found.apart.items():
        if number:
            yield Problem(f"cli.status.{verdict.value}", n=number)


def _configured(context: Context, found: Overview) -> list[Health]:
    return [one for one in found.channels if one.row.name in context.settings.channels]


# -- how it is told ----------------------------------------------------------------------------------------------------
def document(context: Context, seen: Seen, wanted: list[Problem]) -> dict[str, object]:
    """For programs."""
    daemon = seen.daemon
    told: dict[str, object] = {
        "running": seen.runs,
        "ready": seen.ready,
        "version": running() if daemon is None else daemon.version,
        "pid": None if daemon is None else daemon.pid,
        "since": None if daemon is None else daemon.since,
        "address": None if daemon is None else daemon.address,
        "attention": [{"key": one.key, "told": context.told(one)} for one in wanted],
        "free_bytes": seen.free,
    }
    if (found := seen.database) is not None:
        live = found.rules.live
        told |= {
            "database": {"url": context.settings.store.url, "bytes": found.size},
            "channels": [_row(one) for one in _configured(context, found)],
            "unread_since": found.unread_since,
            "receiving": _receiving(found.behind),
            "due_since": found.due_since,
            "stuck": {state.value: number for state, number in found.stuck.items()},
            "apart": {verdict.value: number for verdict, number in found.apart.items()},
            "conversations": {state.value: number for state, number in found.conversations.items()},
            "rules": {
                "revision": None if live is None else live.revision,
                "at": None if live is None else live.at,
                "refused_at": found.rules.refused_at,
            },
            "leases": [asdict(one) for one in found.holders],
        }
    return told


def _receiving(found: Behind) -> dict[str, object]:
    left = found.left
    return {
        "waiting": found.waiting,
        "oldest": found.oldest,
        "judged_per_second": found.judged,
        "coming_per_second": found.coming,
        "left_seconds": None if left is None else left.total_seconds(),
    }


def _row(one: Health) -> dict[str, object]:
    instants = [at for at in (one.row.last_success_at, one.last_in, one.last_out) if at is not None]
    return {
        "channel": one.row.name,
        "state": one.row.state,
        "since": one.row.state_at,
        "last_success": max(instants) if instants else None,
        "unread": one.unread,
        "unsent": one.unsent,
        "oldest": one.oldest_unsent,
        "trouble": one.trouble,
    }


def _print(context: Context, seen: Seen, wanted: list[Problem]) -> None:
    line = context.printer.line
    line(_process(context, seen))
    if seen.database is not None and not context.printer.quiet:
        _database(context, seen.database)
    for problem in wanted:
        context.printer.styled(Text(f"! {context.told(problem)}", style="yellow"))
    if not wanted:
        line(context.say("cli.status.well"))


def _process(context: Context, seen: Seen) -> str:
    if seen.daemon is None:
        word = "starting" if seen.runs else "elsewhere" if _elsewhere(seen) else "stopped"
        return context.say(f"cli.status.{word}", version=running())
    daemon = seen.daemon
    since = table(daemon.since, context.language, context.zone)
    return context.say(
        "cli.status.running", version=daemon.version, pid=str(daemon.pid), since=since, address=daemon.address
    )


def how_far(context: Context, found: Behind) -> str:
    """How far behind receiving is: how many wait, since when, and when that will be over."""

    def span(seconds: float) -> str:
        return duration(seconds, context.language)

    told = [context.plural("cli.status.behind", found.waiting)]
    if found.oldest is not None:
        told.append(context.say("cli.status.behind_oldest", span=span((context.now() - found.oldest).total_seconds())))
    if found.left is not None:
        told.append(context.say("cli.status.behind_left", span=span(found.left.total_seconds())))
    elif found.grows:
        told.append(context.say("cli.status.behind_grows"))
    return " ".join(told)


def _database(context: Context, found: Overview) -> None:
    line, say = context.printer.line, context.say
    line(say("cli.status.database", url=context.settings.store.url, megabytes=f"{found.size / 1e6:.1f}"))
    counts = ", ".join(f"{say(f'state.{state.value}')} {number}" for state, number in found.conversations.items())
    line(say("cli.status.conversations", counts=counts))
    if (live := found.rules.live) is not None:
        at = table(live.at, context.language, context.zone)
        line(say("cli.status.rules", revision=live.revision[:7], at=at, how=say(f"live.how.{live.how}")))
    if found.behind.far(context.now()):
        line(how_far(context, found.behind))
    nodes: dict[str, list[str]] = {}
    for one in found.holders:
        nodes.setdefault(one.holder, []).append(one.name)
    for node, names in nodes.items():
        line(say("cli.status.node", node=node, names=", ".join(names)))
    rows = [_row(one) for one in _configured(context, found)]
    context.printer.rows(COLUMNS, rows, {"state": "channel_state"})
