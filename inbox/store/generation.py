"""The generation of the roster: whoever keeps it in memory reads it again when the number is another one."""

import sqlalchemy as sa

from inbox.ports.wake import SETTINGS
from inbox.store import tables as t
from inbox.store.unit import Unit


def changed(unit: Unit) -> None:
    """Somebody or something of the roster is other than before, from the end of this unit on."""
    unit.memo.pop("roster", None)
    unit.memo["roster changed"] = True
    unit.wake(SETTINGS)
    unit.insert_new(t.generation, name="roster", number=0)
    g = t.generation.c
    unit.execute(sa.update(t.generation).where(g.name == "roster").values(number=g.number + 1))
