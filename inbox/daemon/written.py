"""What ops wrote for a site: the texts of its rules, hours and policies, and how one sees that something of it changed."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from inbox.domain.problems import Misconfigured
from inbox.site import Site

RULES = re.compile(r"[0-9][0-9]-.*\.toml")
HOURS, POLICIES = "hours.toml", "policies.toml"
FOLDERS = ("rules", "templates")
"""Of a site's folder, what is read again while it runs."""

Texts = dict[str, str]
"""Texts by file, as people are told of it: `rules/10-machines.toml`."""


def texts(site: Site, problems: list[Misconfigured], given: Mapping[str, str] | None = None) -> Texts:
    """The files that can be read; of each other one it is told why not. Of `given` ones nothing is read, but hours or policies
    that are not among them."""
    found: Texts = dict(given or {})
    others = [site.rules / name for name in (HOURS, POLICIES)]
    wanted = others if given is not None else [*_rule_paths(site), *others]
    for path in (path for path in wanted if site.named(path) not in found):
        try:
            found[site.named(path)] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            problems.append(Misconfigured("config.unreadable", where=site.named(path), reason=reason))
    return found


def rules_of(found: Mapping[str, str]) -> Texts:
    """The rule files among them."""
    return {name: text for name, text in found.items() if Path(name).name not in (HOURS, POLICIES)}


def others_of(found: Mapping[str, str]) -> Texts:
    """Hours and policies."""
    return {name: text for name, text in found.items() if Path(name).name in (HOURS, POLICIES)}


def fingerprint(site: Site) -> str:
    """Changes when one of the site's own rules, hours, policies or templates does; whoever saves without a change changes
    nothing."""
    rules, templates = (site.root / name for name in FOLDERS)
    return digest([*rules.glob("*.toml"), *templates.rglob("*.j2")])


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
