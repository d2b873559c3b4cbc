"""Reports on what came of it for people: ratings, teams and agents (never ranked), and how often a matter came back or was moved."""

from collections import Counter
from typing import Any

from inbox.domain.measures import Measure, Quality, day_of
from inbox.domain.ratings import Survey
from inbox.pipeline.reports_reading import FEW, Linked, Reading, share, split, spread, table
from inbox.pipeline.reports_shape import Column, ReportTable

_GOOD, _OK = 4, 3
_PROMOTERS, _PASSIVES = 9, 7


def csat(reading: Reading) -> list[ReportTable]:
    """What customers answered when they were asked how it went, by the day of the answer; beside it how many answered at all."""
    names = ("good", "ok", "bad")
    steps = _rated(reading, Survey.CSAT, lambda score: 0 if score >= _GOOD else 1 if score >= _OK else 2)
    whole = [sum(counts[n] for counts in steps.values()) for n in range(3)]
    n = sum(whole)
    words = [f"csat-{name}" for name in names]
    row = [
        *_linked(reading, words, whole),
        (n, reading.behind("csat")),
        share(whole[0], n, FEW),
        *_asked(reading, Survey.CSAT),
    ]
    over = [[day_of(s), *_linked(reading, words, steps.get(s, [0, 0, 0]), s)] for s in reading.steps]
    columns = tuple(Column(name) for name in names)
    more = (Column("n"), Column("satisfied", "share"), Column("asked"), Column("answered"), Column("response", "share"))
    return [
        table("csat", (*columns, *more), [row], n, "stacked", names),
        table("csat_over_time", (Column("day", "day"), *columns), over, n, "stacked", names),
    ]


def nps(reading: Reading) -> list[ReportTable]:
    """Whether customers would recommend us: the percentage of 9 and 10 less that of 0 to 6."""
    names = ("promoters", "passives", "detractors")
    steps = _rated(reading, Survey.NPS, lambda score: 0 if score >= _PROMOTERS else 1 if score >= _PASSIVES else 2)
    whole = [sum(counts[n] for counts in steps.values()) for n in range(3)]
    n = sum(whole)
    words = [f"nps-{name}" for name in names]
    told = round(100 * (whole[0] - whole[2]) / n, 1) if n >= FEW else None
    row = [*_linked(reading, words, whole), (n, reading.behind("nps")), told, *_asked(reading, Survey.NPS)]
    over = [[day_of(s), *_linked(reading, words, steps.get(s, [0, 0, 0]), s)] for s in reading.steps]
    columns = tuple(Column(name) for name in names)
    more = (Column("n"), Column("nps", "number"), Column("asked"), Column("answered"), Column("response", "share"))
    return [
        table("nps", (*columns, *more), [row], n, "stacked", names),
        table("nps_over_time", (Column("day", "day"), *columns), over, n, "stacked", names),
    ]


def _rated(reading: Reading, survey: Survey, place: Any) -> dict[int, list[int]]:
    steps: dict[int, list[int]] = {}
    for step, kind, score, n in reading.sums(Measure.RATED, "step", "name", "value"):
        if kind == survey.value:
            steps.setdefault(step, [0, 0, 0])[place(score)] += n
    return steps


def _linked(reading: Reading, words: list[str], counts: list[int], step: int | None = None) -> list[Linked]:
    return [(n, reading.behind(word, step=step)) for word, n in zip(words, counts, strict=True)]


def _asked(reading: Reading, survey: Survey) -> list[Linked]:
    found = reading.counts(Measure.ASKED, "name", "value")
    asked, answered = found[survey.value, 0] + found[survey.value, 1], found[survey.value, 1]
    return [
        (asked, reading.behind(f"{survey.value}-asked")),
        (answered, reading.behind(f"{survey.value}-answered")),
        share(answered, asked),
    ]


def teams(reading: Reading) -> list[ReportTable]:
    """How much each team had and how fast it answered; in the order of names."""
    first = split(reading.counts(_first(reading), "team", "value"))
    came, done = reading.counts(Measure.OPENED, "team"), reading.counts(Measure.DONE, "team")
    replies, rated = reading.counts(Measure.REPLIES, "team"), _satisfied(reading, "team")
    shown = [(team.name, int(team.id)) for team in reading.roster.teams]
    shown += [("", 0)] if any(counts[0] for counts in (came, done, replies)) else []
    rows: list[list[Linked]] = []
    for name, id in sorted(shown, key=lambda one: (not one[0], one[0])):
        if reading.where.team is not None and reading.where.team != id:
            continue
        team = name or "none"
        n, p50, p90 = spread(first.get(id, Counter()))
        good, all_of_them = rated.get(id, (0, 0))
        rows.append(
            [
                name,
                (came[id], reading.behind("opened", team=team)),
                (done[id], reading.behind("done", team=team)),
                (replies[id], reading.behind("replies", team=team)),
                (n, reading.behind(_first_word(reading), team=team)),
                p50,
                p90,
                (all_of_them, reading.behind("csat", team=team)),
                share(good, all_of_them, FEW),
            ]
        )
    columns = (Column("team", "text"), Column("in"), Column("done"), Column("replies"), *_PEOPLE)
    return [table("teams", columns, rows, came.total(), "bars", ("p50", "p90"))]


