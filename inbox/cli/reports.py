"""`inbox report`: what came of it, counted over a period."""

from collections.abc import Iterator
from typing import Annotated

import typer

from inbox.cli import report_letters, reports_read
from inbox.cli.board import board
from inbox.cli.context import Context, Format, of
from inbox.cli.period import instant, known_channel
from inbox.cli.ratings import ratings
from inbox.domain.promises import PromiseKind
from inbox.sla.calibration import Calibrated, Kept, Told, by, calibrated, calibration, kept
from inbox.store.promises_counted import counted
from inbox.text.dates import table

Since = Annotated[str, typer.Option(help="cli.report.option.since", metavar="90d|DAY")]
Channel = Annotated[str, typer.Option(help="cli.report.option.channel", metavar="CHANNEL")]
COLUMNS = ("what", "kept", "late", "withdrawn", "not_due", "rate", "judged")
CALIBRATION = ("what", "claimed", "came_true", "interval", "judged")


def add(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(no_args_is_help=True, help="cli.report.help")
    group.command("promises", help="cli.report.promises.help")(promises)
    group.command("board", help="cli.report.board.help")(board)
    group.command("ratings", help="cli.report.ratings.help")(ratings)
    reports_read.add(group)
    report_letters.add(group)
    app.add_typer(group, name="report")


def promises(ctx: typer.Context, since: Since = "90d", channel: Channel = "") -> None:
    """The first time announced per question, how often it was kept, and whether what was claimed of it is so."""
    context = of(ctx)
    if context.chosen.format in (Format.MD, Format.CSV):
        raise typer.BadParameter(context.say("cli.only_board", value=context.chosen.format.value))
    until = context.now()
    began = instant(context, since, until)
    told = context.store.read_now(counted, began, until, known_channel(context, channel))
    if context.printer.json:
        context.printer.document({"since": began, "until": until, "channel": channel or None, **document(told)})
        return
    context.printer.line(context.say("cli.report.promises.period", since=table(began, context.language, context.zone)))
    _tell(context, told)


def document(told: list[Told]) -> dict[str, object]:
    """All of it for programs; shares are 0 to 1."""
    first, news, renewed = _parts(told)
    whole = calibrated(first)
    return {
        "answers": _counts(kept(first)),
        "by": {name: {key: _counts(row) for key, row in rows.items()} for name, rows in _groups(first)},
        "news": _counts(kept(news)),
        "renewed": _counts(kept(renewed)),
        "calibration": [{"basis": basis, **_row(row)} for (basis, _), row in calibration(first).items()],
        "calibrated": _row(whole),
        "verdict": whole.verdict.value,
    }


def _parts(told: list[Told]) -> tuple[list[Told], list[Told], list[Told]]:
    """First times at which an answer was promised, those of news, and whatever was told in place of an earlier time."""
    first = [one for one in told if not one.renewed]
    answers = [one for one in first if one.kind is PromiseKind.ANSWER]
    news = [one for one in first if one.kind is PromiseKind.UPDATE]
    return answers, news, [one for one in told if one.renewed]


def _groups(first: list[Told]) -> Iterator[tuple[str, dict[str, Kept]]]:
    yield "basis", by(first, lambda one: one.basis)
    yield "channel", by(first, lambda one: one.channel)
    yield "priority", by(first, lambda one: one.priority)


def _counts(row: Kept) -> dict[str, object]:
    rate = None if row.rate is None else round(row.rate, 4)
    return {"kept": row.kept, "late": row.late, "withdrawn": row.withdrawn, "open": row.open, "rate": rate, "n": row.n}


def _row(row: Calibrated) -> dict[str, object]:
    shares = {"claimed": row.claimed, "share": row.share, "low": row.low, "high": row.high}
    return {"n": row.n, "kept": row.kept, **{name: round(share, 4) for name, share in shares.items()}}


def _tell(context: Context, told: list[Told]) -> None:
    first, news, renewed = _parts(told)
    say, line = context.say, context.printer.line
    rows = [_shown(context, say("cli.report.promises.answers"), kept(first))]
    rows += [
        _shown(context, _named(context, name, key), row) for name, found in _groups(first) for key, row in found.items()
    ]
    rows += [
        _shown(context, say("cli.report.promises.news"), kept(news)),
        _shown(context, say("cli.report.promises.renewed"), kept(renewed)),
    ]
    context.printer.rows(COLUMNS, rows)
    claims = [_claimed(context, basis, row) for (basis, _), row in calibration(first).items()]
    if claims:
        line("")
        line(say("cli.report.promises.calibration"))
        context.printer.rows(CALIBRATION, claims)
    line("")
    whole = calibrated(first)
    shares = {"claimed": whole.claimed, "share": whole.share, "low": whole.low, "high": whole.high}
    facts = {name: _share(context, value) for name, value in shares.items()}
    line(say(f"calibration.{whole.verdict.value}", n=whole.n, **facts))


def _named(context: Context, group: str, key: str) -> str:
    words = {"basis": f"sla_basis.{key}", "priority": f"priority.{key}"}
    value = context.say(words[group]) if group in words else key
    return f"  {context.say(f'cli.report.by.{group}', value=value)}"


def _shown(context: Context, what: str, row: Kept) -> dict[str, object]:
    rate = None if row.rate is None else _share(context, row.rate)
    counts = {"kept": row.kept, "late": row.late, "withdrawn": row.withdrawn, "not_due": row.open}
    return {
        "what": what,
        **{name: _count(context, count) for name, count in counts.items()},
        "rate": rate,
        "judged": _count(context, row.n),
    }


def _claimed(context: Context, basis: str, row: Calibrated) -> dict[str, object]:
    interval = f"{_share(context, row.low)} – {_share(context, row.high)}"
    shares = {"claimed": _share(context, row.claimed), "came_true": _share(context, row.share), "interval": interval}
    return {"what": context.say(f"sla_basis.{basis}"), **shares, "judged": _count(context, row.n)}


def _share(context: Context, share: float) -> str:
    return context.say("cli.report.share", share=round(share * 100, 1))


def _count(context: Context, count: int) -> str:
    return context.say("cli.report.count", n=count)
