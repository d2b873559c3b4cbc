"""A contract: what was agreed with a contact or an organization: policy, hours, channels, quota, penalties and payment.

The terms of a contract never change: whoever agrees on others ends it and makes one that follows it, so that a statement of a
period that is over stays what it was.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from inbox.domain.ids import ChannelName, ContactId, ContractId, OrganizationId

Almanac = Literal["jalali", "gregorian"]
"""The calendar in which months and years of a contract are counted."""
SendTo = Literal["", "contact", "leads"]
"""To whom its statements are sent; empty: as `[contracts] statements_to` says."""


class Cadence(StrEnum):
    """A stretch of time that contracts are counted by; from the first day of the contract, not from that of a calendar's month."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def months(self) -> int:
        """How many months of the calendar it has."""
        return {"month": 1, "quarter": 3, "year": 12}[self.value]


@dataclass(frozen=True, slots=True)
class Quota:
    """So many requests that customers begin in each such stretch are agreed on."""

    requests: int
    per: Cadence


@dataclass(frozen=True, slots=True)
class Takes:
    """What a step takes off the next payment: a share of it (`percent`) or an `amount` in the contract's currency; one of them.

    The next payment is that of the period which follows, with its share of days; where none follows, the last one's own.
    """

    percent: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LateStep:
    """Each missed clock of one of `metrics` and `priorities` (empty: all) that was late by `later_than` or more takes so much.

    Of several steps that fit one miss the one that takes most counts. `later_than` is a duration as people write it
    ("2 working hours"), counted on the clock's own hours; empty: by any time at all.
    """

    takes: Takes
    metrics: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    later_than: str = ""


@dataclass(frozen=True, slots=True)
class CountStep:
    """The first period of a window (`within`) in which a count passes `more_than` takes so much, once in that window.

    What is counted: conversations that began in the window with the tag `tag`, or, where it is empty, missed clocks of `metrics`
    (empty: all) that were due in it; both of `priorities` (empty: all). Excused ones are not counted. Of several steps of the same
    count each takes what it takes more than the one below it, so that a window pays for the highest that it passed.
    """

    takes: Takes
    more_than: int
    within: Cadence
    tag: str = ""
    metrics: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreed:
    """The terms: what a tier says, or what was agreed on apart from all tiers.

    `policy`: by which clocks are counted; `hours`: on which, instead of those that the policy names; empty: on these. `channels`:
    those that it covers; empty: all. `most`: the largest share (percent) of the payment that they are taken off which the penalties
    of one period may take.
    """

    policy: str
    hours: str = ""
    channels: tuple[str, ...] = ()
    quota: Quota | None = None
    late: tuple[LateStep, ...] = ()
    counted: tuple[CountStep, ...] = ()
    most: Decimal = Decimal(100)

    @property
    def clocked_by(self) -> str:
        """The policy as conversations name it: `vip`, or `vip@always` on hours of the contract's own."""
        return f"{self.policy}@{self.hours}" if self.hours else self.policy


@dataclass(frozen=True, slots=True)
class Tier:
    """A ready set of terms that a site offers, with what customers call it by language."""

    name: str
    titles: tuple[tuple[str, str], ...]
    agreed: Agreed

    def called(self, language: str) -> str:
        """What people read."""
        return dict(self.titles).get(language) or self.name


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract. It holds for `contact`, who is written to about it, or for all of `organization`, where there is one.

    `first` and `last` are its first and last day (None: it has no end); `ended`: the last day of one that was ended before. `pays`
    is due for each `period`. `tier`: the name of that whose terms were taken; empty: none's.
    """

    id: ContractId
    name: str
    contact: ContactId
    organization: OrganizationId | None
    tier: str
    agreed: Agreed
    first: date
    last: date | None
    period: Cadence = Cadence.MONTH
    almanac: Almanac = "gregorian"
    pays: Decimal = Decimal(0)
    currency: str = ""
    ended: date | None = None
    follows: ContractId | None = None
    send_to: SendTo = ""

    @property
    def until(self) -> date | None:
        """Its last day as things stand."""
        return min((day for day in (self.last, self.ended) if day is not None), default=None)

    def in_force(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.first <= day and (self.until is None or day <= self.until)

    def covers(self, channel: ChannelName) -> bool:
        """Whether it holds on a channel."""
        return not self.agreed.channels or channel in self.agreed.channels
