"""Policies: within which time each clock of a conversation is due, by priority; and the reader of `rules/policies.toml`."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from inbox.domain.conversations import Priority
from inbox.sla.durations import parse
from inbox.sla.escalation import Step, read_steps
from inbox.sla.metrics import Metric, Target
from inbox.sla.reading import Reading, Table

__all__ = ["Metric", "Policies", "Policy", "Target", "load_policies"]

ON = "@"
"""Stands between a policy and the hours on which it is counted; no policy's own name has it."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Targets by metric and priority; what has no target has a clock without a due time. `steps`: its escalation.

    `version` hashes the targets.
    """

    name: str
    targets: Mapping[tuple[Metric, Priority], Target] = field(hash=False)
    steps: tuple[Step, ...] = ()
    version: str = field(init=False)

    def __post_init__(self) -> None:
        content = sorted((m, p, str(t.duration), t.hours) for (m, p), t in self.targets.items())
        object.__setattr__(self, "version", hashlib.sha256(json.dumps(content).encode()).hexdigest()[:12])

    def target(self, metric: Metric, priority: Priority) -> Target | None:
        """The target of a metric at a priority, if the policy has one."""
        return self.targets.get((metric, priority))


class Policies(Mapping[str, Policy]):
    """Policies by name, and each of them on other hours than its own: `vip@always` has the targets of `vip`, counted on `always`.

    Where nobody knows these hours any more, it is the policy as it stands.
    """

    def __init__(self, known: Mapping[str, Policy], hours: Collection[str]) -> None:
        self._known = known
        self._hours = hours

    def __getitem__(self, name: str) -> Policy:
        plain, at, hours = name.partition(ON)
        policy = self._known[plain]
        return on_hours(policy, hours) if at and hours in self._hours else policy

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def on_hours(policy: Policy, hours: str) -> Policy:
    """The same targets and steps, all counted on these hours; its name says so."""
    targets = {key: replace(target, hours=hours) for key, target in policy.targets.items()}
    return Policy(f"{policy.name}{ON}{hours}", targets, policy.steps)


def load_policies(tables: Table, hours: Collection[str], where: str) -> dict[str, Policy]:
    """Every policy of the file by name. `tables` is the parsed TOML, `hours` the names that `load_hours` gave.

    Raises an ExceptionGroup of Misconfigured with everything that is wrong.
    """
    reading = Reading(where)
    reading.format(tables)
    reading.known(tables, "", ("format", "policy"))
    found = {}
    for name, table in reading.table(tables.get("policy", {}), "policy").items():
        path = f"policy.{name}"
        if ON in name:
            reading.wrong("sla.policy_name", path, name=name)
        policy = reading.table(table, path)
        targets = _targets(reading, policy, path, hours)
        found[name] = Policy(name, targets, read_steps(reading, policy.get("escalate", []), f"{path}.escalate"))
    reading.finish()
    return found


def _targets(
    reading: Reading, table: Table, path: str, hours: Collection[str]
) -> dict[tuple[Metric, Priority], Target]:
    reading.known(table, path, ("hours", "escalate", *Priority))
    usual = reading.one_of(table.get("hours", "-"), f"{path}.hours", hours)
    targets = {}
    for priority in Priority:
        if priority not in table:
            reading.wrong("sla.priority_missing", path, priority=priority.value)
            continue
        inner = f"{path}.{priority}"
        section = reading.table(table[priority], inner)
        for metric, target in _section(reading, section, inner, hours, usual or "").items():
            targets[metric, priority] = target
    return targets


def _section(reading: Reading, section: Table, path: str, hours: Collection[str], usual: str) -> dict[Metric, Target]:
    reading.known(section, path, ("hours", *Metric))
    named = reading.one_of(section["hours"], f"{path}.hours", hours) if "hours" in section else usual
    targets = {}
    for metric in Metric:
        if metric not in section:
            continue
        place = f"{path}.{metric}"
        text = reading.text(section[metric], place)
        duration = reading.attempt(partial(parse, text, reading.place(place))) if text is not None else None
        if duration is not None and named is not None:
            targets[metric] = Target(duration, named)
    return targets
