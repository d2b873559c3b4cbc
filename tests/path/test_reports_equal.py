"""Every report on 5,000 conversations says what plain SQL says of the tables, and the command says what the report says."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from inbox.__main__ import main
from inbox.domain.measures import AGES
from inbox.domain.scope import Scope
from inbox.pipeline import measured
from inbox.pipeline.reports import NAMES, report
from inbox.pipeline.reports_shape import Asked, Cell, Report, ReportTable
from inbox.store import found
from inbox.store import measured as rows
from inbox.store.types import to_microseconds
from inbox.store.unit import Unit
from inbox.text import queries
from tests.path.plain_sql import Plain
from tests.rig.busy import NOW, SPAN, Busy

TEHRAN = ZoneInfo("Asia/Tehran")
LAST = NOW.astimezone(TEHRAN).date()
WHOLE = Asked(LAST - SPAN - timedelta(days=70), LAST + timedelta(days=1))
ASKED = {
    "whole": WHOLE,
    "30 days": replace(WHOLE, since=LAST - timedelta(days=40), until=LAST - timedelta(days=10)),
    "team": replace(WHOLE, team="finance"),
    "channel": replace(WHOLE, channel="bot", language="fa"),
    "tag": replace(WHOLE, tag="money"),
    "organization": replace(WHOLE, organization="Pars Co"),
    "tag and team": replace(WHOLE, tag="vip", team="nights", since=LAST - timedelta(days=60)),
    "working": replace(WHOLE, hours="working"),
}
CONDITIONS = {
    "team": "c.team_id = (SELECT id FROM team WHERE name = :team)",
    "channel": "c.channel = :channel",
    "tag": "EXISTS (SELECT 1 FROM json_each(c.tags) j WHERE j.value = :tag)",
    "organization": "c.organization_id = (SELECT id FROM organization WHERE name = :organization)",
}


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Busy]:
    """Played once."""
    made = Busy(tmp_path_factory.mktemp("busy"))
    yield made
    made.close()


@pytest.fixture(params=list(ASKED))
def asked(request: pytest.FixtureRequest) -> Asked:
    """All of it, and parts by each thing that a report can be narrowed by."""
    return ASKED[request.param]


def told(busy: Busy, name: str, asked: Asked) -> Report:
    return busy.store.read_now(report, name, asked, TEHRAN, busy.now)


def plainly(busy: Busy, asked: Asked, ask: Any) -> Any:
    """What `ask` finds out with plain SQL."""
    only = [sql for name, sql in CONDITIONS.items() if getattr(asked, name)]
    values = {name: getattr(asked, name) for name in CONDITIONS}
    working, now = asked.hours == "working", to_microseconds(busy.now)

    def work(unit: Unit) -> Any:
        return ask(Plain(unit, asked.since, asked.until, " AND ".join(only) or "1", values, working, now))

    return busy.store.read_now(work)


def by_first(table: ReportTable) -> dict[Cell, tuple[Cell, ...]]:
    return {row[0]: row[1:] for row in table.rows}


def stepped(asked: Asked, number: int) -> date:
    """The first day of the row in which a day stands, as people would say it: itself, or the last Monday (in Persian Saturday)."""
    day = date(1970, 1, 1) + timedelta(days=number)
    if (asked.until - asked.since).days <= 62:
        return day
    return day - timedelta(days=(day.weekday() - (5 if asked.language == "fa" else 0)) % 7)


def added(asked: Asked, found: Any) -> dict[Cell, int]:
    """(day number, n) by the rows of a report."""
    sums: dict[Cell, int] = {}
    for number, n in found:
        sums[stepped(asked, number)] = sums.get(stepped(asked, number), 0) + n
    return sums


def test_the_past_is_large_and_has_everything_in_it(busy: Busy) -> None:
    assert busy.store.read_now(rows.counted) == (5_000, 0)
    assert busy.store.read_now(rows.misrolled) == 0
    for name in NAMES:
        assert sum(table.n for table in told(busy, name, WHOLE).tables) > 0, name
    assert told(busy, "agents", WHOLE).as_of == busy.now


@pytest.mark.parametrize(
    ("name", "metric", "ended"),
    [
        ("first-reply", "first_reply", "reply"),
        ("next-reply", "next_reply", "reply"),
        ("resolution", "resolution", "done"),
    ],
)
def test_durations(busy: Busy, asked: Asked, name: str, metric: str, ended: str) -> None:
    found = told(busy, name, asked)
    whole = plainly(busy, asked, lambda sql: sql.spread(sql.waits(metric, ended)))
    assert list(found.table("whole").rows) == [row[1:] for row in whole] or (0, None, None)
    assert whole
    classes = dict(plainly(busy, asked, lambda sql: sql.classes(sql.waits(metric, ended))))
    assert [row[1] for row in found.table("classes").rows] == [classes.get(n, 0) for n in range(7)]
    if (asked.until - asked.since).days <= 62:
        by_day = plainly(busy, asked, lambda sql: sql.spread(sql.waits(metric, ended), "day"))
        shown = {day: row for day, row in by_first(found.table("over_time")).items() if row[0]}
        assert shown == {stepped(asked, number): tuple(rest) for number, *rest in by_day}


def test_who_waited(busy: Busy, asked: Asked) -> None:
    sides = by_first(told(busy, "waiting", asked).table("sides"))
    for side in ("ours", "theirs"):
        found = plainly(busy, asked, lambda sql, side=side: sql.spread(sql.sides(side)))
        assert [sides[side]] == [row[1:] for row in found]


def test_promises(busy: Busy, asked: Asked) -> None:
    found = told(busy, "promise-kept", asked)
    ((_, *whole),) = plainly(busy, asked, lambda sql: sql.promises())
    assert list(found.table("kept").rows[0][:4]) == whole
    judged = whole[0] + whole[1]
    assert found.table("kept").rows[0][4:6] == (judged, round(whole[0] / judged, 4) if judged else None)
    channels = {name: tuple(rest) for name, *rest in plainly(busy, asked, lambda sql: sql.promises("m.channel"))}
    assert {name: row[:4] for name, row in by_first(found.table("kept_by_channel")).items()} == channels


def test_targets(busy: Busy, asked: Asked) -> None:
    found = told(busy, "sla", asked)
    plain = plainly(busy, asked, lambda sql: sql.targets("metric || '/' || priority"))
    shown = {f"{row[0]}/{row[1]}": row[2:4] for row in found.table("targets_by_priority").rows}
    assert shown == {name: (met, missed) for name, met, missed in plain}
    days = plainly(busy, asked, lambda sql: sql.targets("day"))
    met = {day: row[0] for day, row in by_first(found.table("targets_over_time")).items() if row[0]}
    assert met == {day: n for day, n in added(asked, [(number, n) for number, n, _ in days]).items() if n}


def test_contracts(busy: Busy, asked: Asked) -> None:
    found = by_first(told(busy, "contracts", asked).table("contracts"))
    began = dict(plainly(busy, asked, lambda sql: sql.contracted()))
    assert {name: row[1] for name, row in found.items() if row[1]} == began
    under = "(SELECT a.name FROM contract a WHERE a.id = contract)"
    plain = plainly(busy, asked, lambda sql: sql.targets(under))
    assert {name: row[2:4] for name, row in found.items() if any(row[2:4])} == {
        name: (met, missed) for name, met, missed in plain if name is not None
    }


def test_backlog(busy: Busy, asked: Asked) -> None:
    found = told(busy, "backlog", asked)
    states, ages = found.table("backlog_by_state").rows, found.table("backlog_by_age").rows
    for place in (0, len(states) // 2, -1):
        plain = plainly(busy, asked, lambda sql, place=place: sql.backlog(states[place][0]))
        by_state = [sum(n for state, _, n in plain if state == one) for one in ("open", "waiting", "snoozed")]
        bounds = [*AGES, 10**6]
        by_age = [sum(n for _, age, n in plain if bounds[k] <= age < bounds[k + 1]) for k in range(len(AGES))]
        assert list(states[place][1:]) == [*by_state, sum(by_state)]
        assert list(ages[place][1:]) == [*by_age, sum(by_age)]


def test_flow_and_channels_and_hours(busy: Busy, asked: Asked) -> None:
    flow = told(busy, "flow", asked)
    came, done = (added(asked, plainly(busy, asked, ask)) for ask in (Plain.opened, Plain.done))
    assert flow.table("flow").rows[0] == (sum(came.values()), sum(done.values()))
    shown = by_first(flow.table("flow_over_time"))
    assert {day: n for day, (n, _) in shown.items() if n} == came
    assert {day: n for day, (_, n) in shown.items() if n} == done
    mix = by_first(told(busy, "channels", asked).table("channels"))
    by_channel = dict(plainly(busy, asked, lambda sql: sql.opened("m.channel")))
    assert {name: row[0] for name, row in mix.items()} == by_channel
    assert {name: row[2] for name, row in mix.items()} == dict(plainly(busy, asked, Plain.switched))
    heat = by_first(told(busy, "hours", asked).table("hours"))
    plain = {(weekday, hour): n for weekday, hour, n in plainly(busy, asked, Plain.received)}
    assert {(day, hour): row[hour] for day, row in heat.items() for hour in range(24) if row[hour]} == plain


def test_ratings(busy: Busy, asked: Asked) -> None:
    for kind, classes in (("csat", ((4, 5), (3,), (1, 2))), ("nps", ((9, 10), (7, 8), tuple(range(7))))):
        row = told(busy, kind, asked).table(kind).rows[0]
        scores = {score: n for _, score, n in plainly(busy, asked, lambda sql, kind=kind: sql.scores(kind))}
        counts = [sum(scores.get(score, 0) for score in one) for one in classes]
        n = sum(counts)
        assert list(row[:4]) == [*counts, n]
        if n >= 10:
            rate = round(counts[0] / n, 4) if kind == "csat" else round(100 * (counts[0] - counts[2]) / n, 1)
            assert row[4] == rate
        assert [row[5:7]] == plainly(busy, asked, lambda sql, kind=kind: sql.asked(kind))


def test_teams_and_agents(busy: Busy, asked: Asked) -> None:
    names = {agent.id: handle for handle, agent in busy.agents.items()}
    agents = by_first(told(busy, "agents", asked).table("agents"))
    handled = {names[id]: n for id, n in plainly(busy, asked, Plain.handled)}
    replies = {names[id]: n for id, n in plainly(busy, asked, lambda sql: sql.replies("agent"))}
    first = {
        names[id]: rest for id, *rest in plainly(busy, asked, lambda sql: sql.spread(sql.waits("first_reply"), "agent"))
    }
    assert {name: row[0] for name, row in agents.items() if row[0]} == handled
    assert {name: row[1] for name, row in agents.items() if row[1]} == replies
    assert {name: list(row[2:5]) for name, row in agents.items() if row[2]} == first
    teams = by_first(told(busy, "teams", asked).table("teams"))
    team = "coalesce((SELECT name FROM team WHERE id = m.team_id), '')"
    assert {name: row[0] for name, row in teams.items() if row[0]} == dict(
        plainly(busy, asked, lambda q: q.opened(team))
    )
    assert {name: row[1] for name, row in teams.items() if row[1]} == dict(plainly(busy, asked, lambda q: q.done(team)))
    assert {name: row[2] for name, row in teams.items() if row[2]} == dict(
        plainly(busy, asked, lambda q: q.replies(team))
    )
    rated: dict[str, int] = {}
    for name, _, n in plainly(busy, asked, lambda sql: sql.scores("csat", team)):
        rated[name] = rated.get(name, 0) + n
    assert {name: row[6] for name, row in teams.items() if row[6]} == rated


def test_quality(busy: Busy, asked: Asked) -> None:
    shown = by_first(told(busy, "quality", asked).table("quality"))
    ((one, answered, again, over, other, had),) = plainly(busy, asked, Plain.quality)
    assert (shown["one_touch"][:2], shown["reopened"][:2]) == ((one, answered), (again, over))
    assert shown["transferred"][:2] == (other, had)


def test_rules(busy: Busy, asked: Asked) -> None:
    shown = [(r[0], r[1], r[2], r[4], r[5]) for r in told(busy, "rules", asked).table("rules").rows]
    assert shown == plainly(busy, asked, Plain.rules)


def test_articles(busy: Busy, asked: Asked) -> None:
    table = told(busy, "articles", asked).table("articles")
    kinds = [column.name.removeprefix("article_") for column in table.columns[1:]]
    shown = {(row[0], kind): n for row in table.rows for kind, n in zip(kinds, row[1:], strict=True) if n}
    assert shown == {(slug, kind): n for slug, kind, n in plainly(busy, asked, Plain.articles)}


def test_voice(busy: Busy, asked: Asked) -> None:
    found = told(busy, "voice", asked)
    tags = found.table("voice_by_tag").rows
    assert [row[:2] for row in tags] == plainly(busy, asked, Plain.tags)
    for row in tags[:3]:
        assert [x for x in row[3:] if x] == plainly(busy, asked, lambda sql, tag=row[0]: sql.newest(tag))
    topics = found.table("voice_by_topic")
    assert topics.n == min(1_000, sum(n for _, n in plainly(busy, asked, Plain.opened)))
    assert all(isinstance(row[1], int) and row[1] >= 2 and row[3] for row in topics.rows)


def test_each_number_leads_to_as_many_conversations(busy: Busy) -> None:
    """Where a conversation counts once, its list is as long as the number says."""
    narrow = replace(WHOLE, team="finance", tag="money", since=LAST - timedelta(days=60))
    for name in (
        "promise-kept",
        "first-reply",
        "resolution",
        "sla",
        "contracts",
        "flow",
        "csat",
        "quality",
        "rules",
        "voice",
        "agents",
    ):
        for table in told(busy, name, narrow).tables:
            for number, row in enumerate(table.rows[:6]):
                if name == "contracts" or (name == "sla" and row[0] not in ("first_reply", "resolution")):
                    continue  # there are several of these in one conversation
                for place, cell in enumerate(row):
                    link = table.link(number, place)
                    if link and isinstance(cell, int) and table.columns[place].name != "replies":
                        assert len(listed(busy, link)) == min(cell, 99), link


def listed(busy: Busy, query: str) -> list[Any]:
    asked = queries.read(query)
    assert not asked.bad, asked.bad
    shown = busy.store.read_now(found.answer, Scope.house(), asked, NOW, TEHRAN, most=99)
    assert not shown.bad, shown.bad
    return list(shown.rows)


@pytest.mark.parametrize("name", NAMES)
def test_the_command_tells_the_same(busy: Busy, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    narrow = replace(WHOLE, channel="support", hours="working")
    last = (narrow.until - timedelta(days=1)).isoformat()
    days = ["--since", narrow.since.isoformat(), "--until", last]
    words = ["report", name, *days, "--channel", "support", "--hours", "working"]
    assert main(["--site", str(busy.folder), "--format", "json", *words]) == 0
    said = json.loads(capsys.readouterr().out)
    tables = busy.store.read_now(report, name, narrow, TEHRAN, datetime.now(UTC)).tables
    shown = {one.name: {"n": one.n, "rows": one.plain.documents} for one in tables}
    assert said["tables"] == json.loads(json.dumps(shown))
    for one in tables:
        assert main(["--site", str(busy.folder), "--format", "csv", *words, "--table", one.name]) == 0
        assert capsys.readouterr().out.strip() == one.plain.csv.replace("\r\n", "\n").strip()
    assert main(["--site", str(busy.folder), "--format", "md", *words]) == 0
    assert tables[0].plain.markdown.strip() in capsys.readouterr().out


def test_what_is_kept_can_be_made_again(busy: Busy, capsys: pytest.CaptureFixture[str]) -> None:
    before = busy.store.read_now(cells)
    assert main(["--site", str(busy.folder), "verify", "--rebuild", "reports"]) == 0
    assert "5000" in capsys.readouterr().out.replace(",", "")
    assert busy.store.read_now(cells) == before
    assert busy.store.read_now(measured.stands, TEHRAN) == "counted"


def cells(unit: Unit) -> list[tuple[Any, ...]]:
    from inbox.store.tables import rolled

    return sorted(tuple(row) for row in unit.execute(rolled.select()))


def test_a_sum_that_is_wrong_is_told(busy: Busy) -> None:
    from inbox.store.tables import rolled

    busy.store.write_now(
        lambda unit: unit.execute(rolled.update().where(rolled.c.measure == 1).values(n=rolled.c.n + 1)) and None
    )
    assert busy.store.read_now(rows.misrolled) > 0
    busy.store.write_now(rows.roll_up)
    assert busy.store.read_now(rows.misrolled) == 0
