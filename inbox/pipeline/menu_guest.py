"""Whoever goes through a bot's menu: in which chat and language, what they may read, and what of it is shown to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from inbox.domain.articles import Reader
from inbox.domain.choices import Offer
from inbox.domain.conversations import Conversation, State
from inbox.domain.happenings import Address
from inbox.domain.ids import ConversationId, NetworkKey
from inbox.domain.menu_steps import Step
from inbox.domain.outgoing import Mark, Outgoing, Purpose
from inbox.domain.people import Contact, Identity
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.store import budgets, conversations, screens
from inbox.store.unit import Unit
from inbox.text.bidi import direction
from inbox.text.dates import moment

NOWHERE = NetworkKey("")
OFTEN, WITHIN = 40, timedelta(minutes=10)
"""So many screens are shown to one chat within that time."""
CHANGED = timedelta(days=7)
"""How long a screen that stands in a chat is changed in place; what is older, or none of ours, is followed by a new one."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What is shown: a text, and buttons under it."""

    text: str
    offers: tuple[Offer, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Guest:
    """One press, or one command, of whoever is in that private chat. `known`: as whom we know them, if we do."""

    unit: Unit
    chat: str
    known: tuple[Contact, Identity] | None
    language: str
    speaker: Speaker
    playbook: Playbook
    now: datetime

    @property
    def start(self) -> Step:
        """The beginning of the menu in their language."""
        return Step(self.language, "top")

    @property
    def reader(self) -> Reader:
        """What they may read of the articles: never what is for agents."""
        return Reader() if self.known is None else Reader(organization=self.known[0].organization)

    @property
    def today(self) -> date:
        """The day where we are."""
        return self.playbook.day(self.now)

    def say(self, key: str, **facts: object) -> str:
        """A sentence of the catalogue in their language."""
        return self.playbook.wording.say(self.language, f"menu.{key}", **facts)

    def moment(self, at: datetime) -> str:
        """An instant as they read it."""
        return moment(at, self.language, ZoneInfo(self.playbook.zone), year=False)

    def back(self, *before: Offer) -> tuple[Offer, ...]:
        """Buttons with the way to a person and to the beginning behind them."""
        person = self.start.to("person").offer(self.say("button.person"))
        return *before, person, self.start.offer(self.say("button.top"))

    def matter(self, id: ConversationId | None = None) -> Conversation | None:
        """Their conversation of that number, or that of this chat, while it is not over; a foreign one is as if it were not there."""
        id = conversations.of_thread(self.unit, self.speaker.name, self.chat) if id is None else id
        if id is None or self.known is None or not conversations.takes_part(self.unit, id, self.known[1].id):
            return None
        found = conversations.present(self.unit, id)
        return None if found.state in (State.DONE, State.SPAM) else found


def too_often(guest: Guest) -> bool:
    """Whether this chat was shown enough for now, or this channel says enough by itself."""
    name, most = guest.speaker.name, guest.speaker.automatic_per_hour
    if len(screens.lately(guest.unit, name, guest.chat, guest.now - WITHIN, OFTEN)) >= OFTEN:
        return True
    return bool(most) and budgets.automatic_on(guest.unit, name, guest.now, most) >= most


def show(guest: Guest, screen: Screen, step: Step, cause: str, about: NetworkKey = NOWHERE) -> None:
    """Put it into the outbox, in the place of the screen that was pressed; `cause`: the fingerprint of what asked for it, which
    shows one only once."""
    standing = about if _is_ours(guest, about) else NOWHERE
    put(guest, screen, step.data, cause, standing)


def put(guest: Guest, screen: Screen, data: str, cause: str, replaces: NetworkKey) -> None:
    """The same for anything that is shown, or changed, and is no message."""
    speaker = guest.speaker
    outgoing = Outgoing(
        purpose=Purpose.SCREEN,
        token=guest.unit.entropy.token(f"screen {cause}"),
        sender=Address(speaker.address, speaker.brand.name),
        to=(Address(guest.chat),),
        subject="",
        text=screen.text,
        date=guest.now,
        language=guest.language,
        direction=direction(screen.text),
        thread=guest.chat,
        offers=screen.offers,
        replaces=replaces,
        marks=screen.marks,
    )
    for part in speaker.codec.compose(outgoing):
        screens.queue(guest.unit, speaker.name, part, cause, data, guest.now)


def _is_ours(guest: Guest, about: NetworkKey) -> bool:
    if not about:
        return False
    shown: Sequence[screens.Shown] = screens.lately(
        guest.unit, guest.speaker.name, guest.chat, guest.now - CHANGED, 500
    )
    return any(one.key == about for one in shown)
