"""A plan: what everything that an export names is to be here; proposed, written as TOML for people to change, and read back."""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from zoneinfo import ZoneInfo

from inbox.domain.conversations import Priority, State
from inbox.domain.problems import Problem
from inbox.elsewhere.census import NAMED, Census
from inbox.elsewhere.vocabulary import LEAVE, Export
from inbox.text.fold import squeeze

Names = Mapping[str, str]
Say = Callable[..., str]
STATES = (State.OPEN.value, State.WAITING.value, State.DONE.value, State.SPAM.value, LEAVE)
PRIORITIES = tuple(priority.value for priority in Priority)


@dataclass(frozen=True, slots=True)
class Plan:
    """Theirs on the left, ours on the right. An agent, a team, a tag or a field that is "" here is left out; a channel must be named."""

    source: str
    zone: str = "UTC"
    """Of instants that tell none."""
    channels: Names = field(default_factory=dict)
    states: Names = field(default_factory=dict)
    priorities: Names = field(default_factory=dict)
    agents: Names = field(default_factory=dict)
    teams: Names = field(default_factory=dict)
    tags: Names = field(default_factory=dict)
    """Those that it does not name stay as they are."""
    fields: Names = field(default_factory=dict)


TABLES = ("channels", "states", "priorities", "agents", "teams", "tags", "fields")


@dataclass(frozen=True, slots=True)
class Here:
    """What there is in this house: mail channels with their addresses, agents by handle with address and name, teams with their titles."""

    channels: Mapping[str, tuple[str, ...]]
    agents: Mapping[str, tuple[str, str]]
    teams: Mapping[str, str]


def proposed(export: Export, found: Census, here: Here, zone: str) -> Plan:
    """What everything most probably is; what nobody can guess is empty."""
    return Plan(
        export.source,
        zone,
        {name: _channel(name, here) for name in sorted(found.boxes)},
        {name: export.states.get(name, "") for name in sorted(found.states)},
        {name: _priority(name, export) for name in sorted(found.priorities)},
        {name: _agent(name, here) for name in sorted(found.agents)},
        {name: _team(name, here) for name in sorted(found.groups)},
        {name: name for name, _ in sorted(found.tags.most_common(NAMED))},
        {name: field_name(name) for name, _ in sorted(found.fields.most_common(NAMED))},
    )


def _channel(name: str, here: Here) -> str:
    fits = [channel for channel, those in here.channels.items() if name.lower() in (channel, *those)]
    only = list(here.channels) if len(here.channels) == 1 else []
    return (fits or only or [""])[0]


def _priority(name: str, export: Export) -> str:
    return export.priorities.get(name) or (name if name in PRIORITIES else Priority.NORMAL.value)


def _agent(name: str, here: Here) -> str:
    exact = [handle for handle, (at, _) in here.agents.items() if at and at.lower() == name.lower()]
    called = [handle for handle, (_, title) in here.agents.items() if title and squeeze(title) == squeeze(name)]
    return (exact or (called if len(called) == 1 else []) or [""])[0]


def _team(name: str, here: Here) -> str:
    known = squeeze(name)
    return next((team for team, title in here.teams.items() if known in (squeeze(team), squeeze(title))), "")


def field_name(name: str) -> str:
    """The name of a field of theirs, as rules and queries can write it."""
    return re.sub(r"[^\w]+", "_", name.lower()).strip("_")[:40]


# -- written and read --------------------------------------------------------------------------------------------------
def written(plan: Plan, found: Census, say: Say) -> str:
    """The file. Beside each name stands how many matters it concerns."""
    counts: Mapping[str, Mapping[str, int]] = {
        "channels": found.boxes,
        "states": found.states,
        "priorities": found.priorities,
        "agents": found.agents,
        "teams": found.groups,
        "tags": found.tags,
        "fields": found.fields,
    }
    said = [f"# {say('elsewhere.plan.head', matters=found.matters, words=found.words, persons=found.persons)}"]
    said += [f"source = {_quoted(plan.source)}", f"# {say('elsewhere.plan.zone')}", f"zone = {_quoted(plan.zone)}"]
    for table in TABLES:
        said += ["", f"# {say(f'elsewhere.plan.{table}')}", f"[{table}]"]
        for theirs, ours in getattr(plan, table).items():
            said.append(f"{_quoted(theirs)} = {_quoted(ours)}  # {counts[table].get(theirs, 0)}")
    return "\n".join(said) + "\n"


def _quoted(text: str) -> str:
    """A basic string of TOML, which is one of JSON but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def read(path: Path) -> Plan:
    """The plan in a file. Raises Problem where it is none."""
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise Problem("archive.unreadable", path=path, reason=error.strerror or type(error).__name__) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Problem("elsewhere.plan_broken", path=path, reason=str(error)[:200]) from error
    known = [one.name for one in fields(Plan)]
    for name, value in found.items():
        if name not in known:
            raise Problem("elsewhere.plan_unknown", path=path, name=name, known=", ".join(known))
        right = isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
        if not (right if name in TABLES else isinstance(value, str)):
            raise Problem("elsewhere.plan_broken", path=path, reason=name)
    return Plan(**{"source": "", **found})


def check(plan: Plan, source: str, here: Here) -> None:
    """Raises Problem for the first thing that cannot be as the plan wants it."""
    if plan.source != source:
        raise Problem("elsewhere.plan_other", source=source, found=plan.source or "-")
    try:
        ZoneInfo(plan.zone)
    except (ValueError, OSError, KeyError) as error:
        raise Problem("elsewhere.plan_zone", zone=plan.zone) from error
    allowed: tuple[tuple[str, Iterable[str], bool], ...] = (
        ("channels", here.channels, False),
        ("states", STATES, False),
        ("priorities", PRIORITIES, True),
        ("agents", here.agents, True),
        ("teams", here.teams, True),
    )
    for table, known, may_lack in allowed:
        for theirs, ours in getattr(plan, table).items():
            if ours not in known and (ours or not may_lack):
                names = ", ".join(known) or "-"
                raise Problem(
                    "elsewhere.plan_value", table=table, theirs=theirs or '""', ours=ours or '""', known=names
                )


def complete(plan: Plan, found: Census, here: Here) -> None:
    """Raises Problem where the export has come to name something that the plan must know and does not."""
    for table, names in (("states", found.states), ("channels", found.boxes)):
        lacking = [name for name in sorted(names) if name not in getattr(plan, table)]
        if lacking:
            known = ", ".join(STATES if table == "states" else here.channels)
            raise Problem("elsewhere.plan_lacks", table=table, theirs=lacking[0] or '""', known=known)
