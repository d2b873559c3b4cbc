"""Telling an agent by mail: what goes to one of us in a conversation, with the token by which they answer it from there."""

from dataclasses import dataclass

from inbox.domain.events import Noticed
from inbox.domain.facts import Facts
from inbox.domain.happenings import Address
from inbox.domain.ids import ChannelName, MessageId, NetworkKey
from inbox.domain.outgoing import Purpose
from inbox.domain.people import Agent
from inbox.pipeline.agent_token import BY_MAIL, issue
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.say import Answered, Words, say
from inbox.pipeline.turn import Turn


@dataclass(frozen=True, slots=True)
class Carried:
    """The channel that carries it, and whether an answer can be taken from it: where no server that we trust tells who wrote a
    mail, nobody can be proved to have."""

    over: Speaker
    answerable: bool


def carrier(turn: Turn, playbook: Playbook) -> Carried | None:
    """The channel of the conversation where it carries mail, else one of the same brand, else any; None: none does."""
    return carrying(turn.conversation.channel, playbook)


def carrying(channel: ChannelName, playbook: Playbook) -> Carried | None:
    """The same for a conversation of that channel."""
    home = playbook.channels.get(channel)
    able = [one for one in playbook.channels.values() if one.codec.traits.subject]
    able.sort(key=lambda one: (one is not home, home is None or one.brand.key != home.brand.key))
    return Carried(able[0], able[0].codec.traits.verdicts) if able else None


def tell_agent(
    turn: Turn,
    agent: Agent,
    template: str,
    facts: Facts,
    carried: Carried,
    cause: str,
    playbook: Playbook,
    *,
    name: str = "",
) -> MessageId:
    """Queue it, and note that it was told. `name`: whose words it brings; they stand before the brand's."""
    over, to = carried.over, Address(agent.address, agent.name)
    rendered = playbook.templates.message(template, facts.language, facts, variants=(over.name,))
    words = Words(
        purpose=Purpose.AMONG_US,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        language=rendered.language,
        cause=cause,
        kept=rendered.subject,
        sender_name=f"{name} ({over.brand.name})" if name else "",
        among_us=True,
        leads_back=False,
        token=issue(turn.unit, agent.id, turn.conversation, BY_MAIL, cause, playbook, turn.now),
    )
    message = say(turn, words, Answered(NetworkKey(""), None, to, (_root(turn, over),)), over)
    turn.tell(Noticed("noticed", message, "agent", agent.address))
    return message


def _root(turn: Turn, over: Speaker) -> NetworkKey:
    """What all that agents are told of a conversation refers to, so that their programs keep it together. Nothing has this key."""
    domain = over.address.rpartition("@")[2] or "inbox"
    return NetworkKey(f"<{turn.conversation.reference.lower()}.{turn.conversation.id}.agents@{domain}>")
