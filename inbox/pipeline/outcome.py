"""What became of what we sent: receipts, failures, reports and proofs, told as events with all that follows from them."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from inbox.domain.arrivals import Judged, Verdict
from inbox.domain.conversations import State
from inbox.domain.deliveries import FOLLOWS, MOVES, Delivery, DeliveryState
from inbox.domain.events import DeliverySettled, StateSet
from inbox.domain.happenings import DeliveryReport, InboundMessage
from inbox.domain.ids import ChannelName
from inbox.domain.outgoing import Purpose
from inbox.domain.problems import Problem
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.promising import take_back, told_after_all, withdraw_told
from inbox.pipeline.react import react
from inbox.pipeline.routes import routes
from inbox.pipeline.turn import Turn
from inbox.store import conversations, deliveries, messages, people, screens, stale, transcripts
from inbox.store.deliveries import Outcome
from inbox.store.messages import Known
from inbox.store.unit import Unit

STALE = timedelta(days=1)
"""An acknowledgement or a new time that could not leave for so long tells a time that is past, or nearly so."""
VOID = (DeliveryState.FAILED, DeliveryState.CANCELLED, DeliveryState.DROPPED)
"""What ended in one of these told the customer nothing."""


def settle(unit: Unit, d: Delivery, outcome: Outcome, playbook: Playbook, now: datetime) -> bool:
    """End a claim or move a settled delivery on, and tell the conversation. False where another has done so already."""
    if not deliveries.settle(unit, d, outcome, now):
        return False
    speaker = playbook.channels.get(d.channel)
    if speaker is not None and speaker.codec.traits.live and outcome.state in transcripts.VISIBLE:
        transcripts.shown(unit, d.message, now)
    _name(unit, d, outcome, speaker)
    if d.copy and outcome.state in transcripts.VISIBLE and speaker is not None:
        _goes_on_in_chat(unit, d, speaker)
    expected = d.purpose.automatic and outcome.state is DeliveryState.SENT
    if outcome.gone:
        outcome = _lost(unit, d, outcome, playbook, now)
    if d.alone:
        return True
    unneeded = d.copy and outcome.state is DeliveryState.DROPPED
    if outcome.state is DeliveryState.QUEUED or expected or unneeded:
        return True  # on its way, or as it should be: the delivery's own row tells enough
    turn = Turn.of(unit, d.conversation, d.channel, playbook.terms, now)
    told = (d.id, d.message, outcome.state.value, outcome.error, d.copy, d.purpose is Purpose.FORWARD)
    turn.tell(DeliverySettled("delivery_settled", *told))
    if outcome.state in VOID and not d.copy:
        withdraw_told(turn, d.message)
    elif outcome.state is DeliveryState.SENT and not d.copy:
        told_after_all(turn, d.message)
    if outcome.state in VOID and d.purpose is Purpose.REPLY and not d.copy:
        take_back(turn, d.message)
        if turn.conversation.state is State.WAITING and turn.conversation.waiting_since is not None:
            turn.tell(StateSet("state_set", State.OPEN.value))  # it is our turn again
    react(turn, playbook)
    turn.close()
    _follow(unit, d, outcome, playbook, now)
    return True


def conclude(unit: Unit, d: Delivery, outcome: Outcome, playbook: Playbook, now: datetime) -> bool:
    """What the network said to whoever handed it over. One who was stopped in the midst of it for so long that others took
    over comes late, but what the network took it has: nobody needs to doubt any more. False where that changes nothing."""
    if settle(unit, d, outcome, playbook, now):
        return True
    found = deliveries.one(unit, d.id)
    doubted = found is not None and found.epoch == d.epoch and DeliveryState.SENT in MOVES[found.state]
    if found is None or not doubted or outcome.state is not DeliveryState.SENT:
        return False
    return settle(unit, found, outcome, playbook, now)


def _goes_on_in_chat(unit: Unit, d: Delivery, speaker: Speaker) -> None:
    """A copy was shown in a chat: what is written there next is about the conversation that it belongs to."""
    traits = speaker.codec.traits
    if not traits.subject and not traits.live and conversations.thread_of(unit, d.channel, d.part.lane) is not None:
        matter = conversations.present(unit, d.conversation).id
        conversations.put_thread(unit, d.channel, d.part.lane, matter)


def _lost(unit: Unit, d: Delivery, outcome: Outcome, playbook: Playbook, now: datetime) -> Outcome:
    """Nothing reaches that address any more: remembered, whatever else waits for it has failed, and where the contact has
    another way, the error says so."""
    speaker = playbook.channels.get(d.channel)
    if speaker is None or len(d.part.recipients) != 1:
        return outcome
    shut(unit, speaker, d.part.lane, outcome.gone, playbook, now)
    if d.alone:
        return outcome
    found = routes(unit, conversations.present(unit, d.conversation), playbook)
    other = next((one for one in found if one.default and not one.why), None)
    if other is None:
        return outcome
    facts = {"address": d.part.lane, "channel": d.channel, "why": outcome.gone, "over": other.name}
    reference = conversations.peek(unit, d.conversation).reference
    error = stored(Problem("delivery.gone", reference=reference, **facts))
    deliveries.explain(unit, d.id, error)
    return replace(outcome, error=error)


def shut(unit: Unit, speaker: Speaker, address: str, reason: str, playbook: Playbook, now: datetime) -> None:
    """An address cannot be reached, and whatever waits to go there has failed, where people see it."""
    people.set_unreachable(unit, speaker.kind, address, reason)
    error = stored(Problem("delivery.unreachable", address=address, channel=speaker.name))
    for d in deliveries.queued_to(unit, speaker.name, address):
        settle(unit, d, Outcome(DeliveryState.FAILED, error), playbook, now)


def _name(unit: Unit, d: Delivery, outcome: Outcome, speaker: Speaker | None) -> None:
    """Where the network chooses the names of messages, ours is found under them from now on: by answers, and by presses."""
    given = [key for key in (outcome.receipt.keys if outcome.receipt else ()) if key != d.part.key]
    if given and d.alone:
        screens.name(unit, d.id, given[0])
        return
    if given and speaker is not None:
        messages.name(unit, [(speaker.kind, key) for key in given], d.message, d.conversation, ours=True)


def _follow(unit: Unit, d: Delivery, outcome: Outcome, playbook: Playbook, now: datetime) -> None:
    """The parts behind one that did not go out end with it."""
    follows = FOLLOWS.get(outcome.state)
    behind = None if follows is None else deliveries.next_part(unit, d)
    if follows is not None and behind is not None:
        settle(unit, behind, Outcome(follows, outcome.error), playbook, now)


def stored(problem: Problem) -> str:
    """A problem as it is kept beside what failed: its catalogue key and facts as JSON."""
    return json.dumps({"key": problem.key, "facts": {k: str(v) for k, v in problem.facts.items()}}, ensure_ascii=False)


def recall(kept: str) -> Problem | None:
    """The problem that `stored` kept; None where the text is something else."""
    try:
        body = json.loads(kept)
        return Problem(body["key"], **body["facts"])
    except (ValueError, KeyError, TypeError):
        return None


def report(unit: Unit, said: DeliveryReport, speaker: Speaker, playbook: Playbook, now: datetime) -> Judged:
    """A report about something we sent, tied to its delivery; about anything else it is ignored."""
    ours = [known for known in messages.look_up(unit, speaker.kind, said.about) if known.ours]
    if not ours:
        return Judged(Verdict.IGNORED, "ignored.report_of_nothing")
    sent = [
        d
        for d in deliveries.of_messages(unit, [known.message for known in ours])
        if d.channel in playbook.channels and playbook.channels[d.channel].kind == speaker.kind
    ]
    failed = said.outcome == "failed" and said.permanent
    error = stored(Problem("delivery.bounced", status=said.status, recipient=said.recipient))
    for d in sent:
        if d.state is DeliveryState.UNKNOWN:  # whatever it says: that mail was taken
            settle(unit, d, Outcome(DeliveryState.SENT), playbook, now)
            d = deliveries.one(unit, d.id) or d
        if failed and d.state is DeliveryState.SENT:
            settle(unit, d, Outcome(DeliveryState.FAILED, error), playbook, now)
    if failed and said.recipient:
        people.set_unreachable(unit, speaker.kind, said.recipient, said.status or "bounced")
    return Judged(Verdict.ACCEPTED, "report")


def reconcile(unit: Unit, said: InboundMessage, found: Sequence[Known], playbook: Playbook, now: datetime) -> None:
    """Someone answers a message of ours, or our own copy came back: it did arrive, whatever became of its receipt.

    The nearest of ours alone: those that stand behind it they may have from its own header, where we named them.
    """
    ours = {known.key: known.message for known in found if known.ours}
    told = (said.key,) if said.own else said.references
    nearest = next((key for key in told if key in ours), None)
    for d in deliveries.doubtful(unit, [ours[nearest]] if nearest is not None else []):
        if d.part.key == nearest:
            settle(unit, d, Outcome(DeliveryState.SENT), playbook, now)


def sort_out_unknown(unit: Unit, d: Delivery, playbook: Playbook, now: datetime) -> None:
    """No proof came within the wait. An agent's words go once more where that is safe, else a person decides; what the
    house said by itself is let go: better unsaid than said twice."""
    speaker = playbook.channels.get(d.channel)
    if d.purpose.automatic:
        outcome = Outcome(DeliveryState.DROPPED, stored(Problem("delivery.unknown_dropped")))
    elif speaker is not None and speaker.codec.traits.resend_safe and not d.repeated:
        outcome = Outcome(DeliveryState.QUEUED, stored(Problem("delivery.repeated")), repeated=True)
    else:
        outcome = Outcome(DeliveryState.PARKED, stored(Problem("delivery.unknown_parked")))
    settle(unit, d, outcome, playbook, now)


def let_go_stale(unit: Unit, playbook: Playbook, now: datetime, channel: ChannelName | None = None) -> int:
    """What told a time and has not left for a day is not sent any more; what it promised was never told. How many."""
    found = stale.queued_since(unit, now - STALE, channel)
    for d in found:
        settle(unit, d, Outcome(DeliveryState.DROPPED, stored(Problem("delivery.stale"))), playbook, now)
    return len(found)


def adopt(unit: Unit, channel: ChannelName, playbook: Playbook, now: datetime) -> int:
    """What the channel's last sender left in hand, killed or broken off: back into the queue where nothing was handed
    over, else `unknown`; and after an outage nobody is told a time that is past. How many were in hand; for the sender that
    begins."""
    found = deliveries.orphans(unit, channel)
    for d in found:
        if deliveries.was_handed(d):
            settle(unit, d, Outcome(DeliveryState.UNKNOWN, stored(Problem("delivery.interrupted"))), playbook, now)
        else:
            settle(unit, d, Outcome(DeliveryState.QUEUED), playbook, now)
    let_go_stale(unit, playbook, now, channel)
    return len(found)
