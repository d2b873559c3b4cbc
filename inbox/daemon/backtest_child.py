"""The child that runs a backtest for the web: what is asked in, what comes of it out, while the daemon goes on with mail.

python -P -m inbox.daemon.backtest_child SITE
"""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from inbox.daemon import written
from inbox.daemon.playbooks import last_good, playbook, told
from inbox.domain.people import Roster
from inbox.domain.problems import Problem
from inbox.pipeline.backtest import Backtest, Replay, Tally
from inbox.pipeline.backtested import LENGTH, Asked, Heard, Wrong, answers, figures, questions
from inbox.pipeline.playbook import Playbook
from inbox.pipeline.rehearse import Rehearsal, rehearse
from inbox.settings import Settings, database, load
from inbox.site import Site
from inbox.store import decisions, people
from inbox.store.store import Store

POLITE = 10
"""How much this process stands back behind others that want the processor."""
EVERY = 500
"""Conversations that it tells of at once."""

Say = Callable[[Heard], None]


def main() -> None:
    """Answer one question; a parent that goes away takes the child with it, at the next thing that it says."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.nice(POLITE)
    asked, write, out = questions().validate_json(sys.stdin.buffer.read()), answers(), sys.stdout.buffer

    def say(heard: Heard) -> None:
        body = write.dump_json(heard, exclude_defaults=True)
        out.write(LENGTH.pack(len(body)) + body)
        out.flush()

    try:
        backtest(Site(Path(sys.argv[1])), asked, say)
    except ExceptionGroup as group:
        say(Heard(wrong=tuple(_wrong(one) for one in told(group))))
    except Problem as problem:
        say(Heard(wrong=(_wrong(problem),)))
    except Exception as error:
        # Where, and what kind; never the error's own text, which may quote what a customer wrote.
        sys.stderr.writelines(traceback.format_tb(error.__traceback__))
        say(Heard(wrong=(Wrong("web.backtest.broke", {"error": type(error).__name__}),)))


def backtest(site: Site, asked: Asked, say: Say) -> None:
    """Run it, and say what comes of it. Raises an ExceptionGroup of what is wrong with the rules, or Problem."""
    settings, began = load(site), time.monotonic()
    with closing(Store(database(settings.store, site.root), site.root)) as store:
        roster = store.read_now(people.roster)
        book = _book(store, site, settings, roster, asked)
        tally = _replayed(Backtest(store, asked.window, Replay(book.rulebook, book.calendars, keep=None)), say)
        say(Heard(tally.decisions, rehearsing=True))
        usual = book.calendars.get(book.promising.hours)
        clocks: Rehearsal = rehearse(tally.waits, roster, book.terms, asked.window.until, usual=usual)
    for first in range(0, len(tally.examples), EVERY):
        say(Heard(tally.decisions, rehearsing=True, changed=tuple(tally.examples[first : first + EVERY])))
    say(Heard(tally.decisions, figures=figures(book.rulebook, tally, clocks, time.monotonic() - began)))


def _book(store: Store, site: Site, settings: Settings, roster: Roster, asked: Asked) -> Playbook:
    """The rules that are asked for, with people as they are now, and hours and policies as they are live."""
    if asked.which == "files":
        return playbook(site, settings, roster, all_templates=False)
    live = last_good(store) or written.texts(site, [])
    files = {**_rules(store, asked, written.rules_of(live)), **written.others_of(live)}
    return playbook(site, settings, roster, files=files, all_templates=False)


def _rules(store: Store, asked: Asked, live: written.Texts) -> written.Texts:
    if asked.which == "revision":
        found = next(iter(store.read_now(decisions.like, asked.revision, 1)), None)
        if found is None:
            raise Problem("cli.rules.no_revision", revision=asked.revision)
        return dict(found.files)
    if asked.which == "draft":
        if "/" in asked.name or not written.RULES.fullmatch(asked.name):
            raise Problem("web.backtest.no_rule_file", name=asked.name)
        return {**live, f"rules/{asked.name}": asked.text}
    return live


def _replayed(backtest: Backtest, say: Say) -> Tally:
    """In this process alone: the other cores are for mail."""
    whole = Tally()
    for stretch in backtest.stretches():
        whole.take(backtest.of(stretch), None)
        say(Heard(whole.decisions))
    return whole


def _wrong(problem: Problem) -> Wrong:
    plain = {name: value if isinstance(value, int | float) else str(value) for name, value in problem.facts.items()}
    return Wrong(problem.key, plain)


if __name__ == "__main__":
    main()
