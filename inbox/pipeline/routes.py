"""Routes: over which channels the people of a conversation can be reached, which one an answer takes, and why not the others.

The laws: an answer goes to where the customer wants it or, where they said nothing and on our own pages, to where they last wrote,
unless that is shut; a chat takes one only where they have spoken with us alone; a mail address at which they have not written here takes one only once it is proved, or once an agent has
written there of their own accord.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from inbox.domain.conversations import Conversation
from inbox.domain.happenings import Address
from inbox.domain.ids import ChannelName, IdentityId, NetworkKey, ThreadId
from inbox.domain.messages import Message
from inbox.domain.outgoing import Outgoing, Purpose
from inbox.domain.people import Identity
from inbox.domain.problems import Permanent
from inbox.pipeline.moved import followed
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.ports.calls import Numbering
from inbox.store import answering, conversations, people, sights
from inbox.store.heard import addressed, heard
from inbox.store.unit import Unit

Why = Literal["", "unreachable", "claimed", "no_chat", "no_channel", "channel_gone", "calls"]
"""What speaks against a route. An `unreachable` one can be tried; the others cannot be taken."""


@dataclass(frozen=True, slots=True)
class Route:
    """One address over one channel. `answers`: the last message from there, in this conversation; its thread is `thread`."""

    identity: Identity
    to: Address
    channel: ChannelName | None
    thread: ThreadId | None = None
    answers: Message | None = None
    why: Why = ""
    default: bool = False

    @property
    def name(self) -> str:
        """`kind:address`, by which it is chosen."""
        return self.identity.name_in_full

    @property
    def key(self) -> NetworkKey:
        """The network's name of the message that is answered; empty where there is none."""
        return self.answers.key if self.answers else NetworkKey("")

    @property
    def barred(self) -> bool:
        """Whether nothing can go that way, whoever asks for it."""
        return self.why not in ("", "unreachable")

    def known_as(self, word: str) -> bool:
        """Whether a person means it: by its name, address, channel or kind of network."""
        return word in (self.name, self.identity.address, self.channel, self.identity.kind)


def routes(unit: Unit, conversation: Conversation, playbook: Playbook) -> tuple[Route, ...]:
    """All of them, the one that an answer takes by default marked; first from where the customer last wrote. Somebody else who wrote in
    it, with a token that may have been passed on, is answered once an agent chose so; by default the customer is."""
    wrote, spoken = _wrote(unit, conversation, playbook), addressed(unit, conversation.id)
    mine = [one for one in people.identities(unit, conversation.contact) if _key(one) not in wrote]
    if not wrote and not spoken:  # one of us opened it, to somebody of their choice
        opener = conversations.opener(unit, conversation.id)
        spoken = [_key(one) for one in mine if one.id == opener]
    whose = [(identity, message) for identity, message in wrote.values()] + [(one, None) for one in mine]
    found = [
        replace(route, why=route.why or _against(route, spoken, playbook))
        for identity, message in whose
        for route in _ways(unit, conversation, identity, message, playbook)
    ]
    written = [one for one in found if one.why != "calls"]  # whoever called last is answered where they write
    written.sort(key=lambda one: _key(one.identity) not in spoken and _stranger(unit, one.identity, conversation))
    usual = _default(written, spoken) if wrote and written else _spoken(found, spoken)
    default = (_wanted(unit, written, playbook) if wrote and written else None) or usual
    return tuple(replace(route, default=route is default) for route in found)


def _stranger(unit: Unit, identity: Identity, conversation: Conversation) -> bool:
    """Neither the customer nor a colleague who spoke there by the right to see it."""
    return identity.contact != conversation.contact and not sights.speaks(unit, identity.contact, conversation.id)


def _key(identity: Identity) -> tuple[str, str]:
    return identity.kind, identity.address


def _wrote(
    unit: Unit, conversation: Conversation, playbook: Playbook
) -> dict[tuple[str, str], tuple[Identity, Message]]:
    """Who wrote in this conversation, with the last message of each; whoever wrote last first, machines behind people."""
    found: dict[tuple[str, str], tuple[Identity, Message]] = {}
    for kind, message in heard(unit, conversation.id):
        address = _moved(unit, conversation, message.sender, message, playbook).address
        if (kind, address) in found:
            continue
        known = people.known(unit, kind, address)
        identity = known[1] if known else Identity(IdentityId(0), conversation.contact, kind, address)
        found[kind, address] = (identity, message)
    return found


def _moved(unit: Unit, conversation: Conversation, to: Address, message: Message, playbook: Playbook) -> Address:
    """Where somebody is now who was at an address, as far as their channel is still there."""
    speaker = playbook.channels.get(message.channel) if message.channel else None
    return to if speaker is None else followed(unit, conversation.id, to, speaker)


