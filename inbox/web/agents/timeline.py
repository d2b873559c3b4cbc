"""The timeline: each event of a conversation as a short line of words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from inbox.actions.action import Surface
from inbox.domain import events as ev
from inbox.domain.call_events import CallUnanswered, Warned
from inbox.domain.clock_events import ClockBreached, ClocksRecounted, Escalated, Recount
from inbox.domain.ids import AgentId, DecisionId, MessageId, TeamId
from inbox.domain.people import Roster
from inbox.domain.promise_events import NotRenewed, PromiseAtRisk, Promised, PromiseJudged
from inbox.domain.rule_events import (
    Notified,
    PageAcknowledged,
    Paged,
    PageGivenUp,
    RuleReplied,
    RulesHalted,
    RuleSilent,
)
from inbox.rulebook.chosen import because
from inbox.sla.escalation import worded
from inbox.text import dates

Say = Callable[..., str]
ELSEWHERE = frozenset(surface.value for surface in Surface if surface is not Surface.WEB)
"""Surfaces that are told of: what is not among them was done on the pages."""


@dataclass(frozen=True, slots=True)
class Line:
    """When, who (empty: the house by itself), and what. `decision`: the run of the rules that it tells of."""

    at: datetime
    who: str
    words: str
    decision: DecisionId | None = None
    message: MessageId | None = None
    """The note that it tells of."""
    via: str = ""
    """From where an agent did it, where that was not here."""

    @property
    def kind(self) -> str:
        """What readers may want to see alone."""
        return "decisions" if self.decision is not None else "notes" if self.message is not None else "others"


@dataclass(frozen=True, slots=True)
class Teller:
    """Puts events into words of one language, in one zone."""

    say: Say
    language: str
    zone: ZoneInfo
    roster: Roster

    def told(self, events: Sequence[ev.Event]) -> list[Line]:
        """The events that say something to a reader, the newest first."""
        return [
            Line(
                event.at,
                self._who(event.actor),
                self.words(event.payload),
                _decision(event.payload),
                event.payload.message if isinstance(event.payload, ev.Noted) else None,
                event.via if event.actor.kind == "agent" and event.via in ELSEWHERE else "",
            )
            for event in reversed(events)
        ]

    def words(self, payload: ev.Payload) -> str:
        """One event. Kinds without facts of their own are told by their kind alone."""
        say = self.say
        match payload:
            case ev.Noted(excerpt=excerpt) if excerpt:
                return f"{say('web.event.noted')}: {excerpt}"
            case ev.NotAcknowledged(reason=reason):
                return say("web.event.not_acknowledged", reason=self._named(reason))
            case RuleReplied(template=template):
                return say("web.event.rule_replied", template=template)
            case RuleSilent(template=template, reason=reason):
                return say("web.event.rule_silent", template=template, reason=self._named(reason))
            case ev.Decided(rules=rules):
                return say("web.event.decided", rules=", ".join(rules)) if rules else say("web.event.decided_nothing")
            case ev.PrioritySet(priority=priority):
                return say("web.event.priority_set", priority=say(f"priority.{priority}"))
            case ev.Assigned() as assigned:
                return self._assigned(assigned)
            case ev.TeamSet(team=team):
                return say("web.event.team_set", name=self._team(team)) if team else say("web.event.no_team")
            case ev.Tagged(added=added, removed=removed):
                return self._tags(added, removed)
            case ev.FieldSet(name=name, value=value):
                return say("web.event.field_set", name=name, value=value or "—")
            case ev.Chosen(name=name, value=value):
                return say("web.event.chosen", name=name, value=value)
            case ev.PolicySet(policy=policy):
                return say("web.event.policy_set", policy=policy or "—")
            case ev.SubjectSet(subject=subject):
                return say("web.event.subject_set", subject=subject)
            case ev.StateSet(state=state):
                return say("web.event.state_set", state=say(f"state.{state}"))
            case _:
                return self._of_time(payload)

    def _of_time(self, payload: ev.Payload) -> str:
        match payload:
            case Promised(due_at=due, answer=answer):
                kind = self.say("promise_kind.answer" if answer else "promise_kind.update")
                return self.say("web.event.promised", kind=kind, when=dates.moment(due, self.language, self.zone))
            case PromiseJudged(outcome=outcome):
                return self.say("web.event.promise_judged", outcome=self.say(f"promise.{outcome}"))
            case ev.TaskSet(due_at=due, text=text, agent=agent) if agent is not None:
                when = dates.moment(due, self.language, self.zone)
                return self.say("web.event.task_set_for", text=text, when=when, name=self.roster.called(agent))
            case ev.TaskSet(due_at=due, text=text):
                return self.say("web.event.task_set", text=text, when=dates.moment(due, self.language, self.zone))
            case ev.TaskDue(text=text):
                return self.say("web.event.task_due", text=text)
            case Notified(agents=agents):
                return self.say("web.event.notified", names=", ".join(map(self.roster.called, agents)))
            case Paged(agents=agents, step=step):
                return self.say(f"web.event.paged_{step}", names=", ".join(map(self.roster.called, agents)))
            case PageAcknowledged(rule=rule):
                return self.say("web.event.page_acknowledged", rule=rule)
            case PageGivenUp(rule=rule):
                return self.say("web.event.page_given_up", rule=rule)
            case RulesHalted(runs=runs):
                return self.say("web.event.rules_halted", runs=runs)
            case NotRenewed(reason=reason):
                return self.say("web.event.not_renewed", reason=self._named(reason))
            case PromiseAtRisk(why="closed"):
                return self.say("web.event.promise_closed")
            case ClocksRecounted(clocks=clocks):
                return "; ".join(self._recounted(one) for one in clocks)
            case Escalated() as p:
                raised = worded(p.step, self.language, self.say)
                return self.say(
                    "web.event.escalated", clock=self.say(f"clock.{p.metric}"), step=raised, policy=p.policy
                )
            case ClockBreached(metric=metric):
                return self.say("web.event.clock_breached", metric=self.say(f"clock.{metric}"))
            case ev.DeliverySettled(state=state, copy=True):
                return self.say("web.event.copy_settled", state=self.say(f"delivery.{state}"))
            case ev.ContactSet() as p if not p.undone:
                return self.say("web.event.contact_set", address=p.address, how=self.say(f"linked.{p.how}"))
            case ev.ContactSet(address=address):
                return self.say("web.event.contact_unset", address=address)
            case ev.Noticed(about=about, address=address):
                return self.say(f"web.event.noticed_{about}", address=address)
            case ev.DeliverySettled(state=state, passed_on=True):
                return self.say("web.event.passed_on_settled", state=self.say(f"delivery.{state}"))
            case ev.DeliverySettled(state=state):
                return self.say("web.event.delivery_settled", state=self.say(f"delivery.{state}"))
            case _:
                return self._of_acts(payload)

    def _of_acts(self, payload: ev.Payload) -> str:
        match payload:
            case CallUnanswered(outcome=outcome):
                return self.say("web.event.call_unanswered", outcome=self.say(f"call.outcome.{outcome}"))
            case ev.Replied(spoken="in" | "out"):
                return self.say("web.event.talked")
            case Warned(address=address):
                return self.say("web.event.warned", address=address)
            case ev.PassedOn(to=to):
                return self.say("web.event.passed_on", address=to)
            case ev.Blocked(address=address, undone=undone):
                return self.say("web.event.unblocked" if undone else "web.event.blocked", address=address)
            case ev.ContactChanged(what=what):
                return self.say(
                    "web.event.contact_changed", what=", ".join(self._named(f"contact.{one}") for one in what)
                )
            case ev.Rated() as p:
                words = self.say(f"web.event.rated_{p.survey.value}", score=p.score, scale=p.scale)
                return f"{words}: {p.comment}" if p.comment else words
            case ev.AssetNamed(serial=serial, undone=undone):
                return self.say("web.event.asset_off" if undone else "web.event.asset_named", serial=serial)
            case ev.ContractSet(contract=contract, name=name):
                return self.say("web.event.contract_set", name=name) if contract else self.say("web.event.no_contract")
            case ev.QuotaUsed(used=used, agreed=agreed):
                return self.say("web.event.quota_used", used=used, agreed=agreed)
            case ev.Expiring(what=what, name=name, on=on):
                return self.say(f"web.event.expiring_{what}", name=name, day=dates.day_of(on, self.language))
            case ev.Excused() as p:
                return self._excused(p)
            case ev.TakenOver() as p:
                return self.say(
                    "web.event.taken_over", source=p.source, number=p.number, state=self.say(f"state.{p.state}")
                )
            case ev.TaskDone(text=text):
                return self.say("web.event.task_done", text=text)
            case ev.TaskMoved(due_at=due, text=text):
                return self.say("web.event.task_moved", text=text, when=dates.moment(due, self.language, self.zone))
            case ev.CallTried(outcome=outcome, phone=phone, tried=tried):
                return self.say(f"web.event.call_{outcome}", number=phone, tried=tried)
            case ev.HandedUp(lead=lead, reason=reason):
                words = self.say("web.event.handed_up", name=self.roster.called(lead))
                return f"{words}: {reason}" if reason else words
            case ev.Declined(undone=undone, how=how):
                return self.say("web.event.undeclined" if undone else f"web.event.declined_{how}")
            case ev.Received(outside=True):
                return self.say("web.event.received_outside")
            case _:
                return self.say(f"web.event.{payload.kind}")

    def _excused(self, told: ev.Excused) -> str:
        what = self.say(f"clock.{told.metric}") if told.metric else self.say("web.event.everything")
        key = "web.event.unexcused" if told.undone else "web.event.excused"
        return self.say(key, what=what, reason=told.reason)

    def _recounted(self, told: Recount) -> str:
        clock = self.say(f"clock.{told.metric}")
        if told.new is None:
            return self.say("web.event.owed_no_more", clock=clock)
        return self.say(
            "web.event.clocks_recounted", clock=clock, when=dates.moment(told.new, self.language, self.zone)
        )

    def _assigned(self, told: ev.Assigned) -> str:
        """Who has it now, and where rules chose among several, why the others do not."""
        nobody = self.say("web.event.unassigned")
        words = self.say("web.event.assigned", name=self.roster.called(told.agent)) if told.agent else nobody
        why = because(told.why, told.considered, self.say, self._called)
        return f"{words} · {why}" if why else words

    def _called(self, handle: str) -> str:
        found = self.roster.agent(handle)
        return found.called if found else handle

    def _tags(self, added: Sequence[str], removed: Sequence[str]) -> str:
        parts = [("web.event.tags_added", added), ("web.event.tags_removed", removed)]
        return " · ".join(self.say(key, tags=", ".join(tags)) for key, tags in parts if tags)

    def _named(self, key: str) -> str:
        try:
            return self.say(key)
        except KeyError:
            return key

    def _who(self, actor: ev.Actor) -> str:
        if actor.kind == "agent" and actor.id is not None:
            return self.roster.marked(AgentId(actor.id))
        if actor.kind == "rule":
            return self.say("web.actor.rule", name=actor.name) if actor.name else self.say("web.actor.rules")
        return self.say("web.actor.contact") if actor.kind == "contact" else ""

    def _team(self, id: TeamId) -> str:
        found = self.roster.team_by_id(id)
        return found.called if found else f"#{id}"


def ratings(events: Sequence[ev.Event]) -> list[ev.Rated]:
    """What the customer last answered to each survey."""
    return list({one.survey: one for one in (event.payload for event in events) if isinstance(one, ev.Rated)}.values())


def _decision(payload: ev.Payload) -> DecisionId | None:
    return payload.decision if isinstance(payload, ev.Decided) else None
