"""Feedback at a desk: an agent who wrote there learns what became of it: a sign under their message, or a sentence."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from inbox.domain.deliveries import DeliveryState
from inbox.domain.desks import Button, Desk, Post, PostState
from inbox.domain.events import DeliverySettled, Event
from inbox.domain.ids import CardId, MessageId, NetworkKey, PostId
from inbox.pipeline.playbook import Playbook
from inbox.store import deliveries, posts
from inbox.store.unit import Unit

NOTED, DELIVERED, DONE = "✍", "👍", "👌"
"""Signs that a bot may use everywhere."""
GOES_OUT, ARRIVED, TROUBLE, TAKEN_BACK = "desk.goes_out", "desk.arrived", "desk.not_delivered", "desk.taken_back"


def word(
    unit: Unit,
    desk: Desk,
    about: tuple[NetworkKey, str],
    key: str,
    now: datetime,
    *,
    card: CardId | None = None,
    facts: Mapping[str, object] | None = None,
    buttons: Sequence[Button] = (),
    held: str = "",
) -> PostId:
    """A sentence under what somebody wrote (its name, and the thread that it stands in)."""
    key_of, thread = about
    said = Post(
        PostId(0),
        desk.id,
        "word",
        card=card,
        thread=thread,
        about=key_of,
        key=key,
        facts=facts or {},
        buttons=tuple(buttons),
        held=held,
    )
    return posts.add(unit, said, now)


def sign(
    unit: Unit, desk: Desk, about: tuple[NetworkKey, str], which: str, instead: str, playbook: Playbook, now: datetime
) -> None:
    """A sign under a message or, where the network has none, the sentence `instead`."""
    if playbook.channels[desk.channel].codec.traits.reactions:
        facts: dict[str, object] = {"sign": which}
        posts.add(unit, Post(PostId(0), desk.id, "feeling", thread=about[1], about=about[0], facts=facts), now)
    else:
        word(unit, desk, about, instead, now)


def settled(unit: Unit, desk: Desk, log: Sequence[Event], playbook: Playbook, now: datetime) -> None:
    """What became of answers that were written at this desk."""
    for event in log:
        if isinstance(event.payload, DeliverySettled) and not event.payload.copy and not event.payload.passed_on:
            for post in posts.of_message(unit, MessageId(event.payload.message)):
                if post.desk == desk.id and post.state is PostState.HERE:
                    _settled(unit, desk, post, event.payload, playbook, now)


def _settled(unit: Unit, desk: Desk, post: Post, told: DeliverySettled, playbook: Playbook, now: datetime) -> None:
    assert post.card is not None
    waiting = next((one for one in posts.words_about(unit, post.card, post.shown) if one.key == GOES_OUT), None)
    about = (post.shown, post.thread)
    match told.state:
        case DeliveryState.SENT.value:
            if any(one.state is not DeliveryState.SENT for one in deliveries.of_messages(unit, [told.message])):
                return  # the rest of it is on its way
            _arrived(unit, desk, about, waiting, playbook, now)
        case DeliveryState.CANCELLED.value | DeliveryState.DROPPED.value:
            _say(unit, desk, about, waiting, TAKEN_BACK, {}, now)
        case _:
            _say(unit, desk, about, waiting, TROUBLE, {"error": told.reason}, now)


def _arrived(
    unit: Unit, desk: Desk, about: tuple[NetworkKey, str], waiting: Post | None, playbook: Playbook, now: datetime
) -> None:
    """The network took it: with a sign nothing more need be said."""
    signs = playbook.channels[desk.channel].codec.traits.reactions
    if waiting is not None:
        posts.change(unit, waiting.id, "" if signs else ARRIVED, {}, now)
    if signs or waiting is None:
        sign(unit, desk, about, DELIVERED, ARRIVED, playbook, now)


def _say(
    unit: Unit,
    desk: Desk,
    about: tuple[NetworkKey, str],
    waiting: Post | None,
    key: str,
    facts: dict[str, object],
    now: datetime,
) -> None:
    """In the place of what was said before, or as a sentence of its own."""
    if waiting is not None:
        posts.change(unit, waiting.id, key, facts, now)
    else:
        word(unit, desk, about, key, now, facts=facts)
