"""Assets in and out as a table: one a row, found by its code; what is new is made, what is better known is changed, nothing is removed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from inbox.domain.assets import Asset
from inbox.domain.ids import AssetId
from inbox.domain.problems import Problem
from inbox.domain.scope import Scope
from inbox.pipeline import assets as verbs
from inbox.pipeline import table_intake
from inbox.pipeline.assets_written import FIELDS, Reading, read, written
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.table_intake import Head, Line, Rehearsed, What
from inbox.store import assets, assets_found
from inbox.store.assets import By
from inbox.store.assets_found import Sought
from inbox.store.unit import Unit
from inbox.text import spreadsheets
from inbox.text.codes import code

COLUMNS = (*FIELDS, "retired")
HEADS: Mapping[str, tuple[str, ...]] = {
    "en": COLUMNS,
    "fa": (
        "سریال",
        "محصول",
        "مدل",
        "مالک",
        "سازمان",
        "تاریخ خرید",
        "پایان گارانتی",
        "شرایط گارانتی",
        "پایان خدمات",
        "شرایط خدمات",
        "یادداشت",
        "بازنشسته",
    ),
}
"""The head of the table in each language; both are read."""
TABLE = Head(COLUMNS, HEADS, ("serial",), "assets.bad_head")
NOTHING = "-"
"""A cell with this alone says that there is none; an empty one says nothing."""
_YES, _NO = ("yes", "بله"), ("no", "خیر")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row, or would; `why`: what is wrong with one that was refused."""

    number: int
    what: What
    serial: str
    asset: AssetId | None = None
    why: Problem | None = None


# -- out ---------------------------------------------------------------------------------------------------------------
def every(unit: Unit, scope: Scope, language: str) -> list[tuple[str, ...]]:
    """The rows of all assets that a scope sees."""
    found: list[tuple[str, ...]] = []
    last = 0
    while page := assets_found.listing(unit, scope, Sought(), last, 500):
        found += [_row(unit, one.asset, language) for one in page]
        last = page[-1].asset.id
    return found


def table(rows: Iterable[Sequence[str]], language: str) -> str:
    """The file."""
    return spreadsheets.written(TABLE.of(language), rows)


def _row(unit: Unit, asset: Asset, language: str) -> tuple[str, ...]:
    cells = written(unit, asset, language)
    yes = _YES[language == "fa"] if asset.retired_at is not None else ""
    return (*(cells[name] for name in FIELDS), yes)


# -- in ----------------------------------------------------------------------------------------------------------------
def lines(content: bytes) -> list[Line]:
    """The rows of a file. Raises Problem where it is no table of assets, or too large a one."""
    return table_intake.lines(content, TABLE)


@dataclass(frozen=True, slots=True)
class Intake:
    """How a file is taken in, and for whom."""

    playbook: Playbook
    by: By
    scope: Scope

    def firsts(self, rows: Sequence[Line]) -> Mapping[str, int]:
        """In which row each code stands first."""
        return firsts(rows)

    def take(
        self, unit: Unit, rows: Sequence[Line], earlier: Mapping[str, int], now: datetime, *, rehearse: bool
    ) -> list[Outcome]:
        """What became of these rows; `earlier`: of `firsts`. Raises Rehearsed where they were only tried."""
        known = assets.coded(unit, [found for row in rows if (found := _code(row))])
        outcomes = [self._one(unit, row, known, earlier, now) for row in rows]
        if rehearse:
            raise Rehearsed(outcomes)
        return outcomes

    def _one(
        self, unit: Unit, row: Line, known: Mapping[str, Asset], earlier: Mapping[str, int], now: datetime
    ) -> Outcome:
        serial = row.cells.get("serial", "").strip()[:60]
        try:
            if _code(row) and earlier[_code(row)] != row.number:
                raise Problem("assets.twice", serial=serial, row=earlier[_code(row)])
            with unit.attempted():  # an owner who was made for a row that is refused then is not made
                return self._taken(unit, row, serial, known.get(_code(row)), now)
        except Problem as why:
            return Outcome(row.number, "refused", serial, why=why)

    def _taken(self, unit: Unit, row: Line, serial: str, was: Asset | None, now: datetime) -> Outcome:
        if was is not None and assets_found.one(unit, self.scope, was.id) is None:
            raise Problem("assets.taken", serial=serial, asset="-")
        given = {name: "" if cell.strip() == NOTHING else cell for name, cell in row.cells.items() if cell.strip()}
        about = read(unit, given, was.about if was else None, Reading(self.playbook, self.scope, now))
        if was is None:
            asset = verbs.add(unit, about, self.by, self.playbook, now)
            self._retire(unit, asset, row, now)
            return Outcome(row.number, "new", serial, asset.id)
        changed = verbs.change(unit, was, about, self.by, self.playbook, now)
        retired = self._retire(unit, Asset(was.id, was.code, about, was.retired_at), row, now)
        return Outcome(row.number, "changed" if changed or retired else "same", serial, was.id)

    def _retire(self, unit: Unit, asset: Asset, row: Line, now: datetime) -> bool:
        word = row.cells.get("retired", "").strip().lower()
        if not word:
            return False
        if word not in (*_YES, *_NO, NOTHING):
            raise Problem("assets.bad_retired", value=word[:60])
        return verbs.retire(unit, asset, self.by, self.playbook, now, back=word not in _YES)


def firsts(rows: Sequence[Line]) -> dict[str, int]:
    """In which row each code stands first: two rows of one file do not share one."""
    return table_intake.firsts(rows, lambda row: (_code(row),))


def _code(row: Line) -> str:
    return code(row.cells.get("serial", ""))
