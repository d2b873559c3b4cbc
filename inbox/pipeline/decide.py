"""Deciding: the rulebook's run on a message, its effects applied as events, and the decision stored as it was made."""

from datetime import datetime

from inbox.domain import events as ev
from inbox.domain.conversations import MOVES, State
from inbox.domain.events import Actor
from inbox.domain.happenings import InboundMessage
from inbox.domain.ids import MessageId
from inbox.domain.messages import Direction
from inbox.domain.people import Contact, Identity, Roster
from inbox.pipeline import webhooks
from inbox.pipeline.assign import chosen, hand_over
from inbox.pipeline.circumstances import around, of_message
from inbox.pipeline.notify import notify
from inbox.pipeline.page import page
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.promising import withdraw
from inbox.pipeline.turn import Turn
from inbox.rulebook.decision import Decision, Effects, FollowUp
from inbox.rulebook.facts import Facts
from inbox.rulebook.match import evaluate
from inbox.sla.durations import after
from inbox.store import decisions, messages, people, tasks, tones
from inbox.text.durations import read
from inbox.text.excerpts import LISTED, excerpt


def decide(
    turn: Turn,
    said: InboundMessage,
    contact: Contact,
    identity: Identity,
    message: MessageId,
    speaker: Speaker,
    playbook: Playbook,
) -> Decision:
    """Run the rulebook on what just happened, and do what it says."""
    roster = people.roster(turn.unit)
    facts = of_message(turn, said, contact, identity, speaker, playbook, roster)
    if said.automatic is None and (facts.tone or turn.before.version):
        tones.put(turn.unit, turn.conversation.id, message, facts.tone)
    decision = look(turn, facts, message, playbook, roster)
    _defaults(turn, decision, roster, speaker)
    apply(turn, decision, roster, playbook)
    turn.heard = len(turn.told)
    return decision


def look(turn: Turn, facts: Facts, message: MessageId | None, playbook: Playbook, roster: Roster) -> Decision:
    """One run of the rulebook with whom it comes to, stored and told. Nothing of what it says is done yet."""
    decision = chosen(turn, evaluate(playbook.rulebook, facts), roster)
    stored, matched = decision.to_json(), decision.matched
    id = decisions.add(turn.unit, turn.conversation.id, message, decision.revision, stored, turn.now, matched)
    turn.tell(ev.Decided("decided", id, decision.revision, matched))
    return decision


def supposed(speaker: Speaker, playbook: Playbook, now: datetime) -> Effects:
    """What the rules would do if somebody of whom nothing is known wrote now, and nothing could be read in it."""
    return evaluate(playbook.rulebook, around(speaker, playbook, now)).effects


def apply(turn: Turn, decision: Decision, roster: Roster, playbook: Playbook) -> None:
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
    for tag in effects.untags:
        if tag in turn.conversation.tags:
            turn.tell(ev.Tagged("tagged", removed=(tag,)), _rule(decision, "untag"))
    for name, value in effects.fields:
        turn.tell(ev.FieldSet("field_set", name, value), _rule(decision, f"field.{name}"))
    for note in effects.notes:
        said = messages.Said(Direction.NOTE, note.text)
        id = messages.add_ours(turn.unit, turn.conversation.id, said, turn.now)
        turn.tell(ev.Noted("noted", id, excerpt(note.text, LISTED)), Actor("rule", name=note.rule))
    for later in effects.follow_ups:
        _follow_up(turn, later, playbook)
    _state(turn, effects, decision)
    _snooze(turn, effects, decision, playbook)
    notify(turn, decision, roster)
    for hook in effects.hooks:
        webhooks.matched(turn, hook.name, hook.rule)
    page(turn, decision)


def _defaults(turn: Turn, decision: Decision, roster: Roster, speaker: Speaker) -> None:
    """What the channel says where neither a choice of its menu nor a rule does, once, when the conversation opens."""
    if turn.conversation.version > len(turn.told):
        return
    if speaker.policy and not decision.effects.policy and turn.conversation.contract is None:
        turn.tell(ev.PolicySet("policy_set", speaker.policy))
    team = roster.team(speaker.team) if speaker.team else None
    if team is not None and turn.conversation.team is None and not decision.effects.team:
        turn.tell(ev.TeamSet("team_set", team.id))


def _state(turn: Turn, effects: Effects, decision: Decision) -> None:
    """Where it may go from where it is; out of spam only a person takes it."""
    if effects.state is None or not _moves(turn, effects.state):
        return
    turn.tell(ev.StateSet("state_set", effects.state.value), _rule(decision, "state"))
    if effects.state in (State.DONE, State.SPAM):
        withdraw(turn)


def _follow_up(turn: Turn, later: FollowUp, playbook: Playbook) -> None:
    due = _after(turn, later.after, playbook)
    if due is not None:
        id = tasks.add(turn.unit, turn.conversation.id, due, later.text, later.rule, turn.now)
        turn.tell(ev.TaskSet("task_set", id, due, later.text), Actor("rule", name=later.rule))


def _after(turn: Turn, duration: str, playbook: Playbook) -> datetime | None:
    calendar = playbook.terms.calendar(turn.conversation.channel)
    return after(calendar, turn.now, read(duration)) if calendar is not None else None


def _snooze(turn: Turn, effects: Effects, decision: Decision, playbook: Playbook) -> None:
    if effects.snooze is None or not _moves(turn, State.SNOOZED):
        return
    until = _after(turn, effects.snooze, playbook)
    if until is not None:
        turn.tell(ev.StateSet("state_set", State.SNOOZED.value, until), _rule(decision, "snooze"))


def _moves(turn: Turn, to: State) -> bool:
    return turn.conversation.state is not State.SPAM and to in MOVES[turn.conversation.state]


def _rule(decision: Decision, effect: str, value: str | None = None) -> Actor:
    return Actor("rule", name=decision.author(effect, value))


def _team(turn: Turn, effects: Effects, decision: Decision, roster: Roster) -> None:
    name = effects.team or (effects.assign.team if effects.assign else "")
    team = roster.team(name) if name else None
    if team is not None and team.id != turn.conversation.team:
        turn.tell(ev.TeamSet("team_set", team.id), _rule(decision, "team" if effects.team else "assign"))
