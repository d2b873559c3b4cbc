"""Preferences: what each agent chose; whoever chose nothing has what everybody has."""

from collections.abc import Mapping
from datetime import time
from typing import Any

import sqlalchemy as sa

from inbox.domain.attention import USUAL, Kind, Likes, Place, Quiet
from inbox.domain.digest import Digest
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
    digest = None if likes.digest is None else [f"{likes.digest.at:%H:%M}", likes.digest.zone]
    return {"theme": likes.theme, "keys": likes.keys, "notices": notices, "quiet": hours, "digest": digest}


def _read(chosen: Mapping[str, Any]) -> Likes:
    """What a later version wrote and this one does not know is left out."""
    hours, told, daily = chosen.get("quiet"), chosen.get("notices", {}), chosen.get("digest")
    quiet = None
    if hours:
        quiet = Quiet(time.fromisoformat(hours[0]), time.fromisoformat(hours[1]), frozenset(hours[2]), hours[3])
    known = {kind: frozenset(p for p in Place if p.value in told[kind]) for kind in Kind if kind in told}
    digest = Digest(time.fromisoformat(daily[0]), daily[1]) if daily else None
    theme = next((one for one in THEMES if one == chosen.get("theme")), "system")
    return Likes(theme, bool(chosen.get("keys", True)), {**USUAL, **known}, quiet, digest)
