"""Building a playbook: rules, hours, policies and templates read from the site, checked as a whole or not used at all."""

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from inbox.domain.ids import ChannelName
from inbox.domain.people import Roster
from inbox.domain.problems import Misconfigured
from inbox.pipeline.playbook import Brand, Budgets, Playbook, Promising, Speaker
from inbox.render.messages import Templates
from inbox.rulebook.load import Refused, load
from inbox.rulebook.names import Names
from inbox.rulebook.rulebook import Rulebook
from inbox.settings import ChannelSettings, Settings
from inbox.site import Site
from inbox.sla.hours import Calendar, Hours
from inbox.sla.hours_file import load_hours
from inbox.sla.policy import Policy, load_policies
from inbox.store import decisions
from inbox.store.store import Store
from inbox.store.unit import Unit

RULES = re.compile(r"[0-9][0-9]-.*\.toml")


def playbook(site: Site, settings: Settings, roster: Roster, *, generation: int = 1) -> Playbook:
    """The configuration as the path uses it. Raises an ExceptionGroup of Misconfigured with everything that is wrong."""
    problems: list[Misconfigured] = []
    hours, policies = _hours(site, problems), {}
    policies = _policies(site, hours, problems)
    templates = Templates(site.templates, default=settings.site.language)
    problems += templates.check()
    rulebook = _rulebook(rule_files(site), names(site, settings, roster, policies, hours, templates), problems)
    problems += _unknown(settings, roster, policies, hours)
    if problems:
        raise ExceptionGroup("the site", problems)
    return _assembled(site, settings, rulebook, hours, policies, templates, generation)


def rule_files(site: Site) -> dict[str, str]:
    """The rule files by the name that people are told, in their order."""
    found = sorted(path for path in site.rules.glob("*.toml") if RULES.fullmatch(path.name))
    return {site.named(path): path.read_text(encoding="utf-8") for path in found}


def _languages(site: Site, name: str) -> frozenset[str]:
    """The languages that a template has, in the site's own folder or the shipped one."""
    folders = (place / "messages" / name for place in site.templates)
    return frozenset(path.name for folder in folders if folder.is_dir() for path in folder.iterdir() if path.is_dir())


def names(
    site: Site,
    settings: Settings,
    roster: Roster,
    policies: Mapping[str, Policy],
    hours: Mapping[str, Hours],
    templates: Templates,
) -> Names:
    """What rules may name on this site."""
    return Names(
        agents=frozenset(a.handle for a in roster.agents),
        teams=frozenset(t.name for t in roster.teams),
        policies=frozenset(policies),
        hours=frozenset(hours),
        channels=frozenset(settings.channels),
        brands=frozenset(settings.brands),
        templates={name: _languages(site, name) for name in templates.names()},
    )


def keep(unit: Unit, site: Site, rulebook: Rulebook, now: datetime) -> None:
    """Store the revision that goes live: explanations and a later start with a broken file need it."""
    decisions.put_revision(unit, rulebook.revision, rule_files(site), now)


def last_good(store: Store) -> dict[str, str] | None:
    """The files of the rulebook that went live last, if ever one did."""
    found = store.read_now(decisions.last_revision)
    return None if found is None else found[1]


def _assembled(
    site: Site,
    settings: Settings,
    rulebook: Rulebook,
    hours: Mapping[str, Hours],
    policies: Mapping[str, Policy],
    templates: Templates,
    generation: int,
) -> Playbook:
    secret = site.secret()
    automatic = settings.automatic
    return Playbook(
        language=settings.site.language,
        zone=settings.site.zone,
        rulebook=rulebook,
        policies=policies,
        calendars={name: Calendar(one) for name, one in hours.items()},
        channels={name: speaker(site, channel, secret) for name, channel in settings.channels.items()},
        templates=templates,
        promising=Promising(
            percentile=settings.promise.percentile,
            horizon_days=settings.promise.horizon_days,
            samples=settings.promise.samples,
            hours=settings.promise.hours,
        ),
        budgets=Budgets(
            per_address_and_day=automatic.acknowledgements_per_address,
            per_conversation_and_hour=automatic.per_conversation_and_hour,
            per_minute=automatic.automatic_per_minute,
            first_sync=automatic.first_sync_acknowledgements,
        ),
        generation=generation,
    )


def speaker(site: Site, channel: ChannelSettings, secret: bytes) -> Speaker:
    """A channel as the path sees it."""
    codec = channel.adapter.codec(channel.place(site.root, site.data, secret), channel.options)
    usual = timedelta(hours=codec.traits.reopen_within_hours)
    return Speaker(
        name=ChannelName(channel.name),
        kind=channel.kind,
        codec=codec,
        addresses=channel.adapter.addresses(channel.options),
        brand=Brand(channel.keys.brand, channel.brand.name, channel.brand.signature),
        reopen_within=channel.keys.reopen_within or usual,
        policy=channel.keys.policy,
        team=channel.keys.team,
        hours=channel.keys.hours,
        automatic_per_hour=channel.keys.automatic_per_hour,
    )


def _table(path: Path, site: Site, problems: list[Misconfigured]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Misconfigured("config.unreadable", where=site.named(path), reason=error))
    except tomllib.TOMLDecodeError as error:
        problems.append(Misconfigured("config.not_toml", where=site.named(path), reason=error))
    return {}


def _hours(site: Site, problems: list[Misconfigured]) -> dict[str, Hours]:
    path = site.rules / "hours.toml"
    try:
        return load_hours(_table(path, site, problems), site.named(path))
    except ExceptionGroup as group:
        problems += group.exceptions  # type: ignore[arg-type]  # load_hours raises nothing else
        return {}


def _policies(site: Site, hours: Mapping[str, Hours], problems: list[Misconfigured]) -> dict[str, Policy]:
    path = site.rules / "policies.toml"
    try:
        return load_policies(_table(path, site, problems), set(hours), site.named(path))
    except ExceptionGroup as group:
        problems += group.exceptions  # type: ignore[arg-type]  # load_policies raises nothing else
        return {}


def _rulebook(files: Mapping[str, str], known: Names, problems: list[Misconfigured]) -> Rulebook:
    try:
        return load(files, known)
    except Refused as refused:
        problems += refused.problems
        return Rulebook("")


def _unknown(
    settings: Settings, roster: Roster, policies: Mapping[str, Policy], hours: Mapping[str, Hours]
) -> list[Misconfigured]:
    """Channels that name what is not there."""
    teams = {t.name for t in roster.teams}
    found = []
    if settings.promise.hours and settings.promise.hours not in hours:
        listed = ", ".join(sorted(hours)) or "-"
        where, value = "config.toml: promise", settings.promise.hours
        found.append(Misconfigured("config.unknown_name", where=where, name="hours", value=value, known=listed))
    for name, channel in settings.channels.items():
        keys = channel.keys
        for key, value, known in (
            ("policy", keys.policy, set(policies)),
            ("hours", keys.hours, set(hours)),
            ("team", keys.team, teams),
        ):
            if value and value not in known:
                listed = ", ".join(sorted(known)) or "-"
                where = f"config.toml: channel.{name}"
                found.append(Misconfigured("config.unknown_name", where=where, name=key, value=value, known=listed))
    return found
