"""The way in, from top to bottom: what becomes of one arrival. One unit; nothing in here can wait or touch a network."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from inbox.domain.arrivals import Arrival, Judged, Verdict
from inbox.domain.conversations import Conversation, State
from inbox.domain.events import Actor, Chosen, Received, StateSet
from inbox.domain.happenings import (
    Address,
    AddressMove,
    Aside,
    Button,
    DeliveryReport,
    Edit,
    Fragment,
    Happening,
    InboundMessage,
    Reachability,
)
from inbox.domain.ids import ChannelName, ConversationId, MessageId, ThreadId
from inbox.domain.outgoing import Purpose
from inbox.domain.people import Contact
from inbox.domain.problems import Misconfigured
from inbox.domain.turns import AgentTurn, DeskTurn
from inbox.pipeline.acknowledge import acknowledge, proved_nothing
from inbox.pipeline.agents import agents_words
from inbox.pipeline.answer import answer
from inbox.pipeline.articles_offered import met
from inbox.pipeline.assets_named import name_assets
from inbox.pipeline.bot_menu import asked
from inbox.pipeline.company import belongs
from inbox.pipeline.contract_terms import come_under
from inbox.pipeline.decide import decide
from inbox.pipeline.desk_talk import at_desk
from inbox.pipeline.edit import edit
from inbox.pipeline.entrance import asked_in_chat
from inbox.pipeline.filling import filled_in
from inbox.pipeline.forward import note_of, only_note_of, passed_on
from inbox.pipeline.gather import gather
from inbox.pipeline.hold_back import held_back
from inbox.pipeline.menu_articles import read_lately
from inbox.pipeline.menu_words import passed_to_us
from inbox.pipeline.menus import hand_to_team
from inbox.pipeline.merge import merge
from inbox.pipeline.move import move
from inbox.pipeline.notify import tell_watchers
from inbox.pipeline.numbered import by_old_number
from inbox.pipeline.opening import turn_in
from inbox.pipeline.ours import remember
from inbox.pipeline.outcome import reconcile, report
from inbox.pipeline.outside import answered_outside, outside
from inbox.pipeline.phone_calls import call_out, logged_in, take_note, talked, worded
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.posing import posing
from inbox.pipeline.press import press
from inbox.pipeline.prove import typed
from inbox.pipeline.reach import heard, reach
from inbox.pipeline.react import react
from inbox.pipeline.restored import known_since
from inbox.pipeline.screen import screen
from inbox.pipeline.stopping import stopped
from inbox.pipeline.threading import Place, place
from inbox.pipeline.turn import Turn
from inbox.pipeline.unsay import unsay
from inbox.store import arrivals, awaiting, blocking, conversations, messages, people, sights, transcripts
from inbox.store.unit import Unit
from inbox.text.excerpts import LISTED, excerpt

Hear = Callable[[Unit, AgentTurn | DeskTurn, Playbook, datetime], Judged]
"""What is done with an agent's turn, in the unit that received it: the actions' affair."""


class JudgedElsewhere(Exception):
    """Somebody gave this arrival its verdict meanwhile: whatever this unit did is rolled back, and nothing is wrong."""


def arrive(
    unit: Unit, arrival: Arrival, happenings: Sequence[Happening], playbook: Playbook, now: datetime, hear: Hear
) -> Judged | None:
    """As `judge`, for what reaches us now; None: it waits for the rest of it, and gets its verdict then."""
    found = gather(unit, arrival, happenings, now)
    if found is None:
        return None
    if isinstance(found, Judged):
        return _judged(unit, arrival, found, now)
    with held_back(unit, playbook, now, so=arrival.again):
        judged = judge(unit, arrival, found, playbook, now, hear)
    if arrival.again:
        known_since(unit, arrival, found, playbook, now)
    return judged


def judge(
    unit: Unit,
    arrival: Arrival,
    happenings: Sequence[Happening],
    playbook: Playbook,
    now: datetime,
    hear: Hear | None = None,
) -> Judged:
    """Receive all that an arrival says, and give it its verdict. Raises JudgedElsewhere on an arrival that has one.

    Without `hear` nobody listens to agents: old mail has no turns of theirs.
    """
    judged: list[Judged] = []
    for happening in happenings:
        came = receive(unit, arrival, happening, playbook, now)
        judged.append(came if isinstance(came, Judged) else _heard(unit, came, playbook, now, hear))
    judged.sort(key=lambda one: one.verdict is not Verdict.ACCEPTED)
    verdict = judged[0] if judged else Judged(Verdict.IGNORED, "ignored.empty")
    return _judged(unit, arrival, verdict, now)


def _heard(unit: Unit, came: AgentTurn | DeskTurn, playbook: Playbook, now: datetime, hear: Hear | None) -> Judged:
    assert hear is not None  # only what reaches us now is an agent's turn
    return hear(unit, came, playbook, now)


def _judged(unit: Unit, arrival: Arrival, verdict: Judged, now: datetime) -> Judged:
    if not arrivals.judge(unit, arrival.id, verdict, now):
        raise JudgedElsewhere
    return verdict


def receive(
    unit: Unit, arrival: Arrival, happening: Happening, playbook: Playbook, now: datetime
) -> Judged | AgentTurn | DeskTurn:
    """One happening on its way in; an agent's turn is handed back to be heard."""
    speaker = playbook.channels[_whose(arrival, happening, playbook)]
    ours = None if arrival.history else at_desk(unit, arrival, happening, speaker, playbook, now)
    if ours is not None:
        return ours
    match happening:
        case InboundMessage():
            return _message(unit, arrival, happening, speaker, playbook, now)
        case DeliveryReport():
            if arrival.history:
                return Judged(Verdict.IGNORED, "ignored.report_of_the_past")
            return report(unit, happening, speaker, playbook, now)
        case Edit():
            changed = edit(unit, arrival, happening, speaker, playbook, now)
            if isinstance(changed, Judged):
                return changed
            return _message(unit, arrival, changed, speaker, playbook, now)
        case Reachability() | AddressMove() | Button() if arrival.history:
            return Judged(Verdict.IGNORED, "ignored.of_the_past")
        case Button():
            words = passed_to_us(unit, happening, speaker)
            if isinstance(words, Judged):
                return words
            if words is not None:
                came = _message(unit, words.arrival, words.said, speaker, playbook, now, plain=True)
                taken = isinstance(came, Judged) and came.verdict is Verdict.ACCEPTED
                return words.judged if taken else came
            return press(unit, happening, speaker, playbook, now)
        case Reachability():
            return reach(unit, happening, speaker, playbook, now)
        case AddressMove():
            return move(unit, happening, speaker, playbook, now)
        case Fragment():
            return _message(unit, arrival, happening.message, speaker, playbook, now)
        case Aside():
            return Judged(Verdict.IGNORED, happening.reason)


