"""The menu of a channel: when customers are asked, and when what they write is their answer."""

from inbox.domain.choices import Choice, Menu
from inbox.domain.events import Acknowledged, TeamSet
from inbox.domain.happenings import InboundMessage
from inbox.pipeline.playbook import Speaker
from inbox.pipeline.turn import Turn
from inbox.store import events, people
from inbox.text.fold import squeeze


def asked(turn: Turn, speaker: Speaker) -> Menu | None:
    """What the customer is asked now; None where the network has no buttons, or the field is known or decided already."""
    menu = speaker.menu
    return menu if menu is not None and speaker.codec.traits.buttons and _undecided(turn, menu) else None


def answered(turn: Turn, said: InboundMessage, speaker: Speaker) -> Choice | None:
    """The choice that came with a message, or that it makes in words: while the question is open, and where it says nothing else."""
    menu = speaker.menu
    if menu is None or said.automatic is not None or not _undecided(turn, menu):
        return None
    if said.chosen:
        return Choice(menu.name, said.chosen) if said.chosen in [one.value for one in menu.options] else None
    words = squeeze(said.reply_text or said.text)
    found = next((one for one in menu.options if words in map(squeeze, one.labels.values())), None)
    return None if found is None or not _was_asked(turn, menu) else Choice(menu.name, found.value)


def hand_to_team(turn: Turn, speaker: Speaker) -> None:
    """The team that a choice goes to has the conversation now, unless a rule or a person has given it to another."""
    menu, now = speaker.menu, turn.conversation
    chosen = None if menu is None else menu.option(Choice(menu.name, dict(now.fields).get(menu.name, "")))
    if chosen is None or not chosen.team or "team" in now.pinned:
        return
    roster = people.roster(turn.unit)
    usual, wanted = roster.team(speaker.team) if speaker.team else None, roster.team(chosen.team)
    if wanted is not None and now.team != wanted.id and now.team in (None, usual.id if usual else None):
        turn.tell(TeamSet("team_set", wanted.id))


def _undecided(turn: Turn, menu: Menu) -> bool:
    """Nobody has set the field, and no person of ours has emptied it."""
    now = turn.conversation
    return menu.name not in dict(now.fields) and f"field.{menu.name}" not in now.pinned


def _was_asked(turn: Turn, menu: Menu) -> bool:
    told = (one.payload for one in events.of(turn.unit, turn.conversation.id))
    return any(isinstance(one, Acknowledged) and one.asks == menu.name for one in told)
