"""The macro files of a site: its own before the shipped ones, file by file."""

from pathlib import Path

from inbox.domain.problems import Misconfigured
from inbox.render.macros import Macros
from inbox.rulebook.macros import Macro, Read, read
from inbox.rulebook.names import Names
from inbox.site import Site


def macros(site: Site, names: Names) -> tuple[Macros, list[Misconfigured]]:
    """All that can be used, and what is wrong with the files of the others."""
    found: dict[str, Macro] = {}
    problems: list[Misconfigured] = []
    broken: dict[str, Misconfigured] = {}
    for name, path in sorted(_paths(site).items()):
        one = _read(site, name, path, names)
        problems += one.problems
        if one.problems:
            broken[name] = one.problems[0]
        elif one.macro is not None:
            found[name] = one.macro
    return Macros(found, broken), problems


def _paths(site: Site) -> dict[str, Path]:
    return {path.stem: path for place in reversed(site.macros) for path in place.glob("*.toml")}


def _read(site: Site, name: str, path: Path, names: Names) -> Read:
    try:
        return read(name, site.named(path), path.read_text(encoding="utf-8-sig"), names)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        return Read(problems=(Misconfigured("config.unreadable", where=site.named(path), reason=reason),))
