"""Who can be reached: an address that has shut us out, and one that lets us in again."""

from datetime import datetime

from inbox.domain.arrivals import Judged, Verdict
from inbox.domain.happenings import InboundMessage, Reachability
from inbox.domain.people import Identity
from inbox.pipeline.outcome import shut
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.store import people
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
    if said.reachable:
        people.set_unreachable(unit, speaker.kind, said.address, "")
    else:
        shut(unit, speaker, said.address, said.reason or "unreachable", playbook, now)
    return Judged(Verdict.ACCEPTED, "reachability")
