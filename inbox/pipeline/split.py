"""Splitting: what a customer wrote in one conversation turns out to be two matters. The messages become one of their own; both go
on as if it had always been so: whoever waits there waits there since they wrote it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from inbox.domain.conversations import Conversation
from inbox.domain.events import (
    Actor,
    Assigned,
    Event,
    Linked,
    Merged,
    Noted,
    PolicySet,
    PrioritySet,
    Received,
    SplitOff,
    TeamSet,
)
from inbox.domain.ids import ConversationId, MessageId
from inbox.domain.messages import Direction, Message
from inbox.domain.people import Contact, Identity
from inbox.pipeline.assets_named import take_over
from inbox.pipeline.contract_terms import come_under
from inbox.pipeline.opening import Beginning, opened
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.react import react
from inbox.pipeline.reply import Refused
from inbox.pipeline.turn import Turn
from inbox.store import conversations, events, merging, messages, people, promises
from inbox.store.unit import Unit
from inbox.text.excerpts import LISTED, excerpt

_MERGES = 10


def split(turn: Turn, ids: Sequence[MessageId], subject: str, actor: Actor, playbook: Playbook) -> Conversation:
    """These messages of the conversation of this turn, without answers of ours, are a new one. Raises Refused."""
    whole = messages.of(turn.unit, turn.conversation.id)
    gone = [one for one in whole if one.id in set(ids)]
    _allowed(turn, ids, gone, whole)
    first = next(one for one in gone if one.direction is Direction.INBOUND)
    told = list(_said(turn.unit, turn.conversation.id))
    new = _new(turn, first, subject, actor, playbook)
    merging.split(turn.unit, [one.id for one in gone], new.conversation.id)
    _hand_threads(turn, gone, whole, new)
    waits = turn.conversation.waiting_since
    _retell(new, gone, told, waits)
    turn.tell(_split_off(turn, gone, whole, told, new), actor)
    _hand_promises(turn, waits, new)
    take_over(new, turn.conversation.id, [one.id for one in gone])
    for one in (new, turn):
        react(one, playbook)
        one.close()
    return new.conversation


def _allowed(turn: Turn, ids: Sequence[MessageId], gone: Sequence[Message], whole: Sequence[Message]) -> None:
    facts = {"reference": turn.conversation.reference}
    if len(gone) != len(set(ids)) or not gone:
        raise Refused("split.no_such_message", **facts)
    if any(one.direction is Direction.OUTBOUND for one in gone):
        raise Refused("split.ours", **facts)
    theirs = [one for one in whole if one.direction is Direction.INBOUND]
    left = [one for one in theirs if one not in gone]
    if not left or len(left) == len(theirs):
        raise Refused("split.all_or_none", **facts)


def _new(turn: Turn, first: Message, subject: str, actor: Actor, playbook: Playbook) -> Turn:
    """The conversation that they become: with whoever wrote them, as urgent, and with the same people of ours."""
    unit, was = turn.unit, turn.conversation
    contact, identity = _whose(unit, first, was)
    speaker = playbook.channels.get(first.channel or was.channel)
    if speaker is None:
        raise Refused("reply.nobody_to_answer", reference=was.reference)
    began = Beginning(subject or first.subject or was.subject, first.language or was.language, related=was.id)
    new = opened(unit, began, contact, identity, speaker, playbook, actor, turn.now)
    come_under(new, playbook, request=was.request)
    if was.policy and was.policy != new.conversation.policy and new.conversation.contract is None:
        new.tell(PolicySet("policy_set", was.policy))
    if was.priority is not new.conversation.priority:
        new.tell(PrioritySet("priority_set", was.priority.value))
    if was.team is not None:
        new.tell(TeamSet("team_set", was.team))
    if was.assignee is not None:
        new.tell(Assigned("assigned", was.assignee))
    new.tell(Linked("linked", was.id, "split"), actor)
    return new


def _whose(unit: Unit, first: Message, was: Conversation) -> tuple[Contact, Identity]:
    """Who wrote it, as we know them; else whom the conversation was with."""
    mine = people.identities(unit, first.contact or was.contact)
    found = next((one for one in mine if one.address == first.sender.address), None)
    if found is not None:
        return people.contact(unit, found.contact), found
    opener = conversations.opener(unit, was.id)
    mine = people.identities(unit, was.contact)
    found = next((one for one in mine if one.id == opener), None) or next(iter(mine), None)
    if found is None:
        raise Refused("reply.nobody_to_answer", reference=was.reference)
    return people.contact(unit, was.contact), found


def _said(unit: Unit, id: ConversationId, depth: int = 0) -> Iterator[Event]:
    """What was said in a conversation and in those that went into it, as it was told then."""
    for event in events.of(unit, id):
        if isinstance(event.payload, Received | Noted):
            yield event
        elif isinstance(event.payload, Merged) and event.payload.into is None and depth < _MERGES:
            yield from _said(unit, event.payload.other, depth + 1)


def _retell(new: Turn, gone: Sequence[Message], told: Sequence[Event], waits: datetime | None) -> None:
    """What was said, told in the new conversation: as a question where it has no answer yet, else as of the past."""
    ids = {one.id for one in gone}
    for event in told:
        match event.payload:
            case Received() as p if p.message in ids:
                open_ = waits is not None and p.received_at >= waits and not p.history
                told_anew = (p.message, p.contact, p.excerpt, p.received_at, p.automatic, "split", not open_, p.outside)
                new.tell(Received("received", *told_anew), event.actor)
            case Noted() as p if p.message in ids:
                new.tell(Noted("noted", p.message, p.excerpt), event.actor)
            case _:
                continue


def _split_off(
    turn: Turn, gone: Sequence[Message], whole: Sequence[Message], told: Sequence[Event], new: Turn
) -> SplitOff:
    ids = tuple(one.id for one in gone)
    last = [one for one in whole if one.id not in ids and one.direction is not Direction.NOTE][-1]
    waits = turn.conversation.waiting_since
    asked = [(e.conversation, p) for e in told if isinstance(p := e.payload, Received) and _asks(p)]
    left = [p.received_at for _, p in asked if p.message not in ids and waits is not None and p.received_at >= waits]
    merged = [p.other for e in events.of(turn.unit, turn.conversation.id) if isinstance(p := e.payload, Merged)]
    over = tuple(one for one in merged if all(p.message in ids for at, p in asked if at == one))
    words = excerpt(last.reply_text or last.text, LISTED)
    return SplitOff("split_off", new.conversation.id, ids, words, min(left, default=None), over)


def _asks(said: Received) -> bool:
    return said.automatic is None and not said.history and not said.outside


def _hand_threads(turn: Turn, gone: Sequence[Message], whole: Sequence[Message], new: Turn) -> None:
    """A chat goes on in the matter of which it last spoke."""
    for thread in {one.thread for one in gone if one.thread is not None}:
        last = [one for one in whole if one.thread == thread][-1]
        if last in gone and last.channel is not None:
            key = conversations.thread_key(turn.unit, thread)
            conversations.put_thread(turn.unit, last.channel, key, new.conversation.id)


def _hand_promises(turn: Turn, waited: datetime | None, new: Turn) -> None:
    """Where nobody waits here any more, what was told to whoever waited is about the new conversation."""
    if waited is not None and turn.conversation.waiting_since is None and new.conversation.waiting_since is not None:
        open_ones = [one.id for one in promises.open_ones(turn.unit, turn.conversation.id)]
        merging.hand_promises(turn.unit, open_ones, new.conversation.id)
