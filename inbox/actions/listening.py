"""Listening: an agent's turn is heard by whoever knows the words of the place that it was said in."""

from dataclasses import dataclass
from datetime import datetime

from inbox.actions.at_desk import DeskHearing
from inbox.actions.hearing import Hearing
from inbox.domain.arrivals import Judged
from inbox.domain.turns import AgentTurn, DeskTurn
from inbox.pipeline.playbook import Playbook
from inbox.store.unit import Unit
from inbox.text.wording import Wording


@dataclass(frozen=True, slots=True)
class Listening:
    """Implements `inbox.pipeline.receive.Hear` for mail and for desks."""

    mail: Hearing
    desk: DeskHearing

    @classmethod
    def of(cls, wording: Wording) -> "Listening":
        """With the words of all languages."""
        return cls(Hearing.of(wording), DeskHearing.of(wording))

    def __call__(self, unit: Unit, turn: AgentTurn | DeskTurn, playbook: Playbook, now: datetime) -> Judged:
        """Do what was said."""
        if isinstance(turn, DeskTurn):
            return self.desk(unit, turn, playbook, now)
        return self.mail(unit, turn, playbook, now)
