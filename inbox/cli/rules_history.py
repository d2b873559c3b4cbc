"""`inbox rules history`: which rules were live since when, how they came, and what of them was another."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated

import typer

from inbox.cli.context import Context, of
from inbox.cli.revisions import SHORT
from inbox.cli.rules_diff import summary
from inbox.rulebook.differences import differences
from inbox.store import decisions, live
from inbox.store.live import Came
from inbox.text.dates import table

Most = Annotated[int, typer.Option("--limit", min=1, max=1000, help="cli.option.limit")]


@dataclass(frozen=True, slots=True)
class Lived:
    """One time that rules went live. `changes`: what differs from the time before; `others`: hours, policies and templates that do."""

    number: int
    at: datetime
    revision: str
    how: str
    live: bool
    changes: str
    others: tuple[str, ...]


def history(ctx: typer.Context, most: Most = 20) -> None:
    """The latest first."""
    context = of(ctx)
    came = context.store.read_now(live.came, most + 1)
    lived = _lived(context, came)[:most]
    if context.printer.json:
        context.printer.document([asdict(one) for one in lived])
        return
    for one in lived:
        context.printer.line(_line(context, one))
    if not lived:
        context.printer.line(context.say("cli.rules.history.none"))


def _lived(context: Context, came: Sequence[Came]) -> list[Lived]:
    now = context.store.read_now(live.state).live
    texts = {one.digest: one.files for one in context.store.read_now(decisions.revisions, 10_000)}
    found = []
    for one, before in zip(came, (*came[1:], None)[: len(came)], strict=True):
        changes, others = "", tuple[str, ...]()
        if before is not None:
            changes = summary(context, differences(texts.get(before.revision, {}), texts.get(one.revision, {})))
            names = sorted({*one.others, *before.others})
            others = tuple(name for name in names if one.others.get(name) != before.others.get(name))
            if before.templates and one.templates != before.templates:
                others = (*others, "templates")
        is_live = now is not None and now.number == one.number
        found.append(Lived(one.number, one.at, one.revision, one.how, is_live, changes, others))
    return found


def _line(context: Context, one: Lived) -> str:
    at = table(one.at, context.language, context.zone)
    how = context.say(f"live.how.{one.how}")
    parts = (f"{'*' if one.live else ' '} {one.revision[:SHORT]}", at, how, one.changes, ", ".join(one.others))
    return "  ".join(part for part in parts if part)
