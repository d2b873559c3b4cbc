"""The rulebook that a command looks at: the site's own, or a folder that is tried in its place."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from inbox.cli.check import known_people
from inbox.cli.context import Context
from inbox.daemon.playbooks import names, playbook
from inbox.domain.problems import Misconfigured, Problem
from inbox.pipeline.playbook import Playbook
from inbox.rulebook.names import Names
from inbox.site import Site

With = Annotated[Path | None, typer.Option("--with", help="cli.rules.option.with", metavar="DIR")]


@dataclass(frozen=True, slots=True)
class Laid:
    """A rulebook laid out: the playbook that it makes, and what its rules may name."""

    site: Site
    book: Playbook
    names: Names


def laid(context: Context, folder: Path | None) -> Laid:
    """The rules of `folder`, or the site's, with everything else as the site has it. A database is used where there is one.

    Raises an ExceptionGroup of what is wrong, or Problem where there is no such folder.
    """
    site, roster = tried(context, folder), known_people(context)[0]
    book = playbook(site, context.settings, roster, all_templates=False)
    hours = {name: calendar.hours for name, calendar in book.calendars.items()}
    return Laid(site, book, names(context.settings, roster, book.policies, hours, book.templates))


def tried(context: Context, folder: Path | None) -> Site:
    """The site with the rules of that folder. Raises Problem where it is none."""
    if folder is None:
        return context.site
    if not folder.is_dir():
        raise Problem("cli.rules.no_folder", path=folder)
    return replace(context.site, rules_from=folder.absolute())


def case_files(site: Site, only: tuple[Path, ...] = ()) -> Mapping[str, str]:
    """The texts of the test cases by file: those under `rules/tests`, or the named ones. Raises Misconfigured."""
    paths = only or sorted((site.rules / "tests").glob("*.toml"))
    found = {}
    for path in paths:
        try:
            found[site.named(path)] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise Misconfigured("config.unreadable", where=site.named(path), reason=reason) from error
    return found
