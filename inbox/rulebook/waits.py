"""Rules that wait: the questions of `idle.for` and `idle.since`, and where in a rule these may stand."""

from collections.abc import Iterator, Mapping

from inbox.rulebook import values
from inbox.rulebook.facts import Quiet
from inbox.rulebook.names import Names
from inbox.rulebook.page import Page
from inbox.rulebook.places import Path
from inbox.rulebook.question import Answer, Builder, Question
from inbox.rulebook.reading import Reading
from inbox.rulebook.rulebook import TIME, Waiting
from inbox.text.durations import Counting, Duration, Unit

STARTS = ("customer wrote", "agent replied", "changed")
USUAL = "changed"
ONCE = ("episode", "conversation")


def idle(start: str) -> Builder:
    """Whether nothing has happened for so long, counted from `start`."""

    def build(_name: str, value: object, _names: Names) -> Question:
        wanted = values.duration(value)

        def ask(reading: Reading) -> Answer:
            quiet = reading.facts.idle.get(start)
            return quiet is not None and _over(quiet, wanted), ""

        return ask

    return build


def since(_name: str, value: object, _names: Names) -> Question:
    """Whether there is anything to count from."""
    (start,) = values.names(values.text(value), STARTS, "rules.unknown_word")
    return lambda reading: (start in reading.facts.idle, "")


def start_of(when: Mapping[str, object]) -> str:
    """What the time of a rule counts from, right or wrong: a wrong one is told of where it is read."""
    table = when.get("idle")
    start = table.get("since") if isinstance(table, dict) else None
    return start if isinstance(start, str) and start in STARTS else USUAL


def waiting(page: Page, path: Path, kept: Mapping[str, object], on: frozenset[str], name: str) -> Waiting | None:
    """What a rule waits for; notes on the page where it stands that only a rule on `idle` waits, and for nothing else."""
    when = kept.get("when")
    table = when if isinstance(when, dict) else {}
    if "once" in kept and on.isdisjoint(TIME):
        page.wrong((*path, "once"), "rules.once_of_time", events=", ".join(sorted(TIME)))
    for place in _hidden(table, (*path, "when"), top="idle" in on):
        page.wrong(place, "rules.idle_only")
    if "idle" not in on:
        return None
    if on != {"idle"}:
        page.wrong((*path, "on"), "rules.idle_alone")
    asked = table.get("idle")
    length = asked.get("for") if isinstance(asked, dict) else None
    if length is None:
        page.wrong(path, "rules.idle_for")
    try:
        return Waiting(name, start_of(table), values.duration(length))
    except values.Unfit:
        return None  # told of where the condition is read


def once(value: object) -> str:
    """How often a time rule acts."""
    (found,) = values.names(values.text(value), ONCE, "rules.unknown_word")
    return found


def _hidden(table: Mapping[str, object], path: Path, *, top: bool) -> Iterator[Path]:
    """Where `idle` stands in a `when`, but for the top of a rule on `idle`: within any, all and not nobody could wait for it."""
    for key, value in table.items():
        if key == "idle" and not top:
            yield (*path, key)
        elif key == "not" and isinstance(value, dict):
            yield from _hidden(value, (*path, key), top=False)
        elif key in ("any", "all") and isinstance(value, list):
            for place, one in enumerate(value):
                if isinstance(one, dict):
                    yield from _hidden(one, (*path, key, place), top=False)


def _over(quiet: Quiet, wanted: Duration) -> bool:
    if wanted.counting is Counting.ALWAYS:
        return quiet.seconds >= wanted.length.total_seconds()
    if wanted.unit is Unit.DAYS:
        return quiet.days >= wanted.amount
    return quiet.working >= wanted.length.total_seconds()
