"""The units of the cards runner: what it reads before a call, and what it keeps after one."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from inbox.domain.desks import Card, Post, PostState
from inbox.domain.ids import AgentId, ChannelName
from inbox.domain.outgoing import File
from inbox.domain.problems import Problem
from inbox.pipeline import desks as verbs
from inbox.pipeline.article_bot_notices import tell_of_articles
from inbox.pipeline.bot_notices import tell_due
from inbox.pipeline.cards import Head, head
from inbox.pipeline.desk_feedback import word
from inbox.pipeline.desks import plan_of
from inbox.pipeline.outcome import stored
from inbox.pipeline.playbook import Playbook
from inbox.ports.desk import PlaceGone, Shown
from inbox.runtime.logs import log
from inbox.store import agent_links, article_notices, cards, desks, notifications, people, posts
from inbox.store.unit import Unit

CarriedOut = Callable[[Unit, str, Sequence[File], Playbook, datetime], object]
"""What is done with an agent's words once their files are here: the actions' affair."""


def heard(
    unit: Unit, post: Post, files: list[File], carried_out: CarriedOut, playbook: Playbook, now: datetime
) -> None:
    """The files are here: the words are heard, once."""
    if posts.keep(unit, post, PostState.SENT, now):
        carried_out(unit, post.held, files, playbook, now)


def adopt(unit: Unit, channel: ChannelName, now: datetime) -> int:
    """What the last runner had in hand is free again; how many topics may be made twice."""
    posts.adopt(unit, channel, now)
    return cards.adopt(unit, channel, now)


def claim(unit: Unit, channel: ChannelName, now: datetime, resting: tuple[str, ...]) -> Card | Post | None:
    """New cards go first, then what was said, then how things stand."""
    return (
        cards.claim(unit, channel, now, resting, placed=False)
        or posts.claim(unit, channel, now, resting)
        or cards.claim(unit, channel, now, resting, placed=True)
    )


def look(unit: Unit, channel: ChannelName, playbook: Playbook, now: datetime) -> int:
    """What is new, and what agents are to be told by bot; how much of both there was."""
    told = tell_due(unit, channel, playbook, now) + tell_of_articles(unit, channel, playbook, now)
    return verbs.look(unit, channel, playbook, now) + told


def next_due(unit: Unit, channel: ChannelName, kind: str, resting: tuple[str, ...]) -> datetime | None:
    """When there is something to do on a channel of that kind."""
    notices = (notifications.next_by_bot(unit, kind), article_notices.next_by_bot(unit, kind))
    found = (cards.next_due(unit, channel, resting), posts.next_due(unit, channel, resting), *notices)
    return min((at for at in found if at is not None), default=None)


def shut(unit: Unit, mine: Card | Post, playbook: Playbook) -> bool:
    """Whether nothing is shown there any more: the desk is no longer configured, or its agent is gone or linked elsewhere."""
    desk = desks.one(unit, mine.desk)
    plan = plan_of(playbook, desk)
    if plan is None:
        return True
    if desk.agent is None:
        return False
    agent = people.roster(unit).agent_by_id(desk.agent)
    linked = agent_links.of(unit, playbook.channels[desk.channel].kind, desk.chat)
    return agent is None or agent.disabled or linked is None or linked.agent != desk.agent


def put_away(unit: Unit, mine: Card | Post, now: datetime) -> None:
    """It is not shown, and nobody waits for it."""
    if isinstance(mine, Card):
        cards.rest(unit, mine, now)
    else:
        posts.keep(unit, mine, PostState.FAILED, now, error=stored(Problem("desk.shut")))


def head_of(unit: Unit, card: Card, playbook: Playbook) -> tuple[Head, str]:
    """What a card shows, and the language that is read there."""
    return head(unit, card, playbook), _language(unit, desks.one(unit, card.desk).agent)


def place_of(unit: Unit, post: Post) -> tuple[str, str]:
    """The chat of a post, and the language that is read there."""
    desk = desks.one(unit, post.desk)
    return desk.chat, _language(unit, desk.agent)


def _language(unit: Unit, agent: AgentId | None) -> str:
    found = people.roster(unit).agent_by_id(agent) if agent is not None else None
    return found.language if found is not None else ""


def chat_of(unit: Unit, mine: Card | Post) -> str:
    """The chat that it stands in."""
    return desks.one(unit, mine.desk).chat


def keep_card(unit: Unit, card: Card, channel: ChannelName, shown: dict[str, Any], now: datetime) -> None:
    """What a call achieved for a card."""
    if cards.keep(unit, card, now, **shown) and "head" in shown:
        cards.name(unit, (channel, card.desk), [shown["head"]], card.id)


def card_later(unit: Unit, card: Card, due_at: datetime, error: str, doubtful: bool) -> None:
    """A card could not be shown now."""
    cards.later(unit, card, due_at, error, doubtful=doubtful)


def keep_post(unit: Unit, channel: ChannelName, post: Post, shown: Shown, now: datetime) -> None:
    """A post is shown, under these names."""
    key = shown.keys[0] if shown.keys else post.shown
    if posts.keep(unit, post, PostState.SENT, now, key) and shown.keys:
        message = post.message or (post.facts.get("message") if post.kind == "edit" else None)
        cards.name(unit, (channel, post.desk), shown.keys, post.card, post.id, message)  # type: ignore[arg-type]  # an id


def is_turn(mine: Card | Post) -> bool:
    """Whether it is an agent's words that wait for their files."""
    return isinstance(mine, Post) and mine.kind == "turn"


def give_up(unit: Unit, post: Post, error: str, now: datetime) -> None:
    """An agent whose files cannot be had is told that nothing was done."""
    if posts.keep(unit, post, PostState.FAILED, now, error=error) and post.kind == "turn":
        about, facts = (post.about, post.thread), {"error": error}
        word(unit, desks.one(unit, post.desk), about, "desk.no_files", now, card=post.card, facts=facts)


def place_gone(unit: Unit, card: Card, gone: PlaceGone, now: datetime) -> None:
    """The topic of a card or, where only that could be meant, the message at its head."""
    log("desk").warning("place-gone", card=card.id, why=str(gone))
    words = str(gone.facts.get("words", "")).lower()
    head_only = bool(card.head) and ("message" in words and "thread" not in words)
    if cards.keep(unit, card, now):
        cards.lost(unit, card.id, now, head_only=head_only)
        if not head_only:
            posts.again(unit, card.id, now)


def topic_gone(unit: Unit, post: Post, gone: PlaceGone, now: datetime) -> None:
    """A post found its topic gone: the card is made anew, and what is newest stands in it again."""
    if post.card is None or post.state is PostState.CHANGED:
        posts.keep(unit, post, PostState.FAILED, now, error=stored(gone))
        return
    log("desk").warning("place-gone", card=post.card, why=str(gone))
    posts.keep(unit, post, PostState.QUEUED, now)
    cards.lost(unit, post.card, now)
    posts.again(unit, post.card, now)
