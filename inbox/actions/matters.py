"""Actions on whole conversations: one goes into another, messages become one, two name each other; passed on, watched."""

from dataclasses import replace

from pydantic import Field

from inbox.actions.action import Action, Arguments, Doing, Done, Nothing, Permission, Surface
from inbox.actions.phrases import NOTHING, perhaps, whole
from inbox.actions.speaking import for_customers
from inbox.domain.ids import ConversationId, MessageId
from inbox.domain.people import Agent
from inbox.domain.scope import Scope
from inbox.pipeline import pass_on as passing
from inbox.pipeline import related, write
from inbox.pipeline import split as splitting
from inbox.pipeline.reply import Refused
from inbox.pipeline.turn import Turn
from inbox.store import conversations, people, watching
from inbox.store.shown import find
from inbox.store.unit import Unit
from inbox.text.references import normalise

NUMBERED = "messages are named by their numbers, which only pages and commands show"


class Merge(Arguments):
    """`into`: the reference of the conversation that goes on."""

    into: str = Field(min_length=1, max_length=40)


class Split(Arguments):
    """`messages`: the numbers of what the customer wrote, and of notes. `subject`: of the new conversation."""

    messages: tuple[int, ...] = Field(min_length=1, max_length=100)
    subject: str = Field(default="", max_length=500)


class Relate(Arguments):
    """`to`: the reference of the other conversation."""

    to: str = Field(min_length=1, max_length=40)


class FollowUp(Arguments):
    """`text`: what to say to the customer in it; empty: nothing yet. `assignee`: the handle of who answers it."""

    text: str = Field(default="", max_length=100_000)
    subject: str = Field(default="", max_length=500)
    assignee: str = Field(default="", max_length=200)


class Forward(Arguments):
    """`to`: a mail address outside. `text`: words above it. `messages`: their numbers; none: the whole conversation, its notes
    apart. `channel`: by which it goes."""

    to: str = Field(min_length=1, max_length=400)
    text: str = Field(default="", max_length=100_000)
    messages: tuple[int, ...] = Field(default=(), max_length=100)
    without_files: bool = False
    channel: str = Field(default="", max_length=200)


def actions() -> tuple[Action, ...]:
    """What is done with whole conversations."""
    unnamed = {Surface.MAIL: NUMBERED, Surface.BOT: NUMBERED}
    return (
        Action("merge", Merge, _merge, typed=whole("into")),
        Action("split", Split, _split, absent=unnamed),
        Action("relate", Relate, _relate, typed=whole("to")),
        Action("follow_up", FollowUp, _follow_up, typed=perhaps("subject")),
        Action("forward", Forward, _forward, Permission.HOUSE, typed=whole("to")),
        Action("watch", Nothing, _watch, typed=NOTHING),
        Action("unwatch", Nothing, _unwatch, typed=NOTHING),
    )


def named(unit: Unit, word: str, scope: Scope) -> ConversationId:
    """The conversation of a typed reference, or the one that it has gone into. Raises Refused where the scope has none."""
    id = find(unit, scope, normalise(word) or word)
    if id is None:
        raise Refused("cli.no_such_conversation", reference=word)
    return conversations.present(unit, id).id


def somebody(unit: Unit, handle: str) -> Agent | None:
    """The agent of a handle; None for none. Raises Refused."""
    if not handle:
        return None
    roster = people.roster(unit)
    agent = roster.agent(handle)
    if agent is None or agent.disabled:
        known = ", ".join(one.handle for one in roster.agents if not one.disabled) or "-"
        raise Refused("action.unknown_agent", name=handle, known=known)
    return agent


def _merge(unit: Unit, doing: Doing, wanted: Merge) -> Done:
    into = named(unit, wanted.into, doing.scope)
    both = {
        id: conversations.load(unit, id) for id in sorted({into, doing.conversation})
    }  # in one order, whoever merges
    gone = conversations.present(unit, doing.conversation)
    turn = Turn(unit, both[into], doing.via, doing.playbook.terms, doing.now)
    related.merge_into(turn, gone, doing.actor, doing.playbook)
    return Done("done.merged", {"reference": gone.reference, "into": turn.conversation.reference})


def _split(unit: Unit, doing: Doing, wanted: Split) -> Done:
    turn = doing.turn(unit)
    ids = [MessageId(number) for number in wanted.messages]
    new = splitting.split(turn, ids, wanted.subject.strip(), doing.actor, doing.playbook)
    return Done("done.split", {"reference": turn.conversation.reference, "into": new.reference})


def _relate(unit: Unit, doing: Doing, wanted: Relate) -> Done:
    other = named(unit, wanted.to, doing.scope)
    turn = doing.turn(unit)
    fresh = related.relate(turn, other, doing.actor, doing.playbook)
    facts = {"reference": turn.conversation.reference, "other": conversations.peek(unit, other).reference}
    return Done("done.related" if fresh else "done.related_already", facts)


def _follow_up(unit: Unit, doing: Doing, wanted: FollowUp) -> Done:
    for_customers(wanted.text)
    was = conversations.peek(unit, doing.conversation)
    letter = write.Letter("", wanted.subject, wanted.text, assignee=somebody(unit, wanted.assignee))
    letter = replace(letter, held=doing.via is Surface.WEB)
    new = write.follow_up(unit, was, doing.agent, letter, doing.via, doing.playbook, doing.now)
    return Done("done.follow_up", {"reference": was.reference, "into": new.reference})


def _forward(unit: Unit, doing: Doing, wanted: Forward) -> Done:
    for_customers(wanted.text)
    ids = tuple(MessageId(number) for number in wanted.messages)
    what = passing.Passing(wanted.to, wanted.text, ids, not wanted.without_files, wanted.channel)
    message = passing.pass_on(unit, doing.conversation, doing.agent, what, doing.via, doing.playbook, doing.now)
    reference = conversations.peek(unit, doing.conversation).reference
    return Done("done.forward", {"reference": reference, "address": wanted.to.strip()}, message)


def _watch(unit: Unit, doing: Doing, _: Nothing) -> Done:
    matter = conversations.present(unit, doing.conversation)
    watching.watch(unit, matter.id, doing.agent.id, doing.now)
    return Done("done.watch", {"reference": matter.reference})


def _unwatch(unit: Unit, doing: Doing, _: Nothing) -> Done:
    matter = conversations.present(unit, doing.conversation)
    watching.unwatch(unit, matter.id, doing.agent.id)
    return Done("done.unwatch", {"reference": matter.reference})
