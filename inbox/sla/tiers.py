"""Reads `rules/tiers.toml`: the sets of terms that a site offers in contracts; the schema stands in docs/contracts.md."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from inbox.domain.contracts import Agreed, Cadence, CountStep, LateStep, Quota, Takes, Tier
from inbox.domain.conversations import Priority
from inbox.domain.ids import ChannelName
from inbox.sla.durations import parse
from inbox.sla.metrics import Metric
from inbox.sla.reading import Reading, Table
from inbox.text.fold import fold, latin_digits

KEYS = ("title", "policy", "hours", "channels", "quota", "penalty", "most")
"""Of the table of a tier."""
_QUOTA = ("requests", "per")
_LATE = ("late", "priority", "later_than", "takes")
_COUNT = ("more_than", "tag", "late", "priority", "within", "takes")
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,4})?) ?[%٪]")
_AMOUNT = re.compile(r"\d{1,18}(?:\.\d{1,4})?")
LANGUAGES = ("en", "fa")
MOST_STEPS = 50
"""Penalty steps of one tier."""


@dataclass(frozen=True, slots=True)
class Site:
    """What tiers may name."""

    policies: Collection[str]
    hours: Collection[str]
    channels: Collection[str]


def load_tiers(tables: Table, there: Site, where: str) -> dict[str, Tier]:
    """Every tier of the file by name. `tables` is the parsed TOML.

    Raises an ExceptionGroup of Misconfigured with everything that is wrong.
    """
    reading = Reading(where)
    reading.format(tables)
    reading.known(tables, "", ("format", "tier"))
    found = {}
    for name, value in reading.table(tables.get("tier", {}), "tier").items():
        path = f"tier.{name}"
        table = reading.table(value, path)
        reading.known(table, path, KEYS)
        agreed = read_agreed(reading, table, path, there)
        found[name] = Tier(name, _titles(reading, table, f"{path}.title"), agreed)
    reading.finish()
    return found


def read_agreed(reading: Reading, table: Table, path: str, there: Site) -> Agreed:
    """The terms that stand in one table; what is wrong with them is noted."""
    steps = table.get("penalty", [])
    if not isinstance(steps, list) or len(steps) > MOST_STEPS:
        reading.wrong("sla.not_steps", f"{path}.penalty", most=MOST_STEPS)
        steps = []
    made = [_step(reading, step, f"{path}.penalty[{number}]") for number, step in enumerate(steps, start=1)]
    most = _percent(table["most"]) if "most" in table else Decimal(100)
    if most is None or most > 100:
        reading.wrong("sla.not_a_share", f"{path}.most", value=table["most"])
    return Agreed(
        policy=reading.one_of(table.get("policy", "-"), f"{path}.policy", there.policies) or "",
        hours=(reading.one_of(table["hours"], f"{path}.hours", there.hours) or "") if "hours" in table else "",
        channels=tuple(ChannelName(one) for one in _names(reading, table, "channels", path, there.channels)),
        quota=_quota(reading, table, path) if "quota" in table else None,
        late=tuple(one for one in made if isinstance(one, LateStep)),
        counted=tuple(one for one in made if isinstance(one, CountStep)),
        most=most if most is not None else Decimal(100),
    )


def _titles(reading: Reading, table: Table, path: str) -> tuple[tuple[str, str], ...]:
    titles = reading.table(table.get("title", {}), path)
    reading.known(titles, path, LANGUAGES)
    found = ((language, reading.text(titles[language], f"{path}.{language}")) for language in titles)
    return tuple((language, said) for language, said in found if said)


def _quota(reading: Reading, table: Table, path: str) -> Quota | None:
    path = f"{path}.quota"
    quota = reading.table(table["quota"], path)
    reading.known(quota, path, _QUOTA)
    per = reading.one_of(quota.get("per", "-"), f"{path}.per", tuple(Cadence))
    requests = _whole(reading, quota.get("requests"), f"{path}.requests", least=1)
    return Quota(requests, Cadence(per)) if per is not None and requests is not None else None


def _step(reading: Reading, value: object, path: str) -> LateStep | CountStep | None:
    step = reading.table(value, path)
    counted = "more_than" in step
    reading.known(step, path, _COUNT if counted else _LATE)
    metrics = tuple(_names(reading, step, "late", path, tuple(Metric)))
    priorities = tuple(_names(reading, step, "priority", path, tuple(Priority)))
    takes = _takes(reading, step.get("takes"), f"{path}.takes")
    if counted:
        return _counted(reading, step, path, takes, metrics, priorities)
    later = reading.text(step["later_than"], f"{path}.later_than") if "later_than" in step else ""
    if later:
        reading.attempt(partial(parse, later, reading.place(f"{path}.later_than")))
    return LateStep(takes, metrics, priorities, later or "") if takes else None


def _counted(
    reading: Reading,
    step: Table,
    path: str,
    takes: Takes | None,
    metrics: tuple[str, ...],
    priorities: tuple[str, ...],
) -> CountStep | None:
    tag = (reading.text(step["tag"], f"{path}.tag") or "") if "tag" in step else ""
    if tag and "late" in step:
        reading.wrong("sla.penalty_counts", path)
    more_than = _whole(reading, step.get("more_than"), f"{path}.more_than", least=0)
    within = reading.one_of(step.get("within", "-"), f"{path}.within", tuple(Cadence))
    if takes is None or more_than is None or within is None:
        return None
    return CountStep(takes, more_than, Cadence(within), tag, metrics, priorities)


def _takes(reading: Reading, value: object, path: str) -> Takes | None:
    """ "10%" of the payment, or an amount in the currency of the contract, as a number or in quotes."""
    percent = _percent(value)
    if percent is not None and percent <= 100:
        return Takes(percent=percent)
    amount = latin_digits(str(value)).strip() if isinstance(value, str | int | float) else ""
    if percent is None and not isinstance(value, bool) and _AMOUNT.fullmatch(amount):
        return Takes(amount=Decimal(amount))
    reading.wrong("sla.not_takes", path, value="-" if value is None else value)
    return None


def _percent(value: object) -> Decimal | None:
    found = _PERCENT.fullmatch(fold(value).strip()) if isinstance(value, str) else None
    return Decimal(found[1]) if found else None


def _whole(reading: Reading, value: object, path: str, *, least: int) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and value >= least:
        return value
    reading.wrong("sla.not_whole", path, value="-" if value is None else value, least=least)
    return None


def _names(reading: Reading, table: Mapping[str, object], key: str, path: str, known: Collection[str]) -> list[str]:
    """One of some names, or a list of them; without the key none."""
    if key not in table:
        return []
    value = table[key]
    values = value if isinstance(value, list) else [value]
    found = (reading.one_of(one, f"{path}.{key}", known) for one in values)
    return list(dict.fromkeys(one for one in found if one is not None))
