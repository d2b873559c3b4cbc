"""Coming under a contract: what is in force for whoever writes decides by which clocks, and counts the request for its quota."""

from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.domain.contracts import Contract, Quota
from inbox.domain.events import ContractSet, PolicySet, QuotaUsed, Received
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.turn import Turn
from inbox.rulebook.facts import ContractFacts
from inbox.sla.periods import Period, period_of
from inbox.store import contracts, events


def come_under(turn: Turn, playbook: Playbook, *, request: bool = False) -> None:
    """The contract that was in force when the conversation began, on its channel, for who it is with now. `request`: the customer
    begins it now. Nothing is told where it stands under that one already."""
    now_is = _holds(turn, playbook)
    if (now_is.id if now_is else None) == turn.conversation.contract:
        return
    counts = request or turn.conversation.request or _asked(turn)
    turn.tell(ContractSet("contract_set", now_is.id if now_is else None, now_is.name if now_is else "", counts))
    policy = now_is.agreed.clocked_by if now_is else _usual(turn, playbook)
    if policy != turn.conversation.policy:
        turn.tell(PolicySet("policy_set", policy))
    if now_is is not None and counts:
        _count(turn, now_is, playbook)


def facts(turn: Turn, playbook: Playbook) -> ContractFacts:
    """The contract as rules see it; empty where there is none."""
    id = turn.conversation.contract
    if id is None:
        return ContractFacts()
    contract = contracts.one(turn.unit, id)
    quota = contract.agreed.quota
    share = 0.0 if quota is None else _used(turn, contract, quota, playbook) / quota.requests
    return ContractFacts(contract.name, contract.tier, share)


def _holds(turn: Turn, playbook: Playbook) -> Contract | None:
    matter = turn.conversation
    if matter.history:
        return None
    day = playbook.day(matter.opened_at or turn.now)
    found = contracts.of_customer(turn.unit, matter.contact, matter.organization, day)
    return next((one for one in found if one.covers(matter.channel)), None)


def _asked(turn: Turn) -> bool:
    """Whether it began by a customer who wrote, and by no machine: where it comes under its first contract later."""
    if turn.before.version == 0 or turn.conversation.contract is not None:
        return False
    log = events.of(turn.unit, turn.conversation.id)
    first = next((one.payload for one in log if isinstance(one.payload, Received)), None)
    return log[0].actor.kind == "contact" and first is not None and first.automatic is None


def _usual(turn: Turn, playbook: Playbook) -> str:
    speaker = playbook.channels.get(turn.conversation.channel)
    return speaker.policy if speaker else ""


def _count(turn: Turn, contract: Contract, playbook: Playbook) -> None:
    """Rules are told when a share is reached, and of each request beyond what was agreed."""
    quota = contract.agreed.quota
    if quota is None:
        return
    used = _used(turn, contract, quota, playbook)
    crossed = any((used - 1) / quota.requests < share <= used / quota.requests for share in playbook.contracts.quota_at)
    if crossed or used > quota.requests:
        turn.tell(QuotaUsed("quota_used", contract.id, used, quota.requests))


def _used(turn: Turn, contract: Contract, quota: Quota, playbook: Playbook) -> int:
    """Requests of the stretch in which this one began, with this one, whose row may not say so yet."""
    began = turn.conversation.opened_at or turn.now
    span = instants(period_of(contract.first, playbook.day(began), quota.per, contract.almanac), playbook.zone)
    stored = contracts.used(turn.unit, contract.id, *span)
    same = turn.before.contract == contract.id and turn.before.request
    return stored + (1 if turn.conversation.request and not same else 0)


def instants(period: Period, zone: str) -> tuple[datetime, datetime]:
    """From which instant until before which a period of days lasts, where we are."""
    since, until = (
        datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) for day in (period.since, period.until)
    )
    return since, until
