"""Screening: what a message is before anyone asks what it is about; whether it may have a conversation, or an automatic answer."""

from dataclasses import dataclass

from inbox.domain.happenings import InboundMessage
from inbox.pipeline.playbook import Playbook


@dataclass(frozen=True, slots=True)
class Screened:
    """What the screen saw. Reasons are catalogue keys; empty means "no objection".

    `ignore`: no conversation at all. `alone`: only as part of a conversation that it proves to belong to, else ignored.
    `silent`: a conversation like any other, without an automatic answer.
    """

    ignore: str = ""
    alone: str = ""
    silent: str = ""


def screen(said: InboundMessage, playbook: Playbook) -> Screened:
    """First match wins: our own voice, calls (whoever called reads nothing), automatic answers, other machines, mail that has been around too long."""
    if said.own:
        return Screened(ignore="ignored.own_address")
    if said.call is not None:
        return Screened(silent="silent.call")
    if said.automatic in ("auto-reply", "bounce", "report"):
        return Screened(alone=f"ignored.{said.automatic.replace('-', '_')}", silent="silent.machine")
    if said.automatic is not None:
        return Screened(silent="silent.machine")
    if said.hops > playbook.budgets.hops:
        return Screened(silent="silent.hops")
    if not said.sender.address:
        return Screened(silent="silent.no_sender")
    return Screened()
