"""Desks: which conversations are shown where, and what makes a card of one stale: anything that happens in it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from inbox.domain.conversations import Conversation, State
from inbox.domain.desks import Card, Desk, DeskPlan, Post
from inbox.domain.events import Edited, Event
from inbox.domain.ids import ChannelName, ConversationId, MessageId, PostId
from inbox.domain.people import Roster
from inbox.pipeline.desk_feedback import settled
from inbox.pipeline.playbook import Playbook
from inbox.store import agent_links, cards, conversations, desks, events, people, posts
from inbox.store.unit import Unit

AT_ONCE = 200
"""Events that are looked at in one unit."""


def look(unit: Unit, channel: ChannelName, playbook: Playbook, now: datetime) -> int:
    """Bring the cards of a channel's desks up to the newest events; how many of these there were."""
    seen = 0
    for plan in playbook.desks:
        if plan.channel == channel:
            seen += _look(unit, plan, playbook, now)
    return seen


def behind(unit: Unit, channel: ChannelName, playbook: Playbook) -> bool:
    """Whether there are events that no `look` has been given yet: with several writers one becomes readable only once those
    before it are."""
    plans = [plan for plan in playbook.desks if plan.channel == channel]
    return any(desks.is_behind(unit, plan.name) for plan in plans)


def _look(unit: Unit, plan: DeskPlan, playbook: Playbook, now: datetime) -> int:
    desk = desks.of_plan(unit, plan)
    told = events.since(unit, desks.seen(unit, desk.id), AT_ONCE)
    if not told:
        return 0
    places = list(_privates(unit, plan, playbook)) if plan.private else [desk]
    for id in dict.fromkeys(event.conversation for event in told):
        matter, log = conversations.peek(unit, id), [event for event in told if event.conversation == id]
        for place in places:
            _show(unit, place, plan, matter, log, now)
            settled(unit, place, log, playbook, now)
    last = told[-1].id
    assert last is not None
    desks.saw(unit, desk.id, last)
    return len(told)


def _privates(unit: Unit, plan: DeskPlan, playbook: Playbook) -> Iterator[Desk]:
    """The private chats of the agents who are linked there."""
    roster, kind = people.roster(unit), playbook.channels[plan.channel].kind
    for linked in agent_links.on(unit, kind):
        agent = roster.agent_by_id(linked.agent)
        if agent is not None and not agent.disabled:
            yield desks.of_agent(unit, plan, agent, linked.address)


def _show(unit: Unit, desk: Desk, plan: DeskPlan, matter: Conversation, log: Sequence[Event], now: datetime) -> None:
    """A card where the conversation belongs to the desk; one that is there already says, too, that it does not any more."""
    card = cards.of(unit, desk.id, matter.id)
    belongs = belongs_to(desk, plan, matter, people.roster(unit))
    if card is None and (not belongs or matter.state in (State.DONE, State.SPAM)):
        return
    if card is None:
        mine = cards.put(unit, desk.id, matter.id, matter.version, now)
        card = cards.one(unit, mine)
        log = events.of(unit, matter.id)
    else:
        cards.want(unit, card.id, matter.version, now)
    if belongs:
        _post(unit, desk, card, log, now)


def belongs_to(desk: Desk, plan: DeskPlan, matter: Conversation, roster: Roster) -> bool:
    """Whether a conversation is shown at a desk now."""
    if matter.history or matter.merged_into is not None:
        return False
    if desk.agent is not None:
        return matter.assignee == desk.agent
    team = roster.team_by_id(matter.team) if matter.team else None
    return not plan.team or (team is not None and team.name == plan.team)


def _post(unit: Unit, desk: Desk, card: Card, log: Sequence[Event], now: datetime) -> None:
    """What was said and is not shown yet, in order; and what customers made of it later."""
    newest = set(posts.latest(unit, card.conversation))
    for event in log:
        said = getattr(event.payload, "message", None)
        if isinstance(event.payload, Edited):
            edited = Post(
                PostId(0),
                desk.id,
                "edit",
                card=card.id,
                version=event.version,
                about=cards.key_of(unit, desk.channel, desk.id, MessageId(event.payload.message)),
                facts={"message": event.payload.message},
            )
            posts.add(unit, edited, now)
        elif said in newest and event.payload.kind != "delivery_settled":
            posts.add_message(unit, desk.id, card.id, MessageId(said), event.version, now)


def plan_of(playbook: Playbook, desk: Desk) -> DeskPlan | None:
    """How a desk is configured now; None where it is not any more."""
    return next((plan for plan in playbook.desks if plan.name == desk.name), None)


def matter_of(unit: Unit, card: Card) -> ConversationId:
    """The conversation of a card, or what that has gone into."""
    return conversations.present(unit, card.conversation).id
