"""Coming back from a backup: nothing is said twice. What was on its way, and what fell due while the site was gone, waits for people."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from inbox.domain.acts import By
from inbox.domain.arrivals import Arrival
from inbox.domain.broadcasts import Stage
from inbox.domain.deliveries import DeliveryState
from inbox.domain.happenings import Happening, InboundMessage
from inbox.domain.problems import Problem
from inbox.pipeline import broadcast, report_letters
from inbox.pipeline.hold_back import held_back, hold
from inbox.pipeline.outcome import settle, stored
from inbox.pipeline.overdue import sweep
from inbox.pipeline.playbook import Playbook
from inbox.store import broadcasts, deliveries, messages, restored
from inbox.store import report_letters as letters
from inbox.store.deliveries import Outcome
from inbox.store.unit import Unit

AT_ONCE = 100
"""Deliveries that are seen to in one unit."""


def come_back(unit: Unit, playbook: Playbook, unknown_wait: timedelta, now: datetime) -> int:
    """A part of what a restored site does before it does anything else; how many things were seen to, 0 once all is. Killed in
    between, it goes on where it was. Nothing on a site that was never restored."""
    mark = restored.mark(unit)
    if mark is None or mark.settled:
        return 0
    found = _on_their_way(unit, mark.upto, playbook, now) or _broadcasts(unit, now) or _reports(unit, playbook, now)
    if not found:
        with held_back(unit, playbook, now):
            found = sweep(unit, playbook, unknown_wait, now)
    if not found:
        restored.put(unit, replace(mark, settled=True))
    return found


def _on_their_way(unit: Unit, upto: int, playbook: Playbook, now: datetime) -> int:
    """Nobody knows whether they went out after the backup was made."""
    found = restored.unfinished(unit, upto, AT_ONCE)
    for id in found:
        hold(unit, deliveries.one(unit, id), playbook, now)
    return len(found)


def _broadcasts(unit: Unit, now: datetime) -> int:
    """Those that were under way wait until somebody lets them go on: most may have been told."""
    running = [one for one in broadcasts.listing(unit) if one.stage is Stage.RUNNING]
    for one in running:
        broadcast.pause(unit, one.id, By("owner", via="command"), now)
    return len(running)


def _reports(unit: Unit, playbook: Playbook, now: datetime) -> int:
    """Reports that were due meanwhile are not sent; the next ones are."""
    letter = letters.due(unit, now)
    if letter is None:
        return 0
    return int(report_letters.send(unit, letter, stored(Problem("delivery.restored")), {}, playbook, now))


def known_since(
    unit: Unit, arrival: Arrival, happenings: Sequence[Happening], playbook: Playbook, now: datetime
) -> None:
    """Of an arrival from before the restore: where it shows that we had spoken since the backup, the acknowledgement that was held
    back need not be sent any more.

    It shows where it is a copy of our own mail, or quotes a message of ours that the backup does not know: its id bears our seal.
    """
    for said in happenings:
        if isinstance(said, InboundMessage) and (said.own or _quotes_unknown(unit, said)):
            _told_already(unit, said, playbook.channels[arrival.channel].kind, playbook, now)


def _quotes_unknown(unit: Unit, said: InboundMessage) -> bool:
    return any(messages.of_token(unit, [token]) is None for token in said.tokens)


def _told_already(unit: Unit, said: InboundMessage, kind: str, playbook: Playbook, now: datetime) -> None:
    matters = {one.conversation for one in messages.look_up(unit, kind, [said.own_key])}
    for matter in matters:
        for id in restored.held_acknowledgements(unit, matter):
            d = deliveries.one(unit, id)
            if d is not None:
                outcome = Outcome(DeliveryState.SENT, stored(Problem("delivery.restored_told")))
                settle(unit, d, outcome, playbook, now)
