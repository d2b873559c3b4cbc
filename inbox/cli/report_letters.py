"""`inbox report schedule`, `scheduled` and `unschedule`: reports that agents have by mail."""

from datetime import time
from enum import StrEnum
from typing import Annotated

import typer

from inbox.cli.context import Context, of
from inbox.cli.reports_read import Channel, Counting, Hours, Organization, Tag, Team
from inbox.domain.ids import ReportLetterId
from inbox.domain.problems import Problem
from inbox.domain.report_letters import Every, ReportLetter, Subject
from inbox.pipeline import report_letters as verbs
from inbox.pipeline.outcome import recall
from inbox.store import report_letters

COLUMNS = ("id", "agent", "report", "only", "hours", "every", "at", "due_at", "sent_at", "state", "problem")
_DIMENSIONS = ("team", "channel", "tag", "organization")


class HowOften(StrEnum):
    """Once a week or once a month."""

    WEEK = "week"
    MONTH = "month"


Name = Annotated[str, typer.Argument(help="cli.report.letters.argument.name")]
Whose = Annotated[str, typer.Option("--agent", help="cli.report.letters.option.agent", metavar="HANDLE")]
Often = Annotated[HowOften, typer.Option("--every", help="cli.report.letters.option.every")]
At = Annotated[str, typer.Option("--at", help="cli.report.letters.option.at", metavar="HH:MM")]


def add(group: typer.Typer) -> None:
    """Add the commands."""
    group.command("schedule", help="cli.report.schedule.help")(schedule)
    group.command("scheduled", help="cli.report.scheduled.help")(scheduled)
    group.command("unschedule", help="cli.report.unschedule.help")(unschedule)


def schedule(
    ctx: typer.Context,
    name: Name,
    agent: Whose,
    every: Often = HowOften.WEEK,
    at: At = "08:00",
    team: Team = "",
    channel: Channel = "",
    tag: Tag = "",
    organization: Organization = "",
    hours: Counting = Hours.CALENDAR,
) -> None:
    """They get it from the next week or month on, about the one before it."""
    context = of(ctx)
    subject = Subject(name, team, channel, tag, organization, hours.value)
    whose, often = context.agent(agent), Every(every.value)
    id = context.store.write_now(verbs.schedule, whose, subject, often, _clock(at), context.playbook(), context.now())
    context.printer.done("cli.report.schedule.done", id=str(id), name=name, agent=whose.handle)


def scheduled(ctx: typer.Context) -> None:
    """All of them, with when each is due and what became of the last letter."""
    context = of(ctx)
    rows = [_row(context, one) for one in context.store.read_now(report_letters.every)]
    words = {"hours": "report.hours_mode", "every": "report.letters.every", "state": "report.letters.state"}
    context.printer.rows(COLUMNS, rows, words)
    if not rows:
        context.printer.line(context.say("cli.report.scheduled.none"))


def unschedule(
    ctx: typer.Context, id: Annotated[int, typer.Argument(help="cli.report.letters.argument.id", min=1)]
) -> None:
    """No more of it."""
    context = of(ctx)
    ended = context.store.write_now(verbs.end, ReportLetterId(id))
    context.printer.done("cli.report.unschedule.done", id=str(id), name=ended.subject.report)


def _clock(typed: str) -> time:
    try:
        found = time.fromisoformat(typed)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise Problem("report.letters.bad_time", value=typed)
    return found.replace(second=0, microsecond=0)


def _row(context: Context, one: ReportLetter) -> dict[str, object]:
    whose = context.roster().agent_by_id(one.agent)
    problem = recall(one.why) if one.why else None
    only = {name: value for name in _DIMENSIONS if (value := getattr(one.subject, name))}
    return {
        "id": one.id,
        "agent": whose.handle if whose else None,
        "report": one.subject.report,
        "only": only if context.printer.json else ", ".join(f"{name}:{value}" for name, value in only.items()) or None,
        "hours": one.subject.hours,
        "every": one.every.value,
        "at": f"{one.at:%H:%M}",
        "due_at": one.due_at,
        "sent_at": one.sent_at,
        "state": one.state or None,
        "problem": None if problem is None else context.told(problem),
    }
