"""What of a customer's own stands in a bot's menu: how their requests stand, and the way to a person with the honest time."""

from inbox.domain.choices import LONGEST_DATA
from inbox.domain.conversations import Conversation, State
from inbox.domain.menu_steps import Step
from inbox.domain.promises import PromiseKind, PromiseState
from inbox.domain.scope import Scope
from inbox.pipeline.decide import supposed
from inbox.pipeline.menu_guest import Guest, Screen
from inbox.pipeline.promising import prospect
from inbox.store import conversations, people, promises, visiting
from inbox.store.visiting import Matter
from inbox.text.excerpts import excerpt

LOOKED_AT, DONE = 30, 3
"""The newest conversations of a customer of which the open ones are listed; of those that are done the last few."""
WORDS = 60


def mine(guest: Guest) -> Screen:
    """Their requests: those that are open, and the last that are done."""
    scope = Scope.of_token() if guest.known is None else Scope.of_contact(guest.known[0].id)
    every = visiting.matters(guest.unit, scope, LOOKED_AT)
    there = [one for one in every if one.state is not State.DONE]
    over = [one for one in every if one.state is State.DONE][:DONE]
    if not there and not over:
        return Screen(guest.say("mine_none"), guest.back())
    lines = [_line(guest, one) for one in (*there, *over)]
    return Screen("\n\n".join([guest.say("mine"), *lines]), guest.back())


def person(guest: Guest) -> Screen:
    """How to reach a person: by writing here. With the time by which there is an answer, or by which there was to be one."""
    matter = guest.matter()
    if matter is not None:
        facts = {"reference": matter.reference, "standing": _standing(guest, matter)}
        return Screen(guest.say("person_has", **facts), guest.back()[1:])
    return Screen(guest.say("person", time=_time(guest)), guest.back()[1:])


def topics(guest: Guest, step: Step) -> Screen:
    """The choices of the channel's menu, as long as it has one."""
    menu = guest.speaker.menu
    if menu is None:
        return person(guest)
    shown = [step.to("topic", one.value).offer(one.labels[guest.language]) for one in menu.options]
    fitting = [one for one in shown if len(one.data.encode()) <= LONGEST_DATA]
    return Screen(menu.ask[guest.language], guest.back(*fitting))


def topic(guest: Guest, label: str, *, noted: bool) -> Screen:
    """It is chosen: for the conversation that there is, or for what is written next."""
    matter = guest.matter() if noted else None
    if matter is not None:
        facts = {"label": label, "reference": matter.reference, "standing": _standing(guest, matter)}
        return Screen(guest.say("topic_noted", **facts), guest.back()[1:])
    return Screen(guest.say("topic", label=label, time=_time(guest)), guest.back()[1:])


def _line(guest: Guest, one: Matter) -> str:
    matter = conversations.peek(guest.unit, one.id)
    who = people.roster(guest.unit).agent_by_id(matter.assignee) if matter.assignee else None
    facts = {"reference": one.reference, "about": excerpt(one.subject or one.words, WORDS) or guest.say("no_words")}
    head = guest.say("mine_line", **facts)
    has = [] if who is None or one.state is State.DONE else [guest.say("mine_who", name=who.called)]
    return "\n".join([head, _standing(guest, matter), *has])


def _standing(guest: Guest, matter: Conversation) -> str:
    """How it stands, as its customer is told: what is put aside among us is with us."""
    if matter.state is State.DONE:
        return guest.say("standing.done")
    if matter.state is State.WAITING:
        return guest.say("standing.waiting")
    told = [one for one in promises.of(guest.unit, matter.id) if one.state is PromiseState.OPEN]
    if not told:
        return guest.say("standing.open")
    due = told[-1]
    key = "answer" if due.kind is PromiseKind.ANSWER else "update"
    again = "_again" if due.replaces is not None else ""
    return guest.say(f"standing.{key}{again}", at=guest.moment(due.due_at))


def _time(guest: Guest) -> str:
    """The honest time for what is written now."""
    speaker, playbook = guest.speaker, guest.playbook
    seen = prospect(guest.unit, supposed(speaker, playbook, guest.now), speaker, playbook, guest.now)
    told = seen.announcement
    said = guest.say("time.none")
    if told.kind is not None and told.at is not None:
        key = "answer" if told.kind is PromiseKind.ANSWER else "update"
        said = guest.say(f"time.{key}", at=guest.moment(told.at))
    if seen.open_now or seen.opens_at is None:
        return said
    return f"{guest.say('time.closed', at=guest.moment(seen.opens_at))} {said}"