def _ways(
    unit: Unit, conversation: Conversation, identity: Identity, message: Message | None, playbook: Playbook
) -> Iterator[Route]:
    """The channel on which they last wrote; those on which they have spoken with us alone; by mail the one that is ours."""
    to, last = Address(identity.address, identity.name), None
    if message is not None and message.channel in playbook.channels:
        last = message.channel
        to_them = _moved(unit, conversation, message.answer_to, message, playbook)
        yield Route(identity, to_them, last, message.thread, message)
    others = [one for one in playbook.channels.values() if one.kind == identity.kind and one.name != last]
    pages = next((one for one in others if one.codec.traits.portal), None)
    if last is None and pages is not None:
        yield Route(identity, to, pages.name)
        return
    chats = [(one.name, chat(unit, one, identity.address)) for one in others if not one.codec.traits.subject]
    for name, thread in chats:
        if thread is not None:
            yield Route(identity, to, name, thread)
    if last is not None or any(thread is not None for _, thread in chats):
        return
    over = carrier(playbook, playbook.channels.get(conversation.channel), identity.kind)
    why: Why = "no_chat" if chats else "no_channel" if message is None else "channel_gone"
    yield Route(identity, to, None if over is None else over.name, why="" if over else why)


def _against(route: Route, spoken: Sequence[tuple[str, str]], playbook: Playbook) -> Why:
    """Words in a From prove nothing; a network that knows its people does, and an agent knows to whom they wrote. A telephone
    carries no text."""
    if route.channel is not None and playbook.channels[route.channel].codec.traits.calls:
        return "calls"
    certain = route.channel is not None and playbook.channels[route.channel].codec.traits.certain_sender
    meant = certain or _key(route.identity) in spoken
    if route.answers is None and route.identity.verified_at is None and not meant:
        return "claimed"
    return "unreachable" if route.identity.unreachable else ""


def _default(found: list[Route], spoken: Sequence[tuple[str, str]]) -> Route | None:
    """From where the customer last wrote; where that is shut, the first other way to an address that is proved, or to which
    an agent wrote."""
    first = found[0]
    if not first.why:
        return first
    proved = next((one for one in found if not one.why and one.identity.verified_at is not None), None)
    return proved or _spoken([one for one in found if not one.why], spoken) or (None if first.barred else first)


def _wanted(unit: Unit, found: list[Route], playbook: Playbook) -> Route | None:
    """The way to where whoever wrote last wants to be answered, as long as it is open. Whoever looks at pages of ours is answered
    there, and elsewhere besides."""
    last, wish = found[0], answering.of(unit, found[0].identity.contact)
    if wish is None or last.channel is None or playbook.channels[last.channel].codec.traits.live:
        return None
    portal = playbook.portal.name if playbook.portal else None
    ways = (one for one in found if not one.why and one.identity.contact == last.identity.contact)
    return next((o for o in ways if (o.identity.id == wish.identity if wish.identity else o.channel == portal)), None)


def _spoken(found: list[Route], spoken: Sequence[tuple[str, str]]) -> Route | None:
    """The way to where an agent last wrote."""
    ways = (one for key in spoken for one in found if _key(one.identity) == key and not one.barred)
    return next(ways, None)


def way_to(unit: Unit, there: Identity, home: Speaker, playbook: Playbook) -> tuple[Speaker, ThreadId | None] | None:
    """The channel over which an address is reached, and the chat with them there; None where nothing can go. `home`: on whose
    channel they are answered else."""
    if there.unreachable:
        return None
    chats = (one for one in playbook.channels.values() if one.kind == there.kind and not one.codec.traits.subject)
    able = (one for one in chats if not one.codec.traits.live and not one.codec.traits.calls)
    spoken = ((one, chat(unit, one, there.address)) for one in able)
    found = next((way for way in spoken if way[1] is not None), None)
    mail = carrier(playbook, home, there.kind)
    return found or (None if mail is None else (mail, None))


def carrier(playbook: Playbook, home: Speaker | None, kind: str = "") -> Speaker | None:
    """The mail channel (of that kind, where one is named) over which those can be reached who wrote on `home`: the one that
    it goes on by, else the only one of its brand, else the only one."""
    chosen = playbook.channels.get(home.continues_on) if home is not None and home.continues_on else None
    if chosen is not None and kind in ("", chosen.kind):
        return chosen
    if not kind:
        return None
    able = [one for one in playbook.channels.values() if one.kind == kind and one.codec.traits.subject]
    same = [one for one in able if home is not None and one.brand.key == home.brand.key]
    return next((found[0] for found in (same, able) if len(found) == 1), None)


def chat(unit: Unit, speaker: Speaker, address: str) -> ThreadId | None:
    """The container in which somebody speaks with us alone on a channel: it bears their address."""
    return conversations.thread_of(unit, speaker.name, address)


def canonical(speaker: Speaker, address: str, now: datetime) -> str | None:
    """The address as the network compares it; None for one that cannot exist there."""
    if isinstance(speaker.codec, Numbering):
        return speaker.codec.number(address) or None
    nothing = Outgoing(
        purpose=Purpose.NOTICE,
        token="a" * 26,
        sender=Address(speaker.address),
        to=(Address(address.strip()),),
        subject="",
        text=".",
        date=now,
        language="en",
        direction="ltr",
    )
    try:
        return speaker.codec.compose(nothing)[0].lane
    except Permanent:
        return None
