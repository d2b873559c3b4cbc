"""Everything that ops wrote for a site, read as the daemon reads it: all that is wrong, and all that is surely not meant."""

from collections.abc import Iterator
from dataclasses import dataclass

from inbox.daemon.playbooks import names, playbook
from inbox.domain.people import Roster
from inbox.domain.problems import Misconfigured, Problem
from inbox.pipeline.playbook import Playbook
from inbox.rulebook.check import check
from inbox.rulebook.load import Refused
from inbox.rulebook.names import Names
from inbox.settings import Settings
from inbox.settings.lines import Places, located, places
from inbox.site import Site


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of reading: `errors` keep the daemon from using it, `warnings` do not. `rules` counts those that are on; `book`: what was
    read, where nothing is wrong."""

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    rules: int = 0
    book: Playbook | None = None


def examined(site: Site, settings: Settings, roster: Roster, *, suspicions: bool = True) -> Verdict:
    """Rules, hours, policies, and templates in every language, against one another and against the config. Without `suspicions`,
    which take longer to come by, there are no warnings."""
    try:
        book = playbook(site, settings, roster)
    except (Problem, ExceptionGroup) as error:
        known = places(site.config.read_text(encoding="utf-8"))
        return Verdict(tuple(_on_its_line(problem, site.config.name, known) for problem in problems(error)))
    if not suspicions:
        return Verdict((), (), len(book.rulebook.rules), book)
    suspicious = (*check(book.rulebook, _names(settings, roster, book)), *book.templates.warnings())
    return Verdict((), suspicious, len(book.rulebook.rules), book)


def problems(error: BaseException) -> Iterator[Problem]:
    """The problems in an error that may hold several."""
    if isinstance(error, Refused):
        yield from error.problems
    elif isinstance(error, Problem):
        yield error
    elif isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from problems(inner)


def _names(settings: Settings, roster: Roster, book: Playbook) -> Names:
    hours = {name: calendar.hours for name, calendar in book.calendars.items()}
    return names(settings, roster, book.policies, hours, book.templates)


def _on_its_line(problem: Problem, file: str, known: Places) -> Problem:
    """A problem of the config that only shows against other files gets its line here."""
    if isinstance(problem, Misconfigured) and str(problem.facts["where"]).startswith(f"{file}: "):
        return located(problem, file, known)[1]
    return problem
