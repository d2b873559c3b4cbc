"""Reads config.toml, and tells of everything that is wrong with it at once."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import replace
from difflib import get_close_matches
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol, TypeVar

from inbox.domain.ids import ChannelName
from inbox.domain.options import checked
from inbox.domain.problems import Misconfigured
from inbox.ports.channel import Adapter
from inbox.settings.lines import located, path_of, places
from inbox.settings.options import BrandOptions, ChannelKeys, Document
from inbox.settings.whole import ChannelSettings, Settings

T = TypeVar("T")

FILE = "config.toml"
ADAPTERS = "inbox.channels"
"""The entry-point group in which a package registers its adapter; the name there is the kind."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


class Folder(Protocol):
    """What is asked of a site here."""

    @property
    def config(self) -> Path:
        """Its config.toml."""
        ...


def load(site: Folder, adapters: Mapping[str, Adapter] | None = None) -> Settings:
    """The site's settings. `adapters` by kind stand before those that are registered.

    Raises an ExceptionGroup of Misconfigured with everything that is wrong, in the order of the file.
    """
    try:
        text = site.config.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise _all([Misconfigured("config.no_file", where=str(site.config), folder=site.config.parent)]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise _all([Misconfigured("config.unreadable", where=str(site.config), reason=error)]) from error
    return parse(text, adapters)


def parse(text: str, adapters: Mapping[str, Adapter] | None = None) -> Settings:
    """The same of the file's text."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        where = f"{FILE}:{line[1] if line else len(text.splitlines())}"
        raise _all([Misconfigured("config.not_toml", where=where, reason=error)]) from error
    problems: list[Misconfigured] = []
    settings = _settings(tables, adapters or {}, problems)
    if settings is None or problems:
        known = places(text)
        told = sorted((located(problem, FILE, known) for problem in problems), key=lambda one: one[0])
        raise _all([problem for _, problem in told])
    return settings


def _all(problems: list[Misconfigured]) -> ExceptionGroup[Misconfigured]:
    return ExceptionGroup(FILE, problems)


def _settings(
    tables: dict[str, Any], adapters: Mapping[str, Adapter], problems: list[Misconfigured]
) -> Settings | None:
    found = _every(lambda table: checked(Document, table, FILE), tables, FILE, problems)
    if found is None:
        return None
    named = {"default": BrandOptions(), **found.brands}
    brands = {key: brand.model_copy(update={"name": brand.name or found.site.name}) for key, brand in named.items()}
    channels = {}
    for name, table in found.channel.items():
        channel = _channel(name, table, brands, adapters, problems)
        if channel is not None:
            channels[channel.name] = channel
    problems += _shared_addresses(channels)
    fields = {name: getattr(found, name) for name in Document.model_fields if name not in ("brands", "channel")}
    whole = Settings(**fields, brands=brands, channels=channels)
    problems += _desks(whole)
    placed = {
        name: replace(channel, url=f"{whole.public_url}/channels/{name}", desks=_groups(whole, name))
        for name, channel in channels.items()
    }
    return replace(whole, channels=placed)


def _groups(whole: Settings, channel: ChannelName) -> frozenset[str]:
    """The groups that are desks on a channel."""
    return frozenset(str(one.chat) for one in whole.desk.values() if one.channel == channel and one.chat)


def _desks(whole: Settings) -> list[Misconfigured]:
    """Desks on channels that are not there, with names that cannot be, or two in the same place."""
    found, taken = [], dict[tuple[str, int], str]()
    for name, desk in whole.desk.items():
        where = f"{FILE}: desk.{name}"
        if not _NAME.fullmatch(name):
            found.append(Misconfigured("config.bad_desk_name", where=where))
        if ChannelName(desk.channel) not in whole.channels:
            facts = {"name": "channel", "value": desk.channel, "known": _listed(whole.channels)}
            found.append(Misconfigured("config.unknown_name", where=where, **facts))
        other = taken.setdefault((desk.channel, desk.chat), name)
        if other != name:
            facts = {"name": "chat", "value": str(desk.chat), "other": other}
            found.append(Misconfigured("config.shared_desk", where=where, **facts))
    return found


def _channel(
    name: str,
    table: dict[str, Any],
    brands: Mapping[str, BrandOptions],
    adapters: Mapping[str, Adapter],
    problems: list[Misconfigured],
) -> ChannelSettings | None:
    where = f"{FILE}: channel.{name}"
    if not _NAME.fullmatch(name):
        problems.append(Misconfigured("config.bad_channel_name", where=where))
    ours = {key: value for key, value in table.items() if key in ChannelKeys.model_fields}
    theirs = {key: value for key, value in table.items() if key not in ours}
    keys = _every(lambda mine: checked(ChannelKeys, mine, where), ours, where, problems)
    adapter = _attempt(lambda: _adapter(keys.kind, where, adapters), problems) if keys else None
    options = _every(lambda other: _options(adapter, other, where), theirs, where, problems) if adapter else None
    if keys is not None and keys.brand not in brands:
        facts = {"name": "brand", "value": keys.brand, "known": _listed(brands)}
        problems.append(Misconfigured("config.unknown_brand", where=where, **facts))
    elif keys is not None and adapter is not None and options is not None:
        return ChannelSettings(ChannelName(name), keys, adapter, options, brands[keys.brand])
    return None


def _shared_addresses(channels: Mapping[ChannelName, ChannelSettings]) -> list[Misconfigured]:
    """An address belongs to one channel of its kind: who writes to it must not be answered by two."""
    first: dict[tuple[str, str], ChannelName] = {}
    found = []
    for name, channel in channels.items():
        for address in channel.addresses:
            owner = first.setdefault((channel.kind, address), name)
            if owner != name:
                facts = {"name": "addresses", "value": address, "other": owner}
                found.append(Misconfigured("config.shared_address", where=f"{FILE}: channel.{name}", **facts))
    return found


def _options(adapter: Adapter, table: dict[str, Any], where: str) -> Any:
    """The adapter does not know the house's keys, so it cannot suggest one that was misspelt."""
    try:
        return adapter.options(table, where)
    except Misconfigured as problem:
        near = get_close_matches(str(problem.facts.get("name")), ChannelKeys.model_fields, n=1, cutoff=0.8)
        if problem.key == "config.unknown_key" and problem.facts["where"] == where and near:
            raise Misconfigured(problem.key, where=where, name=problem.facts["name"], suggestion=near[0]) from None
        raise


def _adapter(kind: str, where: str, adapters: Mapping[str, Adapter]) -> Adapter:
    if kind in adapters:
        return adapters[kind]
    known = {entry.name: entry for entry in entry_points(group=ADAPTERS)}
    if kind not in known:
        facts = {"name": "kind", "value": kind, "known": _listed({**known, **adapters})}
        raise Misconfigured("config.unknown_kind", where=where, **facts)
    try:
        adapter: Adapter = known[kind].load()
    except ImportError as error:
        raise Misconfigured("config.kind_broken", where=where, name="kind", value=kind, reason=error) from error
    return adapter


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _attempt(read: Callable[[], T], problems: list[Misconfigured]) -> T | None:
    try:
        return read()
    except Misconfigured as problem:
        problems.append(problem)
        return None


def _every(
    read: Callable[[dict[str, Any]], T], table: dict[str, Any], where: str, problems: list[Misconfigured]
) -> T | None:
    """What `read` makes of the table without the keys that it complains of one after the other, each of them told.

    None where that does not help: a key is missing.
    """
    left = deepcopy(table)
    taken: list[list[str]] = []
    while True:
        found = _attempt(lambda: read(left), problems)
        if found is not None:
            return found
        path = path_of(problems[-1], where)
        if problems[-1].key == "config.missing_key" and any(path == one[: len(path)] for one in taken):
            del problems[-1]  # it was there, and what is wrong with it is told
            return None
        taken.append(path)
        if not _without(left, path):
            return None


def _without(table: dict[str, Any], path: list[str]) -> bool:
    """Take out the key at the path, or the list that it lies in; False where there is none."""
    for at, name in enumerate(path):
        inner = table.get(name)
        if at < len(path) - 1 and isinstance(inner, dict):
            table = inner
        else:
            return table.pop(name, None) is not None
    return False
