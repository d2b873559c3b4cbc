"""A contract for programs: its days, its terms and what it pays, as JSON; amounts are text, so that no digit is lost."""

from typing import Any

from pydantic import TypeAdapter

from inbox.domain.contracts import Agreed, Contract

_AGREED = TypeAdapter(Agreed)


def agreed_document(agreed: Agreed) -> dict[str, Any]:
    """The terms."""
    found: dict[str, Any] = _AGREED.dump_python(agreed, mode="json")
    return found


def document(contract: Contract) -> dict[str, Any]:
    """All of it."""
    return {
        "name": contract.name,
        "contact": contract.contact,
        "organization": contract.organization,
        "tier": contract.tier,
        "agreed": agreed_document(contract.agreed),
        "first": contract.first.isoformat(),
        "last": contract.last.isoformat() if contract.last else None,
        "ended": contract.ended.isoformat() if contract.ended else None,
        "period": contract.period.value,
        "almanac": contract.almanac,
        "pays": str(contract.pays),
        "currency": contract.currency,
        "send_to": contract.send_to,
        "follows": contract.follows,
    }
