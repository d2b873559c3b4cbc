"""The mark of a site that came back from a backup: what lies between the backup and the restore may have been said already."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from inbox.domain.ids import ConversationId, DeliveryId
from inbox.domain.outgoing import Purpose
from inbox.store.prepared import Prepared
from inbox.store.tables import delivery, event, site
from inbox.store.unit import Unit

NAME = "restored"
_D = delivery.c
_STATE = Prepared(sa.select(site.c.value).where(site.c.name == NAME))


@dataclass(frozen=True, slots=True)
class Mark:
    """`backed_up`: the instant of the backup. `until`: what reached the network before then may have been seen to by the site
    as it was; `restored`: when it came back. `upto`: the highest delivery of the backup. `settled`: what the backup held on
    its way was seen to."""

    backed_up: datetime
    restored: datetime
    until: datetime
    upto: int
    settled: bool = False

    def written(self) -> str:
        """As the row keeps it."""
        return json.dumps({name: str(value) for name, value in asdict(self).items()})


def read(text: str) -> Mark:
    """The mark that `written` wrote."""
    kept = json.loads(text)
    backed_up, back, until = (datetime.fromisoformat(kept[name]) for name in ("backed_up", "restored", "until"))
    return Mark(backed_up, back, until, int(kept["upto"]), kept["settled"] == "True")


def mark(unit: Unit) -> Mark | None:
    """The mark; None where the site was never restored."""
    found = unit.run(_STATE)
    return read(found[0][0]) if found else None


def put(unit: Unit, marked: Mark) -> None:
    """Set the mark, in the place of an older one."""
    if not unit.insert_new(site, name=NAME, value=marked.written()):
        unit.execute(sa.update(site).where(site.c.name == NAME).values(value=marked.written()))


def last_delivery(unit: Unit) -> DeliveryId:
    """The highest delivery that this transaction sees; 0 where there is none."""
    return DeliveryId(unit.execute(sa.select(sa.func.coalesce(sa.func.max(_D.id), 0))).scalar_one())


def queued_after(unit: Unit, id: DeliveryId) -> list[DeliveryId]:
    """What was queued behind that delivery and waits to go, in order."""
    query = sa.select(_D.id).where(_D.id > id, _D.state == "queued").order_by(_D.id)
    return [DeliveryId(row[0]) for row in unit.execute(query)]


def unfinished(unit: Unit, upto: int, most: int) -> list[DeliveryId]:
    """Of the backup's deliveries those that the house itself would work on, in order."""
    states = ("queued", "sending", "unknown")
    query = sa.select(_D.id).where(_D.id <= upto, _D.state.in_(states)).order_by(_D.id).limit(most)
    return [DeliveryId(row[0]) for row in unit.execute(query)]


def held_acknowledgements(unit: Unit, matter: ConversationId) -> list[DeliveryId]:
    """Acknowledgements of a conversation that wait for a person's decision."""
    where = (_D.conversation_id == matter, _D.state == "parked", _D.purpose == Purpose.ACKNOWLEDGEMENT.value)
    return [DeliveryId(row[0]) for row in unit.execute(sa.select(_D.id).where(*where).order_by(_D.id))]


def untouched(unit: Unit, matter: ConversationId, since: datetime) -> bool:
    """Whether no person has done or said anything in a conversation since then."""
    e = event.c
    people = (e.conversation_id == matter, e.at >= since, e.actor_kind.in_(("agent", "contact")))
    return unit.execute(sa.select(e.id).where(*people).limit(1)).first() is None
