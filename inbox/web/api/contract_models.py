"""What the API answers about contracts and their statements."""

from typing import Any, Literal

from inbox.web.api.models import Answer, Number


class Contract(Answer):
    """What was agreed with a contact or an organization. Days are ISO 8601, amounts texts; `agreed`: the terms, as docs/contracts.md
    tells them."""

    id: Number
    name: str
    contact: int
    organization: int | None
    tier: str
    agreed: dict[str, Any]
    first: str
    last: str | None
    ended: str | None
    period: Literal["month", "quarter", "year"]
    almanac: Literal["gregorian", "jalali"]
    pays: str
    currency: str
    send_to: Literal["", "leads", "contact"]
    follows: int | None


class Contracts(Answer):
    """One page of contracts, the latest made first."""

    items: list[Contract]
    next: str | None


class StatementLine(Answer):
    """One clock that was due in the period."""

    reference: str
    metric: str
    cycle: int
    priority: str
    started_at: str
    due_at: str
    stopped_at: str | None
    late_seconds: int
    verdict: Literal["met", "missed", "excused", "withdrawn", "open"]
    reason: str
    takes: str


class StatementCount(Answer):
    """A count that was passed: `step` is its place among the counts that were agreed on, from 0."""

    step: int
    since: str
    last: str
    count: int
    takes: str


class StatementQuota(Answer):
    """Requests in a stretch of the quota; `here`: in the period itself."""

    since: str
    last: str
    agreed: int
    used: int
    here: int
    over: int


class Days(Answer):
    """From a day to a day."""

    since: str
    last: str


class Statement(Answer):
    """What was promised in a period, met, missed and excused, and what it takes off the payment of the period `off`; null: no period
    follows. Not issued yet: as things stand."""

    contract: str
    number: Number
    since: str
    last: str
    judged_at: str
    issued_at: str | None
    currency: str
    payment: str
    sum: str
    most: str
    cost: str
    off: Days | None
    base: str
    verdicts: dict[str, int]
    quota: list[StatementQuota]
    lines: list[StatementLine]
    counts: list[StatementCount]
