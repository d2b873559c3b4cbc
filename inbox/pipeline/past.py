"""The past: old mail from files, landed and received in one unit, so that nobody else ever sees it without its verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inbox.domain.arrivals import Arrival, Judged, Raw, Verdict
from inbox.domain.happenings import Happening
from inbox.domain.ids import ChannelName
from inbox.domain.problems import Problem
from inbox.pipeline.outcome import stored
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.receive import judge
from inbox.store import arrivals
from inbox.store.arrivals import Landing
from inbox.store.marks import mark
from inbox.store.unit import Unit

KNOWN = Judged(Verdict.DUPLICATE, "duplicate.key")
"""These very bytes have landed before: by an earlier run, from another file, or twice in this one."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of one old mail, and whether it opened a conversation or brought somebody whom we had not met."""

    judged: Judged
    opened: bool = False
    met: bool = False


def bring_in(
    unit: Unit,
    channel: ChannelName,
    landing: Landing,
    raw: Raw,
    read: Sequence[Happening] | Judged | Problem,
    playbook: Playbook,
    now: datetime,
) -> Brought:
    """Store an old mail and give it its verdict: no rule runs, no clock starts, nothing is said to anybody. A second time
    changes nothing. `read`: what the codec found in it, or its verdict, or why it is to be quarantined."""
    id = arrivals.land_one(unit, channel, landing, now, history=True)
    if id is None:
        return Brought(KNOWN)
    if isinstance(read, Problem):
        read = Judged(Verdict.QUARANTINED, stored(read))
    if isinstance(read, Judged):
        arrivals.judge(unit, id, read, now)
        return Brought(read)
    before = mark(unit)
    arrival = Arrival(id, channel, landing.key, landing.at or now, raw, history=True)
    judged = judge(unit, arrival, read, playbook, now)
    after = mark(unit)
    return Brought(judged, after.conversation > before.conversation, after.contact > before.contact)
