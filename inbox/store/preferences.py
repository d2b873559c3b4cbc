"""Preferences: what each agent chose; whoever chose nothing has what everybody has."""

from collections.abc import Mapping
from datetime import time
from typing import Any

import sqlalchemy as sa

from inbox.domain.attention import USUAL, Kind, Likes, Place, Quiet
from inbox.domain.ids import AgentId
from inbox.store.prepared import Prepared
from inbox.store.tables import preference
from inbox.store.unit import Unit

_C = preference.c
_OF = Prepared(sa.select(_C.chosen).where(_C.agent_id == sa.bindparam("agent")))
THEMES = ("system", "light", "dark")


def of(unit: Unit, whose: AgentId) -> Likes:
    """What an agent likes."""
    found = unit.run(_OF, agent=whose)
    return _read(found[0][0]) if found else Likes()


def put(unit: Unit, whose: AgentId, likes: Likes) -> None:
    """From now on."""
    chosen = _written(likes)
    if not unit.insert_new(preference, agent_id=whose, chosen=chosen):
        unit.execute(sa.update(preference).where(_C.agent_id == whose).values(chosen=chosen))


def _written(likes: Likes) -> dict[str, Any]:
    quiet = likes.quiet
    hours = (
        None if quiet is None else [f"{quiet.start:%H:%M}", f"{quiet.end:%H:%M}", sorted(quiet.weekdays), quiet.zone]
    )
    notices = {kind.value: sorted(place.value for place in places) for kind, places in likes.notices.items()}
    return {"theme": likes.theme, "keys": likes.keys, "notices": notices, "quiet": hours}


def _read(chosen: Mapping[str, Any]) -> Likes:
    """What a later version wrote and this one does not know is left out."""
    hours, told = chosen.get("quiet"), chosen.get("notices", {})
    quiet = None
    if hours:
        quiet = Quiet(time.fromisoformat(hours[0]), time.fromisoformat(hours[1]), frozenset(hours[2]), hours[3])
    known = {kind: frozenset(p for p in Place if p.value in told[kind]) for kind in Kind if kind in told}
    theme = chosen.get("theme")
    return Likes(theme if theme in THEMES else "system", bool(chosen.get("keys", True)), {**USUAL, **known}, quiet)
