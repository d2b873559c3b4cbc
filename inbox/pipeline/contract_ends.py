"""The end of contracts: some while before it a conversation with their contact begins, so that somebody sees to it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.domain.contracts import Contract
from inbox.pipeline.occasion import Occasion, begin
from inbox.pipeline.playbook import Playbook
from inbox.store import contracts
from inbox.store.unit import Unit
from inbox.text.dates import day_of


def tell_of_end(unit: Unit, playbook: Playbook, now: datetime) -> int:
    """A conversation with its contact begins for each contract that ends soon; of how many it was told."""
    found = contracts.due(unit, now)
    for contract in found:
        last = contract.until
        if last is not None and last >= playbook.day(now):
            said = _words(contract, playbook)
            begin(unit, Occasion(contract.contact, "contract", contract.id, contract.name, last, *said), playbook, now)
        contracts.warn(unit, contract.id, next_warning(contract, playbook, now))
    return len(found)


def next_warning(contract: Contract, playbook: Playbook, now: datetime) -> datetime | None:
    """When it is told next that it ends: at the beginning of a day where we are; None: no more."""
    if contract.until is None:
        return None
    zone = ZoneInfo(playbook.zone)
    days = (contract.until - before for before in playbook.contracts.warn_before)
    instants = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in days)
    return min((at for at in instants if at > now), default=None)


def _words(contract: Contract, playbook: Playbook) -> tuple[str, str]:
    assert contract.until is not None
    told = {"name": contract.name, "day": day_of(contract.until, playbook.language)}
    say = playbook.wording.say
    return say(playbook.language, "contract.ends.subject", **told), say(playbook.language, "contract.ends.note", **told)
