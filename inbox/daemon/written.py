"""What ops wrote for a site: the texts of its rules, hours, policies and tiers, and how one sees that something of it changed."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from inbox.domain.problems import Misconfigured
from inbox.site import Site

RULES = re.compile(r"[0-9][0-9]-.*\.toml")
HOURS, POLICIES, TIERS = "hours.toml", "policies.toml", "tiers.toml"
TONE = "tone.toml"
"""The words of tones; a folder of rules without it has the shipped ones."""
CALENDAR = ".ics"
LARGEST = 256 * 1024
"""Bytes of a calendar file: the holidays of a country for a hundred years take a quarter of it."""
FOLDERS = ("rules", "templates")
"""Of a site's folder, what is read again while it runs."""

Texts = dict[str, str]
"""Texts by file, as people are told of it: `rules/10-machines.toml`."""


def texts(site: Site, problems: list[Misconfigured], given: Mapping[str, str] | None = None) -> Texts:
    """The files that can be read; of each other one it is told why not. Of `given` ones nothing is read, but hours or policies
    that are not among them."""
    found: Texts = dict(given or {})
    others = [site.rules / name for name in (HOURS, POLICIES)]
    # A site need not offer contracts, nor have words of its own for tones.
    others += [path for path in (site.rules / TIERS, site.rules / TONE) if path.is_file()]
    wanted = others if given is not None else [*_rule_paths(site), *others]
    for path in (path for path in wanted if site.named(path) not in found):
        try:
            found[site.named(path)] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            problems.append(Misconfigured("config.unreadable", where=site.named(path), reason=reason))
    return found


def calendars(
    site: Site, found: Texts, names: Iterable[str], problems: list[Misconfigured]
) -> dict[str, tuple[str, str]]:
    """The calendar files of these names within `rules/`, each with what people call it; read where they are not among the
    texts, and added to them. Of one that cannot be read it is told why not."""
    called = {name: site.named(site.rules / name) for name in names}
    for name, where in called.items():
        if where not in found:
            try:
                found[where] = _calendar(site.rules / name, where)
            except (OSError, UnicodeDecodeError) as error:
                reason = error.strerror if isinstance(error, OSError) else error
                problems.append(Misconfigured("config.unreadable", where=where, reason=reason))
            except Misconfigured as problem:
                problems.append(problem)
    return {name: (found[where], where) for name, where in called.items() if where in found}


def _calendar(path: Path, where: str) -> str:
    with path.open("rb") as file:
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise Misconfigured("sla.icalendar_large", where=where, most=LARGEST // 1024)
    return raw.decode("utf-8-sig")


def rules_of(found: Mapping[str, str]) -> Texts:
    """The rule files among them."""
    return {name: text for name, text in found.items() if not _other(name)}


def others_of(found: Mapping[str, str]) -> Texts:
    """Hours with their calendar files, policies, tiers, and the words of tones."""
    return {name: text for name, text in found.items() if _other(name)}


def _other(name: str) -> bool:
    return Path(name).name in (HOURS, POLICIES, TIERS, TONE) or name.endswith(CALENDAR)


def fingerprint(site: Site) -> str:
    """Changes when one of the site's own rules, hours, calendar files, policies, macros or templates does; whoever saves without a
    change changes nothing."""
    rules, templates = (site.root / name for name in FOLDERS)
    macros = rules.glob("macros/*.toml")
    return digest([*rules.glob("*.toml"), *macros, *rules.rglob(f"*{CALENDAR}"), *templates.rglob("*.j2")])


def digest(paths: Iterable[Path]) -> str:
    """Of names and contents; a file that cannot be read counts by its name."""
    whole = hashlib.sha256()
    for path in sorted(paths):
        whole.update(str(path).encode() + b"\0")
        try:
            whole.update(hashlib.sha256(path.read_bytes()).digest())
        except OSError:
            whole.update(b"unreadable")
    return whole.hexdigest()


def _rule_paths(site: Site) -> list[Path]:
    return sorted(path for path in site.rules.glob("*.toml") if RULES.fullmatch(path.name))
