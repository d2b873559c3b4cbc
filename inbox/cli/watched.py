"""What a live list of conversations shows at one moment: as rows for people, and as changes from one look to the next."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from inbox.cli.context import Context
from inbox.domain.scope import Scope
from inbox.store import found, presence
from inbox.store.unit import Unit
from inbox.store.views import Row
from inbox.text.bidi import isolate
from inbox.text.cleaning import clean_header
from inbox.text.dates import duration
from inbox.text.queries import Bad, Query

SOON = 1800
"""Seconds before its time from which a conversation is marked."""
WIDE = 110
"""Columns of a terminal from which all of them are shown."""
NAME = 22
"""Cells of a name."""
_LEFT_OUT = frozenset({"id", "place", "excerpt", "begun"})

Told = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Look:
    """One look: the conversations in their order, and who has each before them."""

    rows: tuple[Row, ...] = ()
    here: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    count: int = 0
    """How many there are, of which `rows` are the first."""
    bad: tuple[Bad, ...] = ()
    """What of the query could not be read."""

    @property
    def told(self) -> dict[str, Told]:
        """All that a program learns of it, by reference."""
        return {row.reference: self._told(row) for row in self.rows}

    def _told(self, row: Row) -> Told:
        kept = {name: getattr(row, name) for name in Row.__slots__ if name not in _LEFT_OUT}
        return {**kept, "here": self.here.get(row.id, ())}


def look(unit: Unit, scope: Scope, query: Query, now: datetime, zone: ZoneInfo, most: int) -> Look:
    """The first page of a query, what is due soonest first."""
    page = found.answer(unit, scope, query, now, zone, most=most)
    here: dict[int, tuple[str, ...]] = {}
    for one in presence.here(unit, now) if scope.notes else ():
        here[one.conversation] = (*here.get(one.conversation, ()), one.name)
    return Look(page.rows, here, page.count, page.bad)


def changes(before: Mapping[str, Told], after: Mapping[str, Told]) -> Iterator[Told]:
    """What is there now, what is another than it was, and what is gone."""
    for reference, told in after.items():
        if reference not in before:
            yield {"change": "there", **told}
        elif before[reference] != told:
            yield {"change": "changed", **told}
    for reference in before:
        if reference not in after:
            yield {"change": "gone", "reference": reference}


def table(context: Context, seen: Look, now: datetime, width: int) -> Table:
    """The look as people see it; what strangers wrote stands isolated, so that no cell turns its neighbours around."""
    columns: tuple[str, ...] = ("left", "reference", "contact", "subject", "state")
    columns = (*columns, "channel", "assignee", "here") if width >= WIDE else columns
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(Text(context.say(f"cli.column.{column}")), no_wrap=True)
    for row in seen.rows:
        cells = _cells(context, seen, row, now, width)
        made.add_row(*(cells[column] for column in columns), style="bold" if row.unread else "")
    return made


def _cells(context: Context, seen: Look, row: Row, now: datetime, width: int) -> Mapping[str, Text]:
    return {
        "left": _left(context, row.due_at, now),
        "reference": Text(row.reference),
        "contact": _foreign(row.contact, NAME),
        "subject": _foreign(row.subject or row.excerpt, max(NAME, min(60, width - 100))),
        "state": Text(context.say(f"state.{row.state.value}")),
        "channel": _foreign(row.channel, NAME),
        "assignee": _foreign(row.assignee, NAME),
        "here": _foreign(", ".join(seen.here.get(row.id, ())), NAME),
    }


def _left(context: Context, due: datetime | None, now: datetime) -> Text:
    if due is None:
        return Text("-")
    seconds = (due - now).total_seconds()
    span = duration(seconds, context.language)
    if seconds < 0:
        return Text(context.say("web.late", span=span), style="bold red")
    return Text(span, style="yellow" if seconds < SOON else "")


def _foreign(said: str, most: int) -> Text:
    """Cut here and not by the table: a cut behind the opening mark would lose the closing one."""
    line = clean_header(said)
    if not line:
        return Text("-")
    cut = line
    while cell_len(cut) > most - 1:
        cut = cut[:-1]
    return Text(isolate(line if cell_len(line) <= most else f"{cut}…"))
