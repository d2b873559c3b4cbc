"""Budgets: whether the house may say one more thing by itself, and when."""

from dataclasses import dataclass
from datetime import timedelta

from inbox.domain.happenings import Address
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.turn import Turn
from inbox.store import deliveries

MINUTES = 60
"""Automatic mail waits for its turn this long at the most; what is beyond is an accident, and stays unsaid."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Why nothing more may be said by itself, or how long it has to wait for its turn."""

    reason: str = ""
    wait: timedelta = timedelta(0)


def budget(turn: Turn, to: Address, speaker: Speaker, playbook: Playbook) -> Budget:
    """The budgets of an address, a conversation and a channel silence, so that two machines that deny being machines fall
    silent too; that of the minute only spreads what is due over the next ones."""
    budgets = playbook.budgets
    most = max(budgets.per_minute, 1) * MINUTES
    sent = deliveries.automatic(turn.unit, to.address, turn.conversation.id, turn.now, most)
    if sent.to_lane >= budgets.per_address_and_day:
        return Budget("silent.budget_address")
    if sent.in_conversation >= budgets.per_conversation_and_hour:
        return Budget("silent.budget_conversation")
    on_channel = speaker.automatic_per_hour
    if on_channel and deliveries.automatic_on(turn.unit, speaker.name, turn.now, on_channel) >= on_channel:
        return Budget("silent.budget_channel")
    if sent.overall >= (0 if budgets.per_minute == 0 else most):
        return Budget("silent.budget_overall")
    return Budget(wait=timedelta(minutes=sent.overall // budgets.per_minute))