def _message(
    unit: Unit,
    arrival: Arrival,
    said: InboundMessage,
    speaker: Speaker,
    playbook: Playbook,
    now: datetime,
    *,
    plain: bool = False,
) -> Judged | AgentTurn:
    """`plain`: whatever it says, it is a message."""
    if messages.seen(unit, speaker.name, said.fingerprint) is not None:
        return Judged(Verdict.DUPLICATE, "duplicate.fingerprint")
    call = said.call
    if call is not None:
        said, plain = worded(said, call, playbook), True
        if call.way == "out":
            return call_out(unit, arrival, said, call, speaker, playbook, now)
    passed = passed_on(unit, said)
    said = said if passed is None else passed.said
    found = messages.look_up(unit, speaker.kind, (said.own_key, *said.references))
    if messages.same(unit, [one.message for one in found if one.key == said.own_key], said.fingerprint):
        return Judged(Verdict.DUPLICATE, "duplicate.other_channel")
    screened = screen(said, playbook)
    # Before any conversation is opened: it may be the one that this tells in.
    reconcile(unit, said, found, playbook, now)
    if said.own and (arrival.history or arrival.again):
        return remember(unit, arrival, said, found, speaker, playbook)
    known, when = people.known(unit, speaker.kind, said.sender.address), arrival.happened(now)
    ours = (
        None if passed or arrival.history else agents_words(unit, arrival, said, found, known, speaker, playbook, now)
    )
    if ours is not None:
        return ours
    if screened.ignore:
        return Judged(Verdict.IGNORED, screened.ignore)
    if passed is None and known is not None and not said.own and blocking.is_blocked(unit, known[1].id):
        return Judged(Verdict.IGNORED, "ignored.blocked")
    outsider = None if passed is not None or arrival.history else outside(unit, said, found, known)
    if outsider is not None:
        return answered_outside(unit, arrival, said, outsider, speaker, playbook, now)
    proof = None if plain or arrival.history else typed(unit, said, known, speaker, playbook, now)
    if proof is not None:
        return proof
    entered = None if plain or arrival.history else asked_in_chat(unit, said, known, speaker, playbook, now)
    if entered is not None:
        return entered
    shown = None if plain or arrival.history else asked(unit, arrival, said, known, speaker, playbook, now)
    if shown is not None:
        return shown
    led = by_old_number(unit, said, found, speaker, known[1] if known else None)
    at = place(unit, said, led, speaker, known[1].id if known else None, when)
    at = at if call is None else logged_in(unit, call) or at
    if passed is not None:
        at = replace(at, evidence=f"forwarded by {passed.agent.handle}")
    if screened.alone and at.conversation is None:
        return Judged(Verdict.IGNORED, screened.alone)
    contact, identity = people.meet(unit, speaker.kind, _called(said, speaker, arrival), known, said.language, when)
    contact = belongs(unit, contact, identity, speaker, playbook, when)
    heard(unit, identity, said)
    actor = Actor("contact", contact.id, contact.name or said.sender.name)
    turn = turn_in(unit, arrival, said, contact, identity, at, speaker, playbook, actor, when)
    for other in at.others:
        if _of_a_colleague(turn, contact, other):
            continue
        if not arrival.history or _over(unit, turn.conversation, other):
            merge(turn, other)
    if passed is not None and any(one.key == said.own_key for one in found):
        return only_note_of(turn, passed)
    thread = conversations.put_thread(unit, speaker.name, said.thread, turn.conversation.id) if said.thread else None
    message = _record(turn, arrival, said, contact, at, thread, speaker)
    if call is not None:
        take_note(turn, call, message)
    if passed is not None:
        note_of(turn, passed)
    if not arrival.history and stopped(turn, said, contact, thread, speaker, playbook):
        return Judged(Verdict.ACCEPTED)
    if not arrival.history:
        if turn.before.version == 0:
            come_under(turn, playbook, request=said.automatic is None)
        for chosen in filled_in(turn, said, speaker):
            turn.tell(Chosen("chosen", chosen.name, chosen.value), actor)
        hand_to_team(turn, speaker)
        said = replace(said, read=(*said.read, *read_lately(unit, said, speaker, now)))
        met(turn, said, playbook)
        name_assets(turn, said, message, actor)
        decision = decide(turn, said, contact, identity, message, speaker, playbook)
        if call is not None and call.spoken:
            talked(turn, call, message, said.reply_text, playbook)
        acknowledge(turn, said, contact, decision.effects, screened.silent, arrival, thread, speaker, playbook)
        answer(turn, decision, playbook, screened.silent, arrival)
        tell_watchers(turn, "message-received", people.roster(unit))
        react(turn, playbook)
    turn.close()
    return Judged(Verdict.ACCEPTED)


