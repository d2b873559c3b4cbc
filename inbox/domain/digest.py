"""The letter of the day: the hour at which an agent wants to be told by one letter what else many would tell them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Digest:
    """A letter a day, at a local time of a zone."""

    at: time = time(8)
    zone: str = "UTC"

    def day(self, now: datetime) -> date:
        """The local day of an instant."""
        return now.astimezone(ZoneInfo(self.zone)).date()

    def moment(self, day: date) -> datetime:
        """The UTC instant of that day's letter: of an hour that comes twice the first, and one that is skipped as much later."""
        return datetime.combine(day, self.at, ZoneInfo(self.zone)).astimezone(UTC)

    def next(self, told: date | None, now: datetime) -> datetime:
        """When the next letter is due, `told` being the last day that had its own. What has passed is due at once, and of several
        days that have passed only the present one is."""
        today = self.day(now)
        return self.moment(today if told is None or told < today else told + timedelta(days=1))

    def due(self, told: date | None, now: datetime) -> date | None:
        """The day whose letter is due; None where it had one, or its hour has not come."""
        today = self.day(now)
        return today if (told is None or told < today) and self.moment(today) <= now else None
