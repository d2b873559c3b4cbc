"""Which rulebook is live: how each of them came, what is wrong with the files that were refused, and who asks for a reload."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from inbox.domain.problems import Misconfigured
from inbox.ports.wake import SETTINGS
from inbox.store.prepared import Prepared
from inbox.store.tables import rulebook_state, template_texts, went_live
from inbox.store.unit import Unit

NAME = "rulebook"
_S, _W = rulebook_state.c, went_live.c


@dataclass(frozen=True, slots=True)
class Came:
    """One rulebook that went live. `how`: by a start, by files that changed, by a signal, by a command, or since people
    changed; `others`: the texts of hours and policies as they were with it, by file; `templates`: the digest of the site's own
    templates, under which `templates` has their texts, empty where they were not kept."""

    number: int
    at: datetime
    revision: str
    how: str
    others: Mapping[str, str]
    templates: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """What a daemon runs on. `problems` are of files that it refused at `refused_at`; `restart`: the config is another one
    by now. Whoever asked for a reload looks whether `answered` has come to the number that they were given."""

    live: Came | None = None
    refused_at: datetime | None = None
    problems: tuple[Misconfigured, ...] = ()
    restart: bool = False
    asked: int = 0
    answered: int = 0


def came(unit: Unit, most: int = 100) -> list[Came]:
    """What went live, the latest first."""
    rows = unit.execute(
        sa.select(_W.id, _W.at, _W.revision, _W.how, _W.others, _W.templates).order_by(_W.id.desc()).limit(most)
    )
    return [_came(row) for row in rows]


_STATE = Prepared(
    sa.select(_S.refused_at, _S.problems, _S.restart, _S.asked, _S.answered)
    .add_columns(_W.id, _W.at, _W.revision, _W.how, _W.others, _W.templates)
    .select_from(rulebook_state.outerjoin(went_live, _S.live_id == _W.id))
    .where(_S.name == sa.bindparam("name"))
)


def state(unit: Unit) -> State:
    """How it stands now, as the daemon of this site told last."""
    found = unit.run(_STATE, name=NAME)
    if not found:
        return State()
    row = found[0]
    live = None if row[5] is None else _came(row[5:])
    return State(live, row[0], tuple(_problem(one) for one in row[1]), *row[2:5])


def went(
    unit: Unit,
    revision: str,
    how: str,
    others: Mapping[str, str],
    now: datetime,
    templates: Mapping[str, str] | None = None,
) -> None:
    """This is live from now on, and nothing is refused any more. What is live already is not told again. `templates`: the
    texts of the site's own ones, by file."""
    kept = "" if templates is None else _kept(unit, templates)
    last = next(iter(came(unit, 1)), None)
    number = last.number if last is not None else 0
    if last is None or (last.revision, last.others, last.templates) != (revision, others, kept):
        number = unit.insert(went_live, at=now, revision=revision, how=how, others=dict(others), templates=kept)
    _set(unit, live_id=number, refused_at=None, problems=[])


def templates(unit: Unit, digest: str) -> dict[str, str] | None:
    """The texts of a site's own templates as they went live; None where they were not kept."""
    row = unit.execute(sa.select(template_texts.c.files).where(template_texts.c.digest == digest)).first()
    return None if row is None else dict(row[0])


def _kept(unit: Unit, files: Mapping[str, str]) -> str:
    digest = hashlib.sha256(json.dumps(dict(files), sort_keys=True).encode()).hexdigest()
    unit.insert_new(template_texts, digest=digest, files=dict(files))
    return digest


def refused(unit: Unit, problems: Sequence[Misconfigured], now: datetime) -> None:
    """These files did not go live, and why."""
    _set(unit, refused_at=now, problems=[[one.key, _plain(one.facts)] for one in problems])


def wants_restart(unit: Unit, needed: bool) -> None:
    """Whether the config is another one than the daemon was started with."""
    _set(unit, restart=needed)


def ask(unit: Unit) -> int:
    """Ask the daemon to read its rules again. The number that `State.answered` comes to once it has."""
    _set(unit)
    row = unit.execute(sa.update(rulebook_state).where(_S.name == NAME).values(asked=_S.asked + 1).returning(_S.asked))
    unit.wake(SETTINGS)
    return int(row.scalar_one())


def answer(unit: Unit, number: int) -> None:
    """Whoever asked until then has been heard."""
    _set(unit, answered=number)


def _came(row: Sequence[Any]) -> Came:
    number, at, revision, how, others, templates = row
    return Came(number, at, revision, how, dict(others), templates)


def _set(unit: Unit, **values: object) -> None:
    unit.insert_new(rulebook_state, name=NAME, problems=[])
    if values:
        unit.execute(sa.update(rulebook_state).where(_S.name == NAME).values(**values))


def _plain(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: value if isinstance(value, int | float) else str(value) for name, value in facts.items()}


def _problem(stored: Sequence[object]) -> Misconfigured:
    key, facts = stored
    assert isinstance(facts, dict)
    return Misconfigured(str(key), **{"where": "", **facts})
