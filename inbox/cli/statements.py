"""`inbox contracts statement`: what was promised in a period, met, missed and excused, and what it costs; on paper too."""

from pathlib import Path
from typing import Annotated

import typer

from inbox.cli.context import Context, Format, of
from inbox.domain.contracts import Contract
from inbox.domain.problems import Problem
from inbox.pipeline.contract_acts import named
from inbox.pipeline.contract_typed import period as meant
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.statement_tables import document, sheet, summary, table
from inbox.pipeline.statements import changed, issued_of
from inbox.pipeline.statements import statement as made
from inbox.pipeline.terms_told import Telling
from inbox.sheets.paper import pdf as paper
from inbox.sla.statement import Line, Statement
from inbox.store.statements import Issued
from inbox.store.unit import Unit
from inbox.text.dates import duration, moment

COLUMNS = ("reference", "metric", "due_at", "stopped_at", "late_seconds", "verdict", "reason", "takes")
Found = tuple[Contract, Statement, Issued | None]


def statement(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="cli.contracts.argument.name")],
    period: Annotated[str, typer.Option(help="cli.contracts.option.which", metavar="N|DAY")] = "",
    pdf: Annotated[Path | None, typer.Option(help="cli.contracts.option.pdf", metavar="FILE")] = None,
) -> None:
    """That of a period as it was issued, or as things stand; without a period, of the one that was over last."""
    context = of(ctx)
    contract, now_is, issued = context.store.read_now(_found, name, period, context.playbook(), context)
    told = issued.statement if issued else now_is
    telling = Telling(context.say, context.language)
    if pdf is not None:
        _write(pdf, paper(sheet(told, contract, telling, context.zone, context.settings.site.public_url.rstrip("/"))))
        context.printer.done("cli.contracts.paper", file=pdf)
        return
    match context.chosen.format:
        case Format.JSON:
            context.printer.document(document(told, issued.at if issued else None))
        case Format.CSV:
            context.printer.csv(table(told))
        case Format.MD:
            lines = [f"# {context.say('contracts.statement.title', name=contract.name)}", ""]
            lines += [f"- {one}" for one in summary(told, contract, telling)]
            context.printer.line("\n".join((*lines, "", table(told).markdown.rstrip("\n"))))
        case _:
            _tell(context, (contract, now_is, issued), telling)


def _found(unit: Unit, name: str, period: str, playbook: Playbook, context: Context) -> Found:
    contract, now = named(unit, name), context.now()
    one = meant(contract, period, playbook.day(now))
    return contract, made(unit, contract, one, playbook, now), issued_of(unit, contract, one)


def _tell(context: Context, found: Found, telling: Telling) -> None:
    contract, now_is, issued = found
    told, line = issued.statement if issued else now_is, context.printer.line
    line(context.say("contracts.statement.title", name=contract.name))
    for one in summary(told, contract, telling):
        line(one)
    at = moment(issued.at if issued else told.judged, context.language, context.zone)
    line(context.say("cli.contracts.issued" if issued else "cli.contracts.not_issued", at=at))
    words = {"metric": "clock", "verdict": "contracts.verdict"}
    context.printer.rows(COLUMNS, [_row(context, one, told, telling) for one in told.lines], words)
    others = changed(told, now_is) if issued else ()
    if others:
        line("")
        line(context.say("cli.contracts.changed"))
        context.printer.rows(COLUMNS, [_row(context, one, told, telling) for one in others], words)


def _row(context: Context, line: Line, told: Statement, telling: Telling) -> dict[str, object]:
    return {
        "reference": line.reference,
        "metric": line.metric,
        "due_at": line.due,
        "stopped_at": line.stopped,
        "late_seconds": duration(line.late.total_seconds(), context.language) if line.late else None,
        "verdict": line.verdict.value,
        "reason": line.reason,
        "takes": telling.money(line.takes, told.currency) if line.takes else None,
    }


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise Problem("cli.contracts.unwritable", file=file, reason=error.strerror) from error
