"""Delays: whoever wrote an answer that cannot leave is told while there is still time to reach the customer another way."""

from datetime import datetime, timedelta

from inbox.pipeline.notify import tell_watchers
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.turn import Turn
from inbox.store import delayed, messages, people
from inbox.store.unit import Unit

DELAYED = "reply-delayed"
"""What they are told, as the catalogue of wording has it."""
PATIENCE = timedelta(hours=1)
"""So long networks take what they refused at first; what waits longer may wait for days, and its writer believes it sent."""


def tell_of_delays(unit: Unit, playbook: Playbook, now: datetime) -> int:
    """Tell the writers, those who have the conversations, and those who watch them; each conversation once for all its parts.
    How many deliveries it is about."""
    found = delayed.delayed(unit, now - PATIENCE)
    told = {matter: message for _, matter, message in reversed(found)}
    roster = people.roster(unit) if told else None
    for matter, message in told.items():
        assert roster is not None
        turn = Turn.of(unit, matter, "time", playbook.terms, now)
        meant = (messages.one(unit, message).agent, turn.conversation.assignee)
        tell_watchers(turn, DELAYED, roster, [one for one in meant if one is not None])
        turn.close()
    return len(found)
