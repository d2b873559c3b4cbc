"""Reports by mail: who may have one, which period it tells, and the letter with the numbers in words and as files.

When one is due is a row. It moves on in the unit that queues the letter, so that a period has one letter at the most: neither a
restart nor a second node brings it twice, and of several periods that have passed only the last is told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from inbox.domain.happenings import Address
from inbox.domain.ids import AgentId, ChannelName, ReportLetterId
from inbox.domain.outgoing import File, Outgoing, Purpose
from inbox.domain.people import Agent
from inbox.domain.problems import Problem
from inbox.domain.report_letters import Every, ReportLetter, Subject
from inbox.pipeline.agent_token import MARK
from inbox.pipeline.outcome import stored
from inbox.pipeline.playbook import Playbook, Speaker
from inbox.pipeline.reports import report
from inbox.pipeline.reports_printed import Say, about, heading, kind, named, said, sheet, title
from inbox.pipeline.reports_shape import Asked, Report, ReportTable
from inbox.pipeline.tell_agent import carrying
from inbox.sheets.sheet import Kind, Sheet
from inbox.store import people, report_letters
from inbox.store.unit import Unit
from inbox.text.bidi import Direction, direction, isolate_foreign
from inbox.text.dates import day_of
from inbox.text.months import begins_week, month_of

MOST_ROWS = 60
"""Rows of a table that are told in words; all of them are in the files."""
AGAIN = timedelta(minutes=5)
"""After so long it is looked again whether the period has been counted."""
MOST_EACH = 50
"""Letters that one agent may have."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter that can be sent: to whom, by what, the report and its sheet."""

    agent: Agent
    over: Speaker
    language: str
    report: Report
    sheet: Sheet


# -- wanting one -------------------------------------------------------------------------------------------------------
def schedule(
    unit: Unit, whose: Agent, subject: Subject, every: Every, at: time, playbook: Playbook, now: datetime
) -> ReportLetterId:
    """They get it from the next period on that begins. Raises Problem where they could not get it, or may not see it, and for a
    report, team, channel or organization that is not there."""
    language = playbook.speaks(whose.language)
    _able(whose, playbook)
    if len(report_letters.every(unit, whose.id)) >= MOST_EACH:
        raise Problem("report.letters.too_many", most=MOST_EACH)
    today = playbook.day(now)
    since, until = before(every, today, language)
    report(unit, subject.report, asked(subject, since, until, language), ZoneInfo(playbook.zone), now)
    due_at = moment(after(every, today, language), at, playbook)
    return ReportLetterId(report_letters.add(unit, whose.id, subject, every, at, due_at, now))


def end(unit: Unit, id: ReportLetterId, whose: AgentId | None = None) -> ReportLetter:
    """No more of it. Raises Problem `report.letters.unknown` where there is none of that number, or none of theirs."""
    found = report_letters.one(unit, id)
    if found is None or whose not in (None, found.agent):
        raise Problem("report.letters.unknown", id=str(id))
    report_letters.remove(unit, id)
    return found


def _able(whose: Agent, playbook: Playbook) -> Speaker:
    if whose.disabled or not whose.leads:
        raise Problem("report.letters.not_theirs", agent=whose.handle)
    if not whose.address:
        raise Problem("report.letters.no_address", agent=whose.handle)
    carried = carrying(ChannelName(""), playbook)
    if carried is None:
        raise Problem("report.letters.no_channel")
    return carried.over


# -- periods -----------------------------------------------------------------------------------------------------------
def begun(every: Every, day: date, language: str) -> date:
    """The first day of the week or month in which a day is, as the language counts them."""
    if every is Every.MONTH:
        return month_of(day, language).days()[0]
    return next(one for n in range(7) if begins_week(one := day - timedelta(days=n), language))


def before(every: Every, day: date, language: str) -> tuple[date, date]:
    """The first day of the period that ended last, and the day after it."""
    first = begun(every, day, language)
    return begun(every, first - timedelta(days=1), language), first


def after(every: Every, day: date, language: str) -> date:
    """The first day of the next period."""
    if every is Every.MONTH:
        return month_of(day, language).days()[-1] + timedelta(days=1)
    return begun(every, day, language) + timedelta(days=7)


def moment(day: date, at: time, playbook: Playbook) -> datetime:
    """That local time, in UTC."""
    return datetime.combine(day, at, ZoneInfo(playbook.zone)).astimezone(UTC)


def asked(subject: Subject, since: date, until: date, language: str) -> Asked:
    """What the letter's report is asked for."""
    some = (subject.team, subject.channel, subject.tag, subject.organization)
    return Asked(since, until, *some, hours=subject.hours, language=language)


