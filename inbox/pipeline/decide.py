"""Deciding: the rulebook's run on a message, its effects applied as events, and the decision stored as it was made."""

from dataclasses import replace
from datetime import datetime

from inbox.domain import events as ev
from inbox.domain.events import Actor
from inbox.domain.happenings import InboundMessage
from inbox.domain.ids import MessageId
from inbox.domain.messages import Direction
from inbox.domain.people import Contact, Identity, Roster
from inbox.pipeline.assign import chosen, hand_over
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.promising import withdraw
from inbox.pipeline.turn import Turn
from inbox.rulebook.decision import Decision, Effects
from inbox.rulebook.facts import ContactFacts, ConversationFacts, Facts, File, Moment
from inbox.rulebook.match import evaluate
from inbox.sla.duty import gone
from inbox.sla.hours import wall_clock
from inbox.store import decisions, history, messages, people
from inbox.text.excerpts import LISTED, excerpt

FIRST = ("conversation-opened", "message-received")
"""What has happened when somebody writes for the first time."""


def decide(
    turn: Turn,
    said: InboundMessage | None,
    contact: Contact,
    identity: Identity,
    message: MessageId | None,
    speaker: Speaker,
    playbook: Playbook,
) -> Decision:
    """Run the rulebook on what just happened, and do what it says. Without a message: the customer only chose."""
    roster = people.roster(turn.unit)
    facts = _facts(turn, contact, identity, speaker, playbook, roster)
    if said is not None:
        facts = _with_words(facts, said)
    decision = chosen(turn, evaluate(playbook.rulebook, facts), roster)
    id = decisions.add(turn.unit, turn.conversation.id, message, decision.revision, decision.to_json(), turn.now)
    turn.tell(ev.Decided("decided", id, decision.revision, decision.matched))
    _defaults(turn, decision, roster, speaker)
    apply(turn, decision, roster)
    return decision


_HAPPENED = (("opened", "conversation-opened"), ("received", "message-received"), ("chosen", "field-changed"))
"""What is told in a turn, and the event of the rule language that it is."""


def _facts(
    turn: Turn, contact: Contact, identity: Identity, speaker: Speaker, playbook: Playbook, roster: Roster
) -> Facts:
    told = {event.payload.kind for event in turn.told}
    return replace(
        _around(speaker, playbook, turn.now),
        events=tuple(event for kind, event in _HAPPENED if kind in told),
        sender=identity.address,
        subject=turn.conversation.subject,
        language=contact.language,
        contact=_contact(turn, contact, identity, wall_clock(turn.now, playbook.zone)),
        conversation=_conversation(turn, roster),
        previous=(("state", turn.before.state.value),) if turn.before.state is not turn.conversation.state else (),
    )


def _with_words(facts: Facts, said: InboundMessage) -> Facts:
    return replace(
        facts,
        sender=said.sender.address,
        to=tuple(a.address for a in said.to),
        cc=tuple(a.address for a in said.cc),
        subject=said.subject,
        text=said.reply_text or said.text,
        language=said.language,
        automatic=said.automatic,
        authentication=said.authentication,
        headers=said.headers,
        attachments=tuple(File(f.filename, f.content_type, f.size) for f in said.attachments),
    )


def _around(speaker: Speaker, playbook: Playbook, now: datetime) -> Facts:
    """What is the case whoever writes: where and when."""
    local = wall_clock(now, playbook.zone)
    return Facts(
        events=FIRST,
        at=now,
        moment=Moment(local.date(), local.time().replace(microsecond=0)),
        channel=speaker.name,
        brand=speaker.brand.key,
        within_hours={name: calendar.is_open(now) for name, calendar in playbook.calendars.items()},
        holidays=tuple(n for n, c in playbook.calendars.items() if c.local(now).date() in c.hours.holidays),
    )


def supposed(speaker: Speaker, playbook: Playbook, now: datetime) -> Effects:
    """What the rules would do if somebody of whom nothing is known wrote now, and nothing could be read in it."""
    return evaluate(playbook.rulebook, _around(speaker, playbook, now)).effects


def _contact(turn: Turn, contact: Contact, identity: Identity, local: datetime) -> ContactFacts:
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    past = history.of_contact(turn.unit, contact.id, midnight)
    return ContactFacts(
        tags=contact.tags,
        language=contact.language,
        verified=identity.verified_at is not None,
        messages=past.messages,
        messages_today=past.messages_today,
        conversations=past.conversations,
        conversations_open=past.conversations_open,
    )


def _conversation(turn: Turn, roster: Roster) -> ConversationFacts:
    now = turn.conversation
    team = roster.team_by_id(now.team) if now.team else None
    agent = roster.agent_by_id(now.assignee) if now.assignee else None
    return ConversationFacts(
        state=now.state,
        priority=now.priority,
        team=team.name if team else "",
        assignee=agent.handle if agent else "",
        policy=now.policy,
        tags=now.tags,
        fields=now.fields,
        # An assignee who is gone no longer holds the conversation: rules may give it to somebody else.
        pinned=tuple(
            p for p in now.pinned if p != "assignee" or (agent is not None and not gone(roster, agent, turn.now))
        ),
        follows=now.follows is not None,
    )


def apply(turn: Turn, decision: Decision, roster: Roster) -> None:
    """Do what a decision says, each effect in the name of the rule that had it."""
    effects = decision.effects
    if effects.policy and effects.policy != turn.conversation.policy:
        turn.tell(ev.PolicySet("policy_set", effects.policy), _rule(decision, "policy"))
    if effects.priority and effects.priority != turn.conversation.priority:
        turn.tell(ev.PrioritySet("priority_set", effects.priority.value), _rule(decision, "priority"))
    _team(turn, effects, decision, roster)
    hand_over(turn, decision, roster)
    for tag in effects.tags:
        if tag not in turn.conversation.tags:
            turn.tell(ev.Tagged("tagged", added=(tag,)), _rule(decision, "tag", tag))
    for name, value in effects.fields:
        turn.tell(ev.FieldSet("field_set", name, value), _rule(decision, f"field.{name}"))
    for note in effects.notes:
        said = messages.Said(Direction.NOTE, note.text)
        id = messages.add_ours(turn.unit, turn.conversation.id, said, turn.now)
        turn.tell(ev.Noted("noted", id, excerpt(note.text, LISTED)), Actor("rule", name=note.rule))
    if effects.state is not None and effects.state is not turn.conversation.state:
        turn.tell(ev.StateSet("state_set", effects.state.value), _rule(decision, "state"))
        withdraw(turn)


def _defaults(turn: Turn, decision: Decision, roster: Roster, speaker: Speaker) -> None:
    """What the channel says where no rule does, once, when the conversation opens."""
    if turn.conversation.version > len(turn.told):
        return
    if speaker.policy and not decision.effects.policy:
        turn.tell(ev.PolicySet("policy_set", speaker.policy))
    team = roster.team(speaker.team) if speaker.team else None
    if team is not None and not decision.effects.team:
        turn.tell(ev.TeamSet("team_set", team.id))


def _rule(decision: Decision, effect: str, value: str | None = None) -> Actor:
    return Actor("rule", name=decision.author(effect, value))


def _team(turn: Turn, effects: Effects, decision: Decision, roster: Roster) -> None:
    name = effects.team or (effects.assign.team if effects.assign else "")
    team = roster.team(name) if name else None
    if team is not None and team.id != turn.conversation.team:
        turn.tell(ev.TeamSet("team_set", team.id), _rule(decision, "team" if effects.team else "assign"))
