"""What the demo's customers own: some of it under warranty, some not any more, and one conversation that is about one of these."""

from datetime import datetime, timedelta

from inbox.domain.assets import About
from inbox.domain.events import Actor
from inbox.domain.happenings import Address
from inbox.domain.people import Agent
from inbox.pipeline import assets as verbs
from inbox.pipeline import assets_named
from inbox.pipeline.contacts_table import there
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.turn import Turn
from inbox.store import conversations, people
from inbox.store.assets import By
from inbox.store.unit import Unit

_OWNED = (
    ("RG-2204-7718", "Electric grinder", "RG-220", "chloe@martin.example", 212, 0),
    ("RG-2204-9031", "Electric grinder", "RG-220", "emily@stone.example", 540, 0),
    ("HM-10-55120", "Hand grinder", "HM-10", "emily@stone.example", -20, 0),
    ("آ-۴۴۰۱-۲۲", "قهوه‌ساز دستی", "آویز ۲", "ali@rezaei.example", 18, 0),
    ("EM-9000-0417", "Espresso machine", "EM-9000", "grace@lee.example", 95, 24),
)
"""Serial, product, model, owner; and in how many days the warranty and (0: none) the service end."""


def fill(unit: Unit, agent: Agent, book: Playbook, now: datetime) -> None:
    """All of it, as one of us enters it; the customer who sent a grinder back has a conversation about that."""
    today = book.day(now)
    for serial, product, model, owner, warranty, service in _OWNED:
        kind, address = there(unit, owner, book, now)
        contact, _ = people.meet(unit, kind, Address(address), people.known(unit, kind, address), None, now)
        about = About(
            serial=serial,
            product=product,
            model=model,
            contact=contact.id,
            bought_on=today - timedelta(days=700 - warranty),
            warranty_until=today + timedelta(days=warranty),
            service_until=today + timedelta(days=service) if service else None,
        )
        asset = verbs.add(unit, about, By(agent.id, "web"), book, now)
        for matter in conversations.of_contact(unit, contact.id)[:1] if serial == _OWNED[0][0] else ():
            turn = Turn.of(unit, matter, "web", book.terms, now)
            assets_named.put(turn, asset, Actor("agent", agent.id, agent.name))
            turn.close()