# -- sending one -------------------------------------------------------------------------------------------------------
def ready(unit: Unit, letter: ReportLetter, playbook: Playbook, now: datetime) -> Ready | str:
    """What is to be sent; else why nothing is, as it is kept: empty while the period is still being counted."""
    agent = people.roster(unit).agent_by_id(letter.agent)
    try:
        if agent is None:
            raise Problem("report.letters.not_theirs", agent=str(letter.agent))
        over, language, zone = _able(agent, playbook), playbook.speaks(agent.language), ZoneInfo(playbook.zone)
        since, until = before(letter.every, playbook.day(now), language)
        found = report(unit, letter.subject.report, asked(letter.subject, since, until, language), zone, now)
    except Problem as problem:
        return stored(problem)
    if found.as_of is None or found.as_of < datetime.combine(until, time(), zone):
        return ""
    printed = sheet(found, partial(playbook.wording.say, language), language, playbook.public_url)
    return Ready(agent, over, language, found, printed)


def send(
    unit: Unit, letter: ReportLetter, made: Ready | str, files: Mapping[str, bytes], playbook: Playbook, now: datetime
) -> bool:
    """Queue it and move on; False where another has. `files`: by the ending of their names, of what `ready` told."""
    if made == "":
        return report_letters.move_on(unit, letter, now + AGAIN, letter.told, letter.why)
    agent = people.roster(unit).agent_by_id(letter.agent)
    language = playbook.speaks(agent.language if agent else None)
    today = playbook.day(now)
    told, why = (None, made) if isinstance(made, str) else (made.report.asked.since, "")
    due_at = moment(after(letter.every, today, language), letter.at, playbook)
    if not report_letters.move_on(unit, letter, due_at, told or letter.told, why):
        return False
    if not isinstance(made, str) and (letter.told is None or made.report.asked.since > letter.told):
        _queue(unit, letter, made, files, playbook, now)
    return True


def _queue(
    unit: Unit, letter: ReportLetter, made: Ready, files: Mapping[str, bytes], playbook: Playbook, now: datetime
) -> None:
    cause = f"report letter {letter.id} {made.report.asked.since.isoformat()}"
    say, name = partial(playbook.wording.say, made.language), letter.subject.report
    text = "\n".join(worded(letter, made.report, say, made.language, playbook.public_url))
    kinds = {"xlsx": _SPREADSHEET, "pdf": "application/pdf"}
    named_so = f"{name}-{made.report.asked.since:%Y-%m-%d}"
    outgoing = Outgoing(
        purpose=Purpose.REPORT,
        # It looks like an agent's and proves nothing: whatever answers the letter is held, and is no matter of a customer.
        token=MARK + unit.entropy.token(cause),
        sender=Address(made.over.address, made.over.brand.name),
        to=(Address(made.agent.address, made.agent.name),),
        subject=say("report.letters.subject", report=title(name, say), **_days(made.report, made.language)),
        text=text,
        date=now,
        language=made.language,
        direction=direction(text),
        files=tuple(File(f"{named_so}.{kind}", kinds[kind], content) for kind, content in files.items()),
    )
    for part in made.over.codec.compose(outgoing):
        report_letters.queue(unit, letter, made.over.name, part, cause, now)


_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _days(found: Report, language: str) -> dict[str, str]:
    last = found.asked.until - timedelta(days=1)
    return {"since": day_of(found.asked.since, language), "until": day_of(last, language)}


# -- what it says ------------------------------------------------------------------------------------------------------
def worded(letter: ReportLetter, found: Report, say: Say, language: str, public_url: str) -> Iterator[str]:
    """The lines of the letter: what it is about, each table row by row, and where to go from there."""
    yield title(found.name, say)
    yield from about(found, say, language)
    for table in found.tables:
        yield from _table(table, say, language)
    yield ""
    if public_url:
        yield say("report.letters.attached")
        yield f"{public_url}/reports/{found.name}?{_query(found.asked)}"
        yield say("report.letters.end_there")
        yield f"{public_url}/reports/scheduled"
    else:
        yield say("report.letters.attached_only")
        yield say("report.letters.end_by", command=f"inbox report unschedule {letter.id}")


def _table(table: ReportTable, say: Say, language: str) -> Iterator[str]:
    yield ""
    yield f"{named(table, say)} ({say('report.rests_on', n=table.n)})"
    # A heatmap has too many cells for a line: what is drawn is in the files.
    drawn = set(table.drawn) if table.chart == "heatmap" else set[str]()
    places = [at for at, column in enumerate(table.columns) if column.name not in drawn]
    around: Direction = "rtl" if language == "fa" else "ltr"
    labelled = kind(table.columns[0]) in (Kind.TEXT, Kind.DAY)
    for row in range(min(len(table.rows), MOST_ROWS)):
        cells = [(heading(table.columns[at], say), said(table, row, at, say, language)) for at in places]
        parts = [f"{head}: {isolate_foreign(cell, around)}" for head, cell in cells]
        parts[0] = isolate_foreign(cells[0][1], around) if labelled else parts[0]
        yield f"- {' · '.join(parts)}"
    if len(table.rows) > MOST_ROWS:
        yield say("report.letters.more", n=len(table.rows) - MOST_ROWS)


def _query(asked: Asked) -> str:
    last = asked.until - timedelta(days=1)
    values = {"since": asked.since.isoformat(), "until": last.isoformat(), "hours": asked.hours}
    values |= {name: getattr(asked, name) for name in ("team", "channel", "tag", "organization")}
    return urlencode({name: value for name, value in values.items() if value})
