"""What repeats every year: the dates of a yearly RRULE (RFC 5545, section 3.3.10), counted out in bounds of our own."""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"}


class NotYearly(ValueError):
    """The rule says something that is not read here; the text names it."""


@dataclass(frozen=True, slots=True)
class Yearly:
    """A yearly rule. `weekdays`: (which one, 0 for each; 0 is Monday); an empty part says nothing."""

    interval: int = 1
    count: int | None = None
    until: date | None = None
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[tuple[int, int], ...] = ()

    def dates(self, first: date, years: range) -> Iterator[date]:
        """The dates from `first` on that lie in these years; `first` is one of them, whatever the rule says."""
        left = self.count
        skipped = 0 if left is not None else max(0, years.start - first.year) // self.interval
        if first.year in years:
            yield first
        left = None if left is None else left - 1
        for year in range(first.year + skipped * self.interval, years.stop, self.interval):
            for day in self._of_year(first, year):
                if day <= first:
                    continue
                if (left is not None and left <= 0) or (self.until is not None and day > self.until):
                    return
                left = None if left is None else left - 1
                if year in years:
                    yield day

    def _of_year(self, first: date, year: int) -> list[date]:
        months = self.months or range(1, 13)
        if self.month_days:
            found = [day for month in months for number in self.month_days for day in _numbered(year, month, number)]
            wanted = {weekday for _, weekday in self.weekdays} or set(range(7))
            return sorted({day for day in found if day.weekday() in wanted})
        if self.weekdays:
            whole = [(date(year, 1, 1), date(year, 12, 31))]
            stretches = [_month(year, month) for month in self.months] if self.months else whole
            return sorted({day for stretch in stretches for day in _weekdays(*stretch, self.weekdays)})
        return [day for month in self.months or (first.month,) for day in _numbered(year, month, first.day)]


def read(parts: Mapping[str, Sequence[object]]) -> Yearly:
    """The rule of an RRULE's parts. Raises NotYearly."""
    known = {str(name).upper(): [str(one).upper() for one in values] for name, values in parts.items()}
    if strange := sorted(known.keys() - _KNOWN):
        raise NotYearly(", ".join(strange))
    if known.get("FREQ") != ["YEARLY"]:
        raise NotYearly(f"FREQ={','.join(known.get('FREQ', ['-']))}")
    return Yearly(
        interval=_numbers(known, "INTERVAL", 1, 100)[0] if "INTERVAL" in known else 1,
        count=_numbers(known, "COUNT", 1, 1_000)[0] if "COUNT" in known else None,
        until=_until(parts),
        months=tuple(_numbers(known, "BYMONTH", 1, 12)),
        month_days=tuple(_numbers(known, "BYMONTHDAY", -31, 31)),
        weekdays=tuple(_weekday(one) for one in known.get("BYDAY", ())),
    )


def _numbers(known: Mapping[str, Sequence[str]], name: str, least: int, most: int) -> list[int]:
    found = []
    for text in known.get(name, ()):
        if not re.fullmatch(r"[+-]?\d{1,5}", text, re.ASCII) or not least <= int(text) <= most or not int(text):
            raise NotYearly(f"{name}={text}")
        found.append(int(text))
    return found


def _until(parts: Mapping[str, Sequence[object]]) -> date | None:
    for name, values in parts.items():
        if str(name).upper() == "UNTIL":
            last = values[0] if values else None
            if isinstance(last, datetime):
                return last.date()
            if isinstance(last, date):
                return last
            raise NotYearly(f"UNTIL={last}")
    return None


def _weekday(text: str) -> tuple[int, int]:
    found = _DAY.fullmatch(text)
    if found is None or abs(int(found[1] or 0)) > 53:
        raise NotYearly(f"BYDAY={text}")
    return int(found[1] or 0), WEEKDAYS.index(found[2])


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _numbered(year: int, month: int, number: int) -> list[date]:
    """The day of a month by its number, from the end where that is negative; none where the month is too short."""
    length = monthrange(year, month)[1]
    day = number if number > 0 else length + 1 + number
    return [date(year, month, day)] if 1 <= day <= length else []


def _weekdays(first: date, last: date, wanted: Sequence[tuple[int, int]]) -> Iterator[date]:
    for which, weekday in wanted:
        start = first + timedelta(days=(weekday - first.weekday()) % 7)
        days = [start + timedelta(days=n) for n in range(0, (last - start).days + 1, 7)]
        if not which:
            yield from days
        elif abs(which) <= len(days):
            yield days[which - 1 if which > 0 else which]