def _whose(arrival: Arrival, happening: Happening, playbook: Playbook) -> ChannelName:
    """The channel whose message it is. Raises Misconfigured where that one is not there."""
    other = happening.belongs_to if isinstance(happening, InboundMessage) else None
    if other is not None and other not in playbook.channels:
        raise Misconfigured("voicemail.no_channel", where=f"config.toml: channel.{arrival.channel}", channel=other)
    return other or arrival.channel


def _called(said: InboundMessage, speaker: Speaker, arrival: Arrival) -> Address:
    """Who writes, as their contact is called. Where nobody proved who it is, the name may be words that somebody wants to be said to
    whoever has the address, by us; beside the message it stands all the same."""
    claimed = not arrival.history and proved_nothing(said.authentication, speaker)
    return Address(said.sender.address) if claimed else said.sender


def _waits_anew(turn: Turn) -> bool:
    """Whether the customer waits again: what a rule answered before that is about a waiting that is over."""
    return turn.before.version > 0 and turn.before.waiting_since is None and turn.conversation.waiting_since is not None


def _of_a_colleague(turn: Turn, who: Contact, other: ConversationId) -> bool:
    """Whether somebody who speaks here by their right to names a matter of their own: that stays theirs, whoever asked here."""
    asker = turn.conversation.contact
    return (
        who.id != asker
        and conversations.peek(turn.unit, other).contact != asker
        and sights.speaks(turn.unit, who.id, turn.conversation.id)
    )


def _over(unit: Unit, into: Conversation, other: ConversationId) -> bool:
    """Whether both are old mail that nobody has taken up again: only these does old mail bring together, silently."""
    both = (into, conversations.peek(unit, other))
    return all(one.history and one.state is State.DONE for one in both)


def _record(
    turn: Turn,
    arrival: Arrival,
    said: InboundMessage,
    contact: Contact,
    at: Place,
    thread: ThreadId | None,
    speaker: Speaker,
) -> MessageId:
    """Store the message, make it findable, and tell of it; a person's message opens what was put aside."""
    unit, id = turn.unit, turn.conversation.id
    purpose = messages.CALL if said.call is not None and said.call.spoken else ""
    if not arrival.history:
        said = replace(said, defects=(*said.defects, *posing(said, people.roster(unit))))
    message = messages.add_inbound(unit, id, thread, contact.id, speaker.name, arrival.id, said, turn.now, purpose)
    if thread is not None and speaker.codec.traits.live:
        transcripts.touch(unit, thread, turn.now)
    messages.name(unit, [(speaker.kind, key) for key in (said.own_key, *said.pieces)], message, id, ours=False)
    if at.conversation is not None:
        awaiting.end(unit, speaker.kind, said.own_key, id)
    if at.awaited:
        awaiting.begin(unit, speaker.kind, at.awaited, message, id)
    actor = Actor("contact", contact.id, contact.name or said.sender.name)
    turn.tell(
        Received(
            "received",
            message,
            contact.id,
            excerpt(said.reply_text or said.text, LISTED),
            arrival.received_at,
            said.automatic,
            at.evidence or "opened",
            arrival.history,
        ),
        actor,
    )
    if _waits_anew(turn):
        unsay(turn, "overtaken by the customer", Purpose.ANSWER)
    put_aside = turn.conversation.state in (State.WAITING, State.SNOOZED, State.DONE)
    if put_aside and said.automatic is None and not arrival.history:
        turn.tell(StateSet("state_set", State.OPEN.value), actor)
    return message
