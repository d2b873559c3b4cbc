"""The menu of a channel: when customers are asked, and when what they write is their answer."""

from datetime import datetime, timedelta

from inbox.domain.choices import Choice, Menu
from inbox.domain.events import Acknowledged
from inbox.domain.happenings import InboundMessage
from inbox.domain.menu_steps import step
from inbox.pipeline.playbook import Speaker
from inbox.pipeline.turn import Turn
from inbox.store import events, screens
from inbox.store.unit import Unit
from inbox.text.fold import squeeze

REMEMBERS = timedelta(hours=1)
"""How long a topic that was chosen before anything was written is that of what is written next."""


def asked(turn: Turn, speaker: Speaker) -> Menu | None:
    """What the customer is asked now; None where the network has no buttons, or the field is known or decided already."""
    menu = speaker.menu
    return menu if menu is not None and speaker.codec.traits.buttons and _undecided(turn, menu) else None


def answered(turn: Turn, said: InboundMessage, speaker: Speaker) -> Choice | None:
    """The choice that came with a message, or that it makes in words: while the question is open, and where it says nothing else;
    or the one that was made in the bot's menu just before."""
    menu = speaker.menu
    if menu is None or said.automatic is not None or not _undecided(turn, menu):
        return None
    if said.chosen:
        return Choice(menu.name, said.chosen) if said.chosen in [one.value for one in menu.options] else None
    words = squeeze(said.reply_text or said.text)
    found = next((one for one in menu.options if words in map(squeeze, one.labels.values())), None)
    if found is not None and _was_asked(turn, menu):
        return Choice(menu.name, found.value)
    return _chosen_before(turn.unit, said, speaker, turn.now)


def _undecided(turn: Turn, menu: Menu) -> bool:
    """Nobody has set the field, and no person of ours has emptied it."""
    now = turn.conversation
    return menu.name not in dict(now.fields) and f"field.{menu.name}" not in now.pinned


def _was_asked(turn: Turn, menu: Menu) -> bool:
    told = (one.payload for one in events.of(turn.unit, turn.conversation.id))
    return any(isinstance(one, Acknowledged) and one.asks == menu.name for one in told)


def _chosen_before(unit: Unit, said: InboundMessage, speaker: Speaker, now: datetime) -> Choice | None:
    """The topic that was chosen in the menu before this message, if nothing was written in between."""
    menu = speaker.menu
    if menu is None or not speaker.self_service or said.thread != said.sender.address:
        return None
    for shown in screens.lately(unit, speaker.name, said.thread, now - REMEMBERS):
        at = step(shown.data)
        if at is not None and at.verb == "topic":
            chosen = Choice(menu.name, at.word(0))
            later = screens.written_since(unit, speaker.name, said.thread, shown.at, now)
            return None if later or menu.option(chosen) is None else chosen
    return None
