"""Pictures of reports as paths on a plane of fixed size, drawn by the page: no script, no style, no word inside.

Time runs from left to right here; the page turns the whole picture where it is read from the right. What tells one series from
another is never its colour alone: areas have patterns, lines have dashes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10

from inbox.pipeline.reports_shape import Cell, ReportTable

WIDTH, HEIGHT = 720, 180
LOOKS = 7
"""So many series look different; what there is more of is drawn together as the last."""
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_ROUND = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 20, 24, 30, 36, 40, 48, 50, 60, 90, 120)
_GAP = 0.24
"""The share of a step that stays empty."""


@dataclass(frozen=True, slots=True)
class Shape:
    """`look` counts from 1; `area` is filled, else it is a line."""

    look: int
    path: str
    area: bool = True


@dataclass(frozen=True, slots=True)
class Series:
    """What one look stands for: the name of a column, or of what was counted."""

    look: int
    name: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes over an axis; `top` is what the full height stands for, of the kind of the columns that are drawn."""

    kind: str
    shapes: tuple[Shape, ...]
    series: tuple[Series, ...]
    along: tuple[Cell, ...]
    top: float
    of: str
    target: float | None = None
    """The height of a line across, as a share of the whole."""


def picture(table: ReportTable) -> Picture | None:
    """The one that suits the table; None where it has none, or nothing to show. Bars and heatmaps are drawn in the cells."""
    values = _values(table)
    if not any(one for _, cells in values for one in cells):
        return None
    of = _kind(table)
    match table.chart:
        case "paired" | "histogram":
            top = _top(values, of)
            return _made(table, values, _paired(values, top), top)
        case "stacked":
            return _band(table, values) if len(table.rows) == 1 else _stacked(table)
        case "lines":
            top = 1.0 if of == "share" else _top(values, of)
            return _made(table, values, _lines(values, top), top)
        case "bullet":
            return _bullet(table)
        case _:
            return None


def bar(value: Cell, top: float) -> float:
    """How much of the width of its cell a bar takes, 0 to 100."""
    return round(100 * float(value) / top, 1) if isinstance(value, int | float) and top > 0 else 0.0


def heat(value: Cell, top: float) -> int:
    """How dark a cell of a heatmap is, 0 to 5; only nothing is 0."""
    return min(5, ceil(5 * value / top)) if isinstance(value, int | float) and value > 0 and top > 0 else 0


def tops(table: ReportTable) -> dict[int, float]:
    """What a full bar stands for in each column that is drawn as bars: columns of one kind share a scale, shares are of one."""
    drawn = [at for at, column in enumerate(table.columns) if column.name in table.drawn]
    most: dict[str, float] = {}
    for at in drawn:
        numbers = [found for row in table.rows if (found := _number(row[at])) is not None]
        kind = table.columns[at].kind
        most[kind] = 1.0 if kind == "share" else max([most.get(kind, 0.0), *numbers])
    return {at: most[table.columns[at].kind] for at in drawn}


Values = list[tuple[str, list[float | None]]]


def _values(table: ReportTable) -> Values:
    """The columns that are drawn, by name."""
    names = [column.name for column in table.columns]
    return [(name, [_number(row[names.index(name)]) for row in table.rows]) for name in table.drawn if name in names]


def _number(cell: Cell) -> float | None:
    return float(cell) if isinstance(cell, int | float) else None


def _kind(table: ReportTable) -> str:
    return next((column.kind for column in table.columns if column.name in table.drawn), "count")


def _top(values: Values, of: str) -> float:
    return nice(max((one or 0.0 for _, cells in values for one in cells), default=0.0), of)


def nice(most: float, of: str = "count") -> float:
    """The next round number: 1, 2, 3, 4, 5, 6, 8 or 10 of a power of ten; of seconds, of minutes, hours or days."""
    if most <= 0:
        return 1.0
    if of == "seconds":
        unit = next((one for one in (_DAY, _HOUR) if most > 2 * one), _MINUTE)
        return next((unit * n for n in _ROUND if unit * n >= most), _DAY * nice(most / _DAY))
    power = 10.0 ** floor(log10(most))
    return next(step * power for step in (1, 2, 3, 4, 5, 6, 8, 10) if step * power >= most)


def _made(table: ReportTable, values: Values, shapes: Iterator[Shape], top: float) -> Picture:
    series = tuple(Series(at, name) for at, (name, _) in enumerate(values, 1))
    along = tuple(row[0] for row in table.rows)
    return Picture(table.chart, tuple(shapes), series, along, top, _kind(table))


def _paired(values: Values, top: float) -> Iterator[Shape]:
    """Bars side by side for each row; one path a series."""
    rows = len(values[0][1])
    step = WIDTH / max(1, rows)
    width = step * (1 - _GAP) / len(values)
    for at, (_, cells) in enumerate(values):
        left = step * _GAP / 2 + at * width
        path = "".join(_box(n * step + left, 0, width, HEIGHT * one / top) for n, one in enumerate(cells) if one)
        if path:
            yield Shape(at + 1, path)


