"""The command `inbox`: runs one command, and tells what went wrong in one clear sentence and an exit code."""

import gc
import os
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from inbox.cli.app import called, command, fronted, option
from inbox.cli.context import OK, TEMPORARY, USAGE, chosen_language
from inbox.domain.problems import Problem, Temporary
from inbox.site import catalogues
from inbox.text.wording import Wording, load

INTERRUPTED = 130
"""128 and SIGINT, as shells have it."""


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code. 0 well, 1 something found wrong, 2 usage or config, 75 try again later."""
    given = fronted(sys.argv[1:] if words is None else words)
    wording = load(catalogues())
    language = _language(given, wording)
    try:
        with _uncollected():
            made = command(wording, language, called(given))
        if words is None:
            gc.freeze()  # the process is ours to its end, and what was imported stays until then
        made.main(given, prog_name="inbox", obj=(wording, language))
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else OK if end.code is None else USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except (Problem, ExceptionGroup) as error:
        return _told(error, wording, language)
    return OK


@contextmanager
def _uncollected() -> Iterator[None]:
    """What is imported stays: the collector would walk through all of it over and over, a third of the time that an import takes."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _told(error: Problem | ExceptionGroup[Exception], wording: Wording, language: str) -> int:
    problems = list(_problems(error))
    if not problems:
        raise error
    for problem in problems:
        print(wording.problem(language, problem), file=sys.stderr)
    return TEMPORARY if all(isinstance(problem, Temporary) for problem in problems) else USAGE


def _problems(error: BaseException) -> Iterator[Problem]:
    """Every problem in it, whatever groups it lies in; none where one of them is no problem but a mistake of ours."""
    if isinstance(error, Problem):
        yield error
    elif isinstance(error, BaseExceptionGroup) and not error.split(Problem)[1]:
        for inner in error.exceptions:
            yield from _problems(inner)


def _language(words: Sequence[str], wording: Wording) -> str:
    folder = Path(option(words, "--site") or ".")
    return chosen_language(option(words, "--lang"), dict(os.environ), _sites(folder), wording.languages)


def _sites(folder: Path) -> str | None:
    """The site's language, as far as its config can be read at all: even what is wrong with it is told in a language."""
    try:
        table = tomllib.loads((folder / "config.toml").read_text(encoding="utf-8"))
        return str(table["site"]["language"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


if __name__ == "__main__":
    sys.exit(main())
