"""What contracts bring about in a conversation, as events: it comes under one, its quota is used up, a date comes near, a miss is
excused."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from inbox.domain.ids import ContractId


@dataclass(frozen=True, slots=True)
class ContractSet:
    """The contract under which the conversation stands, that was in force when it began; None: none. `request`: it counts for the
    quota."""

    kind: Literal["contract_set"]
    contract: ContractId | None
    name: str = ""
    request: bool = False


@dataclass(frozen=True, slots=True)
class QuotaUsed:
    """With this request so many of those that were agreed on are used in the span that runs."""

    kind: Literal["quota_used"]
    contract: ContractId
    used: int
    agreed: int


@dataclass(frozen=True, slots=True)
class Expiring:
    """A date comes near: the last day of a contract, or of what was agreed for an asset (its warranty, its service). `id` is the
    contract's or the asset's, `name` what people call it."""

    kind: Literal["expiring"]
    what: Literal["contract", "warranty", "service"]
    id: int
    name: str
    on: date


@dataclass(frozen=True, slots=True)
class Excused:
    """A clock (`metric` and `cycle`) that was missed is not held against us in a statement, for a reason that somebody gave; `metric`
    empty: nothing of this conversation is. `undone`: it is again."""

    kind: Literal["excused"]
    reason: str
    metric: str = ""
    cycle: int = 0
    undone: bool = False
