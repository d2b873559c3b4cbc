"""Reports on what people write about and what helped: rules, articles, and the voice of the customer with examples."""

from collections import Counter

from inbox.domain.ids import TeamId
from inbox.domain.measures import Measure, Rule
from inbox.pipeline.articles_grouped import grouped
from inbox.pipeline.reports_reading import Linked, Reading, share, table
from inbox.pipeline.reports_shape import Column, ReportTable
from inbox.store import articles_counted, voiced

MOST_TAGS = 50
"""The tags that were given most often."""
EXAMPLES = 3


def rules(reading: Reading) -> list[ReportTable]:
    """How often what a rule made of assignee, team and priority was left so by people; by the day of the decision."""
    found: dict[str, Counter[int]] = {}
    for rule, value, n in reading.sums(Measure.RULE, "name", "value"):
        found.setdefault(rule, Counter())[value] += n
    rows: list[list[Linked]] = []
    for rule, counts in sorted(found.items()):
        made, kept = _of(counts, Rule.ASSIGNED), _of(counts, Rule.KEPT)
        urgent, corrected = _of(counts, Rule.PRIORITY), _of(counts, Rule.CORRECTED)
        rows.append(
            [
                rule,
                (made, reading.behind("rule-assigned", rule)),
                (kept, reading.behind("rule-kept", rule)),
                share(kept, made),
                (urgent, reading.behind("rule-priority", rule)),
                (corrected, reading.behind("rule-corrected", rule)),
                share(corrected, urgent),
            ]
        )
    columns = (
        Column("rule", "text"),
        Column("assigned"),
        Column("kept"),
        Column("kept_share", "share"),
        Column("priority_set"),
        Column("corrected"),
        Column("corrected_share", "share"),
    )
    n = sum(sum(counts.values()) for counts in found.values())
    return [table("rules", columns, rows, n, "bars", ("kept_share",))]


def _of(counts: Counter[int], bit: int) -> int:
    return sum(n for value, n in counts.items() if value & bit)


def articles(reading: Reading) -> list[ReportTable]:
    """How often each article was offered, opened and enough, whoever looked at it: of these no conversation is known."""
    kinds, found = articles_counted.in_period(reading.unit, reading.asked.since, reading.asked.until)
    rows: list[list[Linked]] = [
        [name, *(counts.get(kind, 0) for kind in kinds)] for name, counts in sorted(found.items())
    ]
    n = sum(sum(counts.values()) for counts in found.values())
    columns = (Column("article", "text"), *(Column(f"article_{kind}") for kind in kinds))
    return [table("articles", columns, rows, n, "bars", tuple(f"article_{kind}" for kind in kinds[:2]))]


def voice(reading: Reading) -> list[ReportTable]:
    """What conversations that began in the period are about: by tag, and by the words that the newest of them share."""
    among = voiced.span(reading.unit, reading.began, reading.ends)
    opened = reading.counts(Measure.OPENED, "measure").total()
    return [_tags(reading, among, opened), _topics(reading, among)]


def _tags(reading: Reading, among: tuple[int, int], opened: int) -> ReportTable:
    counts = reading.counts(Measure.TAGGED, "name")
    most = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:MOST_TAGS]
    shown = voiced.examples(reading.unit, reading.where, among, [tag for tag, _ in most], EXAMPLES)
    rows: list[list[Linked]] = [
        [tag, (n, reading.behind("tagged", tag)), share(n, opened), *_examples(shown[tag])] for tag, n in most
    ]
    columns = (Column("tag", "text"), Column("n"), Column("share", "share"), *_EXAMPLES)
    return table("voice_by_tag", columns, rows, opened, "bars", ("n",))


def _topics(reading: Reading, among: tuple[int, int]) -> ReportTable:
    matters = voiced.asked(reading.unit, reading.where, among)
    teams = {TeamId(team.id): team.called for team in reading.roster.teams}
    rows: list[list[Linked]] = []
    for group in grouped(matters, teams):
        if group.kind in ("word", "department"):
            shown = [one.reference for one in group.matters[:EXAMPLES]]
            rows.append([group.about, group.count, share(group.count, len(matters)), *_examples(shown)])
    columns = (Column("topic", "text"), Column("n"), Column("share", "share"), *_EXAMPLES)
    return table("voice_by_topic", columns, rows, len(matters), "bars", ("n",))


_EXAMPLES = tuple(Column(f"example_{n}", "text") for n in range(1, EXAMPLES + 1))


def _examples(references: list[str]) -> list[Linked]:
    padded: list[Linked] = [(reference, f"ref:{reference}") for reference in references]
    return padded + [None] * (EXAMPLES - len(padded))
