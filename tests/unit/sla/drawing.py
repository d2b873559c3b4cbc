"""What the sla tests draw from: hours of every shape, instants near zone changes, and the slow oracle they are held to."""

from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from inbox.sla.hours import DAY_MINUTES, Holiday, Hours, Span

MINUTE = timedelta(minutes=1)
ZONES = resources.files("tzdata").joinpath("zones").read_text().split()
RESTLESS = [
    "Europe/Paris",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Africa/Casablanca",  # four changes a year
    "Asia/Tehran",
    "America/Sao_Paulo",  # its gap was at midnight
    "Pacific/Apia",  # skipped a whole day in 2011
    "America/St_Johns",
    "Asia/Kathmandu",
]


def working_week() -> Hours:
    """Saturday to Wednesday 8:30 to 17:00, Thursday until 13:00, in Tehran; one holiday, one estimated, one half day."""
    long, short = (Span(510, 1020),), (Span(510, 780),)
    return Hours(
        name="support",
        zone="Asia/Tehran",
        week=(long, long, long, short, (), long, long),
        holidays={
            date(2026, 11, 23): Holiday("founding day"),
            date(2026, 12, 6): Holiday("half day", spans=(Span(510, 720),)),
            date(2026, 12, 16): Holiday("moon day", estimated=True),
        },
        closures={date(2026, 12, 1): "air pollution"},
    )


def round_the_clock(zone: str = "Asia/Tehran") -> Hours:
    """24x7."""
    return Hours(name="always", zone=zone, always=True)


@st.composite
def day_spans(draw: st.DrawFn) -> tuple[Span, ...]:
    """None to three spans of a day that do not overlap; the last may run past midnight."""
    edges = sorted(draw(st.sets(st.integers(0, 47), min_size=0, max_size=6)))
    over_midnight = draw(st.integers(0, 2 * DAY_MINUTES))
    pairs = [Span(a * 30, b * 30) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    if pairs and 0 < over_midnight <= DAY_MINUTES:
        pairs[-1] = Span(pairs[-1].start, pairs[-1].start + over_midnight)
    return tuple(pairs)


@st.composite
def hours(draw: st.DrawFn, around: date) -> Hours:
    """Hours with at least one long span a week, in any zone, and exceptions near a day."""
    week = [draw(day_spans()) for _ in range(7)]
    week[draw(st.integers(0, 6))] = (Span(draw(st.integers(0, 600)), draw(st.integers(700, 1800))),)
    near = st.integers(-3, 5).map(lambda n: around + timedelta(days=n))
    return Hours(
        name="drawn",
        zone=draw(st.sampled_from(RESTLESS) | st.sampled_from(ZONES)),
        week=tuple(week),
        holidays=draw(st.dictionaries(near, st.builds(Holiday, st.just("day off"), st.booleans(), day_spans()))),
        closures=draw(st.dictionaries(near, st.just("closed"), max_size=2)),
    )


@st.composite
def places(draw: st.DrawFn) -> tuple[Hours, datetime]:
    """Hours and a whole-minute UTC instant near them, as often as not within a day of a zone change."""
    day = draw(st.dates(date(1990, 1, 3), date(2045, 12, 28)))
    drawn = draw(hours(day))
    if draw(st.booleans()) and (found := changes(drawn.zone, day.year)):
        day = draw(st.sampled_from(found)) - timedelta(days=draw(st.integers(0, 2)))
    return drawn, datetime.combine(day, time.min, UTC) + draw(st.integers(0, DAY_MINUTES)) * MINUTE


def changes(zone: str, year: int) -> list[date]:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    offset = [datetime.combine(day, time.min, UTC).astimezone(ZoneInfo(zone)).utcoffset() for day in days]
    return [day for day, a, b in zip(days, offset, offset[1:], strict=False) if a != b]


class Oracle:
    """Working time by looking at the wall clock every minute."""

    def __init__(self, hours: Hours) -> None:
        self.hours, self.zone = hours, ZoneInfo(hours.zone)

    def is_open(self, minute: datetime) -> bool:
        """Whether the wall clock then reads a time within a span of today, or of yesterday past midnight."""
        wall = minute.astimezone(self.zone).replace(tzinfo=None)
        read = wall.hour * 60 + wall.minute + wall.second / 60
        today, before = self.hours.spans(wall.date()), self.hours.spans(wall.date() - timedelta(days=1))
        return any(s.start <= read < s.end for s in today) or any(s.start <= read + DAY_MINUTES < s.end for s in before)

    def add(self, start: datetime, minutes: int, limit: int = 12 * DAY_MINUTES) -> datetime | None:
        """The end of the last of so many open minutes, or None when `limit` minutes do not hold them."""
        at = start
        for _ in range(limit):
            if self.is_open(at):
                minutes -= 1
            at += MINUTE
            if minutes == 0:
                return at
        return None

    def between(self, a: datetime, b: datetime) -> timedelta:
        """The open minutes from `a` to `b`."""
        minutes = int((b - a) / MINUTE)
        return sum((MINUTE for n in range(minutes) if self.is_open(a + n * MINUTE)), timedelta())
