"""The lead's board as tables, the same for the page, the command line and files: names, instants and numbers, no words."""

from collections.abc import Callable, Mapping, Sequence

from inbox.pipeline.leading import Day, Group, LeadsBoard, Rated, Spread
from inbox.sla.calibration import Kept, wilson
from inbox.store.standing import Due
from inbox.text.tables import Cell, Table


def tables(board: LeadsBoard) -> dict[str, Table]:
    """All of them by name, in the order of the page."""
    return {name: make(board) for name, make in _TABLES.items()}


def _queue(board: LeadsBoard) -> Table:
    rows = ((q.name, q.open, q.unassigned, q.late, q.soon, q.oldest) for q in board.queues)
    return Table(("team", "open", "unassigned", "late", "at_risk", "oldest_waiting_since"), tuple(rows))


def _load(board: LeadsBoard) -> Table:
    rows = ((one.handle, one.open, one.late, one.capacity, one.there, one.away) for one in board.loads)
    return Table(("agent", "open", "late", "capacity", "on_shift", "absent"), tuple(rows))


def _due(which: Callable[[LeadsBoard], Sequence[Due]]) -> Callable[[LeadsBoard], Table]:
    def made(board: LeadsBoard) -> Table:
        rows = ((one.reference, one.subject, one.contact, one.due_at) for one in which(board))
        return Table(("reference", "subject", "contact", "due_at"), tuple(rows))

    return made


def _unanswered(board: LeadsBoard) -> Table:
    rows = ((one.reference, one.subject, one.rule, one.since) for one in board.unanswered)
    return Table(("reference", "subject", "rule", "since"), tuple(rows))


def _channels(board: LeadsBoard) -> Table:
    columns = (
        "channel",
        "kind",
        "state",
        "since",
        "last_success",
        "last_in",
        "last_out",
        "unread",
        "unsent",
        "trouble",
    )
    rows = []
    for one in board.health:
        row = one.row
        instants = (row.state_at, row.last_success_at, one.last_in, one.last_out)
        rows.append((row.name, row.kind, row.state, *instants, one.unread, one.unsent, one.trouble))
    return Table(columns, tuple(rows))


def _promises(board: LeadsBoard) -> Table:
    rows = [("", board.promises), *board.promises_by.items()]
    columns = ("channel", "kept", "late", "withdrawn", "not_due", "n", "rate", "low", "high")
    return Table(columns, tuple(_kept(name, row) for name, row in rows))


def _kept(name: str, row: Kept) -> tuple[Cell, ...]:
    low, high = wilson(row.kept, row.n)
    shares = (None, None, None) if row.rate is None else (round(row.rate, 4), round(low, 4), round(high, 4))
    return (name, row.kept, row.late, row.withdrawn, row.open, row.n, *shares)


def _ratings(board: LeadsBoard) -> Table:
    columns = (
        "survey",
        "by",
        "name",
        "given",
        "satisfied",
        "nps",
        "average",
        "asked",
        "answered",
        "response_rate",
    )
    return Table(columns, tuple(_rated(one) for one in board.ratings))


def _rated(one: Rated) -> tuple[Cell, ...]:
    f = one.figures
    shares = (_rounded(f.satisfied, 4), _rounded(f.nps, 1), _rounded(f.average, 2))
    return (f.survey.value, one.by, one.name, f.n, *shares, f.asked, f.answered, _rounded(f.response, 4))


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _first_reply(board: LeadsBoard) -> Table:
    rows = (("calendar", *_spread(board.calendar)), ("working", *_spread(board.working)))
    return Table(("hours", "n", "p50_seconds", "p90_seconds"), rows)


def _spread(one: Spread) -> tuple[Cell, ...]:
    return (one.n, *(None if value is None else round(value) for value in (one.p50, one.p90)))


def _flow(group: Group) -> Callable[[LeadsBoard], Table]:
    def made(board: LeadsBoard) -> Table:
        rows = (_days_row(day, group, name) for day in board.flow for name in groups(board, group))
        return Table(("day", group, "in", "done"), tuple(rows))

    return made


def _days_row(day: Day, group: Group, name: str) -> tuple[Cell, ...]:
    return (day.on.isoformat(), name, day.came[group, name], day.done[group, name])


def groups(board: LeadsBoard, group: Group) -> list[str]:
    """The teams or channels of which anything came in or was done in the period."""
    return sorted({name for day in board.flow for which, name in (*day.came, *day.done) if which == group})


_TABLES: Mapping[str, Callable[[LeadsBoard], Table]] = {
    "queue": _queue,
    "load": _load,
    "late": _due(lambda board: board.late),
    "at_risk": _due(lambda board: board.soon),
    "unanswered_pages": _unanswered,
    "channels": _channels,
    "promises": _promises,
    "first_reply": _first_reply,
    "ratings": _ratings,
    "teams_by_day": _flow("team"),
    "channels_by_day": _flow("channel"),
}
NAMES = tuple(_TABLES)