_PEOPLE = (
    Column("first_replies"),
    Column("p50", "seconds"),
    Column("p90", "seconds"),
    Column("rated"),
    Column("satisfied", "share"),
)


def agents(reading: Reading) -> list[ReportTable]:
    """Whom each agent answered and how fast: counted for whoever wrote, not for whoever had it last; in the order of names."""
    first = split(reading.counts(_first(reading), "agent", "value"))
    handled, replies = reading.counts(Measure.HANDLED, "agent"), reading.counts(Measure.REPLIES, "agent")
    rated = _satisfied(reading, "agent")
    rows: list[list[Linked]] = []
    for agent in sorted(reading.roster.agents, key=lambda one: one.handle):
        id = int(agent.id)
        n, p50, p90 = spread(first.get(id, Counter()))
        good, all_of_them = rated.get(id, (0, 0))
        if agent.disabled and not (handled[id] or replies[id] or n or all_of_them):
            continue
        rows.append(
            [
                agent.handle,
                (handled[id], reading.behind("handled", agent.handle)),
                (replies[id], reading.behind("replies", agent.handle)),
                (n, reading.behind(_first_word(reading), "by", agent.handle)),
                p50,
                p90,
                (all_of_them, reading.behind("csat", agent.handle)),
                share(good, all_of_them, FEW),
            ]
        )
    columns = (Column("agent", "text"), Column("handled"), Column("replies"), *_PEOPLE)
    return [table("agents", columns, rows, handled.total(), "bars", ("handled", "replies"))]


def _first(reading: Reading) -> Measure:
    return Measure.FIRST_WORKING if reading.working else Measure.FIRST


def _first_word(reading: Reading) -> str:
    return "first-reply-working" if reading.working else "first-reply"


def _satisfied(reading: Reading, by: Any) -> dict[int, tuple[int, int]]:
    """How many were satisfied, of how many who rated how it went."""
    found: dict[int, tuple[int, int]] = {}
    for id, kind, score, n in reading.sums(Measure.RATED, by, "name", "value"):
        if kind == Survey.CSAT.value:
            good, every = found.get(id, (0, 0))
            found[id] = (good + n * (score >= _GOOD), every + n)
    return found


RATES = {
    "one_touch": (Quality.ONE_TOUCH, Quality.DONE | Quality.ANSWERED),
    "reopened": (Quality.REOPENED, Quality.EVER_DONE),
    "transferred": (Quality.TRANSFERRED, Quality.HAD_TEAM),
}
"""Each share: which bit of which conversations."""


def quality(reading: Reading) -> list[ReportTable]:
    """How many matters one reply was enough for, came back within a week, or went to another team; by the day they began."""
    steps = split(reading.counts(Measure.QUALITY, "step", "value"))
    whole: Counter[int] = sum(steps.values(), Counter())
    rows: list[list[Linked]] = []
    for name in RATES:
        part, of = _bits(whole, name)
        word = name.replace("_", "-")
        rows.append([name, (part, reading.behind(word)), (of, reading.behind(f"{word}-of")), share(part, of)])
    over: list[list[Linked]] = [
        [day_of(step), *(share(*_bits(steps.get(step, Counter()), name)) for name in RATES)] for step in reading.steps
    ]
    what, rates = Column("what", "text", "report.quality"), tuple(Column(name, "share") for name in RATES)
    n = sum(whole.values())
    return [
        table("quality", (what, Column("n"), Column("of"), Column("share", "share")), rows, n, "bars", ("share",)),
        table("quality_over_time", (Column("day", "day"), *rates), over, n, "lines", tuple(RATES)),
    ]


def _bits(counts: Counter[int], name: str) -> tuple[int, int]:
    bit, all_of = RATES[name]
    of = sum(n for value, n in counts.items() if value & all_of == all_of)
    return sum(n for value, n in counts.items() if value & all_of == all_of and value & bit), of
