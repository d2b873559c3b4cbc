"""Who can be reached: an address that has shut us out, and one that lets us in again."""

from datetime import datetime

from inbox.domain.arrivals import Judged, Verdict
from inbox.domain.deliveries import DeliveryState
from inbox.domain.happenings import InboundMessage, Reachability
from inbox.domain.people import Identity
from inbox.domain.problems import Problem
from inbox.pipeline.outcome import settle, stored
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.store import deliveries, people
from inbox.store.deliveries import Outcome
from inbox.store.unit import Unit


def heard(unit: Unit, identity: Identity, said: InboundMessage) -> None:
    """Whoever writes to us from an address can be reached there again, unless it may be somebody else who writes."""
    if identity.unreachable not in ("", people.MOVED) and said.authentication != "fail":
        people.set_unreachable(unit, identity.kind, identity.address, "")


def reach(unit: Unit, said: Reachability, speaker: Speaker, playbook: Playbook, now: datetime) -> Judged:
    """Remembered with the address. What waits to go to one that cannot be reached has failed, where people see it; when
    it can be reached again, nothing goes by itself: a person decides whether it still needs saying."""
    if people.known(unit, speaker.kind, said.address) is None:
        return Judged(Verdict.IGNORED, "ignored.reachability_of_nobody")
    people.set_unreachable(unit, speaker.kind, said.address, "" if said.reachable else said.reason or "unreachable")
    if not said.reachable:
        error = stored(Problem("delivery.unreachable", address=said.address, channel=speaker.name))
        for d in deliveries.queued_to(unit, speaker.name, said.address):
            settle(unit, d, Outcome(DeliveryState.FAILED, error), playbook, now)
    return Judged(Verdict.ACCEPTED, "reachability")
