"""Budgets: whether the house may say one more thing by itself, and when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox.domain.happenings import Address
from inbox.domain.ids import ConversationId
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.turn import Turn
from inbox.store import budgets
from inbox.store.unit import Unit

MINUTES = 60
"""Automatic mail waits for its turn this long at the most; what is beyond is an accident, and stays unsaid."""
UNOPENED = ConversationId(0)
"""The conversation of what is to open one."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Why nothing more may be said by itself, or how long it has to wait for its turn."""

    reason: str = ""
    wait: timedelta = timedelta(0)

    @property
    def passing(self) -> bool:
        """Whether it is about how much is said to others, and so over soon."""
        return self.reason in ("silent.budget_overall", "silent.budget_channel")


def budget(turn: Turn, to: Address, speaker: Speaker, playbook: Playbook) -> Budget:
    """The budgets of an address, a conversation and a channel silence, so that two machines that deny being machines fall
    silent too; that of the minute only spreads what is due over the next ones."""
    return budget_before(turn.unit, to, turn.conversation.id, speaker, playbook, turn.now)


def budget_before(
    unit: Unit, to: Address, matter: ConversationId, speaker: Speaker, playbook: Playbook, now: datetime
) -> Budget:
    """The same, before there is a turn."""
    allowed = playbook.budgets
    most = max(allowed.per_minute, 1) * MINUTES
    sent = budgets.automatic(unit, to.address, matter, now, most)
    if sent.to_lane >= allowed.per_address_and_day:
        return Budget("silent.budget_address")
    if sent.in_conversation >= allowed.per_conversation_and_hour:
        return Budget("silent.budget_conversation")
    on_channel = speaker.automatic_per_hour
    if on_channel and budgets.automatic_on(unit, speaker.name, now, on_channel) >= on_channel:
        return Budget("silent.budget_channel")
    if sent.overall >= (0 if allowed.per_minute == 0 else most):
        return Budget("silent.budget_overall")
    return Budget(wait=timedelta(minutes=sent.overall // allowed.per_minute))
