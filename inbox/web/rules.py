"""Which rules are live, and what is wrong with the files that were refused, in words for every page of those who are inside."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from inbox.store.live import State
from inbox.text import dates
from inbox.text.wording import Wording

SHOWN = 5
"""Mistakes that are listed; the command line tells all of them."""


@dataclass(frozen=True, slots=True)
class Told:
    """`live`: a sentence, empty while nothing is known; `wrong`: sentences of what somebody must do; `problems`: of the files."""

    live: str = ""
    wrong: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def told(state: State, wording: Wording, language: str, zone: ZoneInfo) -> Told:
    """The state of the rules in a language."""
    wrong = []
    if state.refused_at is not None:
        wrong.append(wording.say(language, "live.refused", at=dates.moment(state.refused_at, language, zone)))
    if state.restart:
        wrong.append(wording.say(language, "live.restart"))
    problems = [wording.problem(language, problem) for problem in state.problems[:SHOWN]]
    if len(state.problems) > SHOWN:
        problems.append(wording.plural(language, "live.more", len(state.problems) - SHOWN))
    live = ""
    if state.live is not None:
        since = dates.moment(state.live.at, language, zone)
        live = wording.say(language, "live.revision", revision=state.live.revision[:7], since=since)
    return Told(live, tuple(wrong), tuple(problems))