def _lines(values: Values, top: float) -> Iterator[Shape]:
    """A line a series, broken where there is no number; a number alone is a dot."""
    for at, (_, cells) in enumerate(values):
        step = WIDTH / max(1, len(cells))
        path, drawing = "", False
        for n, one in enumerate(cells):
            if one is not None:
                x, y = n * step + step / 2, HEIGHT - HEIGHT * min(one, top) / top
                path += f"{'L' if drawing else 'M'}{x:.1f} {y:.1f}" + ("" if drawing else "h0")
            drawing = one is not None
        if path:
            yield Shape(at + 1, path, area=False)


def _stacked(table: ReportTable) -> Picture:
    """Bars on one another: a column a series, or, where each row names its series, the names."""
    along, values = _by_names(table) if len(table.drawn) == 1 else (tuple(r[0] for r in table.rows), _values(table))
    values = _few(values)
    heights = [sum(cells[n] or 0.0 for _, cells in values) for n in range(len(along))]
    top, step = nice(max(heights, default=0.0), _kind(table)), WIDTH / max(1, len(along))
    under, shapes = [0.0] * len(along), list[Shape]()
    for at, (_, cells) in enumerate(values, 1):
        path = ""
        for n, one in enumerate(cells):
            if one:
                path += _box(n * step + step * _GAP / 2, HEIGHT * under[n] / top, step * (1 - _GAP), HEIGHT * one / top)
                under[n] += one
        if path:
            shapes.append(Shape(at, path))
    series = tuple(Series(at, name) for at, (name, _) in enumerate(values, 1))
    return Picture("stacked", tuple(shapes), series, along, top, _kind(table))


def _band(table: ReportTable, values: Values) -> Picture:
    """One row: its parts beside one another, along the whole."""
    whole, x, shapes = sum(cells[0] or 0.0 for _, cells in values), 0.0, list[Shape]()
    for at, (_, cells) in enumerate(values, 1):
        width = WIDTH * (cells[0] or 0.0) / whole
        if width:
            shapes.append(Shape(at, _box(x, HEIGHT * 0.3, width, HEIGHT * 0.4)))
        x += width
    series = tuple(Series(at, name) for at, (name, _) in enumerate(values, 1))
    return Picture("band", tuple(shapes), series, (), whole, _kind(table))


def _by_names(table: ReportTable) -> tuple[tuple[Cell, ...], Values]:
    """Rows of (along, name, number) as a series for each name."""
    along = tuple(dict.fromkeys(row[0] for row in table.rows))
    found: dict[str, list[float | None]] = {}
    place = {one: at for at, one in enumerate(along)}
    for first, name, number, *_ in table.rows:
        found.setdefault(str(name), [None] * len(along))[place[first]] = _number(number)
    return along, list(found.items())


def _few(values: Values) -> Values:
    """At most as many as look different; the smallest of more are drawn together, under no name."""
    if len(values) <= LOOKS:
        return values
    most = sorted(values, key=lambda one: -sum(cell or 0.0 for cell in one[1]))
    kept = {name for name, _ in most[: LOOKS - 1]}
    rest = [cells for name, cells in values if name not in kept]
    return [one for one in values if one[0] in kept] + [
        ("", [sum(c or 0.0 for c in n) for n in zip(*rest, strict=True)])
    ]


def _bullet(table: ReportTable) -> Picture:
    """One share as a bar along the whole, with the interval in which the true one lies, and a mark at what is aimed at."""
    names = [column.name for column in table.columns]
    cells: dict[str, Cell] = dict(zip(names, table.rows[0], strict=True))
    rate = _number(cells[table.drawn[0]]) or 0.0
    shapes = [Shape(1, _box(0, HEIGHT * 0.3, WIDTH * rate, HEIGHT * 0.4))]
    low, high = _number(cells.get("low")), _number(cells.get("high"))
    if low is not None and high is not None:
        middle, half = HEIGHT / 2, HEIGHT * 0.08
        ends = "".join(f"M{WIDTH * one:.1f} {middle - half:.1f}V{middle + half:.1f}" for one in (low, high))
        shapes.append(Shape(2, f"M{WIDTH * low:.1f} {middle:.1f}H{WIDTH * high:.1f}{ends}", area=False))
    series = (Series(1, table.drawn[0]),)
    return Picture("bullet", tuple(shapes), series, (), 1.0, "share", table.target)


def _box(x: float, bottom: float, width: float, height: float) -> str:
    """A rectangle that stands so high above the axis."""
    return f"M{x:.1f} {HEIGHT - bottom - height:.1f}h{width:.1f}v{height:.1f}h{-width:.1f}z"


def marks(along: Sequence[Cell]) -> list[Cell]:
    """What is said below the axis: the first, the middle one where there are several, the last."""
    if len(along) < 3:
        return list(along)
    return [along[0], along[len(along) // 2], along[-1]]


def is_time(along: Sequence[Cell]) -> bool:
    """Whether the axis is one of days."""
    return bool(along) and isinstance(along[0], date)
