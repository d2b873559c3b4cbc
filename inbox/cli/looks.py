"""What the doctor looks at: this machine, the site's files, the store, and each channel through its adapter."""

import shutil
import stat
import sys
from collections.abc import Iterator
from typing import Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from inbox.cli.check import store_exists, verdict_on
from inbox.cli.configured import problems
from inbox.cli.context import Context
from inbox.domain.people import Roster
from inbox.domain.problems import Problem
from inbox.ports.channel import Finding
from inbox.store import examine, live, people
from inbox.store.engine import LOG_LIMIT, log_size
from inbox.store.store import Store
from inbox.text.dates import table
from inbox.text.public_domains import PUBLIC

OLDEST_PYTHON = (3, 11)
LITTLE, TOO_LITTLE = 1_000_000_000, 100_000_000
"""Bytes of free disk space: below the first the doctor warns, below the second mail will soon be refused."""


@runtime_checkable
class Reachable(Protocol):
    """What lies on another machine."""

    def reach(self) -> None:
        """See whether we may write and read there. Raises Problem."""
        ...


def house(context: Context) -> Iterator[Finding]:
    """This machine and the site's files."""
    yield _python()
    verdict = verdict_on(context)
    if not context.readable:
        yield from (Finding("doctor.config", "fail", problem) for problem in verdict.errors)
        return
    yield Finding("doctor.config", "pass", observed=str(context.site.config))
    yield from (Finding("doctor.rules", "fail", problem) for problem in verdict.errors)
    yield from (Finding("doctor.rules", "warn", problem) for problem in verdict.warnings)
    if not verdict.errors:
        yield Finding("doctor.rules", "pass", observed=context.site.named(context.site.rules))
    yield _zone(context)
    yield from _folder(context)


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] < OLDEST_PYTHON:
        return Finding("doctor.python", "fail", Problem("doctor.python_old", version=version), version)
    return Finding("doctor.python", "pass", observed=version)


def _zone(context: Context) -> Finding:
    """A machine with old zone rules tells customers wrong times: Iran has had no summer time since 2022."""
    zone = context.zone
    offset = context.now().astimezone(ZoneInfo("Asia/Tehran")).utcoffset()
    seconds = offset.total_seconds() if offset else 0
    if seconds != 3.5 * 3600:
        return Finding("doctor.zone", "warn", Problem("doctor.zone_rules_old"), zone.key)
    return Finding("doctor.zone", "pass", observed=f"{zone.key}, {context.now().astimezone(zone):%Y-%m-%d %H:%M}")


def _folder(context: Context) -> Iterator[Finding]:
    try:
        data = context.site.data
        context.site.secret()
    except Problem as problem:
        yield Finding("doctor.data", "fail", problem)
        return
    for path in (data, data / "secret"):
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding("doctor.data", "warn", Problem("doctor.data_open", path=path), str(path))
            break
    else:
        yield Finding("doctor.data", "pass", observed=str(data))
    free = shutil.disk_usage(data).free
    status = "pass" if free >= LITTLE else "warn" if free >= TOO_LITTLE else "fail"
    low = None if free >= LITTLE else Problem("doctor.disk_low", path=data, free=free // 1_000_000)
    yield Finding("doctor.disk", status, low, f"{free // 1_000_000} MB")


def store(context: Context) -> Iterator[Finding]:
    """The database: there, of this version, writable and whole."""
    if not context.readable:
        return
    url = context.settings.store.url
    if not store_exists(context):
        yield Finding("doctor.store", "warn", Problem("doctor.store_new"), url)
        return
    try:
        opened = context.open_store()
    except Problem as problem:
        yield Finding("doctor.store", "fail", problem, url)
        return
    try:
        yield from _opened(context, opened, url)
    except Problem as problem:
        yield Finding("doctor.store", "fail", problem, url)
    finally:
        opened.close()


def _opened(context: Context, opened: Store, url: str) -> Iterator[Finding]:
    if lacking := examine.lacking(opened):
        yield Finding("doctor.migrations", "fail", Problem("store.not_migrated"), ", ".join(lacking))
        return
    yield Finding("doctor.migrations", "pass")
    yield from _live(context, opened.read_now(live.state))
    examine.writable(opened)
    yield Finding("doctor.store", "pass", observed=url)
    if opened.sqlite:
        yield _log(log_size(opened.engine.url), url)
    damages = examine.damages(opened)
    problem = Problem("store.damaged", detail=damages[0]) if damages else None
    yield Finding("doctor.integrity", "fail" if damages else "pass", problem)
    yield from _domains(context, opened.read_now(people.roster))


def _domains(context: Context, roster: Roster) -> Iterator[Finding]:
    """Whether customers write to the domain at which agents have their mail: what others trust whoever reads mail there with, comes in
    where customers write."""
    staff = {_domain(one.address) for one in roster.agents} - PUBLIC - {""}
    ours = {address: _domain(address) for one in context.settings.channels.values() for address in one.addresses}
    shared = {address: domain for address, domain in ours.items() if domain in staff}
    for address, domain in shared.items():
        yield Finding("doctor.domain", "warn", Problem("doctor.domain_shared", address=address, domain=domain), address)
    if staff and any(ours.values()) and not shared:
        yield Finding("doctor.domain", "pass", observed=", ".join(sorted({one for one in ours.values() if one})))


def _domain(address: str) -> str:
    local, at, domain = address.rpartition("@")
    return domain.lower() if local and at else ""


def _log(size: int, url: str) -> Finding:
    """A reader that does not end keeps the write-ahead log from being written over: it fills the disk in the end."""
    grown = Problem("doctor.log_grows", url=url, size=size // 1_000_000) if size > LOG_LIMIT else None
    return Finding("doctor.log", "warn" if grown else "pass", grown, f"{size // 1_000_000} MB")


def _live(context: Context, state: live.State) -> Iterator[Finding]:
    """What the daemon runs on; nothing where none ever ran."""
    if state.live is None:
        return
    revision, since = state.live.revision[:7], table(state.live.at, context.language, context.zone)
    observed = f"{revision}, {since}, {context.say(f'live.how.{state.live.how}')}"
    if state.refused_at is not None:
        at = table(state.refused_at, context.language, context.zone)
        yield Finding("doctor.live", "fail", Problem("doctor.live_refused", at=at, revision=revision), observed)
    elif state.restart:
        yield Finding("doctor.live", "warn", Problem("doctor.live_restart"), observed)
    else:
        yield Finding("doctor.live", "pass", observed=observed)


def blobs(context: Context, online: bool) -> Iterator[Finding]:
    """Where large bytes are, where that is a bucket: known from the config, and online tried with a few bytes."""
    if not context.readable or context.settings.blobs.kind == "folder":
        return
    named = context.settings.blobs.bucket
    try:
        opened = context.blobs
        if online and isinstance(opened, Reachable):
            opened.reach()
    except Problem as problem:
        yield Finding("doctor.blobs", "fail", problem, named)
        return
    yield Finding("doctor.blobs", "pass", observed=named)


async def channels(context: Context, online: bool) -> dict[str, list[Finding]]:
    """What each adapter says about its channel."""
    if not context.readable:
        return {}
    found = {}
    for name, channel in context.settings.channels.items():
        try:
            place = channel.place(context.site.root, context.site.data, context.site.secret())
            found[str(name)] = await channel.adapter.examine(place, channel.options, online)
        except (Problem, ExceptionGroup) as error:
            found[str(name)] = [Finding("doctor.channel", "fail", problem) for problem in problems(error)]
    return found
